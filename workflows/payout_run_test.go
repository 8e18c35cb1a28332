package workflows_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/zones"
	"github.com/rapport-dev/rapport/workflows"
)

func refusedForGood(msg string) error {
	return temporal.NewNonRetryableApplicationError(msg, "permanent", nil)
}

func newRun(t *testing.T, payouts ...partnership.PayoutID) (*testsuite.TestWorkflowEnvironment, *payoutSteps) {
	t.Helper()
	env := newEnv()
	env.SetStartTime(monday)
	env.SetTestTimeout(30 * time.Second)
	workflows.Register(env)
	s := &payoutSteps{steps: &steps{now: env.Now}, payouts: payouts, approvers: 1}
	env.RegisterActivity(s)
	return env, s
}

func approve(env *testsuite.TestWorkflowEnvironment, by, hash string, took *error) func() {
	return func() {
		keep := func(err error) { *took = err }
		env.UpdateWorkflow(workflows.UpdateApproveRun, by+hash, callback{reject: keep, done: func(_ any, err error) { keep(err) }}, workflows.ApproveRun{By: by, Hash: hash})
	}
}

func runMonth(t *testing.T, env *testsuite.TestWorkflowEnvironment) workflows.PayoutRunResult {
	t.Helper()
	env.ExecuteWorkflow(workflows.PayoutRunType, workflows.PayoutRunInput{Program: "dreams", Zone: "America/New_York", Period: "2026-11", PreparedBy: "U_PREPARER", Day: day, ReviewDays: 3})
	require.True(t, env.IsWorkflowCompleted())
	require.NoError(t, env.GetWorkflowError())
	var r workflows.PayoutRunResult
	require.NoError(t, env.GetWorkflowResult(&r))
	return r
}

func TestPayoutRunPaysWhatSomebodyElseApproved(t *testing.T) {
	env, s := newRun(t, "po1", "po2")
	var preparer, wrongHash, ok error
	env.RegisterDelayedCallback(approve(env, "U_PREPARER", "h1", &preparer), 4*day)
	env.RegisterDelayedCallback(approve(env, "U_FINANCE", "other", &wrongHash), 4*day+time.Hour)
	env.RegisterDelayedCallback(approve(env, "U_FINANCE", "h1", &ok), 4*day+2*time.Hour)
	r := runMonth(t, env)
	require.Equal(t, workflows.PayoutRunResult{RunID: "dreams/2026-11/1", State: partnership.RunReconciled, Paid: 2}, r)
	require.ErrorContains(t, preparer, "prepared")
	require.ErrorContains(t, wrongHash, "changed")
	require.NoError(t, ok)
	require.Equal(t, 1, count(s.log, "transfer po1"))
	require.Equal(t, 1, count(s.log, "transfer po2"))
	require.Less(t, slices.Index(s.log, "approved by U_FINANCE"), slices.Index(s.log, "transfer po1"))
}

func TestPayoutRunAboveTheLimitNeedsTwoPeople(t *testing.T) {
	env, s := newRun(t, "po1")
	s.approvers = 2
	var first, again, second error
	env.RegisterDelayedCallback(approve(env, "U_A", "h1", &first), 4*day)
	env.RegisterDelayedCallback(approve(env, "U_A", "h1", &again), 5*day)
	env.RegisterDelayedCallback(func() { require.NotContains(t, s.log, "transfer po1") }, 6*day)
	env.RegisterDelayedCallback(approve(env, "U_B", "h1", &second), 7*day)
	require.Equal(t, partnership.RunReconciled, runMonth(t, env).State)
	require.NoError(t, first)
	require.NoError(t, second)
}

// The card keeps its buttons for as long as somebody else has to press one.
func TestAnApprovalSaysHowManyMoreItTakes(t *testing.T) {
	env, s := newRun(t, "po1")
	s.approvers = 2
	var more []int
	for i, by := range []string{"U_A", "U_B"} {
		env.RegisterDelayedCallback(func() {
			env.UpdateWorkflow(workflows.UpdateApproveRun, by, callback{reject: func(err error) { t.Error(err) }, done: func(r any, err error) {
				require.NoError(t, err)
				more = append(more, r.(workflows.Ack).More)
			}}, workflows.ApproveRun{By: by, Hash: "h1"})
		}, time.Duration(4+i)*day)
	}
	require.Equal(t, partnership.RunReconciled, runMonth(t, env).State)
	require.Equal(t, []int{1, 0}, more)
}

// Who is one person under several names, the books know (TestAPersonWithSeveralNamesApprovesOnce): their refusal is no approval here.
func TestAnApprovalThatTheBooksRefuseIsNotCounted(t *testing.T) {
	env, s := newRun(t, "po1")
	s.approvers = 2
	s.sameAs = map[string]string{"cli:ana": "slack:U_A"}
	var first, again, second error
	env.RegisterDelayedCallback(approve(env, "slack:U_A", "h1", &first), 4*day)
	env.RegisterDelayedCallback(approve(env, "cli:ana", "h1", &again), 5*day)
	env.RegisterDelayedCallback(func() { require.NotContains(t, s.log, "transfer po1") }, 6*day)
	env.RegisterDelayedCallback(approve(env, "cli:bo", "h1", &second), 7*day)
	require.Equal(t, partnership.RunReconciled, runMonth(t, env).State)
	require.NoError(t, first)
	require.ErrorContains(t, again, "under another name")
	require.NoError(t, second)
}

func TestRejectedPayoutRunReleasesAndPaysNothing(t *testing.T) {
	env, s := newRun(t, "po1")
	env.RegisterDelayedCallback(func() {
		env.UpdateWorkflow(workflows.UpdateRejectRun, "r", callback{reject: func(err error) { t.Error(err) }, done: func(any, error) {}}, workflows.RejectRun{By: "U_A", Reason: "check July"})
	}, 4*day)
	require.Equal(t, partnership.RunRejected, runMonth(t, env).State)
	require.Contains(t, s.log, "void")
	require.NotContains(t, s.log, "transfer po1")
}

func TestEmptyPayoutRunEnds(t *testing.T) {
	env, s := newRun(t)
	require.Equal(t, partnership.RunEmpty, runMonth(t, env).State)
	require.NotContains(t, s.log, "card approval run")
}

func TestScheduledRunPaysTheMonthBefore(t *testing.T) {
	for at, want := range map[string]string{
		"2026-12-01T05:00:00Z": "2026-11", // midnight in New York
		"2026-12-01T04:59:59Z": "2026-10", // still November there
		"2027-01-01T05:00:00Z": "2026-12",
		"2026-03-31T12:00:00Z": "2026-02",
	} {
		when, err := time.Parse(time.RFC3339, at)
		require.NoError(t, err)
		zone, err := zones.Load("America/New_York")
		require.NoError(t, err)
		require.Equal(t, want, workflows.PeriodBefore(when, zone), at)
	}
}

func TestScheduledRunIsTheMonthsOwnRun(t *testing.T) {
	env, s := newRun(t)
	at := time.Date(2026, 12, 1, 11, 0, 0, 0, time.UTC)
	require.NoError(t, env.SetTypedSearchAttributesOnStart(temporal.NewSearchAttributes(
		temporal.NewSearchAttributeKeyTime("TemporalScheduledStartTime").ValueSet(at))))
	var child string
	env.SetOnChildWorkflowStartedListener(func(info *workflow.Info, _ workflow.Context, _ converter.EncodedValues) {
		if child == "" {
			child = info.WorkflowExecution.ID
		}
	})
	env.ExecuteWorkflow(workflows.PayoutRunType, workflows.PayoutRunInput{Program: "dreams", Zone: "America/New_York", PreparedBy: "schedule", Day: day})
	require.NoError(t, env.GetWorkflowError())
	require.Equal(t, "payout-run/dreams/2026-11", child)
	require.Equal(t, "2026-11", s.opened.Period)
}

func runPayout(t *testing.T, env *testsuite.TestWorkflowEnvironment) partnership.PayoutState {
	t.Helper()
	env.ExecuteWorkflow(workflows.PayoutType, workflows.PayoutInput{PayoutID: "po1", Day: day})
	require.True(t, env.IsWorkflowCompleted())
	require.NoError(t, env.GetWorkflowError())
	var r workflows.PayoutResult
	require.NoError(t, env.GetWorkflowResult(&r))
	return r.State
}

func TestRefusedTransferReleasesItsRows(t *testing.T) {
	env, s := newRun(t)
	s.transfer = func(partnership.PayoutID) (partnership.PayoutState, error) {
		return "", refusedForGood("account closed")
	}
	require.Equal(t, partnership.PayoutFailed, runPayout(t, env))
	require.Equal(t, []string{"released po1: account closed", "told that po1 was refused"}, s.log[len(s.log)-2:])
}

// For 23 hours the same key is sent again; then the provider's list decides, and an empty list is for a person.
func TestAmbiguousTransferIsNeverSentUnderANewKey(t *testing.T) {
	env, s := newRun(t)
	s.transfer = func(partnership.PayoutID) (partnership.PayoutState, error) {
		return "", temporal.NewApplicationError("no answer", "ambiguous")
	}
	resolve := func(decision partnership.Choice) func() {
		return func() {
			env.UpdateWorkflow(workflows.UpdateResolvePayout, string(decision), callback{reject: func(err error) { t.Error(err) }, done: func(any, error) {}},
				workflows.ResolvePayout{By: "U_FINANCE", Decision: decision})
		}
	}
	env.RegisterDelayedCallback(resolve(partnership.ChoicePaid), 30*time.Hour) // they think they saw it; the list still does not show it
	env.RegisterDelayedCallback(resolve(partnership.ChoiceRelease), 40*time.Hour)
	require.Equal(t, partnership.PayoutFailed, runPayout(t, env))
	require.Equal(t, []string{"look up po1 ", "ask about po1 0", "look up po1 paid", "ask about po1 1", "look up po1 release"}, s.log[len(s.log)-5:])
	last := slices.Index(s.log, "look up po1 ")
	require.LessOrEqual(t, s.times[last].Sub(monday), 23*time.Hour+time.Minute)
}

func TestLostReplyIsFoundOnTheProvidersList(t *testing.T) {
	env, s := newRun(t)
	s.transfer = func(partnership.PayoutID) (partnership.PayoutState, error) { return partnership.PayoutUnknown, nil }
	s.lookUps = []partnership.PayoutState{partnership.PayoutPaid}
	require.Equal(t, partnership.PayoutPaid, runPayout(t, env))
}

// Nobody could send it, or the provider refused everybody, for longer than a key lives: nothing was sent, so there is nothing to ask a
// person about. It is sent once it can be, and what our rules refuse by then is refused like any other.
func TestWhatWasNeverSentIsSentAndNobodyIsAsked(t *testing.T) {
	for name, c := range map[string]struct {
		then error
		want partnership.PayoutState
		last string
	}{
		"sent":    {nil, partnership.PayoutPaid, "transfer po1"},
		"refused": {refusedForGood("the creator's payout account changed"), partnership.PayoutFailed, "told that po1 was refused"},
	} {
		t.Run(name, func(t *testing.T) {
			env, s := newRun(t)
			s.transfer = func(partnership.PayoutID) (partnership.PayoutState, error) {
				if count(s.log, "look up po1 ") == 0 {
					return "", temporal.NewApplicationError("the API key was refused", "barred")
				}
				if c.then != nil {
					return "", c.then
				}
				return partnership.PayoutPaid, nil
			}
			s.lookUps = []partnership.PayoutState{partnership.PayoutPlanned}
			require.Equal(t, c.want, runPayout(t, env))
			require.Equal(t, c.last, s.log[len(s.log)-1])
			require.Equal(t, 1, count(s.log, "look up po1 "))
			require.NotContains(t, s.log, "ask about po1 0")
		})
	}
}

func count(log []string, line string) int {
	n := 0
	for _, l := range log {
		if l == line {
			n++
		}
	}
	return n
}

// A run whose books do not hold waits for a person, before it plans and again before it sends; then it pays once.
func TestARunWaitsForBooksThatHold(t *testing.T) {
	t.Parallel()
	env, s := newRun(t, "po1")
	disagree := refusedForGood("the books do not explain what stripe shows: tr_1")
	s.books = []error{disagree, nil, disagree, disagree, nil} // once before the plan, twice before anything is sent
	var took error
	env.RegisterDelayedCallback(approve(env, "U_ana", "h1", &took), 10*day)
	require.Equal(t, partnership.RunReconciled, runMonth(t, env).State)
	require.NoError(t, took)
	require.Equal(t, 1, count(s.log, "transfer po1"))
	require.Equal(t, 2, count(s.log, "stuck"), "finance is told before the plan and before the transfers, once each")
	require.Empty(t, s.books)
	require.Less(t, slices.Index(s.log, "stuck"), slices.Index(s.log, "transfer po1"))
}
