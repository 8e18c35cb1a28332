package timeline

import (
	"cmp"
	"math"
	"slices"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/rapport-dev/rapport/partnership"
)

// Slip is days lost, and who lost them. Negative days were given back: a parcel came before the day that its carrier had
// moved it to.
type Slip struct {
	Kind  Kind    `json:"kind"` // the milestone that slipped; those after it only followed
	Days  float64 `json:"days"` // campaign days, to a hundredth
	Owner string  `json:"owner"`
	Cause string  `json:"cause"`
}

// SlipKind is the kind of a slip's event on the timeline.
const SlipKind = "slipped"

// Tolerance is the least delay that is held against anybody, in campaign days: answers and estimates waver by hours.
const Tolerance = 0.5

// Slips are the days that the step from one plan to the next has cost. Each slip is booked once, where it began: what moved
// only because something before it moved is not booked again. A milestone slips when its date moves while it is still to
// come (an extension, a carrier's new estimate), when it happens after its date, and when the brand sends a draft back.
//
// owner and cause say whose fault the step was, where the caller knows (a pause is the brand's, whatever it delays); empty,
// they follow from the milestone. booked are the partnership's slips so far: only days that were booked can be given back,
// so nobody gains by being early. Days count against the date that people were told last, also where that was an earlier one
// than at first. Between two deliverables, whose milestones begin anew, there is nothing to book.
func Slips(old, new Plan, c Calendar, owner, cause string, booked ...Slip) []Slip {
	var out []Slip
	followed := false // something before has moved: a date that moves now has only followed it
	for _, m := range new.Milestones {
		before, planned := old.milestone(m.Kind)
		if !planned || m.Kind.Owner() == "" || before.Fact && m.Fact {
			continue
		}
		days, who, why := own(c, before, m, followed)
		if before.Fact && !sentBack(old, m) { // asked for anew
			days = 0
		}
		followed = followed || before.Fact || !before.Due.Equal(m.Due) || m.Fact && !m.At.Equal(m.Due)
		switch {
		case days > 0:
			out = append(out, Slip{m.Kind, days, cmp.Or(owner, who), cmp.Or(cause, why)})
		case days < 0:
			out = append(out, givenBack(m.Kind, -days, booked)...)
		}
	}
	return out
}

// own is what a milestone has lost by itself, whose clock ran, and why.
func own(c Calendar, before, m Milestone, followed bool) (days float64, owner, cause string) {
	if !followed {
		days = c.Days(before.Due, m.Due)
	}
	owner, cause = m.Kind.Owner(), m.Kind.What()+" will come late"
	switch {
	case m.Fact:
		days, cause = days+c.Days(m.Due, m.At), m.Kind.What()+" came late"
	case before.Fact: // a draft that came late has had its days booked
		days = c.Days(later(before.Due, before.At), m.Due)
		owner, cause = Brand, "changes to the draft were asked for"
	}
	return hundredths(days), owner, cause
}

// sentBack tells a draft that is to be changed from the draft of a further deliverable, whose review is over.
func sentBack(old Plan, m Milestone) bool {
	review, _ := old.milestone(ReviewBy)
	return m.Kind == DraftDue && !review.Fact
}

// Steps lead from one schedule to another, one change at a time and what takes longer first. The days of each are then booked
// where they begin: of several changes at once only the first would be, and what grew would hide behind what shrank.
func Steps(from, to partnership.Schedule) []partnership.Schedule {
	var steps []partnership.Schedule
	s := from
	for _, change := range []func(){
		func() { s.OutreachDays = max(from.OutreachDays, to.OutreachDays) },
		func() { s.SignDays = max(from.SignDays, to.SignDays) },
		func() { s.ProduceDays = max(from.ProduceDays, to.ProduceDays) },
		func() { s.ReviewDays = max(from.ReviewDays, to.ReviewDays) },
		func() {
			s.BufferDays, s.PublishFrom, s.PublishTo = max(from.BufferDays, to.BufferDays), later(from.PublishFrom, to.PublishFrom), to.PublishTo
		},
		func() { s = to },
	} {
		change()
		steps = append(steps, s)
	}
	return steps
}

// givenBack returns days to those who lost them at the same milestone, the newest slip first.
func givenBack(k Kind, days float64, booked []Slip) []Slip {
	left := map[string]float64{}
	for _, s := range booked {
		if s.Kind == k {
			left[s.Owner] += s.Days
		}
	}
	var out []Slip
	for _, s := range slices.Backward(booked) {
		if n := hundredths(min(days, left[s.Owner])); s.Kind == k && n > 0 {
			out = append(out, Slip{k, -n, s.Owner, k.What() + " did not take that long after all"})
			days, left[s.Owner] = days-n, 0
		}
	}
	return out
}

// Event is the slip as it stands on the timeline, whose Days and Owner say the rest.
func (s Slip) Event(at time.Time) partnership.TimelineEvent {
	return partnership.TimelineEvent{At: at, Kind: SlipKind, Owner: s.Owner, Days: s.Days, Detail: sentence(cmp.Or(s.Cause, "days were lost"))}
}

func sentence(words string) string {
	first, size := utf8.DecodeRuneInString(words)
	return string(unicode.ToUpper(first)) + words[size:] + "."
}

func (p Plan) milestone(k Kind) (Milestone, bool) {
	i := slices.IndexFunc(p.Milestones, func(m Milestone) bool { return m.Kind == k })
	if i < 0 {
		return Milestone{}, false
	}
	return p.Milestones[i], true
}

func hundredths(days float64) float64 { return math.Round(100*days) / 100 }
