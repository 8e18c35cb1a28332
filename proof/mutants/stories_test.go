package mutants

// stories are bugs of what happens when, to whom.
var stories = []mutant{
	{
		name: "whoever opted out is written to", file: "activities/mail.go",
		old: `if v.OptedOut && (commercial[l.Kind] || !signed(v)) || v.SaidNo && insisting[l.Kind] {`, new: `if v.OptedOut && v.ID == "" || v.SaidNo && insisting[l.Kind] {`,
		pkg: "activities", why: "the law, and a promise in every mail",
	},
	{
		name: "an opt-out after the signature lets commercial mail through", file: "activities/mail.go",
		old: `if v.OptedOut && (commercial[l.Kind] || !signed(v)) || v.SaidNo && insisting[l.Kind] {`, new: `if v.OptedOut && !signed(v) || v.SaidNo && insisting[l.Kind] {`,
		pkg: "activities", why: "the law, and a promise in every mail",
	},
	{
		name: "whoever said no after signing is reminded", file: "activities/mail.go",
		old: ` || v.SaidNo && insisting[l.Kind] {`, new: ` {`,
		pkg: "activities", run: "SaidNo", why: "a promise that the page made",
	},
	{
		name: "a manager's word undoes an answer that came before it", file: "workflows/silence.go",
		old: `	if outranked {`, new: `	if outranked && s.Quiet != nil {`,
		pkg: "workflows", run: "DraftThatCame", why: "a draft is lost, and both are told that theirs counts",
	},
	{
		name: "commercial mail without a way out", file: "activities/mail.go",
		old: `		m.Unsubscribe = data.OptOut`, new: `		m.Unsubscribe = ""`,
		pkg: "activities", why: "no one-click opt-out: the law, and mail programs' trust",
	},
	{
		name: "an opt-out by link ends nothing", file: "workflows/optout.go",
		old: `	if !s.Signed {
		s.end(Ending{Outcome: partnership.OptedOut`, new: `	if !s.Signed && s.Paused != "" {
		s.end(Ending{Outcome: partnership.OptedOut`,
		pkg: "workflows", run: "OptOut", why: "the story goes on courting",
	},
	{
		name: "a draft nobody reviews waits for ever", file: "workflows/content.go",
		old: `due: due, waiting: "a manager's review of the draft",`,
		new: `due: due.AddDate(9, 0, 0), waiting: "a manager's review of the draft",`,
		pkg: "workflows", run: "ApprovedByRule|ApprovedInTime", why: "the brand's silence costs the creator the slot",
	},
	{
		name: "a post is cleared before its tracking was seen to work", file: "workflows/content.go",
		old: `		if err := s.verifyTracking(ctx); err != nil {
			return err
		}
`, new: ``,
		pkg: "workflows", run: "HappyPath|Timetable", why: "sales are credited to nobody",
	},
	{
		name: "a post without a disclosure earns", file: "activities/content.go",
		old: `if !out.Disclosed || in.FeeMinor <= 0 {`, new: `if in.FeeMinor <= 0 {`,
		pkg: "activities", why: "the law on endorsements: a fee is paid for a hidden advertisement",
	},
	{
		name: "a disclosure may stand anywhere", file: "partnership/disclosure.go",
		old: `	if !begins(text, disclosure) {`, new: `	if !strings.Contains(text, disclosure) && !begins(text, disclosure) {`,
		pkg: "partnership", why: "a tag behind “more” discloses nothing",
	},
	{
		name: "mail comes at night", file: "partnership/timeline/calendar.go",
		old: `	case local.Hour() < 9:`, new: `	case local.Hour() < 5:`,
		pkg: "partnership/timeline", why: "quiet hours are a promise",
	},
	{
		name: "quiet hours are the campaign's", file: "partnership/timeline/calendar.go",
		old: `	if zone == "" {
		zone = c.Zone
	}
	loc := zones.Or(zone)`, new: `	loc := zones.Or(c.Zone)`,
		pkg: "partnership/timeline", why: "a creator in Tokyo is woken at New York's noon",
	},
	{
		name: "a day is 24 hours when the clocks change", file: "partnership/timeline/calendar.go",
		old: `	if share == 0 {
		return from.UTC()`, new: `	if share == 0 {
		return t.Add(time.Duration(whole) * realDay).UTC()`,
		pkg: "partnership/timeline", why: "due dates slip by an hour, over midnight by a day",
	},
	{
		name: "a ladder mails twice a day", file: "partnership/timeline/ladder.go",
		old: `c.Add(m.At, 1).After(kept[n-1].At)`, new: `m.At.After(kept[n-1].At)`,
		pkg: "partnership/timeline", why: "creators are nagged",
	},
	{
		name: "nobody is asked before a creator is given up", file: "partnership/timeline/ladder.go",
		old: `	return 3, 5`, new: `	return 5, 3`,
		pkg: "partnership/timeline", why: "a slot is given on without a person's word",
	},
	{
		name: "a reminder after a reply", file: "workflows/checkins.go",
		old: `if s.Paused != "" || s.LastActive.After(from) {`, new: `if s.Paused != "" {`,
		pkg: "workflows", run: "Reply|Note", why: "whoever has just written is reminded that they are silent",
	},
	{
		name: "given up on during a pause", file: "workflows/checkins.go",
		old: `if s.Paused != "" && rung.Action != timeline.SendMail {`, new: `if s.Paused == "never" && rung.Action != timeline.SendMail {`,
		pkg: "workflows", run: "Pause", why: "the brand pauses and its creators are ghosted",
	},
	{
		name: "a parcel moves back", file: "workflows/gifting.go",
		old: `parcelRank[m.Status] < parcelRank[s.Parcel] {`, new: `parcelRank[m.Status] < 0 {`,
		pkg: "workflows", run: "Parcel|Carrier", why: "a late message undoes a delivery",
	},
	{
		name: "an old projection overtakes", file: "store/projection.go",
		old: `newest := another || again || seq > row.Seq`, new: `newest := another || again || seq > 0`,
		pkg: "store", run: "Projection", why: "the board shows what was, for good",
	},
	{
		name: "a stop is answered once all have heard", file: "workflows/campaign_stops.go",
		old: `	if !answersBeforeAllHear(ctx) {`, new: `	if answersBeforeAllHear(ctx) {`,
		pkg: "workflows", run: "AStopIsAnswered", why: "whoever pauses a large campaign is told that it failed",
	},
	{
		name: "a slot is given on without a released first", file: "workflows/standby.go",
		old: `case cv.Taken && !cv.Released:`, new: `case cv.Taken && !cv.Released && c.Paused != "":`,
		pkg: "workflows", run: "Standby", why: "a slot has two creators and one budget",
	},
	{
		name: "two creators hold one slot", file: "workflows/campaign_slots.go",
		old: `	return c.Spec.Target - held`, new: `	return c.Spec.Target + 1 - held`,
		pkg: "workflows", run: "Campaign", why: "one creator more than the campaign pays for",
	},
	{
		name: "a negotiated fee reserves nothing", file: "activities/campaign.go",
		old: `in.Entry, in.Terms, in.Terms.CostMinor())`, new: `in.Entry, in.Terms, 0)`,
		pkg: "activities", why: "a campaign promises more than it has",
	},
	{
		name: "a creator's days run on while nobody can be asked", file: "workflows/checkins.go",
		old: `if days < 1 || now.Sub(planned)`, new: `if days >= 0 || now.Sub(planned)`,
		pkg: "workflows", run: "Timetable", why: "the offer lapses within a minute of its invitation",
	},
	{
		name: "a limit over all attempts counts on the worker's clock", file: "engine/clock.go",
		old: `durationpb.New(max(limit+ahead, time.Nanosecond))`, new: `durationpb.New(max(limit+0*ahead, time.Nanosecond))`,
		pkg: "engine", run: "ServersClock", why: "with a clock that is ahead no card leaves",
	},
	{
		name: "the watchdog counts on the worker's clock", file: "engine/watch.go",
		old: `if activity.IsActivity(ctx) {`, new: `if activity.IsActivity(ctx) && ctx.Err() != nil {`,
		pkg: "engine", run: "ServersClock", why: "with a clock that is ahead people are told that every story stands",
	},
	{
		name: "a code begins by the worker's clock", file: "activities/tracking.go",
		old: `a.Clock.Now().Add(-activeSince)`, new: `a.Clock.Now()`,
		pkg: "activities", run: "NoClock", why: "with a clock that is ahead nobody is cleared to post",
	},
	{
		name: "a stranger's link passes the go-live gate", file: "activities/tracking.go",
		old: `if got.Scheme != want.Scheme || got.Host != want.Host || got.Path != want.Path {`, new: `if got.Path != want.Path {`,
		pkg: "activities", why: "a creator posts a link that leads to somebody else",
	},
	{
		name: "a code that gives another discount passes the gate", file: "activities/tracking.go",
		old: `case code.PercentBPS != v.Terms.DiscountBPS:`, new: `case code.PercentBPS > 10_000:`,
		pkg: "activities", why: "a creator promises buyers what the shop does not give",
	},
	{
		name: "a webhook alone signs a contract", file: "activities/contracting.go",
		old: `env, err = a.Signer.Envelope(ctx, in.EnvelopeID)`, new: `env, err = partnership.Envelope{ID: in.EnvelopeID, Status: partnership.EnvelopeCompleted}, nil`,
		pkg: "activities", why: "whoever forges a message has a contract",
	},
}
