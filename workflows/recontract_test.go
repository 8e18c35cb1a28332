package workflows_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
	"github.com/rapport-dev/rapport/workflows"
)

// contractOut is a story whose contract is out from the first day and signed by nobody until signs.
func contractOut(t *testing.T) *play {
	pl := newPlay(t)
	pl.eager()
	pl.steps.onSign, pl.steps.envelope = nil, partnership.EnvelopeSent
	return pl
}

// signs is the creator who signs that version, and the vendor's word of it.
func (pl *play) signs(version int) { pl.settles(version, partnership.EnvelopeCompleted) }

func (pl *play) settles(version int, as partnership.EnvelopeStatus) {
	pl.steps.envelopes[version] = as
	pl.signNow()
}

func (pl *play) events() (kinds []string) {
	for _, pr := range pl.steps.board {
		for _, e := range pr.Events {
			kinds = append(kinds, e.Kind)
		}
	}
	return kinds
}

func shorterWindow(s *partnership.Schedule, t *partnership.Terms) { s.WindowDays, t.WindowDays = 8, 8 }

// Before the signature the new offer holds: the contract that is out is voided, one with the new terms is sent, and whoever signs that
// one has signed.
func TestAContractThatIsOutIsReplacedByOneWithTheAmendedTerms(t *testing.T) {
	pl := contractOut(t)
	pl.after(2*day, func() { pl.amend(1, shorterWindow) })
	pl.after(2*day+time.Hour, func() {
		require.Equal(t, partnership.EnvelopeVoided, pl.steps.envelopes[1])
		require.Equal(t, partnership.EnvelopeStatus(""), pl.steps.envelopes[2])
		pl.signNow() // the vendor says of its own accord that the first was voided
	})
	pl.after(2*day+2*time.Hour, func() {
		for _, pr := range pl.steps.board {
			require.NotContains(t, pr.ClosedTasks, "sign", "its page stays open for the second")
		}
	})
	pl.after(3*day, func() { pl.signs(2) })
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	require.Equal(t, []int{1, 2}, pl.versionsSent())
	require.Len(t, pl.letters("terms_changed"), 1)
	last := pl.steps.board[len(pl.steps.board)-1]
	require.EqualValues(t, 8, last.Terms.WindowDays)
	require.Contains(t, pl.events(), "signed")
	require.NotContains(t, pl.events(), "amendment_sent", "there is one contract, and no amendment of it")
	require.True(t, slices.ContainsFunc(pl.steps.board, func(pr partnership.Projection) bool { return slices.Contains(pr.ClosedTasks, "sign") }))
}

// The budget is asked first: what it does not cover leaves the contract as it is out.
func TestAContractThatIsOutStaysWhereTheBudgetDoesNotCoverTheNewTerms(t *testing.T) {
	pl := contractOut(t)
	pl.steps.overBudget = true
	pl.after(2*day, func() { pl.amend(1, richer) })
	pl.after(3*day, func() { pl.signs(1) })
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	require.Equal(t, []int{1}, pl.versionsSent())
	require.NotContains(t, pl.steps.log, "undo contract")
	require.EqualValues(t, asSigned, pl.costAtTheEnd())
}

// The signature may come while the amendment is being applied: it stands, and the change is asked for as an amendment of it.
func TestASignatureThatComesWhileItsContractIsBeingReplacedStands(t *testing.T) {
	for name, heard := range map[string]bool{"and the vendor said so": true, "and its message was lost": false} {
		t.Run(name, func(t *testing.T) {
			pl := contractOut(t)
			pl.after(2*day, func() {
				pl.steps.envelopes[1] = partnership.EnvelopeCompleted
				pl.amend(1, richer)
				if heard {
					pl.signNow()
				}
			})
			pl.after(2*day+time.Hour, func() {
				require.EqualValues(t, asSigned, pl.costAtTheEnd(), "what was signed holds until the amendment is")
			})
			pl.after(3*day, func() { pl.signs(2) })
			require.Equal(t, partnership.Completed, pl.run().Outcome)
			require.Equal(t, []int{1, 2}, pl.versionsSent())
			require.EqualValues(t, dearer, pl.costAtTheEnd())
			require.Equal(t, 1, count(pl.events(), "signed"))
			require.Equal(t, 1, count(pl.events(), "amendment_signed"))
			require.Empty(t, pl.letters("terms_changed"))
		})
	}
}

func TestAnAmendmentTakenBackBeforeTheSignatureLeavesOneContractWithTheOldTerms(t *testing.T) {
	pl := contractOut(t)
	pl.after(2*day, func() { pl.amend(1, richer) })
	pl.after(2*day+6*time.Hour, func() { pl.amend(2, nothing) })
	pl.after(3*day, func() { pl.signs(3) })
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	require.Equal(t, []int{1, 2, 3}, pl.versionsSent())
	require.Equal(t, partnership.EnvelopeVoided, pl.steps.envelopes[2])
	require.EqualValues(t, asSigned, pl.costAtTheEnd())
}

func TestTwoAmendmentsBeforeTheSignatureLeaveTheNewestContract(t *testing.T) {
	pl := contractOut(t)
	pl.after(2*day, func() { pl.amend(1, moreShare); pl.amend(2, lessShare) }) // the first is being applied, or never was
	pl.after(2*day+6*time.Hour, func() { pl.amend(3, richer) })
	pl.after(3*day, func() { pl.signs(pl.versionsSent()[len(pl.versionsSent())-1]) })
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	sent := pl.versionsSent()
	for _, version := range sent[:len(sent)-1] {
		require.Equal(t, partnership.EnvelopeVoided, pl.steps.envelopes[version])
	}
	require.EqualValues(t, dearer, pl.costAtTheEnd())
}

// Whoever gets a contract anew in the last hour has time to read it, and is not given up at the end of the first one's.
func TestAContractSentAnewGivesTimeToSign(t *testing.T) {
	pl := contractOut(t)
	pl.after(5*day+22*time.Hour, func() { pl.amend(1, richer) })
	pl.after(7*day, func() { pl.signs(2) })
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	require.Equal(t, []int{1, 2}, pl.versionsSent())
	require.Len(t, pl.letters("dates_moved"), 1)
}

// The time of the first contract may end while the second cannot be sent.
func TestNobodyLapsesWhileTheirContractIsBeingReplaced(t *testing.T) {
	pl := contractOut(t)
	pl.after(5*day, func() {
		pl.steps.refuse["SendContract"] = temporal.NewNonRetryableApplicationError("no", string(partnership.Invalid), nil)
		pl.amend(1, richer)
	})
	pl.after(8*day, func() { pl.update(workflows.UpdateRetryStep, workflows.RetryStep{By: "U1"}) })
	pl.after(9*day, func() { pl.signs(2) })
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	require.Equal(t, []int{1, 2}, pl.versionsSent())
}

func TestAReplacedContractLapsesAndDeclinesLikeAnyOther(t *testing.T) {
	for outcome, how := range map[partnership.Outcome]func(*play){
		partnership.Expired:  func(*play) {},
		partnership.Declined: func(pl *play) { pl.after(3*day, func() { pl.settles(2, partnership.EnvelopeDeclined) }) },
		partnership.Cancelled: func(pl *play) {
			pl.after(3*day, func() { pl.update(workflows.UpdateCancel, workflows.Stop{Reason: "recall", By: "U1"}) })
		},
	} {
		t.Run(string(outcome), func(t *testing.T) {
			pl := contractOut(t)
			pl.after(2*day, func() { pl.amend(1, richer) })
			how(pl)
			require.Equal(t, outcome, pl.run().Outcome)
			if outcome != partnership.Declined {
				require.Equal(t, partnership.EnvelopeVoided, pl.steps.envelopes[2], "the one that is out is taken back")
			}
		})
	}
}

// Who declined the old terms a moment before has declined.
func TestADeclineThatComesWhileTheContractIsBeingReplacedCounts(t *testing.T) {
	pl := contractOut(t)
	pl.after(2*day, func() {
		pl.steps.declines = true
		pl.amend(1, richer)
	})
	require.Equal(t, partnership.Declined, pl.run().Outcome)
	require.Equal(t, []int{1}, pl.versionsSent())
}

// The preview sees the story as the amendment will.
func TestAContractThatIsOutIsNoSignature(t *testing.T) {
	pl := contractOut(t)
	pl.after(2*day, func() {
		v, err := pl.env.QueryWorkflow(workflows.QuerySnapshot)
		require.NoError(t, err)
		var snap workflows.Snapshot
		require.NoError(t, v.Get(&snap))
		offered := offer()
		offered.FeeMinor = 80_000
		e := timeline.Amend(timeline.Calendar{Day: day, Zone: "America/New_York"}, snap.Standing, input().Schedule, snap.Offer, offered)
		require.Equal(t, timeline.Moves, e.Reach)
		pl.signs(1)
	})
	require.Equal(t, partnership.Completed, pl.run().Outcome)
}

// A story of before, which stands with a contract and an amendment of it beside one another, counts the signature under the second.
func TestAStoryOfBeforeCountsTheSignatureUnderTheNewerOfTwoContracts(t *testing.T) {
	pl := contractOut(t)
	pl.env.OnGetVersion("one-contract-before-the-signature", workflow.DefaultVersion, workflow.Version(1)).Return(workflow.DefaultVersion)
	pl.after(2*day, func() { pl.amend(1, richer) })
	pl.after(3*day, func() { pl.signs(2) })
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	require.Equal(t, []int{1, 2}, pl.versionsSent())
	require.Contains(t, pl.events(), "amendment_sent")
	require.Equal(t, partnership.EnvelopeVoided, pl.steps.envelopes[1])
	require.EqualValues(t, dearer, pl.costAtTheEnd())
}

// The time is over, the vendor has said a last time that nobody has signed, and the creator signs before the contract is voided: they
// were ended as expired under an agreement that stood.
func TestASignatureInTheMomentInWhichAContractLapsesStands(t *testing.T) {
	pl := contractOut(t)
	pl.steps.justSigned = true
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	require.Contains(t, pl.events(), "signed")
	require.Equal(t, []int{1}, pl.versionsSent())
}

// Nobody signs: it lapses as it did, and is taken back once.
func TestAContractThatNobodySignsLapses(t *testing.T) {
	pl := contractOut(t)
	require.Equal(t, partnership.Expired, pl.run().Outcome)
	require.Equal(t, partnership.EnvelopeVoided, pl.steps.envelopes[1])
}
