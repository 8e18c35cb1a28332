package timeline

import (
	"slices"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// Action is what a check-in does.
type Action string

// The actions.
const (
	SendMail Action = "mail"     // a mail to the creator
	Escalate Action = "escalate" // a card to the manager: extend, keep waiting, replace
	Ghost    Action = "ghost"    // the creator counts as ghosted
	Expire   Action = "expire"   // an offer or a contract lapses
)

// CheckIn is one rung of a ladder. Steps are unique in a ladder: a mail is sent once per task and step.
type CheckIn struct {
	Step   string    `json:"step"` // nudge, second_nudge, day_before, due, check_in, escalate, ghost, expire
	Action Action    `json:"action"`
	At     time.Time `json:"at"` // before quiet hours: pass a mail's time through Calendar.Quiet with the creator's zone
}

// patience is how long after the due date the manager is asked and the creator given up, in campaign days. Nano creators
// vanish most often (the field's guide), so they are asked sooner; nano is the default.
func patience(tier partnership.Tier) (escalate, ghost float64) {
	if tier == partnership.Micro || tier == partnership.AboveMicro {
		return 4, 7
	}
	return 3, 5
}

// Ladder is how a creator is reminded of a task asked for at from and due at due: a nudge at half the time, the day before,
// on the day, a day later in another tone; then the manager is asked, then the creator counts as ghosted. At most one mail a
// campaign day, the request at from included: of two that collide the later stays. Times strictly increase from from on.
func Ladder(c Calendar, tier partnership.Tier, from, due time.Time) []CheckIn {
	due = later(due, from)
	escalate, ghost := patience(tier)
	rungs := thin(c, from, []CheckIn{
		{"nudge", SendMail, from.Add(due.Sub(from) / 2)},
		{"day_before", SendMail, c.Add(due, -1)},
		{"due", SendMail, due},
		{"check_in", SendMail, c.Add(due, 1)},
	})
	return append(rungs, CheckIn{"escalate", Escalate, c.Add(due, escalate)}, CheckIn{"ghost", Ghost, c.Add(due, ghost)})
}

// OfferLadder is the ladder of an offer or a contract, which end at their due date: nudges at one and two thirds, then it expires.
func OfferLadder(c Calendar, from, due time.Time) []CheckIn {
	if !due.After(from) {
		return []CheckIn{{"expire", Expire, from.Add(time.Nanosecond)}}
	}
	third := due.Sub(from) / 3
	rungs := thin(c, from, []CheckIn{{"nudge", SendMail, from.Add(third)}, {"second_nudge", SendMail, from.Add(2 * third)}})
	return append(rungs, CheckIn{"expire", Expire, due})
}

// thin drops mails that come less than a campaign day after the request or before a later mail.
func thin(c Calendar, from time.Time, mails []CheckIn) []CheckIn {
	var kept []CheckIn
	first := c.Add(from, 1)
	for _, m := range slices.Backward(mails) {
		if m.At.Before(first) {
			continue
		}
		if n := len(kept); n > 0 && c.Add(m.At, 1).After(kept[n-1].At) {
			continue
		}
		kept = append(kept, m)
	}
	slices.Reverse(kept)
	return kept
}
