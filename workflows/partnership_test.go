package workflows_test

import (
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

func TestHappyPath(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	require.Equal(t, []string{
		"mail invitation offer/request", "contract", "confirm signature", "gift", "label", "mail gift_shipped receive/request",
		"mail draft_request draft-1/request", "card review draft-1", "verify", "mail cleared_to_post post-1/request", "check post",
		"mail payout_setup payout_setup/request", "mail wrap_up wrap_up/request",
	}, slices.DeleteFunc(slices.Clone(pl.steps.log), func(l string) bool { return l == "kit" })) // it runs beside the gift
	require.Equal(t, 1, count(pl.steps.log, "kit"))
	last := pl.steps.board[len(pl.steps.board)-1]
	require.Equal(t, partnership.Closed, last.Stage)
	require.Equal(t, partnership.Completed, last.Outcome)
}

func TestDeclined(t *testing.T) {
	pl := newPlay(t)
	pl.steps.onMail = func(l activities.Letter) {
		pl.after(day, func() {
			pl.update(workflows.UpdateAnswerOffer, workflows.AnswerOffer{Task: l.Task, Answer: partnership.ChoiceDecline})
		})
	}
	require.Equal(t, partnership.Declined, pl.run().Outcome)
	require.Equal(t, []string{"mail invitation offer/request"}, pl.steps.log)
}

func TestInvitationExpiresAfterTwoNudges(t *testing.T) {
	pl := newPlay(t)
	require.Equal(t, partnership.Expired, pl.run().Outcome)
	require.Equal(t, []string{"mail invitation offer/request", "mail offer_reminder offer/nudge", "mail offer_reminder offer/second_nudge"}, pl.steps.log)
	require.Equal(t, 10*day, pl.env.Now().Sub(pl.start).Round(time.Hour))
}

func TestReplyStopsTheReminders(t *testing.T) {
	pl := newPlay(t)
	pl.after(day, func() {
		pl.env.SignalWorkflow(workflows.SignalCreatorActive, workflows.CreatorActive{Channel: "mail_reply", EventID: "e", At: pl.env.Now()})
	})
	require.Equal(t, partnership.Expired, pl.run().Outcome)
	require.Equal(t, []string{"mail invitation offer/request"}, pl.steps.log)
}

func TestCounterWithinLimitsIsAcceptedByRule(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	eager := pl.steps.onMail
	pl.steps.onMail = func(l activities.Letter) {
		if l.Kind == "invitation" {
			pl.after(day, func() {
				pl.update(workflows.UpdateAnswerOffer, workflows.AnswerOffer{Task: l.Task, Answer: partnership.ChoiceCounter, FeeMinor: 60_000})
			})
			return
		}
		eager(l)
	}
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	require.Contains(t, pl.steps.log, "reserve")
	require.EqualValues(t, 60_000, pl.steps.board[len(pl.steps.board)-1].Terms.FeeMinor)
}

func TestCounterAboveLimitsIsRefusedByAManagerAndTheOfferStands(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	eager := pl.steps.onMail
	pl.steps.onMail = func(l activities.Letter) {
		if l.Kind == "invitation" {
			pl.after(day, func() {
				pl.update(workflows.UpdateAnswerOffer, workflows.AnswerOffer{Task: l.Task, Answer: partnership.ChoiceCounter, FeeMinor: 90_000})
			})
			return
		}
		eager(l)
	}
	pl.steps.onCard = func(kind string, _ partnership.PartnershipID, task string) {
		switch kind {
		case "counter":
			pl.after(time.Hour, func() {
				pl.update(workflows.UpdateDecideCounter, workflows.DecideCounter{Round: 1, Decision: partnership.ChoiceRefuse, By: "U1"})
			})
		case "review":
			pl.after(time.Hour, func() {
				pl.update(workflows.UpdateReviewDraft, workflows.ReviewDraft{Task: task, Decision: partnership.ChoiceApprove, By: "U1"})
			})
		}
	}
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	require.Equal(t, []string{"mail invitation offer/request", "card counter 1", "mail counter_refused offer-2/request"}, pl.steps.log[:3])
	require.EqualValues(t, 50_000, pl.steps.board[len(pl.steps.board)-1].Terms.FeeMinor)
}

func TestGhostedOnTheDraft(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	eager := pl.steps.onMail
	pl.steps.onMail = func(l activities.Letter) {
		if l.Task != "draft-1" {
			eager(l)
		}
	}
	require.Equal(t, partnership.Ghosted, pl.run().Outcome)
	i := slices.Index(pl.steps.log, "mail draft_request draft-1/request")
	require.Equal(t, []string{
		"mail draft_request draft-1/request", "mail draft_reminder draft-1/nudge", "mail draft_reminder draft-1/day_before",
		"mail draft_reminder draft-1/due", "mail draft_reminder draft-1/check_in", "card quiet draft-1", "mail place_offered draft-1/away-1", "undo code", "mail ended ended/ghosted",
	}, pl.steps.log[i:])
}

func TestManagerReplacesAQuietCreator(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	eager, review := pl.steps.onMail, pl.steps.onCard
	pl.steps.onMail = func(l activities.Letter) {
		if l.Task != "post-1" {
			eager(l)
		}
	}
	pl.steps.onCard = func(kind string, id partnership.PartnershipID, task string) {
		review(kind, id, task)
		if kind == "quiet" {
			pl.after(time.Hour, func() {
				pl.update(workflows.UpdateDecideQuiet, workflows.DecideQuiet{Task: task, Decision: partnership.ChoiceReplace, By: "U1"})
			})
		}
	}
	require.Equal(t, partnership.Replaced, pl.run().Outcome)
	require.Contains(t, pl.steps.log, "undo code")
}

func TestManagerExtendsAndTheCreatorComesBack(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	eager, review := pl.steps.onMail, pl.steps.onCard
	pl.steps.onMail = func(l activities.Letter) {
		if l.Task == "draft-1" && l.Step != "nudge-2" {
			return
		}
		if l.Task == "draft-1" {
			pl.update(workflows.UpdateSubmitDraft, workflows.SubmitDraft{Task: l.Task, SubmissionID: "s"})
			return
		}
		eager(l)
	}
	pl.steps.onCard = func(kind string, id partnership.PartnershipID, task string) {
		review(kind, id, task)
		if kind == "quiet" {
			pl.update(workflows.UpdateDecideQuiet, workflows.DecideQuiet{Task: task, Decision: partnership.ChoiceExtend, By: "U1"})
			pl.after(day, func() {
				pl.update(workflows.UpdateSubmitDraft, workflows.SubmitDraft{Task: task, SubmissionID: "s"})
			})
		}
	}
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	i := slices.IndexFunc(pl.steps.board, func(b partnership.Projection) bool { return b.Stage == partnership.Performance })
	require.Empty(t, pl.steps.board[i].Attention, "they came back: nobody needs to look any more")
}

func TestUnreviewedDraftIsApprovedByRule(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	pl.steps.onCard = nil
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	require.Contains(t, pl.steps.log, "card review closed draft-1")
}

func TestMissingDisclosureIsCuredBeforeThePerformanceWindow(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	pl.steps.undisclosed = 1
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	require.Contains(t, pl.steps.log, "mail disclosure_fix post-2/request")
}

func TestDeclinedAtSigningVoidsAndEnds(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	pl.steps.envelope = partnership.EnvelopeDeclined
	require.Equal(t, partnership.Declined, pl.run().Outcome)
	require.NotContains(t, pl.steps.log, "kit")
	require.Contains(t, pl.steps.log, "undo contract")
}

func TestLostSignatureWebhookIsFoundBeforeTheContractLapses(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	pl.steps.onSign = nil // the vendor's message never comes
	require.Equal(t, partnership.Completed, pl.run().Outcome)
}

func TestLostParcelMessagesAreFoundByAsking(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	pl.steps.onLabel, pl.steps.parcel = nil, partnership.ParcelDelivered
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	require.Contains(t, pl.steps.log, "look at parcel")
}

func TestRefusedStepWaitsForTheManagerAndGoesOn(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	review := pl.steps.onCard
	pl.steps.refuse["VerifyTracking"] = temporal.NewNonRetryableApplicationError("the code is not active", "conflict", nil)
	pl.steps.onCard = func(kind string, id partnership.PartnershipID, task string) {
		review(kind, id, task)
		if kind == "refused" {
			pl.after(time.Hour, func() { pl.update(workflows.UpdateRetryStep, workflows.RetryStep{By: "U1"}) })
		}
	}
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	require.Contains(t, pl.steps.log, "card refused Verify the tracking link and code")
}

// What stands on a timeline is told in the story's own time, whatever a worker's clock says: nobody is cleared to post before it.
func TestNoClockVerifiesAfterTheClearance(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	at := map[string]time.Time{}
	for _, b := range pl.steps.board {
		for _, e := range b.Events {
			at[e.Kind] = e.At
		}
	}
	require.WithinDuration(t, pl.steps.times[slices.Index(pl.steps.log, "verify")], at["tracking_verified"], 0)
	require.False(t, at["tracking_verified"].After(at["cleared_to_post"]))
}

// Cancelling works in every stage, and takes back in reverse order exactly what was done.
func TestCancelInEveryStage(t *testing.T) {
	for at, undone := range map[time.Duration][]string{
		12 * time.Hour:        nil,                                      // outreach: nothing was made
		day + 12*time.Hour:    {"undo contract"},                        // contracting
		2*day + 12*time.Hour:  {"undo label", "undo gift", "undo code"}, // gift on its way
		5*day + 12*time.Hour:  {"undo code"},                            // draft: the gift has arrived
		7*day + 12*time.Hour:  {"undo code"},                            // review
		8*day + 12*time.Hour:  {"undo code"},                            // cleared to post
		20*day + 12*time.Hour: {"undo code"},                            // performance
	} {
		t.Run(at.String(), func(t *testing.T) {
			pl := newPlay(t)
			pl.eager()
			pl.after(at, func() { pl.update(workflows.UpdateCancel, workflows.Stop{Reason: "budget cut", By: "U1"}) })
			r := pl.run()
			require.Equal(t, partnership.Cancelled, r.Outcome)
			require.Equal(t, "budget cut", r.Reason)
			require.True(t, slices.ContainsFunc(pl.steps.board[len(pl.steps.board)-1].Events, func(e partnership.TimelineEvent) bool {
				return e.Kind == "closed" && e.Detail == "Cancelled by U1: budget cut."
			}), "the timeline says who and why")
			var got []string
			for _, l := range pl.steps.log {
				if strings.HasPrefix(l, "undo") {
					got = append(got, l)
				}
			}
			require.Equal(t, undone, got, strings.Join(pl.steps.log, "\n"))
			if undone != nil {
				require.Equal(t, "mail ended ended/alone", pl.steps.log[len(pl.steps.log)-1])
			}
		})
	}
}

func TestOptOutBeforeTheSignatureEndsTheStory(t *testing.T) {
	pl := newPlay(t)
	pl.after(day, func() { pl.env.SignalWorkflow(workflows.SignalOptedOut, workflows.OptedOut{EventID: "e"}) })
	require.Equal(t, partnership.OptedOut, pl.run().Outcome)
	require.Equal(t, []string{"mail invitation offer/request"}, pl.steps.log)
}

func TestWrongAnswersAreRefused(t *testing.T) {
	pl := newPlay(t)
	pl.after(time.Hour, func() {
		pl.update(workflows.UpdateAnswerOffer, workflows.AnswerOffer{Task: "offer", Answer: partnership.ChoiceCounter})
	})
	pl.after(2*time.Hour, func() {
		require.ErrorContains(t, pl.acks[workflows.UpdateAnswerOffer], "more than zero")
		pl.update(workflows.UpdateSubmitDraft, workflows.SubmitDraft{Task: "draft-1", SubmissionID: "s"})
	})
	pl.after(3*time.Hour, func() {
		require.ErrorContains(t, pl.acks[workflows.UpdateSubmitDraft], "already")
		pl.update(workflows.UpdateAnswerOffer, workflows.AnswerOffer{Task: "offer", Answer: partnership.ChoiceDecline})
	})
	require.Equal(t, partnership.Declined, pl.run().Outcome)
	require.NoError(t, pl.acks[workflows.UpdateAnswerOffer])
}

func TestExtensionMovesTheDraftOnceByRule(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	eager := pl.steps.onMail
	pl.steps.onMail = func(l activities.Letter) {
		if l.Kind == "draft_request" {
			pl.after(day, func() {
				pl.update(workflows.UpdateRequestExtension, workflows.RequestExtension{Task: l.Task, Days: 3})
			})
			pl.after(2*day, func() {
				require.NoError(t, pl.acks[workflows.UpdateRequestExtension])
				pl.update(workflows.UpdateRequestExtension, workflows.RequestExtension{Task: l.Task, Days: 3})
			})
			pl.after(12*day, func() {
				require.ErrorContains(t, pl.acks[workflows.UpdateRequestExtension], "had its extension")
				pl.update(workflows.UpdateSubmitDraft, workflows.SubmitDraft{Task: l.Task, SubmissionID: "s"})
			})
			return
		}
		eager(l)
	}
	require.Equal(t, partnership.Completed, pl.run().Outcome)
}

// Two steps that run at once may both be refused; one "try again" is for both.
func TestTwoRefusedStepsAtOnceGoOnTogether(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	review := pl.steps.onCard
	var cards atomic.Int32 // two steps at once
	pl.steps.refuse["CreateTrackingKit"] = temporal.NewNonRetryableApplicationError("access denied", "permanent", nil)
	pl.steps.refuse["OrderGift"] = temporal.NewNonRetryableApplicationError("access denied", "permanent", nil)
	pl.steps.onCard = func(kind string, id partnership.PartnershipID, task string) {
		review(kind, id, task)
		if kind == "refused" {
			if cards.Add(1) == 2 {
				pl.after(time.Hour, func() { pl.update(workflows.UpdateRetryStep, workflows.RetryStep{By: "U1"}) })
			}
		}
	}
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	require.EqualValues(t, 2, cards.Load())
	require.Empty(t, pl.steps.board[len(pl.steps.board)-1].Attention)
}

// While a partnership is paused nobody is reminded or given up on; afterwards the silence counts from the end of the pause.
func TestAPauseOutlastsTheLadder(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	eager := pl.steps.onMail
	pl.steps.onMail = func(l activities.Letter) {
		switch {
		case l.Kind == "draft_request":
			pl.update(workflows.UpdatePause, workflows.Stop{Reason: "stock is late", By: "U1"})
			pl.after(60*day, func() { pl.update(workflows.UpdateResume, workflows.Stop{By: "U1"}) })
			pl.after(61*day, func() {
				pl.update(workflows.UpdateSubmitDraft, workflows.SubmitDraft{Task: l.Task, SubmissionID: "s"})
			})
		case l.Task != "draft-1":
			eager(l)
		}
	}
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	require.NotContains(t, pl.steps.log, "card quiet draft-1")
	require.NotContains(t, pl.steps.log, "mail draft_reminder draft-1/nudge")
}

// A decision that comes in the same moment as the creator's answer is not kept for the next task.
func TestALateDecisionIsForgotten(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	eager, review := pl.steps.onMail, pl.steps.onCard
	pl.steps.onMail = func(l activities.Letter) {
		if l.Task != "draft-1" {
			eager(l)
		}
	}
	pl.steps.onCard = func(kind string, id partnership.PartnershipID, task string) {
		review(kind, id, task)
		if kind == "quiet" {
			pl.after(time.Hour, func() {
				pl.update(workflows.UpdateSubmitDraft, workflows.SubmitDraft{Task: task, SubmissionID: "s"})
				pl.update(workflows.UpdateDecideQuiet, workflows.DecideQuiet{Task: task, Decision: partnership.ChoiceReplace, By: "U1"})
			})
		}
	}
	require.Equal(t, partnership.Completed, pl.run().Outcome)
}
