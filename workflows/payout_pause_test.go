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

// A provider that goes on answering 500 about one payout holds up that one alone: everybody else is paid at once, and once its key may be
// forgotten a person is asked about it.
func TestOnePayoutsStickyFaultHoldsUpNobody(t *testing.T) {
	all := ids(40)
	env, s := newRun(t, all...)
	s.transfer = func(id partnership.PayoutID) (partnership.PayoutState, error) {
		if id == "po5" {
			return "", temporal.NewApplicationError("stripe transfer.list failed (status 500)", string(partnership.Retry))
		}
		return partnership.PayoutPaid, nil
	}
	var ok, resolved error
	env.RegisterDelayedCallback(approve(env, "U_FINANCE", "h1", &ok), 4*day)
	env.RegisterDelayedCallback(func() {
		for _, id := range all {
			require.Equal(t, id != "po5", s.settled(id), id)
		}
		require.Zero(t, count(s.log, "stuck"))
		require.Empty(t, lastOf(s.log, "waits: "), "the run waits for no platform")
	}, 4*day+time.Hour)
	env.RegisterDelayedCallback(func() {
		require.Contains(t, s.log, "ask about po5 0")
		s.end("po5")
		require.NoError(t, env.UpdateWorkflowByID(workflows.PayoutWorkflowID("po5"), workflows.UpdateResolvePayout, "release",
			callback{reject: func(err error) { resolved = err }, done: func(_ any, err error) { resolved = err }}, workflows.ResolvePayout{By: "U_FINANCE", Decision: partnership.ChoiceRelease}))
	}, 6*day)
	r := runMonth(t, env)
	require.NoError(t, ok)
	require.NoError(t, resolved)
	require.Equal(t, 39, r.Paid)
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

// One transfer in doubt holds up nobody whom the platform held up too: the run says what it waits for, may be rejected, and goes on by
// itself while a person is asked about the one.
func TestADoubtfulTransferHoldsUpNoPausedBatch(t *testing.T) {
	all := ids(40)
	env, s := newRun(t, all...)
	mended := false
	s.transfer = func(id partnership.PayoutID) (partnership.PayoutState, error) {
		switch {
		case s.has("look up " + string(id) + " release"):
			return partnership.PayoutFailed, nil
		case id == "po5":
			return partnership.PayoutUnknown, nil
		case !mended:
			return "", platform("the API key was refused: check STRIPE_API_KEY")
		}
		return partnership.PayoutPaid, nil
	}
	var ok, resolved error
	env.RegisterDelayedCallback(approve(env, "U_FINANCE", "h1", &ok), 4*day)
	env.RegisterDelayedCallback(func() {
		require.Equal(t, 1, count(s.log, "stuck"), "finance is told")
		require.Contains(t, s.log, "waits: the API key was refused: check STRIPE_API_KEY")
		mended = true
	}, 5*day)
	env.RegisterDelayedCallback(func() {
		for _, id := range all {
			require.Equal(t, id != "po5", s.settled(id), id)
		}
		require.Equal(t, "waits: ", lastOf(s.log, "waits: "), "it waits for no platform any more")
		require.NoError(t, env.UpdateWorkflowByID(workflows.PayoutWorkflowID("po5"), workflows.UpdateResolvePayout, "release",
			callback{reject: func(err error) { resolved = err }, done: func(_ any, err error) { resolved = err }}, workflows.ResolvePayout{By: "U_FINANCE", Decision: partnership.ChoiceRelease}))
	}, 20*day)
	r := runMonth(t, env)
	require.NoError(t, ok)
	require.NoError(t, resolved)
	require.Equal(t, 39, r.Paid)
	require.Equal(t, partnership.RunReconciled, r.State)
}

// Who will not wait may send the rest back then: only the one in doubt keeps the run open.
func TestAPausedRunWithADoubtfulTransferCanBeRejected(t *testing.T) {
	all := ids(3)
	env, s := newRun(t, all...)
	s.transfer = func(id partnership.PayoutID) (partnership.PayoutState, error) {
		if id == "po1" {
			return partnership.PayoutUnknown, nil
		}
		return "", platform("the API key was refused: check STRIPE_API_KEY")
	}
	s.onVoid = func() { s.end("po0"); s.end("po2") }
	s.lookUps = []partnership.PayoutState{partnership.PayoutUnknown}
	var ok, rejected, resolved error
	word := func(to *error) callback {
		return callback{reject: func(err error) { *to = err }, done: func(_ any, err error) { *to = err }}
	}
	env.RegisterDelayedCallback(approve(env, "U_FINANCE", "h1", &ok), 4*day)
	env.RegisterDelayedCallback(func() {
		env.UpdateWorkflow(workflows.UpdateRejectRun, "r", word(&rejected), workflows.RejectRun{By: "U_A", Reason: "no money"})
	}, 5*day)
	env.RegisterDelayedCallback(func() {
		require.Zero(t, count(s.log, "reconcile"), "one is still in doubt")
		s.end("po1")
		s.transfer = nil
		require.NoError(t, env.UpdateWorkflowByID(workflows.PayoutWorkflowID("po1"), workflows.UpdateResolvePayout, "release", word(&resolved),
			workflows.ResolvePayout{By: "U_FINANCE", Decision: partnership.ChoiceRelease}))
	}, 20*day)
	r := runMonth(t, env)
	require.NoError(t, ok)
	require.NoError(t, rejected)
	require.NoError(t, resolved)
	require.Equal(t, 1, count(s.log, "reconcile"), r)
}

// lastOf is the last line of a log that begins so.
func lastOf(log []string, prefix string) (last string) {
	for _, line := range log {
		if strings.HasPrefix(line, prefix) {
			last = line
		}
	}
	return last
}
