package timeline_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

// book plays facts one after the other and books each step, as a workflow does.
func book(c timeline.Calendar, s partnership.Schedule, f timeline.Facts, steps ...func(*timeline.Facts)) []timeline.Slip {
	var booked []timeline.Slip
	old := timeline.Make(c, s, partnership.Micro, f)
	for _, step := range steps {
		step(&f)
		now := timeline.Make(c, s, partnership.Micro, f)
		booked = append(booked, timeline.Slips(old, now, c, "", "", booked...)...)
		old = now
	}
	return booked
}

func lines(slips []timeline.Slip) string {
	var out []string
	for _, s := range slips {
		out = append(out, fmt.Sprintf("%s %g %s: %s", s.Kind, s.Days, s.Owner, s.Cause))
	}
	return strings.Join(out, "\n")
}

func TestEachSlippedDayHasOneOwner(t *testing.T) {
	t.Parallel()
	s, c := schedule(t), daily(berlin)
	signed := timeline.Facts{Start: in(t, berlin, "2026-05-04 10:00"), SignedAt: in(t, berlin, "2026-05-12 10:00"), Gift: true}
	at := func(text string) time.Time { return in(t, berlin, text) }
	shipped := func(f *timeline.Facts) { f.ShippedAt = at("2026-05-13 10:00") } // the parcel is then due on the 18th
	eta := func(text string) func(*timeline.Facts) { return func(f *timeline.Facts) { f.CarrierETA = at(text) } }
	delivered := func(text string) func(*timeline.Facts) {
		return func(f *timeline.Facts) { f.DeliveredAt = at(text) }
	}
	draft := func(text string) func(*timeline.Facts) { return func(f *timeline.Facts) { f.DraftAt = at(text) } }
	for _, test := range []struct {
		name  string
		steps []func(*timeline.Facts)
		want  string
	}{
		{"all in time", []func(*timeline.Facts){shipped, delivered("2026-05-18 10:00"), draft("2026-05-28 10:00")}, ""},
		{"early is nobody's gain", []func(*timeline.Facts){shipped, delivered("2026-05-16 10:00"), draft("2026-05-20 10:00")}, ""},
		{
			"the brand ships late",
			[]func(*timeline.Facts){func(f *timeline.Facts) { f.ShippedAt = at("2026-05-16 10:00") }, delivered("2026-05-21 10:00")},
			"ship_by 1 brand: shipping the gift came late", // due on Friday the 15th: Thursday is Ascension Day
		},
		{
			"the carrier is late",
			[]func(*timeline.Facts){shipped, delivered("2026-05-20 22:00"), draft("2026-05-30 22:00")},
			"deliver_by 2.5 carrier: the parcel's delivery came late",
		},
		{
			"the carrier says so before",
			[]func(*timeline.Facts){shipped, eta("2026-05-21 10:00"), delivered("2026-05-21 10:00")},
			"deliver_by 3 carrier: the parcel's delivery will come late",
		},
		{
			"and comes before that day",
			[]func(*timeline.Facts){shipped, eta("2026-05-21 10:00"), delivered("2026-05-20 10:00")},
			"deliver_by 3 carrier: the parcel's delivery will come late\ndeliver_by -1 carrier: the parcel's delivery did not take that long after all",
		},
		{
			"much earlier than promised at first",
			[]func(*timeline.Facts){shipped, eta("2026-05-19 10:00"), delivered("2026-05-14 10:00")},
			"deliver_by 1 carrier: the parcel's delivery will come late\ndeliver_by -1 carrier: the parcel's delivery did not take that long after all",
		},
		{
			"a draft three days late",
			[]func(*timeline.Facts){shipped, delivered("2026-05-18 10:00"), draft("2026-05-31 10:00")},
			"draft_due 3 creator: the creator's draft came late",
		},
		{
			"an extension that was used",
			[]func(*timeline.Facts){shipped, delivered("2026-05-18 10:00"), func(f *timeline.Facts) { f.ExtensionDays = 3 }, draft("2026-05-31 10:00")},
			"draft_due 3 creator: the creator's draft will come late",
		},
		{
			"a draft sent back",
			[]func(*timeline.Facts){shipped, delivered("2026-05-18 10:00"), draft("2026-05-20 10:00"), func(f *timeline.Facts) { f.DraftAt, f.Revisions = time.Time{}, 1 }},
			"draft_due 3.33 brand: changes to the draft were asked for",
		},
	} {
		if diff := cmp.Diff(test.want, lines(book(c, s, signed, test.steps...))); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
		}
	}
}

// A review's own lateness is inside the revision that it ends in; the days of a late draft are booked before.
func TestARevisionHasItsTimeHoweverLateItIsAskedFor(t *testing.T) {
	t.Parallel()
	s, c := schedule(t), daily(berlin)
	day := func(text string) time.Time { return in(t, berlin, text) }
	f := timeline.Facts{Start: day("2026-05-04 10:00"), SignedAt: day("2026-05-12 10:00")} // the draft is due on the 22nd
	booked := book(c, s, f,
		func(f *timeline.Facts) { f.DraftAt = day("2026-05-24 10:00") },
		func(f *timeline.Facts) { f.DraftAt, f.Revisions, f.ChangesAt = time.Time{}, 1, day("2026-05-28 10:00") },
		func(f *timeline.Facts) { f.DraftAt = day("2026-05-31 18:00") },
	)
	if diff := cmp.Diff("draft_due 2 creator: the creator's draft came late\ndraft_due 7.33 brand: changes to the draft were asked for", lines(booked)); diff != "" {
		t.Error(diff)
	}
}

// A new schedule that changes several terms costs the days of each, whatever another term makes shorter.
func TestTheStepsOfAScheduleAreBookedOneByOne(t *testing.T) {
	t.Parallel()
	from, c := schedule(t), daily(berlin)
	from.PublishTo = time.Time{}
	to := from
	to.OutreachDays, to.ProduceDays, to.ReviewDays = from.OutreachDays+3, from.ProduceDays+4, from.ReviewDays-1
	f := timeline.Facts{Start: in(t, berlin, "2026-05-04 10:00")}
	old, days := timeline.Make(c, from, partnership.Micro, f), 0.0
	steps := timeline.Steps(from, to)
	for _, s := range steps {
		now := timeline.Make(c, s, partnership.Micro, f)
		for _, slip := range timeline.Slips(old, now, c, timeline.Brand, "amended") {
			days += slip.Days
		}
		old = now
	}
	if days != 7 {
		t.Errorf("booked %g days, want 7", days)
	}
	if diff := cmp.Diff(to, steps[len(steps)-1]); diff != "" {
		t.Error(diff)
	}
}

func TestALateSignatureIsTheCreators(t *testing.T) {
	t.Parallel()
	s, c := schedule(t), daily(berlin)
	f := timeline.Facts{Start: in(t, berlin, "2026-05-04 10:00"), Gift: true}
	due := timeline.Make(c, s, partnership.Micro, f).Due(timeline.SignDue)
	booked := book(c, s, f, func(f *timeline.Facts) { f.SignedAt = c.Add(due, 2) })
	if diff := cmp.Diff("sign_due 2 creator: the creator's signature came late", lines(booked)); diff != "" {
		t.Error(diff)
	}
}

func TestAStepMayBeAnothersFault(t *testing.T) {
	t.Parallel()
	s, c := schedule(t), daily(berlin)
	f := timeline.Facts{Start: in(t, berlin, "2026-05-04 10:00"), SignedAt: in(t, berlin, "2026-05-12 10:00")}
	old := timeline.Make(c, s, partnership.Micro, f)
	f.ExtensionDays = 2
	slips := timeline.Slips(old, timeline.Make(c, s, partnership.Micro, f), c, timeline.Brand, "the campaign was paused")
	want := partnership.TimelineEvent{At: f.Start, Kind: timeline.SlipKind, Owner: "brand", Detail: "The campaign was paused.", Days: 2}
	if len(slips) != 1 {
		t.Fatalf("booked %v", slips)
	}
	if diff := cmp.Diff(want, slips[0].Event(f.Start)); diff != "" {
		t.Error(diff)
	}
}

func TestAFurtherDeliverableIsNoSlip(t *testing.T) {
	t.Parallel()
	s, c := schedule(t), daily(berlin)
	day := func(text string) time.Time { return in(t, berlin, text) }
	f := timeline.Facts{
		Start: day("2026-05-04 10:00"), SignedAt: day("2026-05-12 10:00"), DraftAt: day("2026-05-20 10:00"), ApprovedAt: day("2026-05-21 10:00"), PostedAt: day("2026-06-20 10:00"),
	}
	next := func(f *timeline.Facts) {
		f.ContentFrom, f.DraftAt, f.ApprovedAt, f.PostedAt = f.PostedAt, time.Time{}, time.Time{}, time.Time{}
	}
	if slips := book(c, s, f, next); len(slips) > 0 {
		t.Errorf("booked %v", slips)
	}
}

// TestOnlyTheirOwnDaysAreTheCreators plays stories in which the creator keeps every date and the others keep none.
func TestOnlyTheirOwnDaysAreTheCreators(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, tier := drawCalendar(t), rapid.SampledFrom(tiers).Draw(t, "tier")
		f := timeline.Facts{Start: drawTime(t, "start"), Gift: rapid.Bool().Draw(t, "gift")}
		s := drawSchedule(t, f.Start)
		late := func(name string) time.Duration {
			return time.Duration(rapid.Int64Range(-10*86400, 20*86400).Draw(t, name)) * time.Second
		}
		old := timeline.Make(c, s, tier, f)
		var booked []timeline.Slip
		met := func(k timeline.Kind, at *time.Time, off time.Duration) {
			if old.Due(k).IsZero() {
				return
			}
			*at = old.Due(k).Add(off)
			now := timeline.Make(c, s, tier, f)
			booked = append(booked, timeline.Slips(old, now, c, "", "", booked...)...)
			old = now
		}
		met(timeline.OfferDue, &f.AcceptedAt, min(0, late("accepted")))
		met(timeline.SignDue, &f.SignedAt, 0)
		met(timeline.ShipBy, &f.ShippedAt, late("shipped"))
		for range 3 {
			if f.Gift {
				f.CarrierETA = old.Due(timeline.DeliverBy).Add(late("eta"))
				now := timeline.Make(c, s, tier, f)
				booked = append(booked, timeline.Slips(old, now, c, "", "", booked...)...)
				old = now
			}
		}
		met(timeline.DeliverBy, &f.DeliveredAt, late("delivered"))
		met(timeline.DraftDue, &f.DraftAt, 0)
		met(timeline.ReviewBy, &f.ApprovedAt, late("reviewed"))
		met(timeline.PublishDue, &f.PostedAt, 0)
		if days := lostBy(timeline.Creator, booked); days != 0 {
			t.Fatalf("%g days are booked to the creator: %v", days, booked)
		}
		for _, owner := range []string{timeline.Brand, timeline.Carrier} {
			if days := lostBy(owner, booked); days < 0 {
				t.Fatalf("the %s has %g days: %v", owner, days, booked)
			}
		}
	})
}

// TestASlipIsBookedOnce compares the carrier's days with what the parcel itself lost, however often it was said.
func TestASlipIsBookedOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := timeline.Calendar{Day: rapid.SampledFrom([]time.Duration{24 * time.Hour, time.Minute}).Draw(t, "day"), Zone: "UTC"}
		f := timeline.Facts{Start: drawTime(t, "start"), Gift: true}
		s := drawSchedule(t, f.Start)
		f.SignedAt = f.Start
		f.ShippedAt = f.Start
		promised := timeline.Make(c, s, partnership.Nano, f).Due(timeline.DeliverBy)
		days := func(name string) float64 { return float64(rapid.IntRange(-10, 30).Draw(t, name)) / 2 }
		var steps []func(*timeline.Facts)
		for range rapid.IntRange(0, 4).Draw(t, "estimates") {
			eta := c.Add(promised, days("eta"))
			steps = append(steps, func(f *timeline.Facts) { f.CarrierETA = eta })
		}
		arrived := max(0, days("arrived")) // in all; an estimate in between may have told people an earlier day
		steps = append(steps, func(f *timeline.Facts) { f.DeliveredAt = c.Add(promised, arrived) })
		booked := book(c, s, f, steps...)
		if got := lostBy(timeline.Carrier, booked); got < arrived-0.05 {
			t.Fatalf("the parcel lost %g days, booked %g: %v", arrived, got, booked)
		}
		if len(steps) == 1 && lostBy(timeline.Carrier, booked) > arrived+0.05 {
			t.Fatalf("the parcel lost %g days, booked %v", arrived, booked)
		}
	})
}

// lostBy is what an owner has lost in all, in campaign days.
func lostBy(owner string, slips []timeline.Slip) float64 {
	days := 0.0
	for _, s := range slips {
		if s.Owner == owner {
			days += s.Days
		}
	}
	return math.Round(100*days) / 100
}
