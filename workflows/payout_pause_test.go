package workflows_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// platform is what a transfer ends with that no payout can be made for.
func platform(why string) error {
	return temporal.NewNonRetryableApplicationError(why, activities.PlatformError, nil)
}

func ids(n int) (all []partnership.PayoutID) {
	for i := range n {
		all = append(all, partnership.PayoutID(fmt.Sprintf("po%d", i)))
	}
	return all
}

// A refused key fails nobody: the run waits with its approval, says so, and pays everybody once the key is mended.
func TestAPlatformsFaultPausesTheRunAndKeepsItsApproval(t *testing.T) {
	all := ids(60)
	env, s := newRun(t, all...)
	mended := false
	s.transfer = func(partnership.PayoutID) (partnership.PayoutState, error) {
		if !mended {
			return "", platform("the API key was refused: check STRIPE_API_KEY")
		}
		return partnership.PayoutPaid, nil
	}
	var ok error
	env.RegisterDelayedCallback(approve(env, "U_FINANCE", "h1", &ok), 4*day)
	env.RegisterDelayedCallback(func() {
		require.Equal(t, 1, count(s.log, "stuck"), "finance is told once")
		require.Contains(t, s.log, "waits: the API key was refused: check STRIPE_API_KEY")
		tried := 0
		for _, line := range s.log {
			if strings.HasPrefix(line, "transfer ") {
				tried++
			}
		}
		require.Less(t, tried, 20+60, "nobody else is tried once it is known")
		mended = true
	}, 6*day)
	r := runMonth(t, env)
	require.NoError(t, ok)
	require.Equal(t, 60, r.Paid)
	require.Equal(t, partnership.RunReconciled, r.State)
	require.Contains(t, s.log, "waits: ", "and is said to go on")
	for _, line := range s.log {
		require.NotContains(t, line, "released")
	}
}

// While it waits a person may send the rest back: what was paid stays paid, and the run ends.
func TestARunThatWaitsForItsProviderCanBeRejected(t *testing.T) {
	all := ids(3)
	env, s := newRun(t, all...)
	s.transfer = func(id partnership.PayoutID) (partnership.PayoutState, error) {
		if id == "po0" {
			return partnership.PayoutPaid, nil
		}
		return "", platform("the platform's available balance is too low: top it up, and it is sent")
	}
	s.onVoid = func() {
		for _, id := range all[1:] {
			s.end(id)
		}
	}
	var ok, rejected error
	env.RegisterDelayedCallback(approve(env, "U_FINANCE", "h1", &ok), 4*day)
	env.RegisterDelayedCallback(func() {
		keep := func(err error) { rejected = err }
		env.UpdateWorkflow(workflows.UpdateRejectRun, "r", callback{reject: keep, done: func(_ any, err error) { keep(err) }}, workflows.RejectRun{By: "U_A", Reason: "no money"})
	}, 5*day)
	r := runMonth(t, env)
	require.NoError(t, ok)
	require.NoError(t, rejected)
	require.Equal(t, 1, r.Paid)
	require.Contains(t, s.log, "void")
	require.Contains(t, s.log, "reconcile")
}

// Each of a run's batches is paid, and a payout that fails for itself holds up and fails nobody else.
func TestARunOfSeveralBatchesPaysEachOnce(t *testing.T) {
	all := ids(1_203)
	env, s := newRun(t, all...)
	env.SetTestTimeout(2 * time.Minute)
	s.transfer = func(id partnership.PayoutID) (partnership.PayoutState, error) {
		if id == "po700" {
			return "", refusedForGood("the creator's account is closed")
		}
		return partnership.PayoutPaid, nil
	}
	var ok error
	env.RegisterDelayedCallback(approve(env, "U_FINANCE", "h1", &ok), 4*day)
	require.Equal(t, 1_202, runMonth(t, env).Paid)
	require.NoError(t, ok)
	for _, id := range all {
		require.Equal(t, 1, count(s.log, "transfer "+string(id)), id)
	}
	require.Contains(t, s.log, "released po700: the creator's account is closed")
	require.Equal(t, 3, count(s.log, "reconcile"))
}
