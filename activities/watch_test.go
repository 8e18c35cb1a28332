package activities

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	p "github.com/rapport-dev/rapport/partnership"
)

// watchFake is a store of findings and an engine that says what stands.
type watchFake struct {
	Store
	findings []p.Finding
	steps    []p.FailingStep
	now      map[string]*p.Stuck
	gone     map[string]bool
	settled  map[int64]string
	done     []string
}

func (w *watchFake) Ended(context.Context) ([]p.Stuck, error) { return nil, nil }
func (w *watchFake) Open(context.Context, []byte) ([]p.Stuck, []byte, error) {
	return nil, []byte("next"), nil
}

func (w *watchFake) Look(_ context.Context, id string) (*p.Stuck, error) {
	if w.gone[id] {
		return nil, p.Errorf(p.NotFound, "gone")
	}
	return w.now[id], nil
}

func (w *watchFake) PendingSteps(_ context.Context, id, _ string) ([]string, error) {
	if id == "open" {
		return []string{"7"}, nil
	}
	return nil, nil
}
func (w *watchFake) OpenFindings(context.Context) ([]p.Finding, error) { return w.findings, nil }
func (w *watchFake) SettleFinding(_ context.Context, id int64, how string) error {
	w.settled[id] = how
	return nil
}
func (w *watchFake) FailingSteps(context.Context) ([]p.FailingStep, error) { return w.steps, nil }
func (w *watchFake) StepDone(_ context.Context, id, _, step string) error {
	w.done = append(w.done, id+"/"+step)
	return nil
}
func (w *watchFake) WatchdogLooked(context.Context, time.Time) error { return nil }

func TestALookSettlesWhatGoesOnAndKeepsWhatNobodyKnowsOf(t *testing.T) {
	stuck := func(id string, kind p.StuckKind) p.Stuck { return p.Stuck{WorkflowID: id, RunID: "r", Kind: kind} }
	standing := stuck("still", p.StuckTaskFailing)
	failed := stuck("worse", p.StuckFailed)
	w := &watchFake{
		findings: []p.Finding{
			{ID: 1, Stuck: stuck("well", p.StuckFailed)},
			{ID: 2, Stuck: standing},
			{ID: 3, Stuck: stuck("worse", p.StuckTaskFailing)},
			{ID: 4, Stuck: stuck("purged", p.StuckTerminated)},
			{ID: 5, Stuck: stuck("still-told", p.StuckFailed), ToldAt: time.Unix(1, 0)},
		},
		steps: []p.FailingStep{{WorkflowID: "open", ActivityID: "7"}, {WorkflowID: "open", ActivityID: "8"}, {WorkflowID: "closed", ActivityID: "7"}},
		now:   map[string]*p.Stuck{"still": &standing, "worse": &failed, "still-told": {WorkflowID: "still-told", RunID: "r", Kind: p.StuckFailed}},
		gone:  map[string]bool{"purged": true}, settled: map[int64]string{},
	}
	a := New(Deps{Store: w, Engine: w, Clock: p.SystemClock{}, Day: 24 * time.Hour})
	out, err := a.WatchWorkflows(t.Context(), Watch{})
	require.NoError(t, err)
	require.Equal(t, map[int64]string{1: "it goes on", 3: "it is failed now"}, w.settled)
	require.Equal(t, []int64{2, 4}, out.Untold, "who stands and was not told; what Temporal has purged does not go on")
	require.Equal(t, []string{"open/8", "closed/7"}, w.done, "steps that nobody waits for")
}

func TestManyThatStandAreOneCard(t *testing.T) {
	a := New(Deps{PublicURL: "https://rapport.example", Clock: p.SystemClock{}})
	var many []p.Finding
	for i := range 7 {
		kind := p.StuckFailed
		if i > 4 {
			kind = p.StuckTerminated
		}
		many = append(many, p.Finding{ID: int64(i + 1), Stuck: p.Stuck{Kind: kind}})
	}
	m := a.manyStuck(many)
	require.Equal(t, "7 workflows stand still", m.Text)
	require.Equal(t, []p.Fact{{Label: "5", Value: "its workflow failed"}, {Label: "2", Value: "its workflow was terminated"}}, m.Facts)
	require.NotEqual(t, m.Key, a.manyStuck(many[1:]).Key, "another set is another card")
}

func TestMoneyThatStandsIsMendedAndNeverEnded(t *testing.T) {
	a := New(Deps{Store: &watchFake{}, PublicURL: "https://rapport.example", Clock: p.SystemClock{}})
	for kind, never := range map[string]bool{"PayoutRun": true, "Payout": true, "Watchdog": false} {
		m, err := a.stuckCard(t.Context(), p.Finding{ID: 1, Stuck: p.Stuck{WorkflowID: "some/1", WorkflowType: kind, Kind: p.StuckFailed}})
		require.NoError(t, err)
		require.Equal(t, never, !strings.Contains(m.Body, "--end"), kind)
	}
}
