package roster

import (
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

// Asked is what is known of a creator's open request and of how they have answered before.
type Asked struct {
	Tier      partnership.Tier
	Kind      partnership.TaskKind
	OpenedAt  time.Time
	Due       time.Time // zero: a request without a date is due at once
	Alive     time.Time // their last sign of life, no earlier than OpenedAt
	Usual     float64   // the median share of the time given that their answers took; 1 where none is known
	Answers   int       // that Usual comes from
	Unclicked int       // mails about the request that were opened, while none was clicked
	Plan      []partnership.Milestone
}

// Facts are what the risk goes by, at an instant. c is the campaign's calendar, by which the request is reminded of.
func (a Asked) Facts(c timeline.Calendar, now time.Time) RiskFacts {
	due := a.Due
	if due.IsZero() {
		due = a.OpenedAt
	}
	days := func(from, to time.Time) float64 { return float64(to.Sub(from)) / float64(c.Day) }
	f := RiskFacts{
		Tier: a.Tier, AskedDays: days(a.OpenedAt, now), SilentDays: days(a.Alive, now), UsualDays: a.Usual * days(a.OpenedAt, due),
		Answers: a.Answers, Unclicked: a.Unclicked,
	}
	for _, rung := range a.ladder(c, due) {
		if rung.Action == timeline.SendMail && rung.At.After(a.Alive) && !rung.At.After(now) {
			f.Unanswered++
		}
	}
	var clock time.Time // when the creator could begin
	for _, m := range a.Plan {
		kind := timeline.Kind(m.Kind)
		if m.Fact && kind.Owner() == timeline.Creator && timeline.Late(m, c.Day) {
			f.LateBefore++
		}
		if kind == timeline.SignDue || kind == timeline.DeliverBy { // the later of the two stands behind
			clock = m.At
		}
	}
	if !clock.IsZero() {
		f.HeldDays = days(clock, now)
	}
	return f
}

func (a Asked) ladder(c timeline.Calendar, due time.Time) []timeline.CheckIn {
	if a.Kind == partnership.TaskOffer || a.Kind == partnership.TaskSign {
		return timeline.OfferLadder(c, a.OpenedAt, due)
	}
	return timeline.Ladder(c, a.Tier, a.OpenedAt, due)
}

// Kept adds a partnership's plan to the record: those of its dates that were the creator's own and are over, by whether they were kept.
// A date that a brand or carrier moved is judged by where it was moved to. day is the length of a campaign day.
func (r *Record) Kept(plan []partnership.Milestone, day time.Duration) {
	for _, m := range plan {
		switch {
		case !m.Fact || timeline.Kind(m.Kind).Owner() != timeline.Creator:
		case timeline.Late(m, day):
			r.DatesLate++
		default:
			r.DatesKept++
		}
	}
}
