package engine_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"

	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/proof/temporaltest"
)

// Two builds that decide differently work side by side on one server: stories stay with the build that began them, new ones begin
// with the one that was promoted, and the old one is draining until its last story ends.
func TestTwoBuildsSideBySide(t *testing.T) {
	c, queue := temporaltest.Client(t), t.Name()
	letters, postcards := engine.Deployment{Name: "stories", BuildID: "letters"}, engine.Deployment{Name: "stories", BuildID: "postcards"}
	_, err := engine.DeployedBuilds(t.Context(), c, "stories")
	require.ErrorIs(t, err, engine.ErrNoDeployment)

	build(t, c, queue, "Letter", letters)
	promote(t, c, letters)
	old := begin(t, c, queue, "begun with letters")
	stepped(t, c, old.GetID())

	build(t, c, queue, "Postcard", postcards)
	until(t, "the new build is there, and nothing begins with it", func() bool { return state(t, c, postcards) == engine.BuildInactive })
	promote(t, c, postcards)
	until(t, "new stories begin with the new build", func() bool { return state(t, c, postcards) == engine.BuildCurrent })
	recent := begin(t, c, queue, "begun with postcards")
	stepped(t, c, recent.GetID())
	require.Equal(t, "Postcard", firstStep(t, c, recent.GetID()))
	until(t, "the old build is draining", func() bool { return state(t, c, letters) == engine.BuildDraining })

	// What a starting worker of a third build has to look at: those that stay with another build never come to it.
	until(t, "both are seen", func() bool {
		all, err := engine.OpenExecutions(t.Context(), c, queue, engine.Deployment{})
		return err == nil && len(all) == 2
	})
	for build, want := range map[engine.Deployment]int{letters: 1, postcards: 1, {Name: "stories", BuildID: "third"}: 0} {
		mine, err := engine.OpenExecutions(t.Context(), c, queue, build)
		require.NoError(t, err)
		require.Len(t, mine, want, build.BuildID)
	}

	// The old story is told to its end by its own build; under the other one its task would fail.
	require.NoError(t, c.SignalWorkflow(t.Context(), old.GetID(), "", "end", nil))
	require.NoError(t, old.Get(t.Context(), nil))
	require.NoError(t, c.SignalWorkflow(t.Context(), recent.GetID(), "", "end", nil))
	require.NoError(t, recent.Get(t.Context(), nil))
	stuck, err := engine.Stuck(t.Context(), c, engine.Execution{WorkflowID: old.GetID()})
	require.NoError(t, err)
	require.False(t, stuck)
}

func promote(t *testing.T, c client.Client, d engine.Deployment) {
	until(t, "the workers of "+d.BuildID+" are there", func() bool { return engine.Promote(t.Context(), c, d) == nil })
}

func state(t *testing.T, c client.Client, d engine.Deployment) string {
	builds, _ := engine.DeployedBuilds(t.Context(), c, d.Name) // asked again until it is as it should be
	for _, b := range builds {
		if b.BuildID == d.BuildID {
			return b.State
		}
	}
	return ""
}

func firstStep(t *testing.T, c client.Client, id string) string {
	recorded, err := engine.History(t.Context(), c, id, "")
	require.NoError(t, err)
	for _, e := range recorded.Events {
		if a := e.GetActivityTaskScheduledEventAttributes(); a != nil {
			return a.GetActivityType().GetName()
		}
	}
	return ""
}
