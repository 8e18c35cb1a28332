package workflows_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// A rail that takes money and pays it later: nobody is paid by that, nobody is paid twice, and the others are paid meanwhile.
func TestATransferUnderWayIsFollowedToItsEnd(t *testing.T) {
	env, s := newRun(t, "po1", "po2", "po3")
	s.transfer = func(id partnership.PayoutID) (partnership.PayoutState, error) {
		if id == "po1" || id == "po2" {
			return partnership.PayoutPosted, nil
		}
		return partnership.PayoutPaid, nil
	}
	// po1 is heard of after two days, and has paid; po2 fails when nobody claims it.
	s.underway = map[partnership.PayoutID][]partnership.PayoutState{
		"po1": {partnership.PayoutPosted, partnership.PayoutPosted, partnership.PayoutPaid},
		"po2": slices.Concat(slices.Repeat([]partnership.PayoutState{partnership.PayoutPosted}, 32), []partnership.PayoutState{partnership.PayoutFailed}),
	}
	var took error
	env.RegisterDelayedCallback(approve(env, "U_FINANCE", "h1", &took), 4*day)
	env.RegisterDelayedCallback(func() {
		require.Equal(t, 1, count(s.log, "transfer po3"))
		to := workflows.PayoutWorkflowID("po1")
		looked := count(s.log, "look up po1 ")
		require.NoError(t, env.SignalWorkflowByID(to, workflows.SignalPayoutMoved, workflows.For("payout/another", workflows.PayoutMoved{EventID: "x"})))
		env.RegisterDelayedCallback(func() {
			require.Equal(t, looked, count(s.log, "look up po1 "), "news of another payout")
			require.NoError(t, env.SignalWorkflowByID(to, workflows.SignalPayoutMoved, workflows.For(to, workflows.PayoutMoved{EventID: "e"})))
		}, time.Second)
		env.RegisterDelayedCallback(func() { require.Equal(t, looked+1, count(s.log, "look up po1 ")) }, time.Minute)
	}, 4*day+90*time.Minute)
	r := runMonth(t, env)
	require.NoError(t, took)
	require.Equal(t, 2, r.Paid)
	require.Equal(t, 2, count(s.log, "transfer po1"), "once in its batch and once in its own workflow, which finds it on the rail's list; then it is looked at")
	require.Equal(t, 1, count(s.log, "told that po2 was refused"))
	require.Zero(t, count(s.log, "told that po1 was refused"))
	require.Zero(t, count(s.log, "released po2: "), "the step that found it failed has released its rows")
}
