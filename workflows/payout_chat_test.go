package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// The chat is away for days; finance approves by the shell within the hour. The transfers go out, and the question is not asked any more.
func TestAnApprovedRunDoesNotWaitForTheChat(t *testing.T) {
	env, s := newRun(t, "po1")
	s.mute = monday.Add(7 * day)
	var took error
	env.RegisterDelayedCallback(approve(env, "U_FINANCE", "h1", &took), 4*day)
	paid, ended := -1, -1
	env.RegisterDelayedCallback(func() { paid, ended = count(s.log, "transfer po1"), count(s.log, "ended reconciled") }, 4*day+day/24)
	require.Equal(t, p.RunReconciled, runMonth(t, env).State)
	require.NoError(t, took)
	require.Equal(t, 1, paid, "an hour after the approval nothing was paid: %v", s.log)
	require.NotContains(t, s.log, "card approval run")
	require.Equal(t, 1, ended, "the books are closed without the chat")
}

// It is back before anybody has answered: then the question is there.
func TestAQuestionIsAskedWhenTheChatIsBack(t *testing.T) {
	env, s := newRun(t, "po1")
	s.mute = monday.Add(5 * day)
	var took error
	env.RegisterDelayedCallback(func() {
		require.Contains(t, s.log, "card approval run")
		approve(env, "U_FINANCE", "h1", &took)()
	}, 6*day)
	require.Equal(t, p.RunReconciled, runMonth(t, env).State)
	require.NoError(t, took)
	require.Contains(t, s.log, "finish reconciled 1")
}

// Nobody knows whether a transfer was made, and the chat is away: the answer that comes by another door counts.
func TestATransferInDoubtIsSettledWithoutTheChat(t *testing.T) {
	env, s := newRun(t)
	s.mute = monday.Add(7 * day)
	s.transfer = func(p.PayoutID) (p.PayoutState, error) { return p.PayoutUnknown, nil }
	env.RegisterDelayedCallback(func() {
		env.UpdateWorkflow(workflows.UpdateResolvePayout, "r", callback{reject: func(err error) { t.Error(err) }, done: func(any, error) {}},
			workflows.ResolvePayout{By: "U_FINANCE", Decision: workflows.ResolvedRelease})
	}, time.Hour)
	require.Equal(t, p.PayoutFailed, runPayout(t, env))
	require.NotContains(t, s.log, "ask about po1 0")
	require.Less(t, env.Now().Sub(monday), day)
}
