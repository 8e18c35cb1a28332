package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// Nobody has to wait for money that will not come: from its plan on a run can be rejected, and its rows are free.
func TestARunThatWaitsForFundsCanBeRejected(t *testing.T) {
	env, s := newRun(t, "po1")
	s.poor = true
	var approved, rejected error
	env.RegisterDelayedCallback(approve(env, "U_FINANCE", "h1", &approved), 4*day)
	env.RegisterDelayedCallback(func() {
		keep := func(err error) { rejected = err }
		env.UpdateWorkflow(workflows.UpdateRejectRun, "r", callback{reject: keep, done: func(_ any, err error) { keep(err) }}, workflows.RejectRun{By: "U_A", Reason: "no money this month"})
	}, 5*day)
	require.Equal(t, partnership.RunRejected, runMonth(t, env).State)
	require.ErrorContains(t, approved, "waits for funds")
	require.NoError(t, rejected)
	require.Contains(t, s.log, "void")
	require.NotContains(t, s.log, "card approval run", "there is nothing to approve")
	require.NotContains(t, s.log, "transfer po1")
}

func TestARunGoesOnOnceTheFundsAreThere(t *testing.T) {
	env, s := newRun(t, "po1")
	s.poor = true
	var ok error
	env.RegisterDelayedCallback(func() { s.poor = false }, 4*day)
	env.RegisterDelayedCallback(approve(env, "U_FINANCE", "h1", &ok), 6*day)
	require.Equal(t, partnership.RunReconciled, runMonth(t, env).State)
	require.NoError(t, ok)
	require.Equal(t, 1, count(s.log, "transfer po1"))
}

// A wrong id is refused where it was given, and the payout waits on for the right one.
func TestANamedTransferThatIsNotThePayoutsDecidesNothing(t *testing.T) {
	env, s := newRun(t)
	s.transfer = func(partnership.PayoutID) (partnership.PayoutState, error) { return partnership.PayoutUnknown, nil }
	s.named = map[string]error{"tr_wrong": refusedForGood("its amount is $1.00, and not $50.00")}
	said := map[string]error{}
	name := func(id string) func() {
		return func() {
			keep := func(err error) { said[id] = err }
			env.UpdateWorkflow(workflows.UpdateResolvePayout, id, callback{reject: keep, done: func(_ any, err error) {
				keep(err)
				s.lookUps = []partnership.PayoutState{partnership.PayoutPaid}
			}}, workflows.ResolvePayout{By: "U_FINANCE", Decision: partnership.ChoicePaid, TransferID: id})
		}
	}
	env.RegisterDelayedCallback(name("tr_wrong"), 30*time.Hour)
	env.RegisterDelayedCallback(name("tr_right"), 31*time.Hour)
	require.Equal(t, partnership.PayoutPaid, runPayout(t, env))
	require.ErrorContains(t, said["tr_wrong"], "not $50.00")
	require.NoError(t, said["tr_right"])
	require.Equal(t, 2, count(s.log, "look up po1 ")+count(s.log, "look up po1 paid"))
}
