package workflows_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
	"github.com/rapport-dev/rapport/partnership/zones"
	"github.com/rapport-dev/rapport/workflows"
)

// tale is a play that is written down as a diary: what everybody did, and every mail and card with its local time.
type tale struct {
	*play
	in     workflows.PartnershipInput
	plot   map[string]func(task string) // what somebody does when this is seen; the default is a prompt answer
	deeds  []deed
	timers map[string]int // how each timer ended: 0 not at all, 1 fired or cancelled
	offers int            // envelopes
}

// deed is something that a person or a carrier did.
type deed struct {
	at   time.Time
	what string
	seq  int // how much of the log was written before it
}

// begin sets a tale up in which everybody answers within days.
func begin(pl *play, start time.Time) *tale {
	ta := &tale{play: pl, in: input(), timers: map[string]int{}}
	pl.start = start
	pl.env.SetStartTime(start)
	ta.in.Schedule.PublishFrom, ta.in.Schedule.PublishTo = start.Add(10*day), start.Add(60*day)
	ta.plot = map[string]func(string){
		"mail invitation":      func(task string) { ta.after(day, func() { ta.answers(task, partnership.ChoiceAccept, 0) }) },
		"mail counter_refused": func(task string) { ta.after(day, func() { ta.answers(task, partnership.ChoiceAccept, 0) }) },
		"contract":             func(string) { ta.after(day, ta.signs) },
		"label":                func(string) { ta.after(3*day, func() { ta.carrier(partnership.ParcelDelivered, 0) }) },
		"mail draft_request":   func(task string) { ta.after(2*day, func() { ta.drafts(task) }) },
		"mail draft_changes":   func(task string) { ta.after(2*day, func() { ta.drafts(task) }) },
		"card review":          func(task string) { ta.after(day, func() { ta.reviews(task, partnership.ChoiceApprove) }) },
		"mail cleared_to_post": func(task string) { ta.after(2*day, func() { ta.posts(task) }) },
		"mail disclosure_fix":  func(task string) { ta.after(2*day, func() { ta.posts(task) }) },
		"mail payout_setup":    func(string) { ta.after(day, ta.setsUpPayout) },
	}
	pl.steps.onMail = func(l activities.Letter) { ta.seen("mail "+l.Kind, l.Task, l.Step) }
	pl.steps.onCard = func(kind string, _ partnership.PartnershipID, task string) { ta.seen("card "+kind, task, "") }
	pl.steps.onSign = func() { ta.offers++; ta.seen("contract", fmt.Sprint(ta.offers), "") }
	pl.steps.onLabel = func() { ta.seen("label", "", "") }
	pl.env.SetOnTimerScheduledListener(func(id string, _ time.Duration) { ta.timers[id] = 0 })
	pl.env.SetOnTimerFiredListener(func(id string) { ta.timers[id]++ })
	pl.env.SetOnTimerCanceledListener(func(id string) { ta.timers[id]++ })
	return ta
}

// seen plays what follows what somebody sees: the most exact line of the plot decides.
func (ta *tale) seen(what, task, step string) {
	for _, line := range []string{what + " " + task + "/" + step, what + " " + task, what} {
		if follows, ok := ta.plot[line]; ok {
			if follows != nil {
				follows(task)
			}
			return
		}
	}
}

// on changes the plot: f follows what, a line such as "mail draft_reminder draft-1/nudge" or "card quiet"; nil is silence.
func (ta *tale) on(what string, f func(task string)) { ta.plot[what] = f }

// later is on with a wait before f.
func (ta *tale) later(what string, d time.Duration, f func(task string)) {
	ta.on(what, func(task string) { ta.after(d, func() { f(task) }) })
}

func (ta *tale) do(format string, args ...any) {
	ta.steps.mu.Lock()
	defer ta.steps.mu.Unlock()
	ta.deeds = append(ta.deeds, deed{ta.env.Now(), fmt.Sprintf(format, args...), len(ta.steps.log)})
}

// tell sends an update; a refused one is written down as such.
func (ta *tale) tell(what, name string, arg any) {
	ta.do("%s", what)
	n := len(ta.deeds) - 1
	refused := func(err error) { ta.deeds[n].what += ": refused, " + err.Error() }
	ta.env.UpdateWorkflow(name, fmt.Sprint(name, n), callback{reject: refused, done: func(_ any, err error) {
		if err != nil {
			refused(err)
		}
	}}, arg)
}

func (ta *tale) answers(task string, answer partnership.Choice, fee int64) {
	ta.tell(strings.TrimSuffix(fmt.Sprintf("creator answers %s: %s %d", task, answer, fee/100), " 0"), workflows.UpdateAnswerOffer,
		workflows.AnswerOffer{Task: task, Answer: answer, FeeMinor: fee})
}

func (ta *tale) signs() {
	ta.do("creator signs")
	ta.env.SignalWorkflow(workflows.SignalEnvelopeChanged, workflows.EnvelopeChanged{EnvelopeID: "env-1", EventID: "e"})
}

func (ta *tale) drafts(task string) {
	ta.tell("creator sends "+task, workflows.UpdateSubmitDraft, workflows.SubmitDraft{Task: task, SubmissionID: "s"})
}

func (ta *tale) posts(task string) {
	ta.tell("creator tells of "+task, workflows.UpdateSubmitPost, workflows.SubmitPost{Task: task, SubmissionID: "s"})
}

func (ta *tale) setsUpPayout() {
	ta.do("creator sets up the payout account")
	ta.env.SignalWorkflow(workflows.SignalPayoutAccountReady, workflows.PayoutAccountReady{EventID: "e"})
}

func (ta *tale) replies() {
	ta.do("creator replies by mail")
	ta.env.SignalWorkflow(workflows.SignalCreatorActive, workflows.CreatorActive{Channel: "mail_reply", EventID: "e", At: ta.env.Now()})
}

func (ta *tale) asksForMore(task string, days float64) {
	ta.tell(fmt.Sprintf("creator asks for %g more days on %s", days, task), workflows.UpdateRequestExtension, workflows.RequestExtension{Task: task, Days: days})
}

// carrier reports a parcel; in is when it will be there from now, 0 for no estimate.
func (ta *tale) carrier(status partnership.ParcelStatus, in time.Duration) {
	m := workflows.ParcelMoved{ShipmentID: "shp-1", Status: status, At: ta.env.Now()}
	what := "carrier: " + string(status)
	if in > 0 {
		m.ETA = m.At.Add(in)
		what += ", expected " + stamp(m.ETA, ta.in.Zone)
	}
	ta.do("%s", what)
	ta.env.SignalWorkflow(workflows.SignalParcelMoved, m)
}

func (ta *tale) reviews(task string, decision partnership.Choice) {
	ta.tell("manager reviews "+task+": "+string(decision), workflows.UpdateReviewDraft, workflows.ReviewDraft{Task: task, Decision: decision, SubmissionID: "f", By: "U1"})
}

func (ta *tale) decides(task string, decision partnership.Choice) {
	ta.tell("manager decides on the silence: "+string(decision), workflows.UpdateDecideQuiet, workflows.DecideQuiet{Task: task, Decision: decision, By: "U1"})
}

func (ta *tale) refusesTheCounter() {
	ta.tell("manager refuses the counter-offer", workflows.UpdateDecideCounter, workflows.DecideCounter{Round: 1, Decision: partnership.ChoiceRefuse, By: "U1"})
}

func (ta *tale) pauses() {
	ta.tell("manager pauses", workflows.UpdatePause, workflows.Stop{Reason: "stock is late", By: "U1"})
}

func (ta *tale) resumes() {
	ta.tell("manager resumes", workflows.UpdateResume, workflows.Stop{By: "U1"})
}

// amends sends the campaign's change.
func (ta *tale) amends(what string, f func(*partnership.Schedule, *partnership.Terms)) {
	ta.do("brand amends the campaign: %s", what)
	m := workflows.Amended{Version: 1, Schedule: ta.in.Schedule, Offer: ta.in.Offer.Clone()}
	f(&m.Schedule, &m.Offer)
	ta.env.SignalWorkflow(workflows.SignalAmended, m)
}

func stamp(t time.Time, zone string) string {
	loc, err := zones.Load(zone)
	if err != nil {
		panic(err) // zones are written in the table
	}
	return t.In(loc).Format("Mon 02 Jan 15:04 MST")
}

// quietWork is what nobody outside sees.
var quietWork = []string{"kit", "confirm signature", "verify", "check post", "look at parcel"}

// diary writes the tale down, a line a happening: mails in the creator's zone, everything else in the campaign's.
func (ta *tale) diary(r workflows.PartnershipResult) []string {
	var lines []string
	deeds := ta.deeds
	for i, what := range ta.steps.log {
		for ; len(deeds) > 0 && deeds[0].seq <= i; deeds = deeds[1:] {
			lines = append(lines, stamp(deeds[0].at, ta.in.Zone)+"    "+deeds[0].what)
		}
		if slices.Contains(quietWork, what) {
			continue
		}
		lines = append(lines, ta.line(what, ta.steps.times[i], ta.steps.told[i])...)
	}
	for _, d := range deeds {
		lines = append(lines, stamp(d.at, ta.in.Zone)+"    "+d.what)
	}
	return append(lines, stamp(ta.env.Now(), ta.in.Zone)+"  ends "+string(r.Outcome))
}

// lost is who lost how many days: "carrier 4".
func (ta *tale) lost() string {
	var parts []string
	for who, days := range ta.slips() {
		parts = append(parts, fmt.Sprintf("%s %.3g", who, days))
	}
	slices.Sort(parts)
	return strings.Join(parts, ", ")
}

func (ta *tale) line(what string, at time.Time, d detail) []string {
	zone := ta.in.Zone
	if strings.HasPrefix(what, "mail ") {
		zone = ta.creatorZone()
	}
	line := stamp(at, zone) + "  " + what
	if !d.due.IsZero() {
		line += ", due " + stamp(d.due, zone)
	}
	lines := []string{line}
	for _, w := range d.words {
		lines = append(lines, strings.Repeat(" ", 24)+w)
	}
	return lines
}

func (ta *tale) creatorZone() string {
	if ta.in.CreatorZone != "" {
		return ta.in.CreatorZone
	}
	return ta.in.Zone
}

// mail is a letter as it went out.
type mail struct {
	at      time.Time
	what    string
	request bool
	remind  bool
	detail
}

func (ta *tale) mails() (all []mail) {
	for i, what := range ta.steps.log {
		if strings.HasPrefix(what, "mail ") {
			all = append(all, mail{ta.steps.times[i], what, strings.HasSuffix(what, "/request"), strings.Contains(what, "_reminder "), ta.steps.told[i]})
		}
	}
	return all
}

// holdsManners checks what is true of every tale: reminders keep to the creator's day and come at most once a day, name the date
// that stands on the board, and no mail comes out of the blue on the day of another. No timer outlives the tale.
func (ta *tale) holdsManners() {
	ta.t.Helper()
	cal := timeline.Calendar{Day: ta.in.Day, Zone: ta.in.Zone}
	loc, err := zones.Load(ta.creatorZone())
	require.NoError(ta.t, err)
	var before mail
	for _, m := range ta.mails() {
		local := m.at.In(loc)
		if m.remind {
			require.True(ta.t, local.Hour() >= 9 && local.Hour() < 18, "%s at %s", m.what, local)
			require.True(ta.t, m.due.Equal(m.board.Deadline), "%s names %s, the board %s", m.what, m.due, m.board.Deadline)
			require.NotEqual(ta.t, before.at.In(loc).Format(time.DateOnly), local.Format(time.DateOnly), "%s on the day of %s", m.what, before.what)
		}
		sameDay := !before.at.IsZero() && m.at.Before(cal.Add(before.at, 1))
		if sameDay && !m.request {
			require.False(ta.t, m.remind, "%s within a day of %s", m.what, before.what)
			require.True(ta.t, slices.ContainsFunc(ta.deeds, func(d deed) bool { return d.at.Equal(m.at) }), "%s answers nobody", m.what)
		}
		before = m
	}
	for id, ended := range ta.timers {
		require.Equal(ta.t, 1, ended, "timer %s", id)
	}
}
