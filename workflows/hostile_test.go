package workflows_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// hostile makes one activity end in every way in which an activity can end without having done its work, one after the other, and
// then lets it work.
type hostile struct {
	interceptor.WorkerInterceptorBase
	activity string

	mu    sync.Mutex
	calls int
}

var waysToFail = []func() (any, error){
	func() (any, error) { return nil, errors.New("store: the database did not answer") },
	func() (any, error) { panic("nil pointer") },
	func() (any, error) { return []int{2026}, nil }, // a payload of another build, which cannot be read
	func() (any, error) {
		return nil, temporal.NewTimeoutError(enums.TIMEOUT_TYPE_SCHEDULE_TO_CLOSE, errors.New("connection refused"))
	},
	func() (any, error) {
		return nil, temporal.NewNonRetryableApplicationError("no such row", string(partnership.NotFound), nil)
	},
	func() (any, error) {
		return nil, temporal.NewNonRetryableApplicationError("was there already", string(partnership.Conflict), nil)
	},
	func() (any, error) { return nil, temporal.NewCanceledError() },
	func() (any, error) {
		return nil, temporal.NewNonRetryableApplicationError("a build's own mistake", "", errors.New("wrapped"))
	},
}

const unreadable = 2 // of the ways to fail

// saysNothing are the activities whose answer holds nothing, so that none of it can be unreadable.
var saysNothing = map[string]bool{"CheckFunds": true, "ReconcileRun": true, "SaveProjection": true}

func (h *hostile) InterceptActivity(_ context.Context, next interceptor.ActivityInboundInterceptor) interceptor.ActivityInboundInterceptor {
	return &hostileActivity{interceptor.ActivityInboundInterceptorBase{Next: next}, h}
}

type hostileActivity struct {
	interceptor.ActivityInboundInterceptorBase
	h *hostile
}

func (a *hostileActivity) ExecuteActivity(ctx context.Context, in *interceptor.ExecuteActivityInput) (any, error) {
	if activity.GetInfo(ctx).ActivityType.Name == a.h.activity {
		a.h.mu.Lock()
		n := a.h.calls
		a.h.calls++
		a.h.mu.Unlock()
		if n < len(waysToFail) && !(n == unreadable && saysNothing[a.h.activity]) {
			return waysToFail[n]()
		}
		if n < len(waysToFail) {
			return nil, errors.New("store: the database did not answer")
		}
	}
	return a.Next.ExecuteActivity(ctx, in)
}

// retrying sends "try it again" twice a day for half a year: to whoever waits for it.
func retrying(env *testsuite.TestWorkflowEnvironment) {
	for i := range 360 {
		env.RegisterDelayedCallback(func() {
			env.UpdateWorkflow(workflows.UpdateRetryStep, fmt.Sprint("again ", i), callback{reject: func(error) {}, done: func(any, error) {}}, workflows.RetryStep{By: "U1"})
		}, time.Duration(i)*day/2+time.Hour)
	}
}

// tried says that every way was tried on the activity, so that a test that ends well has shown something.
func (h *hostile) tried(t *testing.T) {
	t.Helper()
	require.Greater(t, h.calls, len(waysToFail), "%s was not reached often enough to fail in every way", h.activity)
}

func hostileTo(env *testsuite.TestWorkflowEnvironment, name string) *hostile {
	h := &hostile{activity: name}
	env.SetWorkerOptions(worker.Options{Interceptors: []interceptor.WorkerInterceptor{h}})
	retrying(env)
	return h
}

func TestNothingThatAnActivityEndsOfEndsAPartnership(t *testing.T) {
	for _, name := range []string{
		"AskCreator", "SendContract", "ConfirmSignature", "CreateTrackingKit", "OrderGift", "BuyLabel", "AskForReview", "VerifyTracking",
		"CheckPost", "AskForPayoutSetup", "HandOver", "SaveProjection",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pl := newPlay(t)
			h := hostileTo(pl.env, name)
			pl.eager()
			require.Equal(t, partnership.Completed, pl.run().Outcome)
			if name != "AskForReview" { // a card holds up nobody: it is given up on before
				h.tried(t)
			}
			last := pl.steps.board[len(pl.steps.board)-1]
			require.Equal(t, partnership.Completed, last.Outcome, "the board shows the end")
			require.Empty(t, last.Attention)
		})
	}
}

// An end takes back what was made, whatever the activities that do so end of.
func TestNothingThatAnActivityEndsOfKeepsAStoryFromItsEnd(t *testing.T) {
	for _, name := range []string{"DeactivateCode", "CancelGift", "RefundLabel", "SendLetter", "SaveProjection", "ReportRefusedStep"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pl := newPlay(t)
			hostileTo(pl.env, name)
			pl.eager()
			pl.steps.onLabel = func() {
				pl.after(day, func() { pl.update(workflows.UpdateCancel, workflows.Stop{Reason: "no", By: "U1"}) })
			}
			require.Equal(t, partnership.Cancelled, pl.run().Outcome)
			require.Equal(t, partnership.Cancelled, pl.steps.board[len(pl.steps.board)-1].Outcome)
		})
	}
}

func TestNothingThatAnActivityEndsOfEndsACampaign(t *testing.T) {
	for _, name := range []string{"RankRoster", "ReserveWave", "SetCampaignState", "TellTeam"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCrowd(t, rosterOf(3, 2), func(id partnership.PartnershipID) partnership.Outcome {
				if id == "p01" {
					return partnership.Declined
				}
				return partnership.Completed
			})
			hostileTo(c.env, name)
			c.env.ExecuteWorkflow(workflows.CampaignType, workflows.CampaignInput{CampaignID: "c1", Day: day})
			require.True(t, c.env.IsWorkflowCompleted())
			require.NoError(t, c.env.GetWorkflowError())
			var r workflows.CampaignResult
			require.NoError(t, c.env.GetWorkflowResult(&r))
			require.Equal(t, map[partnership.Outcome]int{partnership.Declined: 1, partnership.Completed: 3}, r.Outcomes)
		})
	}
}

func TestNothingThatAnActivityEndsOfEndsAPayoutRun(t *testing.T) {
	for _, name := range []string{
		"OpenPayoutRun", "DrawStatements", "StatementBatch", "BatchPayouts", "SendStatement", "CheckBooks", "PlanPayouts", "CheckFunds", "AskForApproval", "ReconcileRun", "FinishRun",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env, s := newRun(t, "po1", "po2")
			h := hostileTo(env, name)
			var took error
			for i := range 60 {
				env.RegisterDelayedCallback(approve(env, fmt.Sprint("U_", i), "h1", &took), time.Duration(i)*day)
			}
			require.Equal(t, workflows.PayoutRunResult{RunID: "dreams/2026-11/1", State: partnership.RunReconciled, Paid: 2}, runMonth(t, env))
			require.Equal(t, 1, count(s.log, "transfer po1"))
			if name != "SendStatement" && name != "AskForApproval" && name != "FinishRun" { // what only tells somebody holds up nobody
				h.tried(t)
				require.Contains(t, s.log, "stuck", "finance is told")
			}
		})
	}
}

// A payout decides about money by what the provider shows, and by nothing that an activity of ours ends of.
func TestNothingThatAnActivityEndsOfDecidesAPayout(t *testing.T) {
	for _, name := range []string{"LookUpTransfer", "ReleaseRefused"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env, s := newRun(t, "po1")
			h := hostileTo(env, name)
			s.lookUps, s.transfer = []partnership.PayoutState{partnership.PayoutPaid}, func(partnership.PayoutID) (partnership.PayoutState, error) { return partnership.PayoutUnknown, nil }
			want := partnership.PayoutPaid
			if name == "ReleaseRefused" {
				want, s.transfer = partnership.PayoutFailed, func(partnership.PayoutID) (partnership.PayoutState, error) {
					return "", refusedForGood("account closed")
				}
			}
			env.ExecuteWorkflow(workflows.PayoutType, workflows.PayoutInput{PayoutID: "po1", Day: day})
			require.True(t, env.IsWorkflowCompleted())
			require.NoError(t, env.GetWorkflowError())
			var r workflows.PayoutResult
			require.NoError(t, env.GetWorkflowResult(&r))
			require.Equal(t, want, r.State)
			h.tried(t)
			require.Contains(t, s.log, "stuck")
		})
	}
}
