package workflows_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/temporal"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/workflows"
)

// A provider that refuses is no reason not to look at the others.
func TestEachProvidersTransfersAreLookedAt(t *testing.T) {
	t.Parallel()
	env := newEnv()
	workflows.Register(env)
	since := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	env.RegisterActivityWithOptions(func(context.Context, struct{}) ([]activities.TransfersLook, error) {
		return []activities.TransfersLook{{Provider: "stripe", Since: since}, {Provider: "paypal", Since: since}}, nil
	}, activity.RegisterOptions{Name: "KnownTransfers"})
	var asked []string
	env.RegisterActivityWithOptions(func(_ context.Context, in activities.TransfersLook) (int, error) {
		if !in.Since.Equal(since) {
			t.Errorf("%s is read since %s", in.Provider, in.Since)
		}
		asked = append(asked, in.Provider)
		if in.Provider == "stripe" {
			return 0, temporal.NewNonRetryableApplicationError("the key was revoked", "permanent", nil)
		}
		return 2, nil
	}, activity.RegisterOptions{Name: "FindDifferences"})
	env.ExecuteWorkflow(workflows.TransfersType, workflows.TransfersInput{Day: 24 * time.Hour})
	var open int
	if err := env.GetWorkflowResult(&open); err != nil || open != 2 || !slices.Equal(asked, []string{"stripe", "paypal"}) {
		t.Errorf("%d wait, of %q, %v", open, asked, err)
	}
}
