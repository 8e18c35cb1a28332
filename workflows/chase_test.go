package workflows_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/testsuite"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/workflows"
)

// A look goes from page to page under one time, which makes a mail the same however often a page is tried; papers that cannot be forgotten
// now are forgotten by the next look.
func TestALookForWhoseMoneyWaits(t *testing.T) {
	t.Parallel()
	began := time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC)
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestWorkflowEnvironment()
	env.SetStartTime(began)
	workflows.Register(env)
	var cursors []string
	env.RegisterActivityWithOptions(func(_ context.Context, in activities.ChasePage) (activities.Chased, error) {
		if !in.Since.Equal(began) {
			t.Errorf("since %s", in.Since)
		}
		cursors = append(cursors, in.Cursor)
		return activities.Chased{Chased: 2, Cursor: map[string]string{"": "a", "a": "b"}[in.Cursor]}, nil
	}, activity.RegisterOptions{Name: "ChasePayees"})
	env.RegisterActivityWithOptions(func(context.Context, struct{}) error { return errors.New("the database is away") }, activity.RegisterOptions{Name: "ForgetPapers"})
	env.ExecuteWorkflow(workflows.ChaseType, workflows.ChaseInput{Day: 24 * time.Hour})
	var chased int
	if err := env.GetWorkflowResult(&chased); err != nil || chased != 6 || !slices.Equal(cursors, []string{"", "a", "b"}) {
		t.Errorf("it wrote to %d on the pages %q, %v", chased, cursors, err)
	}
}
