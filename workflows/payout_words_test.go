package workflows_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/testsuite"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// oneRow is a run's row as the store keeps it: approved or rejected, whichever comes first. Each word waits for release to be written.
type oneRow struct {
	*payoutSteps
	mu       sync.Mutex
	state    partnership.PayoutRunState
	holdBack chan struct{}
}

func (s *oneRow) become(state, not partnership.PayoutRunState) error {
	<-s.holdBack
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state == not {
		return refusedForGood("the run is " + string(not))
	}
	s.state = state
	s.did("became %s", state)
	return nil
}

func (s *oneRow) ApproveRun(context.Context, activities.Approval) error {
	return s.become(partnership.RunApproved, partnership.RunRejected)
}

func (s *oneRow) VoidPayoutPlan(_ context.Context, in activities.Rejection) error {
	if in.Decision == nil || in.Decision.Deed != workflows.UpdateRejectRun {
		return refusedForGood("nobody decided this")
	}
	return s.become(partnership.RunRejected, partnership.RunApproved)
}

func newRow(t *testing.T) (*testsuite.TestWorkflowEnvironment, *oneRow) {
	t.Helper()
	env, ps := newRun(t, "po1")
	s := &oneRow{payoutSteps: ps, state: partnership.RunPlanned, holdBack: make(chan struct{})}
	env.RegisterActivity(s.ApproveRun)
	env.RegisterActivity(s.VoidPayoutPlan)
	return env, s
}

// word is one person's update, and what they were told.
type word struct {
	update string
	arg    any
	told   error
}

func (w *word) say(env *testsuite.TestWorkflowEnvironment) {
	keep := func(err error) { w.told = err }
	env.UpdateWorkflow(w.update, w.update, callback{reject: keep, done: func(_ any, err error) { keep(err) }}, w.arg)
}

func proof(who string) workflows.Proven {
	return workflows.Proven{Proof: &partnership.Proof{ID: who, Who: who}}
}

func approval() *word {
	return &word{update: workflows.UpdateApproveRun, arg: workflows.ApproveRun{By: "U_B", Hash: "h1", Proven: proof("U_B")}}
}

func rejection() *word {
	return &word{update: workflows.UpdateRejectRun, arg: workflows.RejectRun{By: "U_A", Reason: "check July", Hash: "h1", Proven: proof("U_A")}}
}

// An approval and a rejection come in one moment, while the database takes its time: one counts, the other is told why not.
func TestOfAnApprovalAndARejectionAtOnceExactlyOneCounts(t *testing.T) {
	for name, c := range map[string]struct {
		first, second *word
		state         partnership.PayoutRunState
		paid          int
	}{
		"rejected first": {rejection(), approval(), partnership.RunRejected, 0},
		"approved first": {approval(), rejection(), partnership.RunReconciled, 1},
	} {
		t.Run(name, func(t *testing.T) {
			env, s := newRow(t)
			env.RegisterDelayedCallback(func() {
				c.first.say(env)
				c.second.say(env)
				close(s.holdBack)
			}, 4*day)
			require.Equal(t, c.state, runMonth(t, env).State)
			require.NoError(t, c.first.told)
			require.ErrorContains(t, c.second.told, "just being recorded")
			require.Equal(t, c.paid, count(s.log, "transfer po1"))
			require.NotContains(t, s.log, "stuck")
		})
	}
}

// The run's row was approved and the workflow does not know: a rejection is refused with that, and holds up nothing.
func TestARejectionThatTheBooksRefuseParksNothing(t *testing.T) {
	env, s := newRow(t)
	close(s.holdBack)
	s.state = partnership.RunApproved
	no, yes := rejection(), approval()
	env.RegisterDelayedCallback(func() { no.say(env) }, 4*day)
	env.RegisterDelayedCallback(func() { yes.say(env) }, 4*day+time.Hour)
	require.Equal(t, partnership.RunReconciled, runMonth(t, env).State)
	require.ErrorContains(t, no.told, "the run is approved")
	require.NoError(t, yes.told)
	require.NotContains(t, s.log, "stuck")
	require.Equal(t, 1, count(s.log, "transfer po1"))
}

func TestARejectedRunIsApprovedByNobody(t *testing.T) {
	env, s := newRow(t)
	close(s.holdBack)
	s.state = partnership.RunRejected // and the answer to whoever rejected it was lost
	yes, no := approval(), rejection()
	env.RegisterDelayedCallback(func() { yes.say(env) }, 4*day)
	env.RegisterDelayedCallback(func() { no.say(env) }, 4*day+time.Hour)
	require.Equal(t, partnership.RunRejected, runMonth(t, env).State)
	require.ErrorContains(t, yes.told, "the run is rejected")
	require.NoError(t, no.told)
	require.NotContains(t, s.log, "transfer po1")
}
