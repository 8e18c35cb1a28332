package workflows_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// waitingRun is a run of n payouts, all but the last five of which are for a person to say what became of them.
func waitingRun(t *testing.T, n int) (*testsuite.TestWorkflowEnvironment, []partnership.PayoutID) {
	t.Helper()
	var ids []partnership.PayoutID
	for i := range n {
		ids = append(ids, partnership.PayoutID(fmt.Sprintf("po%d", i)))
	}
	env, s := newRun(t, ids...)
	s.transfer = func(id partnership.PayoutID) (partnership.PayoutState, error) {
		switch {
		case slices.Index(ids, id) >= n-5:
			return partnership.PayoutPaid, nil
		case s.has("look up " + string(id) + " release"): // begun again after its end it says how the books have it
			return partnership.PayoutFailed, nil
		}
		return partnership.PayoutUnknown, nil
	}
	env.RegisterDelayedCallback(func() {
		for _, id := range ids {
			require.True(t, s.has("transfer "+string(id)), id)
		}
		for _, id := range ids[:n-5] {
			require.NoError(t, env.UpdateWorkflowByID(workflows.PayoutWorkflowID(id), workflows.UpdateResolvePayout, string(id),
				callback{reject: func(err error) { t.Error(err) }, done: func(any, error) {}}, workflows.ResolvePayout{By: "U_FINANCE", Decision: partnership.ChoiceRelease}))
		}
	}, 6*day)
	return env, ids
}

// Payouts of which nobody but a person can say what became of them hold up no other, however many they are.
func TestPayoutsThatWaitForAPersonHoldUpNoOthers(t *testing.T) {
	env, _ := waitingRun(t, 45)
	var took error
	env.RegisterDelayedCallback(approve(env, "U_FINANCE", "h1", &took), 4*day)
	require.Equal(t, 5, runMonth(t, env).Paid)
	require.NoError(t, took)
}

// The run before was ended by hand while they waited: they say nothing to the one that was begun after it.
func TestPayoutsOfARunBeforeHoldUpNoOthers(t *testing.T) {
	env, ids := waitingRun(t, 30)
	in := workflows.PayoutRunInput{Program: "dreams", Zone: "America/New_York", Period: "2026-11", PreparedBy: "U_PREPARER", Day: day, ReviewDays: 3}
	runID := workflows.PayoutRunWorkflowID(in.Program, in.Period)
	again := func(ctx workflow.Context) (res workflows.PayoutRunResult, err error) {
		for _, id := range ids[:25] {
			cctx := workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{WorkflowID: workflows.PayoutWorkflowID(id)})
			if err := workflow.ExecuteChildWorkflow(cctx, workflows.PayoutType, workflows.PayoutInput{PayoutID: id, Day: day}).GetChildWorkflowExecution().Get(ctx, nil); err != nil {
				return res, err
			}
		}
		cctx := workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{WorkflowID: runID})
		err = workflow.ExecuteChildWorkflow(cctx, workflows.PayoutRunType, in).Get(ctx, &res)
		return res, err
	}
	env.RegisterWorkflow(again)
	var took error
	env.RegisterDelayedCallback(func() {
		keep := func(err error) { took = err }
		require.NoError(t, env.UpdateWorkflowByID(runID, workflows.UpdateApproveRun, "a", callback{reject: keep, done: func(_ any, err error) { keep(err) }}, workflows.ApproveRun{By: "U_FINANCE", Hash: "h1"}))
	}, 4*day)
	env.ExecuteWorkflow(again)
	require.NoError(t, env.GetWorkflowError())
	require.NoError(t, took)
	var r workflows.PayoutRunResult
	require.NoError(t, env.GetWorkflowResult(&r))
	require.Equal(t, 5, r.Paid)
}
