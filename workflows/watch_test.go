package workflows_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/workflows"
)

// look plays one look of the watchdog after one that ended with last.
func look(t *testing.T, last *activities.Watched, watch func(activities.Watch) (activities.Watched, error), tell func(activities.StuckCards) error) activities.Watched {
	t.Helper()
	env := newEnv()
	workflows.Register(env)
	var act *activities.Activities
	env.RegisterActivity(act)
	env.OnActivity(act.WatchWorkflows, mock.Anything, mock.Anything).Return(func(_ context.Context, in activities.Watch) (activities.Watched, error) { return watch(in) })
	env.OnActivity(act.TellStuck, mock.Anything, mock.Anything).Return(func(_ context.Context, in activities.StuckCards) error { return tell(in) })
	if last != nil {
		env.SetLastCompletionResult(*last)
	}
	env.ExecuteWorkflow(workflows.WatchType, workflows.WatchInput{Day: 24 * time.Hour})
	require.NoError(t, env.GetWorkflowError())
	var out activities.Watched
	require.NoError(t, env.GetWorkflowResult(&out))
	return out
}

func TestTheWatchdogGoesOnWhereItEndedAndTellsWhatNobodyWasTold(t *testing.T) {
	var from []byte
	var told []int64
	out := look(t, &activities.Watched{Cursor: []byte("page 2")},
		func(in activities.Watch) (activities.Watched, error) {
			from = in.Cursor
			return activities.Watched{Cursor: []byte("page 3"), Untold: []int64{4, 7}}, nil
		},
		func(in activities.StuckCards) error { told = in.Findings; return nil })
	require.Equal(t, "page 2", string(from))
	require.Equal(t, []int64{4, 7}, told)
	require.Equal(t, "page 3", string(out.Cursor))
}

func TestAWatchdogThatCannotLookOrTellEndsAndTheNextLookBegins(t *testing.T) {
	out := look(t, &activities.Watched{Cursor: []byte("page 2")},
		func(activities.Watch) (activities.Watched, error) {
			return activities.Watched{}, errors.New("the database is away")
		},
		func(activities.StuckCards) error { t.Error("told of nothing"); return nil })
	require.Equal(t, "page 2", string(out.Cursor), "the place in the list is kept")

	out = look(t, nil,
		func(activities.Watch) (activities.Watched, error) { return activities.Watched{Untold: []int64{1}}, nil },
		func(activities.StuckCards) error { return errors.New("the chat is away") })
	require.Empty(t, out.Cursor)
}

// named notes the names under which workflows are registered.
type named []string

func (n *named) RegisterWorkflowWithOptions(_ any, o workflow.RegisterOptions) {
	*n = append(*n, o.Name)
}

func TestEveryWorkflowIsWatched(t *testing.T) {
	var all named
	workflows.Register(&all)
	for _, name := range all {
		if name != workflows.WatchType && name != workflows.NoticeType && !slices.Contains(workflows.WatchedTypes(), name) {
			t.Errorf("nobody would see that a %s stands still", name)
		}
	}
}

func TestAStepMayFailForAQuarterOfAnHourAndOnShortDaysForAsMuchOfADay(t *testing.T) {
	for day, want := range map[time.Duration]time.Duration{
		24 * time.Hour: 15 * time.Minute, 12 * time.Hour: 7*time.Minute + 30*time.Second, 4 * time.Second: 10 * time.Second, 0: 15 * time.Minute,
	} {
		if got := workflows.StepPatience(day); got != want {
			t.Errorf("a day of %s: %s, want %s", day, got, want)
		}
	}
}
