package mutants

// upkeep are bugs in what looks after the rest: keys, the watchdog, mending, the gates before vendors, the calendar.
var upkeep = []mutant{
	{
		name: "a signal that nobody encrypted counts", file: "engine/guard.go",
		old: `s != nil && s.sealed && !sealed(in.Arg, 1) || w.keys.forged(in.Arg)`, new: `s != nil && s.sealed && len(in.SignalName) == 0 || w.keys.forged(in.Arg)`,
		pkg: "workflows", run: "PlainMessages", why: "whoever reaches Temporal decides",
	},
	{
		name: "a result that nobody encrypted is believed", file: "engine/host.go",
		old: `if h.story.sealed && values > 0 && payloads != nil && !now {`, new: `if h.story.sealed && values > 0 && payloads == nil && !now {`,
		pkg: "engine", run: "ResultThatNobody", why: "whoever reaches Temporal makes up what a vendor said",
	},
	{
		name: "what a worker cannot read is a step that failed", file: "engine/host.go",
		old: `			panic(err)`, new: `			continue`,
		pkg: "engine", run: "UpdateThatCannotBeRead", why: "a worker that lacks a key for a minute ends stories",
	},
	{
		name: "a door believes what nobody encrypted", file: "engine/codec.go",
		old: `			if c.strict {`, new: `			if c.strict && c.keys.IsPlain() {`,
		pkg: "engine", run: "ADoorReads", why: "a person is shown what somebody else made up",
	},
	{
		name: "what a person ended stands again", file: "store/watch.go",
		old: `Settled: how, Ended: true}`, new: `Settled: how}`,
		pkg: "store", run: "Trouble|Finding|Watch|Found", why: "while the server lists the run, people are told of it again each day",
	},
	{
		name: "a key is written that another process cannot read", file: "store/keys.go",
		old: `		case at >= 0:`, new: `		case at >= len(others):`,
		pkg: "store", run: "WhoWritesWithWhichKey", why: "a rotation stops every story that the old worker holds",
	},
	{
		name: "another key under a known id", file: "store/keys.go",
		old: `if k.ID == key.ID && k.Fingerprint != key.Fingerprint {`, new: `if k.ID == key.ID && key.Fingerprint == "" {`,
		pkg: "store", run: "Keys?|Settings", why: "half of the histories cannot be read for good",
	},
	{
		name: "any secret opens the database", file: "store/belongs.go",
		old: `known.Name == settingSecret && known.Fingerprint != is.Secret:`, new: `known.Name == settingSecret && is.Secret == "":`,
		pkg: "store", run: "Settings", why: "every link that is out is void, and whoever opted out is written to",
	},
	{
		name: "the watchdog tells every minute", file: "activities/watch.go",
		old: `		if f.ToldAt.IsZero() {`, new: `		if f.ID != 0 {`,
		pkg: "activities", why: "people stop reading it",
	},
	{
		name: "what the watchdog has not looked at goes on", file: "activities/watch.go",
		old: `if err == nil && (now == nil || !same(*now)) {`, new: `if err == nil {`,
		pkg: "activities", why: "a story that stands is taken off the board",
	},
	{
		name: "a payout may be ended", file: "activities/watch.go",
		old: `return workflowType == "PayoutRun" || workflowType == "Payout"`, new: `return workflowType == "PayoutRun"`,
		pkg: "activities", why: "a card offers to end what may have money under way",
	},
	{
		name: "what was terminated goes unseen", file: "engine/watch.go",
		old: `ExecutionStatus IN ('Failed', 'Terminated', 'TimedOut', 'Canceled')`, new: `ExecutionStatus IN ('Failed', 'TimedOut')`,
		pkg: "wiring/mend", run: "TerminatedStory", why: "a story is gone, and its slot and budget with it",
	},
	{
		name: "a mended campaign hears of no end", file: "wiring/mend/end.go",
		old: `!waits || one.Outcome == "" {`, new: `!waits || one.Outcome != "" {`,
		pkg: "wiring/mend", run: "CampaignThatDied", why: "it waits for ever for stories that are over",
	},
	{
		name: "a vendor that refuses everybody is asked by all", file: "activities/gate.go",
		old: `	if err != nil || mine {`, new: `	if err != nil || mine || t.Words != "" {`,
		pkg: "activities", why: "a locked account is hammered until it is closed",
	},
	{
		name: "a gate never opens again", file: "activities/gate.go",
		old: `		if !g.isShut(name) {`, new: `		if !g.isShut(name) || err == nil {`,
		pkg: "activities", why: "a mended key mends nothing until every worker is restarted",
	},
	{
		name: "one missing right shuts the whole vendor", file: "activities/gate.go",
		old: `		if v.OpOnly {`, new: `		if v.OpOnly && op == "" {`,
		pkg: "activities", why: "refunds stop because gifts may not be sent",
	},
	{
		name: "the machine's own zones decide", file: "partnership/zones/zones.go",
		old: `time.LoadLocationFromTZData(name, rules)`, new: `time.LoadLocation(name + string(rules[:0]))`,
		pkg: "partnership/zones", why: "two workers count one campaign's days differently",
	},
	{
		name: "holidays are worked on", file: "partnership/timeline/business.go",
		old: `return !weekend && (n == nil || !n.off(t))`, new: `return !weekend`,
		pkg: "partnership/timeline", why: "a draft is approved by rule while the brand is at home",
	},
	{
		name: "a Saturday's draft counts from Saturday", file: "partnership/timeline/business.go",
		old: `	for !country.works(t) {`, new: `	for t.IsZero() && !country.works(t) {`,
		pkg: "partnership/timeline", why: "the brand has a day less than it was promised",
	},
	{
		name: "a shell's user is finance", file: "web/access/directory.go",
		old: `		if !d.Listed {`, new: `		if d.Listed || who != "" {`,
		pkg: "web/access", why: "whoever has a shell pays, whatever the file of roles says",
	},
	{
		name: "a key of another path", file: "store/requestkeys.go",
		old: `	if row.Request != request {`, new: `	if row.Request == "" {`,
		pkg: "web", run: "Key|API", why: "200 for what was not done",
	},
}
