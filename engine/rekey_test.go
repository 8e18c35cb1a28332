package engine_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"

	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/proof/temporaltest"
)

// A schedule that was made in the clear, or under an old key, starts its workflows under the one that is written with.
func TestSchedulesFollowTheKey(t *testing.T) {
	server, plain := temporaltest.Server(t), temporaltest.Client(t)
	s := engine.MonthlySchedule{ID: t.Name(), Zone: "UTC", Hour: 6, Workflow: "PayoutRun", WorkflowID: t.Name(), Queue: t.Name(), Arg: told}
	require.NoError(t, engine.EnsureMonthlySchedule(t.Context(), plain, s))
	t.Cleanup(func() { _ = plain.ScheduleClient().GetHandle(t.Context(), s.ID).Delete(t.Context()) })
	k1 := "k1:" + random(t)
	for _, setting := range []string{k1, "k2:" + random(t) + "," + k1} {
		keys := keysOf(t, setting)
		c := temporaltest.Client(t, func(o *client.Options) { o.DataConverter, o.FailureConverter = engine.Converters(keys) })
		require.Eventually(t, func() bool { // a list follows what it lists
			_, err := engine.RekeySchedules(t.Context(), c, server.Namespace(), keys)
			require.NoError(t, err)
			d, err := c.WorkflowService().DescribeSchedule(t.Context(), &workflowservice.DescribeScheduleRequest{Namespace: server.Namespace(), ScheduleId: s.ID})
			require.NoError(t, err)
			input := d.GetSchedule().GetAction().GetStartWorkflow().GetInput().GetPayloads()[0]
			return string(input.GetMetadata()["rapport-key-id"]) == keys.Writes()
		}, waitAtMost, tick)
	}
}
