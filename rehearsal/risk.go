package rehearsal

import (
	"time"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/roster"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

// request is what a creator is asked for now.
type request struct {
	at, due time.Time
	kind    partnership.TaskKind
}

// asked notes a request for something that the creator makes.
func (c *cast) asked(in activities.Request) {
	c.request = request{at: c.now(), due: in.Letter.Due, kind: in.Task}
	c.alive = c.now()
}

// risk is the ghost risk as the store would find it: nothing is known of a creator's habits before their first draft, and mails are
// not opened without a click.
func (c *cast) risk() float64 {
	r, now := c.request, c.now()
	if r.at.IsZero() {
		return 0
	}
	f := roster.RiskFacts{
		Tier: c.in.Tier, AskedDays: c.between(r.at, now), SilentDays: c.between(c.alive, now), UsualDays: c.between(r.at, r.due),
	}
	if c.drafted > 0 && r.kind == partnership.TaskPost {
		f.UsualDays, f.Answers = c.drafted*f.UsualDays, 1
	}
	for _, rung := range timeline.Ladder(c.cal, c.in.Tier, r.at, r.due) {
		if rung.Action == timeline.SendMail && rung.At.After(c.alive) && !rung.At.After(now) {
			f.Unanswered++
		}
	}
	clock := c.signedAt
	if c.parcel.Status == partnership.ParcelDelivered {
		clock = c.parcel.UpdatedAt
	}
	if !clock.IsZero() {
		f.HeldDays = c.between(clock, now)
	}
	score, _ := roster.Risk(f)
	return score
}

func (c *cast) between(a, b time.Time) float64 { return float64(b.Sub(a)) / float64(c.in.Day) }
