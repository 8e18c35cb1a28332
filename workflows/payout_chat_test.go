package workflows_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// The chat is away for days; finance approves by the shell within the hour. The transfers go out, and the question is not asked any more.
func TestAnApprovedRunDoesNotWaitForTheChat(t *testing.T) {
	env, s := newRun(t, "po1")
	s.mute = monday.Add(7 * day)
	var took error
	env.RegisterDelayedCallback(approve(env, "U_FINANCE", "h1", &took), 4*day)
	require.Equal(t, partnership.RunReconciled, runMonth(t, env).State)
	require.NoError(t, took)
	at := func(line string) time.Duration {
		require.Contains(t, s.log, line)
		return s.times[slices.Index(s.log, line)].Sub(monday)
	}
	require.Less(t, at("transfer po1"), 4*day+time.Minute)
	require.Less(t, at("ended reconciled"), 4*day+time.Minute, "the books are closed without the chat")
	require.NotContains(t, s.log, "card approval run")
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
	require.Equal(t, partnership.RunReconciled, runMonth(t, env).State)
	require.NoError(t, took)
	require.Contains(t, s.log, "finish reconciled 1")
}

// Nobody knows whether a transfer was made, and the chat is away: the answer that comes by another door counts.
func TestATransferInDoubtIsSettledWithoutTheChat(t *testing.T) {
	env, s := newRun(t)
	s.mute = monday.Add(7 * day)
	s.transfer = func(partnership.PayoutID) (partnership.PayoutState, error) { return partnership.PayoutUnknown, nil }
	env.RegisterDelayedCallback(func() {
		env.UpdateWorkflow(workflows.UpdateResolvePayout, "r", callback{reject: func(err error) { t.Error(err) }, done: func(any, error) {}},
			workflows.ResolvePayout{By: "U_FINANCE", Decision: partnership.ChoiceRelease})
	}, time.Hour)
	require.Equal(t, partnership.PayoutFailed, runPayout(t, env))
	require.NotContains(t, s.log, "ask about po1 0")
	require.Less(t, env.Now().Sub(monday), day)
}

// The chat refuses the run's last card for good, or the step did not end in time: the books are closed all the same.
func TestTheBooksOfARunAreClosedWhateverBecomesOfItsCard(t *testing.T) {
	env, s := newRun(t)
	env.OnActivity("FinishRun", mock.Anything, mock.Anything).Return(refusedForGood("the channel is archived"))
	require.Equal(t, partnership.RunEmpty, runMonth(t, env).State)
	require.Equal(t, "made sure that it ended empty", s.log[len(s.log)-1])
}

// A step of a payout is parked and the chat cannot be told. On a real server: what fails until its limit ends there as a failure.
func TestAParkedPayoutGoesOnWithoutTheChat(t *testing.T) {
	if testing.Short() {
		t.Skip("needs a Temporal server")
	}
	st := newStage(t, func(string) []answer { return nil })
	st.money.mute = time.Now().Add(time.Hour)
	st.money.transfer = func(partnership.PayoutID) (partnership.PayoutState, error) { return partnership.PayoutUnknown, nil }
	st.money.lookUps = []partnership.PayoutState{partnership.PayoutPaid}
	st.steps.refuse["look up"] = refusedForGood("no such payout")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	id := payoutOf(t, 1)
	run, err := st.client.ExecuteWorkflow(ctx, client.StartWorkflowOptions{ID: workflows.PayoutWorkflowID(id), TaskQueue: workflows.QueueLifecycle},
		workflows.PayoutType, workflows.PayoutInput{PayoutID: id, Day: time.Minute})
	require.NoError(t, err)
	var r workflows.PayoutResult
	require.NoError(t, run.Get(ctx, &r))
	require.Equal(t, partnership.PayoutPaid, r.State)
}
