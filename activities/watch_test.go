package activities

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/partnership"
)

// watchFake is a store of findings and an engine that says what stands.
type watchFake struct {
	Store
	findings []partnership.Finding
	steps    []partnership.FailingStep
	now      map[string]*partnership.Stuck
	gone     map[string]bool
	settled  map[int64]string
	done     []string
}

func (w *watchFake) PlaceMessage(_ context.Context, m partnership.Message) (partnership.Message, *partnership.Message, error) {
	return m, nil, nil
}
func (w *watchFake) Ended(context.Context) ([]partnership.Stuck, error) { return nil, nil }
func (w *watchFake) Open(context.Context, []byte) ([]partnership.Stuck, []byte, error) {
	return nil, []byte("next"), nil
}

func (w *watchFake) Look(_ context.Context, id string) (*partnership.Stuck, error) {
	if w.gone[id] {
		return nil, partnership.Errorf(partnership.NotFound, "gone")
	}
	return w.now[id], nil
}

func (w *watchFake) PendingSteps(_ context.Context, id, _ string) ([]string, error) {
	if id == "open" {
		return []string{"7"}, nil
	}
	return nil, nil
}

func (w *watchFake) OpenFindings(context.Context) ([]partnership.Finding, error) {
	return w.findings, nil
}

func (w *watchFake) SettleFinding(_ context.Context, id int64, how string) error {
	w.settled[id] = how
	return nil
}

func (w *watchFake) FailingSteps(context.Context) ([]partnership.FailingStep, error) {
	return w.steps, nil
}

func (w *watchFake) StepDone(_ context.Context, id, _, step string) error {
	w.done = append(w.done, id+"/"+step)
	return nil
}
func (w *watchFake) WatchdogLooked(context.Context, time.Time) error { return nil }

func TestALookSettlesWhatGoesOnAndKeepsWhatNobodyKnowsOf(t *testing.T) {
	stuck := func(id string, kind partnership.StuckKind) partnership.Stuck {
		return partnership.Stuck{WorkflowID: id, RunID: "r", Kind: kind}
	}
	standing := stuck("still", partnership.StuckTaskFailing)
	failed := stuck("worse", partnership.StuckFailed)
	w := &watchFake{
		findings: []partnership.Finding{
			{ID: 1, Stuck: stuck("well", partnership.StuckFailed)},
			{ID: 2, Stuck: standing},
			{ID: 3, Stuck: stuck("worse", partnership.StuckTaskFailing)},
			{ID: 4, Stuck: stuck("purged", partnership.StuckTerminated)},
			{ID: 5, Stuck: stuck("still-told", partnership.StuckFailed), ToldAt: time.Unix(1, 0)},
		},
		steps: []partnership.FailingStep{{WorkflowID: "open", ActivityID: "7"}, {WorkflowID: "open", ActivityID: "8"}, {WorkflowID: "closed", ActivityID: "7"}},
		now:   map[string]*partnership.Stuck{"still": &standing, "worse": &failed, "still-told": {WorkflowID: "still-told", RunID: "r", Kind: partnership.StuckFailed}},
		gone:  map[string]bool{"purged": true}, settled: map[int64]string{},
	}
	a := New(Deps{Store: w, Engine: w, Clock: partnership.SystemClock{}, Day: 24 * time.Hour})
	out, err := a.WatchWorkflows(t.Context(), Watch{})
	require.NoError(t, err)
	require.Equal(t, map[int64]string{1: "it goes on", 3: "it is failed now"}, w.settled)
	require.Equal(t, []int64{2, 4}, out.Untold, "who stands and was not told; what Temporal has purged does not go on")
	require.Equal(t, []string{"open/8", "closed/7"}, w.done, "steps that nobody waits for")
}

func TestManyThatStandAreOneCard(t *testing.T) {
	a := New(Deps{PublicURL: "https://rapport.example", Clock: partnership.SystemClock{}})
	var many []partnership.Finding
	for i := range 7 {
		kind := partnership.StuckFailed
		if i > 4 {
			kind = partnership.StuckTerminated
		}
		many = append(many, partnership.Finding{ID: int64(i + 1), Stuck: partnership.Stuck{Kind: kind}})
	}
	m := a.manyStuck(many)
	require.Equal(t, "7 workflows stand still", m.Text)
	require.Equal(t, []partnership.Fact{{Label: "5", Value: "its workflow failed"}, {Label: "2", Value: "its workflow was terminated"}}, m.Facts)
	require.NotEqual(t, m.Key, a.manyStuck(many[1:]).Key, "another set is another card")
}

func TestMoneyThatStandsIsMendedAndNeverEnded(t *testing.T) {
	a := New(Deps{Store: &watchFake{}, PublicURL: "https://rapport.example", Clock: partnership.SystemClock{}})
	for kind, never := range map[string]bool{"PayoutRun": true, "Payout": true, "Watchdog": false} {
		m, err := a.stuckCard(t.Context(), partnership.Finding{ID: 1, Stuck: partnership.Stuck{WorkflowID: "some/1", WorkflowType: kind, Kind: partnership.StuckFailed}})
		require.NoError(t, err)
		require.Equal(t, never, !strings.Contains(m.Body, "--end"), kind)
	}
}
