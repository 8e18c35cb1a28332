package timeline_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
	"github.com/rapport-dev/rapport/partnership/zones"
)

const berlin = "Europe/Berlin"

func schedule(t testing.TB) partnership.Schedule {
	return partnership.Schedule{
		PublishFrom: in(t, berlin, "2026-06-20 00:00"), PublishTo: in(t, berlin, "2026-08-01 00:00"),
		OutreachDays: 10, SignDays: 5, ProduceDays: 10, ReviewDays: 3, BufferDays: 4, WindowDays: 30,
	}
}

func dues(p timeline.Plan) map[timeline.Kind]string {
	loc, _ := zones.Load(berlin)
	out := map[timeline.Kind]string{}
	for _, m := range p.Milestones {
		out[m.Kind] = m.Due.In(loc).Format("Mon 2 Jan 15:04")
	}
	return out
}

func TestPlanFromTheFirstDay(t *testing.T) {
	t.Parallel()
	start := in(t, berlin, "2026-05-04 10:00") // a Monday
	got := timeline.Make(daily(berlin), schedule(t), partnership.Micro, timeline.Facts{Start: start, Gift: true})
	want := map[timeline.Kind]string{
		timeline.OfferDue: "Thu 14 May 10:00", timeline.SignDue: "Tue 19 May 10:00",
		timeline.ShipBy: "Thu 21 May 10:00", timeline.DeliverBy: "Tue 26 May 10:00", // the 25th is Memorial Day, which does not stop carriers' estimates
		timeline.DraftDue: "Fri 5 Jun 10:00", timeline.ReviewBy: "Wed 10 Jun 10:00",
		timeline.PublishDue: "Sat 20 Jun 00:00", // not before the window opens
		timeline.WindowEnd:  "Mon 20 Jul 00:00",
	}
	if diff := cmp.Diff(want, dues(got)); diff != "" {
		t.Error(diff)
	}
	if got.BufferLeft != 4 {
		t.Errorf("buffer left %g, want 4", got.BufferLeft)
	}
	if nano := timeline.Make(daily(berlin), schedule(t), partnership.Nano, timeline.Facts{Start: start, Gift: true}); nano.BufferLeft != 6 {
		t.Errorf("nano creators have %g days of buffer, want 6", nano.BufferLeft)
	}
}

func TestTheContentClockStartsAtDelivery(t *testing.T) {
	t.Parallel()
	s, c := schedule(t), daily(berlin)
	signed := timeline.Facts{Start: in(t, berlin, "2026-05-04 10:00"), SignedAt: in(t, berlin, "2026-05-12 10:00"), Gift: true}
	delivered := signed
	delivered.DeliveredAt = in(t, berlin, "2026-06-01 09:00")
	if got, want := timeline.Make(c, s, partnership.Micro, delivered).Due(timeline.DraftDue), in(t, berlin, "2026-06-11 09:00"); !got.Equal(want) {
		t.Errorf("with a gift the draft is due %s, want %s", got, want)
	}
	signed.Gift = false
	without := timeline.Make(c, s, partnership.Micro, signed)
	if got, want := without.Due(timeline.DraftDue), in(t, berlin, "2026-05-22 10:00"); !got.Equal(want) {
		t.Errorf("without a gift the draft is due %s, want %s", got, want)
	}
	if !without.Due(timeline.ShipBy).IsZero() || !without.Due(timeline.DeliverBy).IsZero() {
		t.Error("without a gift nothing is shipped")
	}
}

func TestTheBufferAbsorbsBeforeTheLiveDateMoves(t *testing.T) {
	t.Parallel()
	s, c := schedule(t), daily(berlin)
	s.PublishFrom = in(t, berlin, "2026-06-01 00:00")
	f := timeline.Facts{Start: in(t, berlin, "2026-05-04 10:00"), Gift: true}
	first := timeline.Make(c, s, partnership.Micro, f)
	live := first.Due(timeline.PublishDue) // 10 June + 1 day + 4 days of buffer

	f.CarrierETA = c.Add(first.Due(timeline.DeliverBy), 3) // the review then falls on Monday 15 June: five days later
	slipped := timeline.Make(c, s, partnership.Micro, f)
	if slipped.BufferLeft >= first.BufferLeft {
		t.Errorf("the buffer is still %g of %g", slipped.BufferLeft, first.BufferLeft)
	}
	f.CarrierETA = c.Add(first.Due(timeline.DeliverBy), 2)
	small := timeline.Make(c, s, partnership.Micro, f)
	if got := small.Due(timeline.PublishDue); !got.Equal(live) {
		t.Errorf("a slip of two days moves the live date from %s to %s", live, got)
	}
	f.CarrierETA = c.Add(first.Due(timeline.DeliverBy), 21)
	large := timeline.Make(c, s, partnership.Micro, f)
	if got := c.Days(live, large.Due(timeline.PublishDue)); got != 17 || large.BufferLeft != 0 {
		t.Errorf("a slip of 21 days moves the live date by %g with %g buffer left, want 17 and 0", got, large.BufferLeft)
	}
}

func TestExtensionsAndRevisionsGiveTime(t *testing.T) {
	t.Parallel()
	s, c := schedule(t), daily(berlin)
	f := timeline.Facts{Start: in(t, berlin, "2026-05-04 10:00")}
	plain := timeline.Make(c, s, partnership.Nano, f)
	for name, more := range map[string]timeline.Facts{
		"extension": {Start: f.Start, ExtensionDays: 3}, "revision": {Start: f.Start, Revisions: 1},
	} {
		if got := c.Days(plain.Due(timeline.DraftDue), timeline.Make(c, s, partnership.Nano, more).Due(timeline.DraftDue)); got < 3 || got > 3.4 {
			t.Errorf("one %s gives %g days", name, got)
		}
	}
	post := f
	post.PostExtensionDays = 2
	if got := c.Days(plain.Due(timeline.PublishDue), timeline.Make(c, s, partnership.Nano, post).Due(timeline.PublishDue)); got != 2 {
		t.Errorf("an extension of the post by 2 days gives %g", got)
	}
}

func TestALaterDeliverableHasItsOwnClock(t *testing.T) {
	t.Parallel()
	s, c := schedule(t), daily(berlin)
	f := timeline.Facts{Start: in(t, berlin, "2026-05-04 10:00"), SignedAt: in(t, berlin, "2026-05-12 10:00"), ContentFrom: in(t, berlin, "2026-06-20 10:00")}
	if got, want := timeline.Make(c, s, partnership.Nano, f).Due(timeline.DraftDue), in(t, berlin, "2026-06-30 10:00"); !got.Equal(want) {
		t.Errorf("the second draft is due %s, want %s", got, want)
	}
}

func TestDiffInWords(t *testing.T) {
	t.Parallel()
	s, c := schedule(t), daily(berlin)
	f := timeline.Facts{Start: in(t, berlin, "2026-05-04 10:00"), SignedAt: in(t, berlin, "2026-05-12 10:00"), Gift: true}
	old := timeline.Make(c, s, partnership.Micro, f)
	f.ShippedAt = in(t, berlin, "2026-05-18 10:00") // due on the 14th
	changes := timeline.Diff(old, timeline.Make(c, s, partnership.Micro, f), c)
	want := `the delivery: Sat 23 May 2026 instead of Wed 20 May 2026 (3 days later)
your draft: Tue 2 Jun 2026 instead of Sat 30 May 2026 (3 days later)
our review: Fri 5 Jun 2026 instead of Thu 4 Jun 2026 (1.4 days later)`
	if diff := cmp.Diff(want, timeline.Words(changes)); diff != "" {
		t.Error(diff)
	}
	if again := timeline.Diff(old, old, c); len(again) != 0 {
		t.Errorf("nothing moved, yet %v", again)
	}
}

// Dates that would read the same are told with the time of day.
func TestASmallShiftInWords(t *testing.T) {
	t.Parallel()
	from := in(t, berlin, "2026-05-19 10:00")
	for moved, want := range map[time.Duration]string{
		26 * time.Hour:   "your post: Wed 20 May 2026 instead of Tue 19 May 2026 (1 day later)",
		6 * time.Hour:    "your post: Tue 19 May 2026 16:00 instead of Tue 19 May 2026 10:00 (1 day later)",
		20 * time.Second: "your post: Tue 19 May 2026 10:00:20 instead of Tue 19 May 2026 10:00:00 (1 day later)",
	} {
		change := timeline.Change{Kind: timeline.PublishDue, From: from, To: from.Add(moved), Days: 1}
		if diff := cmp.Diff(want, timeline.Words([]timeline.Change{change})); diff != "" {
			t.Error(diff)
		}
	}
}

// drawFacts draws a story that has come some way: facts in order, with gaps.
func drawFacts(t *rapid.T) timeline.Facts {
	f := timeline.Facts{Start: drawTime(t, "start"), Gift: rapid.Bool().Draw(t, "gift"), Revisions: rapid.IntRange(0, 3).Draw(t, "revisions")}
	f.ExtensionDays = float64(rapid.IntRange(0, 5).Draw(t, "extension"))
	at := f.Start
	for i, fact := range facts(&f) {
		if i == 3 || i == 4 || i == 5 {
			if !f.Gift {
				continue
			}
		}
		at = at.Add(time.Duration(rapid.Int64Range(0, 20*86400).Draw(t, "gap")) * time.Second)
		if rapid.IntRange(0, 9).Draw(t, "stops") == 0 {
			break
		}
		*fact = at
	}
	return f
}

func facts(f *timeline.Facts) []*time.Time {
	return []*time.Time{&f.InvitedAt, &f.AcceptedAt, &f.SignedAt, &f.ShippedAt, &f.CarrierETA, &f.DeliveredAt, &f.DraftAt, &f.ApprovedAt, &f.PostedAt}
}

// of each fact: the first milestone that it may move (its own milestone never moves by it, except by an estimate).
var moves = []timeline.Kind{timeline.OfferDue, timeline.SignDue, timeline.ShipBy, timeline.DeliverBy, timeline.DeliverBy, timeline.DraftDue, timeline.ReviewBy, timeline.PublishDue, timeline.WindowEnd}

var story = []timeline.Kind{timeline.OfferDue, timeline.SignDue, timeline.ShipBy, timeline.DeliverBy, timeline.DraftDue, timeline.ReviewBy, timeline.PublishDue, timeline.WindowEnd}

func drawSchedule(t *rapid.T, start time.Time) partnership.Schedule {
	day := func(name string, least int) float64 { return float64(rapid.IntRange(least, 40).Draw(t, name)) / 2 }
	from := start.Add(time.Duration(rapid.IntRange(-10, 60).Draw(t, "publish_from")) * 24 * time.Hour)
	return partnership.Schedule{
		PublishFrom: from, PublishTo: from.Add(time.Duration(rapid.IntRange(1, 40).Draw(t, "window")) * 24 * time.Hour),
		OutreachDays: day("outreach", 1), SignDays: day("sign", 1), ProduceDays: day("produce", 1), ReviewDays: day("review", 1),
		BufferDays: day("buffer", 0), WindowDays: day("sales", 1),
	}
}

func TestDatesOfOneDayAreToldWithTheirTime(t *testing.T) {
	t.Parallel()
	from := in(t, berlin, "2026-11-23 14:00")
	for later, want := range map[time.Duration]string{
		72 * time.Hour:   "your draft: Thu 26 Nov 2026 instead of Mon 23 Nov 2026 (6 days later)",
		6 * time.Hour:    "your draft: Mon 23 Nov 2026 20:00 instead of Mon 23 Nov 2026 14:00 (6 days later)",
		12 * time.Second: "your draft: Mon 23 Nov 2026 14:00:12 instead of Mon 23 Nov 2026 14:00:00 (6 days later)",
	} {
		c := timeline.Calendar{Day: later / 6, Zone: berlin}
		plan := func(due time.Time) timeline.Plan {
			return timeline.Plan{Milestones: []timeline.Milestone{{Kind: timeline.DraftDue, Due: due}}}
		}
		if got := timeline.Words(timeline.Diff(plan(from), plan(from.Add(later)), c)); got != want {
			t.Errorf("days of %s: %q, want %q", c.Day, got, want)
		}
	}
}

func drawCalendar(t *rapid.T) timeline.Calendar {
	return timeline.Calendar{
		Day:  rapid.SampledFrom([]time.Duration{24 * time.Hour, 24 * time.Hour, 2 * time.Second, time.Hour}).Draw(t, "day"),
		Zone: rapid.SampledFrom(manyZones).Draw(t, "zone"),

		Holidays: rapid.SampledFrom([]string{"", "", "US", "DE", "AU", "JP", timeline.NoHolidays}).Draw(t, "holidays"),
	}
}

var tiers = []partnership.Tier{partnership.Nano, partnership.Micro, partnership.AboveMicro}

func TestALaterFactNeverMovesAnEarlierMilestone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, tier, f := drawCalendar(t), rapid.SampledFrom(tiers).Draw(t, "tier"), drawFacts(t)
		s := drawSchedule(t, f.Start)
		with := timeline.Make(c, s, tier, f)
		if again := timeline.Make(c, s, tier, f); !cmp.Equal(with, again) {
			t.Fatal("the same facts give another plan")
		}
		i := rapid.IntRange(0, len(moves)-1).Draw(t, "fact")
		*facts(&f)[i] = time.Time{}
		without := timeline.Make(c, s, tier, f)
		for j, m := range with.Milestones {
			if slices.Index(story, m.Kind) >= slices.Index(story, moves[i]) {
				break
			}
			if !m.Due.Equal(without.Milestones[j].Due) {
				t.Fatalf("fact %d moves %s from %s to %s", i, m.Kind, without.Milestones[j].Due, m.Due)
			}
		}
	})
}

func TestALaterFactNeverMakesAMilestoneEarlier(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, tier, f := drawCalendar(t), rapid.SampledFrom(tiers).Draw(t, "tier"), drawFacts(t)
		s := drawSchedule(t, f.Start)
		before := timeline.Make(c, s, tier, f)
		fact := facts(&f)[rapid.IntRange(0, len(moves)-1).Draw(t, "fact")]
		if fact.IsZero() {
			t.Skip("it has not happened in this draw, so it cannot come late: rapid draws another")
		}
		*fact = fact.Add(time.Duration(rapid.Int64Range(0, 40*86400).Draw(t, "late")) * time.Second)
		for i, m := range timeline.Make(c, s, tier, f).Milestones {
			// Where clocks are set back, two instants show one wall clock: allow for that hour.
			if old := before.Milestones[i]; m.Due.Before(old.Due.Add(-time.Hour)) {
				t.Fatalf("%s moves back from %s to %s", m.Kind, old.Due, m.Due)
			}
		}
	})
}

func TestPlanKeepsItsPromises(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, tier, f := drawCalendar(t), rapid.SampledFrom(tiers).Draw(t, "tier"), drawFacts(t)
		s := drawSchedule(t, f.Start)
		p := timeline.Make(c, s, tier, f)
		publish := p.Due(timeline.PublishDue)
		if publish.Before(s.PublishFrom) {
			t.Fatalf("live at %s, before the window opens at %s", publish, s.PublishFrom)
		}
		ready := p.Due(timeline.ReviewBy)
		if !f.ApprovedAt.IsZero() {
			ready = f.ApprovedAt
		}
		if possible := c.Add(ready, timeline.PostDays); !possible.After(s.PublishTo) && publish.After(s.PublishTo) {
			t.Fatalf("live at %s though %s is possible and the window closes at %s", publish, possible, s.PublishTo)
		}
		if p.BufferLeft < 0 || p.BufferLeft > timeline.Buffer(s, tier) {
			t.Fatalf("buffer left %g of %g", p.BufferLeft, timeline.Buffer(s, tier))
		}
		for _, m := range p.Milestones {
			if m.Fact == m.At.IsZero() {
				t.Fatalf("%s: fact %v at %s", m.Kind, m.Fact, m.At)
			}
		}
	})
}
