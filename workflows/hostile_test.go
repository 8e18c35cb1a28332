package workflows_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
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

	p "github.com/rapport-dev/rapport/partnership"
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
	func() (any, error) { return "a payload of another build", nil },
	func() (any, error) {
		return nil, temporal.NewTimeoutError(enums.TIMEOUT_TYPE_SCHEDULE_TO_CLOSE, errors.New("connection refused"))
	},
	func() (any, error) {
		return nil, temporal.NewNonRetryableApplicationError("no such row", string(p.NotFound), nil)
	},
	func() (any, error) {
		return nil, temporal.NewNonRetryableApplicationError("was there already", string(p.Conflict), nil)
	},
	func() (any, error) { return nil, temporal.NewCanceledError() },
	func() (any, error) {
		return nil, temporal.NewNonRetryableApplicationError("a build's own mistake", "", errors.New("wrapped"))
	},
}

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
		if n < len(waysToFail) {
			return waysToFail[n]()
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

// stepsOf are the names of the activities that a fake stands in for.
func stepsOf(fake any) (names []string) {
	for m := range reflect.TypeOf(fake).Methods() {
		if m.Type.NumIn() == 3 && m.Type.In(1) == reflect.TypeFor[context.Context]() {
			names = append(names, m.Name)
		}
	}
	return names
}

func TestNothingThatAnActivityEndsOfEndsAPartnership(t *testing.T) {
	for _, name := range stepsOf(&steps{}) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pl := newPlay(t)
			h := &hostile{activity: name}
			pl.env.SetWorkerOptions(worker.Options{Interceptors: []interceptor.WorkerInterceptor{h}})
			pl.eager()
			retrying(pl.env)
			require.NotEmpty(t, pl.run().Outcome)
			if h.calls > 0 {
				require.Equal(t, p.Closed, pl.steps.board[len(pl.steps.board)-1].Stage, "the board shows the end")
			}
		})
	}
}
