package workflows_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// signsOnlyTheFirst has nobody sign what is sent after the agreement itself.
func (pl *play) signsOnlyTheFirst() {
	signings, sign := 0, pl.steps.onSign
	pl.steps.onSign = func() {
		if signings++; signings == 1 {
			sign()
		}
	}
}

// signNow is the vendor's word that something happened to an envelope.
func (pl *play) signNow() {
	pl.env.SignalWorkflow(workflows.SignalEnvelopeChanged, workflows.EnvelopeChanged{EnvelopeID: "env-1", EventID: "e2"})
}

func (pl *play) versionsSent() (versions []int) {
	for _, c := range pl.steps.contracts {
		versions = append(versions, c.Version)
	}
	return versions
}

func (pl *play) costAtTheEnd() int64 { return pl.steps.board[len(pl.steps.board)-1].Terms.CostMinor() }

func (pl *play) sentOf(version int) activities.Contract {
	for _, c := range pl.steps.contracts {
		if c.Version == version {
			return c
		}
	}
	return activities.Contract{}
}

func lessShare(_ *partnership.Schedule, t *partnership.Terms) { t.CommissionBPS = 1_200 }

const (
	asSigned = 50_000 + 3_600 // fee and gift
	dearer   = 80_000 + 3_600
)

func TestAnUndoneAmendmentCannotBeSignedAnyMore(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	pl.signsOnlyTheFirst()
	pl.after(2*day+6*time.Hour, func() { pl.amend(1, moreShare) })
	pl.after(2*day+12*time.Hour, func() { pl.amend(2, nothing) })
	pl.after(2*day+18*time.Hour, pl.signNow)
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	require.Equal(t, 1, count(pl.steps.log, "undo contract"))
	require.Equal(t, 1_000, pl.commissionAtTheEnd())
}

// The creator may have signed before the undo reached the vendor. Then the signed amendment holds, and going back needs another.
func TestAnAmendmentThatWasSignedBeforeItsUndoIsUndoneByAnother(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	pl.signsOnlyTheFirst()
	pl.after(2*day+6*time.Hour, func() { pl.amend(1, moreShare) })
	pl.after(2*day+12*time.Hour, func() {
		pl.steps.envelopes[2] = partnership.EnvelopeCompleted
		pl.amend(2, nothing)
	})
	pl.after(2*day+15*time.Hour, func() { require.Equal(t, 1_500, pl.commissionAtTheEnd(), "it was signed, so it holds") })
	pl.after(2*day+18*time.Hour, pl.signNow)
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	require.Equal(t, []int{1, 2, 3}, pl.versionsSent())
	require.Equal(t, 1_000, pl.commissionAtTheEnd())
}

func TestALaterAmendmentReplacesTheOneThatWaits(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	pl.signsOnlyTheFirst()
	pl.after(2*day+6*time.Hour, func() { pl.amend(1, moreShare) })
	pl.after(2*day+12*time.Hour, func() { pl.amend(2, lessShare) })
	pl.after(2*day+18*time.Hour, pl.signNow)
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	require.Equal(t, []int{1, 2, 3}, pl.versionsSent(), "two documents never share a version")
	require.Equal(t, 1_200, pl.sentOf(3).Terms.CommissionBPS)
	require.Equal(t, partnership.EnvelopeVoided, pl.steps.envelopes[2])
	require.Equal(t, 1_200, pl.commissionAtTheEnd())
}

// What is asked for already is not asked for again: an amendment of other things leaves the open one alone.
func TestAnAmendmentOfTheDatesLeavesTheOneThatWaits(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	pl.signsOnlyTheFirst()
	pl.after(2*day+6*time.Hour, func() { pl.amend(1, richer) })
	pl.after(2*day+12*time.Hour, func() {
		pl.amend(2, func(s *partnership.Schedule, t *partnership.Terms) { richer(s, t); moreTime(s, t) })
	})
	pl.after(2*day+18*time.Hour, pl.signNow)
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	require.Equal(t, []int{1, 2}, pl.versionsSent())
	require.NotContains(t, pl.steps.log, "undo contract")
	require.Len(t, pl.letters("dates_moved"), 1)
	require.EqualValues(t, dearer, pl.costAtTheEnd())
}

func TestACorrectedAmendmentFollowsADeclinedOne(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	pl.steps.envelopes[2] = partnership.EnvelopeDeclined
	pl.after(2*day+6*time.Hour, func() { pl.amend(1, richer) })
	pl.after(4*day, func() {
		pl.amend(2, func(_ *partnership.Schedule, t *partnership.Terms) { t.FeeMinor = 70_000 })
	})
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	require.Equal(t, []int{1, 2, 3}, pl.versionsSent())
	require.EqualValues(t, 70_000+3_600, pl.costAtTheEnd())
	require.Equal(t, []int64{dearer, asSigned, 70_000 + 3_600}, pl.steps.reserved)
}

func TestAnAmendmentThatIsNotSignedGivesItsBudgetBack(t *testing.T) {
	for name, how := range map[string]func(*play){
		"declined": func(pl *play) { pl.steps.envelopes[2] = partnership.EnvelopeDeclined },
		"lapsed": func(pl *play) {
			pl.signsOnlyTheFirst()
			pl.steps.envelopes[2] = partnership.EnvelopeSent
			pl.carrierSays(20)
		},
		"undone": func(pl *play) {
			pl.signsOnlyTheFirst()
			pl.after(2*day+12*time.Hour, func() { pl.amend(2, nothing) })
		},
	} {
		t.Run(name, func(t *testing.T) {
			pl := newPlay(t)
			pl.eager()
			how(pl)
			pl.after(2*day+6*time.Hour, func() { pl.amend(1, richer) })
			require.Equal(t, partnership.Completed, pl.run().Outcome)
			require.Equal(t, []int64{dearer, asSigned}, pl.steps.reserved)
			require.EqualValues(t, asSigned, pl.costAtTheEnd())
		})
	}
}

// Until it is signed or closed, the budget has to cover the dearer of the two.
func TestAReturnAsksForTheBudgetOfTheAmendmentThatWaits(t *testing.T) {
	pl := newPlay(t)
	pl.quietOverTheDraft("place_offered", pl.draftIn(day))
	pl.signsOnlyTheFirst()
	pl.steps.envelopes[2] = partnership.EnvelopeSent
	in := input()
	in.Schedule.SignDays = 60 // the amendment outlasts the silence
	pl.after(5*day+6*time.Hour, func() {
		pl.amend(1, func(s *partnership.Schedule, t *partnership.Terms) { richer(s, t); s.SignDays = 60 })
	})
	require.Equal(t, partnership.Completed, pl.runWith(in).Outcome)
	back := pl.slots[len(pl.slots)-1]
	require.Equal(t, workflows.SlotReturned, back.Change)
	require.EqualValues(t, dearer, back.Terms.CostMinor())
}

// A standby's offer stands for half of the time; an amendment that changes nothing leaves it so.
func TestAnAmendmentLeavesAStandbysHalfTime(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	in := input()
	in.Covers, in.Schedule.OutreachDays = "p0", 5
	pl.after(12*time.Hour, func() { pl.amend(1, nothing) })
	require.Equal(t, partnership.Completed, pl.runWith(in).Outcome)
	require.Empty(t, pl.letters("dates_moved"))
	require.Empty(t, pl.slips())
}

// Whoever has no slot is told of nothing new; an amendment waits until they are back.
func TestAnAmendmentWaitsForACreatorWhoIsAway(t *testing.T) {
	for _, back := range []bool{true, false} {
		pl := newPlay(t)
		pl.quietOverTheDraft("place_offered", func(activities.Letter) {
			pl.after(day, func() {
				pl.amend(1, func(s *partnership.Schedule, t *partnership.Terms) { moreTime(s, t); richer(s, t) })
			})
			pl.after(2*day, func() {
				require.Empty(t, pl.letters("dates_moved"))
				require.Empty(t, pl.steps.reserved)
				require.Equal(t, []int{1}, pl.versionsSent())
				if back {
					pl.env.SignalWorkflow(workflows.SignalCreatorActive, workflows.CreatorActive{Channel: "mail_reply", At: pl.env.Now()})
				}
			})
		})
		eager := pl.steps.onMail
		pl.steps.onMail = func(l activities.Letter) {
			if eager(l); l.Kind == "welcome_back" {
				pl.draftIn(2 * day)(l)
			}
		}
		if !back {
			require.Equal(t, partnership.Ghosted, pl.run().Outcome)
			require.Empty(t, pl.letters("dates_moved"))
			require.Empty(t, pl.steps.reserved)
			continue
		}
		require.Equal(t, partnership.Completed, pl.run().Outcome)
		require.Len(t, pl.letters("dates_moved"), 1)
		require.Equal(t, []int64{dearer}, pl.steps.reserved)
		require.EqualValues(t, dearer, pl.costAtTheEnd())
	}
}

// The next run goes on watching the amendment that waits for its signature, and what was signed between the two it finds.
func TestAnAmendmentIsWatchedByTheNextRun(t *testing.T) {
	for name, signed := range map[string]func(*play){
		"signed later": func(pl *play) {
			pl.after(6*time.Hour, func() { pl.steps.envelopes[2] = partnership.EnvelopeCompleted; pl.signNow() })
		},
		"signed between": func(pl *play) { pl.steps.envelopes[2] = partnership.EnvelopeCompleted },
	} {
		t.Run(name, func(t *testing.T) {
			first := newPlay(t)
			first.eager()
			first.signsOnlyTheFirst()
			first.steps.envelopes[2] = partnership.EnvelopeSent
			first.after(2*day+6*time.Hour, func() {
				first.amend(1, richer)
				first.env.SetContinueAsNewSuggested(true)
			})
			first.env.ExecuteWorkflow(workflows.PartnershipType, input())
			var next *workflow.ContinueAsNewError
			require.True(t, errors.As(first.env.GetWorkflowError(), &next), "%v", first.env.GetWorkflowError())
			var in workflows.PartnershipInput
			require.NoError(t, converter.GetDefaultDataConverter().FromPayloads(next.Input, &in))

			pl := newPlay(t)
			pl.eager()
			pl.env.SetStartTime(first.env.Now())
			pl.steps.envelopes[2] = partnership.EnvelopeSent
			signed(pl)
			pl.after(12*time.Hour, func() { require.EqualValues(t, dearer, pl.costAtTheEnd(), "and the board shows it at once") })
			require.Equal(t, partnership.Completed, pl.runWith(in).Outcome)
			require.EqualValues(t, dearer, pl.costAtTheEnd())
			require.NotContains(t, pl.steps.log, "undo contract")
		})
	}
}

// What waits beside the stages for "try again" is not carried over, so nothing continues as new while it waits: nobody would ever be
// told that it is done.
func TestAStoryDoesNotContinueAsNewWhileAStepBesideItWaitsForAPerson(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	pl.signsOnlyTheFirst()
	pl.steps.envelopes[2] = partnership.EnvelopeSent
	pl.steps.refuse["ConfirmSignature 2"] = refusedForGood("no such envelope")
	pl.after(2*day+12*time.Hour, func() {
		pl.amend(1, richer)
		pl.env.SetContinueAsNewSuggested(true)
	})
	pl.after(3*day, pl.signNow)
	pl.after(3*day+time.Hour, func() { require.Contains(t, pl.steps.board[len(pl.steps.board)-1].Attention, "no such envelope") })
	pl.after(4*day, func() { // any fact that is no news, so that nothing is being shown when the stage ends
		pl.env.SignalWorkflow(workflows.SignalCreatorActive, workflows.CreatorActive{Channel: "click", EventID: "e"})
	})
	pl.after(9*day, func() { // the parcel has come: a stage has ended
		pl.update(workflows.UpdateRetryStep, workflows.RetryStep{By: "U1"})
	})
	pl.env.ExecuteWorkflow(workflows.PartnershipType, input())
	var next *workflow.ContinueAsNewError
	require.True(t, errors.As(pl.env.GetWorkflowError(), &next), "%v", pl.env.GetWorkflowError())
	var in workflows.PartnershipInput
	require.NoError(t, converter.GetDefaultDataConverter().FromPayloads(next.Input, &in))
	require.NoError(t, pl.acks[workflows.UpdateRetryStep])
	require.Zero(t, in.Carried.Refused)
	require.Empty(t, in.Carried.Attention)
}

// A run that a build of before began with somebody's wait asks nobody for it.
func TestAWaitOfTheRunBeforeIsForgotten(t *testing.T) {
	in := input()
	in.Carried = &workflows.State{}
	in.Carried.Terms, in.Carried.Stage, in.Carried.Refused = offer(), partnership.Outreach, 1
	in.Carried.Attention = "Re-read the contract amendment: no such envelope"
	in.Carried.Facts.Start = monday
	pl := newPlay(t)
	pl.after(time.Hour, func() { pl.update(workflows.UpdateRetryStep, workflows.RetryStep{By: "U1"}) })
	require.Equal(t, partnership.Expired, pl.runWith(in).Outcome)
	require.ErrorContains(t, pl.acks[workflows.UpdateRetryStep], "no step waits")
	require.Empty(t, pl.steps.board[0].Attention)
}

// The sales window is a term: it is as long as what is signed says, whatever the campaign's file says by then.
func TestTheSalesWindowFollowsTheTermsThatStand(t *testing.T) {
	for name, tc := range map[string]struct {
		end  partnership.EnvelopeStatus
		late bool // a draft is in when the amendment is signed, so the dates stay but for the window
		days float64
	}{
		"the amendment is signed":               {partnership.EnvelopeCompleted, false, 8},
		"it is signed with the draft in":        {partnership.EnvelopeCompleted, true, 8},
		"it lapses, and the signed terms stand": {partnership.EnvelopeSent, false, 30},
		"it is declined":                        {partnership.EnvelopeDeclined, false, 30},
	} {
		t.Run(name, func(t *testing.T) {
			pl := newPlay(t)
			pl.eager()
			pl.signsOnlyTheFirst()
			pl.steps.envelopes[2] = partnership.EnvelopeSent
			amend, answer := 2*day+6*time.Hour, 3*day
			if tc.late { // the draft comes after seven days
				amend, answer = 7*day+6*time.Hour, 7*day+12*time.Hour
			}
			pl.after(amend, func() { pl.amend(1, shorterWindow) })
			pl.after(answer, func() { pl.settles(2, tc.end) })
			var posted, over time.Time
			check := pl.steps.onMail
			pl.steps.onMail = func(l activities.Letter) {
				if check(l); l.Kind == "payout_setup" {
					posted = pl.env.Now()
				}
				if l.Kind == "wrap_up" {
					over = pl.env.Now()
				}
			}
			require.Equal(t, partnership.Completed, pl.run().Outcome)
			require.Equal(t, tc.days, pl.steps.board[len(pl.steps.board)-1].Terms.WindowDays)
			require.InDelta(t, tc.days, over.Sub(posted).Hours()/24, 0.1)
		})
	}
}
