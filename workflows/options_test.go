package workflows

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	sdk "go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/partnership"
)

// days are a real campaign day and one of a demo.
var days = map[string]time.Duration{"real": 24 * time.Hour, "compressed": 4 * time.Second}

// policies are all that call sites use. forever says that nobody goes on without the step.
var policies = map[string]struct {
	forever bool
	queue   string
	limits  func(day time.Duration) []limit
}{
	"a step":        {true, QueueMail, func(time.Duration) []limit { return nil }},
	"a long step":   {true, QueueMail, func(day time.Duration) []limit { return []limit{long(day)} }},
	"a card":        {false, QueueChat, func(time.Duration) []limit { return nil }},
	"last words":    {false, QueueChat, func(day time.Duration) []limit { return []limit{lastWords(day)} }},
	"a glance":      {false, QueueMail, func(time.Duration) []limit { return []limit{glance} }},
	"a bounded one": {false, QueueMail, func(time.Duration) []limit { return []limit{bounded(ladder)} }},
}

// inside runs f in a workflow.
func inside(t *testing.T, f func(workflow.Context) error, activities ...any) *testsuite.TestWorkflowEnvironment {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestWorkflowEnvironment()
	for _, a := range activities {
		env.RegisterActivityWithOptions(a, sdk.RegisterOptions{Name: "SaveProjection"})
	}
	env.ExecuteWorkflow(f)
	require.True(t, env.IsWorkflowCompleted())
	require.NoError(t, env.GetWorkflowError())
	return env
}

// The SDK fills in the limit that a policy leaves out: a local activity's attempts would all end with the first.
func TestEveryPolicyNamesBothLimits(t *testing.T) {
	t.Parallel()
	inside(t, func(ctx workflow.Context) error {
		for called, day := range days {
			for name, policy := range policies {
				o := options(day, policy.queue, "", policy.limits(day)...)
				require.Positive(t, o.StartToCloseTimeout, "%s, %s day: an attempt", name, called)
				require.Greater(t, o.ScheduleToCloseTimeout, o.StartToCloseTimeout, "%s, %s day: all attempts", name, called)
				require.NotNil(t, o.RetryPolicy, name)
				require.Zero(t, o.RetryPolicy.MaximumAttempts, "%s, %s day", name, called)
				if policy.forever {
					require.GreaterOrEqual(t, o.ScheduleToCloseTimeout, 30*24*time.Hour, "%s, %s day", name, called)
				}
			}
		}
		o := workflow.GetLocalActivityOptions(projection(ctx))
		require.Positive(t, o.StartToCloseTimeout)
		require.Greater(t, o.ScheduleToCloseTimeout, o.StartToCloseTimeout, "an attempt that hangs must leave time for another")
		require.Less(t, o.ScheduleToCloseTimeout, 8*time.Second, "longer than a workflow task lasts")
		return nil
	})
}

// No call site makes options of its own, so that the table above is all there is.
func TestNoCallSiteInventsATimeout(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") || file == "options.go" {
			continue
		}
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, made := range []string{"ActivityOptions{", "WithScheduleToCloseTimeout", "WithStartToCloseTimeout", "WithRetryPolicy"} {
			require.NotContains(t, string(text), made, "%s: a policy belongs into options.go", file)
		}
	}
}

// awayFor is a database that is away for a while, by the workflow's clock, and answers again.
type awayFor struct {
	until time.Time
	now   func() time.Time
	saved []partnership.Projection
}

func (a *awayFor) save(_ context.Context, pr partnership.Projection) error {
	if a.now().Before(a.until) {
		return errors.New("store: save projection: the database did not answer")
	}
	a.saved = append(a.saved, pr)
	return nil
}

// Whatever is repeated outlasts any outage: its limits are held here against what the SDK makes of them.
func TestStepsOutlastEveryOutage(t *testing.T) {
	t.Parallel()
	for called, day := range days {
		for name, policy := range policies {
			if !policy.forever {
				continue
			}
			t.Run(name+", "+called+" day", func(t *testing.T) {
				t.Parallel()
				outage := 45 * 24 * time.Hour // longer than all attempts of one activity
				if compressed(day) {
					outage = 3 * time.Hour // it tries every other second
				}
				db := &awayFor{}
				inside(t, func(ctx workflow.Context) error {
					db.until, db.now = workflow.Now(ctx).Add(outage), func() time.Time { return workflow.Now(ctx) }
					_, err := call(ctx, day, saveProjection, "", partnership.Projection{Seq: 1}, policy.limits(day)...)
					return err
				}, db.save)
				require.Len(t, db.saved, 1)
			})
		}
	}
}

func TestTheBoardIsWrittenWhenTheDatabaseIsBack(t *testing.T) {
	t.Parallel()
	for called, day := range days {
		for _, outage := range []time.Duration{0, 4 * time.Second, 12 * time.Second, time.Minute, 3 * time.Hour} {
			t.Run(called+" day, away for "+outage.String(), func(t *testing.T) {
				t.Parallel()
				db := &awayFor{}
				var held time.Duration
				inside(t, func(ctx workflow.Context) error {
					from := workflow.Now(ctx)
					db.until, db.now = from.Add(outage), func() time.Time { return workflow.Now(ctx) }
					b := newBoard(day)
					require.True(t, b.write(ctx, partnership.Projection{Seq: 1}))
					held = workflow.Now(ctx).Sub(from)
					until(ctx, b.written)
					return nil
				}, db.save)
				require.Len(t, db.saved, 1)
				require.LessOrEqual(t, held, 6*time.Second, "a story may not wait for the board")
			})
		}
	}
}
