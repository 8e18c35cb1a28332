package timeline_test

import (
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

func TestAmendReachesEachByWhereItStands(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 2, 15, 0, 0, 0, time.UTC)
	cal := timeline.Calendar{Day: 24 * time.Hour, Zone: "America/New_York"}
	sched := partnership.Schedule{
		PublishFrom: start.AddDate(0, 0, 20), PublishTo: start.AddDate(0, 0, 60),
		OutreachDays: 6, SignDays: 4, ProduceDays: 8, ReviewDays: 3, BufferDays: 4, WindowDays: 30,
	}
	later := sched
	later.PublishFrom, later.PublishTo = start.AddDate(0, 0, 70), start.AddDate(0, 0, 90)
	offer := partnership.Terms{Version: 1, Currency: "USD", FeeMinor: 50_000, CommissionBPS: 1_000, Deliverables: []partnership.Deliverable{{Kind: "reel", Count: 1}}}
	richer := offer.Clone()
	richer.CommissionBPS = 1_500

	stand := func(stage partnership.Stage, signed bool, facts timeline.Facts) timeline.Standing {
		facts.Start, facts.InvitedAt = start, start
		return timeline.Standing{Stage: stage, Tier: partnership.Nano, Facts: facts, Plan: timeline.Make(cal, sched, partnership.Nano, facts), Terms: offer, Signed: signed}
	}
	signedFacts := timeline.Facts{AcceptedAt: start.AddDate(0, 0, 1), SignedAt: start.AddDate(0, 0, 2)}
	drafted := signedFacts
	drafted.DraftAt = start.AddDate(0, 0, 9)
	ended := stand(partnership.Closed, true, drafted)
	ended.Outcome = partnership.Completed

	for name, tc := range map[string]struct {
		at    timeline.Standing
		sched partnership.Schedule
		offer partnership.Terms
		want  timeline.Reach
	}{
		"invited, dates move":           {stand(partnership.Outreach, false, timeline.Facts{}), later, offer, timeline.Moves},
		"invited, terms change":         {stand(partnership.Outreach, false, timeline.Facts{}), sched, richer, timeline.Moves},
		"signed, dates move":            {stand(partnership.Content, true, signedFacts), later, offer, timeline.Moves},
		"signed, terms need a contract": {stand(partnership.Content, true, signedFacts), sched, richer, timeline.Contract},
		"a draft is in":                 {stand(partnership.Content, true, drafted), later, offer, timeline.Keeps},
		"live":                          {stand(partnership.Performance, true, drafted), later, richer, timeline.Over},
		"ended":                         {ended, later, richer, timeline.Over},
		"the same file":                 {stand(partnership.Content, true, signedFacts), sched, offer, timeline.Unchanged},
	} {
		t.Run(name, func(t *testing.T) {
			e := timeline.Amend(cal, tc.at, tc.sched, offer, tc.offer)
			if e.Reach != tc.want {
				t.Errorf("reach is %s, want %s (%v, %v)", e.Reach, tc.want, e.Changes, e.Words)
			}
			if tc.want == timeline.Keeps && len(e.Changes) > 0 {
				t.Errorf("a draft that is in keeps its dates, but %v move", e.Changes)
			}
			again := timeline.Amend(cal, timeline.Standing{Stage: tc.at.Stage, Outcome: tc.at.Outcome, Tier: tc.at.Tier, Facts: tc.at.Facts, Plan: e.Plan, Terms: e.Terms, Signed: tc.at.Signed}, tc.sched, tc.offer, tc.offer)
			if len(again.Changes) > 0 || len(again.Words) > 0 {
				t.Errorf("applied twice it moves again: %v %v", again.Changes, again.Words)
			}
		})
	}
}

func TestAmendingOnlyTheFeeLeavesANegotiatedOneAlone(t *testing.T) {
	t.Parallel()
	offered := partnership.Terms{Version: 1, Currency: "USD", FeeMinor: 50_000}
	dearer := offered.Clone()
	dearer.FeeMinor = 55_000
	e := timeline.Amend(timeline.Calendar{}, timeline.Standing{Stage: partnership.Content, Signed: true, Terms: offered.WithFee(65_000)}, partnership.Schedule{}, offered, dearer)
	if e.Reach == timeline.Contract || len(e.Words) > 0 {
		t.Errorf("asked to sign again for nothing: %s %v", e.Reach, e.Words)
	}
}

func TestAmendKeepsWhatWasNegotiated(t *testing.T) {
	t.Parallel()
	offered := partnership.Terms{Version: 1, Currency: "USD", FeeMinor: 50_000, CommissionBPS: 1_000}
	agreed := offered.WithFee(60_000)
	offer := offered.Clone()
	offer.CommissionBPS, offer.FeeMinor = 1_500, 55_000
	e := timeline.Amend(timeline.Calendar{}, timeline.Standing{Stage: partnership.Contracting, Terms: agreed}, partnership.Schedule{}, offered, offer)
	if e.Terms.FeeMinor != 60_000 || e.Terms.CommissionBPS != 1_500 || e.Terms.Version != 3 {
		t.Errorf("terms are %+v", e.Terms)
	}
}

func TestAmendOfAStandingBesideTheUsual(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 2, 15, 0, 0, 0, time.UTC)
	cal := timeline.Calendar{Day: 24 * time.Hour, Zone: "America/New_York"}
	sched := partnership.Schedule{PublishFrom: start.AddDate(0, 0, 20), PublishTo: start.AddDate(0, 0, 60), OutreachDays: 6, SignDays: 4, ProduceDays: 8, ReviewDays: 3}
	later := sched
	later.ProduceDays = 16
	offer := partnership.Terms{Version: 1, Currency: "USD", FeeMinor: 50_000, CommissionBPS: 1_000}
	richer, richest := offer.Clone(), offer.Clone()
	richer.Version, richer.CommissionBPS = 2, 1_500
	richest.CommissionBPS = 2_000
	facts := timeline.Facts{Start: start, InvitedAt: start}
	half := timeline.ForStandby(sched)
	signed := func(asked *partnership.Terms) timeline.Standing {
		return timeline.Standing{Stage: partnership.Content, Tier: partnership.Nano, Facts: facts, Plan: timeline.Make(cal, sched, partnership.Nano, facts), Terms: offer, Signed: true, Asked: asked, Numbered: 2}
	}
	away := signed(nil)
	away.Away = true
	standby := timeline.Standing{Stage: partnership.Outreach, Tier: partnership.Nano, Facts: facts, Plan: timeline.Make(cal, half, partnership.Nano, facts), Terms: offer, Standby: true}

	for name, tc := range map[string]struct {
		at        timeline.Standing
		sched     partnership.Schedule
		offer     partnership.Terms
		want      timeline.Reach
		withdraws bool
		version   int
	}{
		"away":                                 {away, later, richer, timeline.Waits, false, 1},
		"a standby keeps half of the time":     {standby, sched, offer, timeline.Unchanged, false, 1},
		"an undo of what is not signed yet":    {signed(&richer), sched, offer, timeline.Withdrawn, true, 1},
		"the same again":                       {signed(&richer), later, richer, timeline.Contract, false, 3},
		"something else again":                 {signed(&richer), sched, richest, timeline.Contract, true, 3},
		"after one that was declined":          {signed(nil), sched, richer, timeline.Contract, false, 3},
		"dates beside what is not signed, too": {signed(&richer), later, offer, timeline.Moves, true, 1},
	} {
		t.Run(name, func(t *testing.T) {
			e := timeline.Amend(cal, tc.at, tc.sched, offer, tc.offer)
			if e.Reach != tc.want || e.Withdraws != tc.withdraws || e.Terms.Version != tc.version {
				t.Errorf("reach %s, withdraws %t, version %d; want %s, %t, %d", e.Reach, e.Withdraws, e.Terms.Version, tc.want, tc.withdraws, tc.version)
			}
		})
	}
}
