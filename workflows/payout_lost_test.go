package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// gone is what a step ends with that finds the books gone back to a backup.
func gone() error {
	return activities.Refusal(partnership.Errorf(partnership.WentBack, "the books do not know this payout run any more: they have gone back to before it"))
}

// Whatever step finds that the books have gone back ends the run by name, without anybody's hand in the engine: nothing more is sent, no rows
// are released, and finance is told once.
func TestARunThatTheBooksDoNotKnowEnds(t *testing.T) {
	for name, restore := range map[string]func(s *payoutSteps){
		"before it plans": func(s *payoutSteps) { s.books = []error{gone()} },
		"before it sends": func(s *payoutSteps) { s.books = []error{nil, gone()} },
		"while it sends": func(s *payoutSteps) {
			s.transfer = func(partnership.PayoutID) (partnership.PayoutState, error) { return "", gone() }
		},
		"while it ends":     func(s *payoutSteps) { s.reconciling = gone() },
		"once it has ended": func(s *payoutSteps) { s.ending = gone() },
	} {
		t.Run(name, func(t *testing.T) {
			env, s := newRun(t, ids(30)...)
			restore(s)
			var ok error
			env.RegisterDelayedCallback(approve(env, "U_FINANCE", "h1", &ok), 4*day)
			r := runMonth(t, env)
			require.NoError(t, ok)
			require.Equal(t, partnership.RunLost, r.State)
			require.Equal(t, 1, count(s.log, "ended before its time"))
			require.Zero(t, count(s.log, "stuck"))
			for _, line := range s.log {
				require.NotContains(t, line, "released")
			}
		})
	}
}

// It may wait for an approval of which the books know nothing: whoever approves, or begins the month again, ends it.
func TestARunThatWaitsAndIsNotKnownAnyMoreEndsAtAPersonsWord(t *testing.T) {
	for name, word := range map[string]func(env *testsuite.TestWorkflowEnvironment, s *payoutSteps, to callback){
		"approve": func(env *testsuite.TestWorkflowEnvironment, s *payoutSteps, to callback) {
			s.approving = gone()
			env.UpdateWorkflow(workflows.UpdateApproveRun, "a", to, workflows.ApproveRun{By: "U_FINANCE", Hash: "h1"})
		},
		"begin the month again": func(env *testsuite.TestWorkflowEnvironment, s *payoutSteps, to callback) {
			s.books = []error{gone()}
			env.UpdateWorkflow(workflows.UpdateRetryStep, "r", to, workflows.RetryStep{By: "U_FINANCE"})
		},
	} {
		t.Run(name, func(t *testing.T) {
			env, s := newRun(t, ids(3)...)
			env.RegisterDelayedCallback(func() {
				word(env, s, callback{reject: func(error) {}, done: func(any, error) {}})
			}, 10*day)
			r := runMonth(t, env)
			require.Equal(t, partnership.RunLost, r.State)
			require.Equal(t, 1, count(s.log, "ended before its time"))
		})
	}
}

// A person's word while nothing is parked and the books know the run changes nothing.
func TestARunThatIsKnownGoesOnWhenItIsAsked(t *testing.T) {
	env, s := newRun(t, ids(3)...)
	var ok, asked error
	env.RegisterDelayedCallback(func() {
		keep := func(err error) { asked = err }
		s.books = []error{temporal.NewNonRetryableApplicationError("the books do not explain what stripe shows", string(partnership.Conflict), nil)}
		env.UpdateWorkflow(workflows.UpdateRetryStep, "r", callback{reject: keep, done: func(_ any, err error) { keep(err) }}, workflows.RetryStep{By: "U_FINANCE"})
	}, 4*day)
	env.RegisterDelayedCallback(approve(env, "U_FINANCE", "h1", &ok), 5*day)
	r := runMonth(t, env)
	require.NoError(t, ok)
	require.NoError(t, asked)
	require.Equal(t, partnership.RunReconciled, r.State)
	require.Equal(t, 3, r.Paid)
}

// A payout in doubt waits for a person, and its batch and its run for it. When the books went back to before it was planned, the month's new
// beginning ends all three; one that the books know goes on waiting.
func TestAPayoutInDoubtThatIsNotKnownAnyMoreHoldsUpNobody(t *testing.T) {
	env, s := newRun(t, ids(3)...)
	s.transfer = func(id partnership.PayoutID) (partnership.PayoutState, error) {
		if id == "po1" {
			return partnership.PayoutUnknown, nil
		}
		return partnership.PayoutPaid, nil
	}
	var ok error
	env.RegisterDelayedCallback(approve(env, "U_FINANCE", "h1", &ok), 4*day)
	env.RegisterDelayedCallback(func() {
		require.Contains(t, s.log, "ask about po1 0")
		s.lookingUp = gone()
		s.books = []error{gone()}
		env.UpdateWorkflow(workflows.UpdateRetryStep, "r", callback{reject: func(error) {}, done: func(any, error) {}}, workflows.RetryStep{By: "U_FINANCE"})
	}, 6*day)
	r := runMonth(t, env)
	require.NoError(t, ok)
	require.Equal(t, partnership.RunLost, r.State)
	require.Equal(t, 1, count(s.log, "ended before its time"))
}

// News of a transfer reach a payout that waits for a person about it, too: what the provider shows by then decides.
func TestNewsDecideAboutAPayoutThatWaitsForAPerson(t *testing.T) {
	env, s := newRun(t, ids(3)...)
	s.transfer = func(id partnership.PayoutID) (partnership.PayoutState, error) {
		if id == "po1" {
			return partnership.PayoutUnknown, nil
		}
		return partnership.PayoutPaid, nil
	}
	s.lookUps = []partnership.PayoutState{partnership.PayoutUnknown, partnership.PayoutUnknown, partnership.PayoutPaid}
	var ok error
	env.RegisterDelayedCallback(approve(env, "U_FINANCE", "h1", &ok), 4*day)
	for i := range 2 {
		env.RegisterDelayedCallback(func() {
			require.NoError(t, env.SignalWorkflowByID(workflows.PayoutWorkflowID("po1"), workflows.SignalPayoutMoved, workflows.PayoutMoved{EventID: "e"}))
		}, 6*day+time.Duration(i)*time.Hour)
	}
	r := runMonth(t, env)
	require.NoError(t, ok)
	require.Equal(t, partnership.RunReconciled, r.State)
	require.Equal(t, 1, count(s.log, "ask about po1 0"), "nobody is asked twice")
}

// What a person has sent back is not sent by books that went back to before they did: whoever is about to send it is told, the run ends, and
// writes the rejection down once more, for whoever begins the month again takes up what was approved.
func TestARejectedRestIsNotSentByBooksThatHaveLostTheRejection(t *testing.T) {
	all := ids(3)
	env, s := newRun(t, all...)
	s.transfer = func(id partnership.PayoutID) (partnership.PayoutState, error) {
		if id == "po0" {
			return partnership.PayoutUnknown, nil
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
	env.RegisterDelayedCallback(func() { // and the books forget that it was sent, too
		s.sendingBack = gone()
		s.lookUps = []partnership.PayoutState{partnership.PayoutPlanned}
		require.NoError(t, env.SignalWorkflowByID(workflows.PayoutWorkflowID("po0"), workflows.SignalPayoutMoved, workflows.PayoutMoved{EventID: "e"}))
	}, 6*day)
	r := runMonth(t, env)
	require.NoError(t, ok)
	require.NoError(t, rejected)
	require.Equal(t, partnership.RunLost, r.State)
	require.Equal(t, 1, count(s.log, "void once more"))
	require.Equal(t, 1, count(s.log, "ended before its time"))
	require.Zero(t, s.unaware)
	for _, line := range s.log {
		require.NotContains(t, line, "released")
	}
}

// A plan that was there before the run was begun has a card of its own, and is sent once it is approved by that.
func TestAPlanThatTheBooksHaveIsApprovedAnew(t *testing.T) {
	for _, shown := range []string{"", "h1"} {
		env, s := newRun(t, ids(3)...)
		s.shown = shown
		var ok error
		env.RegisterDelayedCallback(func() { require.NotContains(t, s.log, "transfer po0") }, 4*day)
		env.RegisterDelayedCallback(approve(env, "U_FINANCE", "h1", &ok), 5*day)
		require.Equal(t, partnership.RunReconciled, runMonth(t, env).State)
		require.NoError(t, ok)
		require.Equal(t, shown != "", s.askedAgain != "", "the card of a plan that this run has made is posted once, whatever runs it")
	}
}
