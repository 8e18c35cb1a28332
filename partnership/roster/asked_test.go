package roster_test

import (
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/roster"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

func TestARecordCountsTheCreatorsOwnDatesThatAreOver(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	due := time.Date(2026, 11, 10, 12, 0, 0, 0, time.UTC)
	met := func(kind timeline.Kind, late time.Duration) partnership.Milestone {
		return partnership.Milestone{Kind: string(kind), Due: due, At: due.Add(late), Fact: true}
	}
	open := met(timeline.PublishDue, 9*day)
	open.Fact = false
	var r roster.Record
	r.Kept([]partnership.Milestone{
		met(timeline.OfferDue, -day), met(timeline.SignDue, day/2-1), met(timeline.DraftDue, day/2), // hours are not held against anybody
		met(timeline.DeliverBy, 5*day), met(timeline.ReviewBy, 5*day), // others' dates
		open,
	}, day)
	if r.DatesKept != 2 || r.DatesLate != 1 {
		t.Errorf("%d kept, %d late", r.DatesKept, r.DatesLate)
	}
}

func TestARequestWithoutADateIsDueAtOnce(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	asked := time.Date(2026, 11, 10, 12, 0, 0, 0, time.UTC)
	c := timeline.Calendar{Day: day, Zone: "UTC"}
	a := roster.Asked{Kind: partnership.TaskDraft, OpenedAt: asked, Alive: asked, Usual: 1}
	if f := a.Facts(c, asked.Add(2*day)); f.UsualDays != 0 || f.AskedDays != 2 || f.SilentDays != 2 {
		t.Errorf("%+v", f)
	}
	a.Due, a.Alive = asked.Add(4*day), asked.Add(day)
	if f := a.Facts(c, asked.Add(2*day)); f.UsualDays != 4 || f.SilentDays != 1 || f.HeldDays != 0 {
		t.Errorf("%+v", f)
	}
}
