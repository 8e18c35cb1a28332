// Package mend sees to workflows that do not go on by themselves: it finds them for the watchdog, and takes them up again or ends them
// when a person says so.
package mend

import (
	"context"
	"time"

	"go.temporal.io/sdk/client"

	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/wiring/doors"
	"github.com/rapport-dev/rapport/workflows"
)

// Engine is Temporal as the watchdog's activities want it (activities.Engine).
type Engine struct{ watcher *engine.Watcher }

// NewEngine looks at Rapport's workflows in a namespace. day is how long one campaign day lasts: on short ones people are told sooner.
func NewEngine(c client.Client, namespace string, keys engine.Keys, day time.Duration, now func() time.Time) Engine {
	limits := engine.WatchLimits{Attempts: 3, Failing: 30 * time.Second, Waiting: 5 * time.Minute}
	if day < time.Hour {
		limits = engine.WatchLimits{Attempts: 3, Failing: 5 * time.Second, Waiting: time.Minute}
	}
	return Engine{engine.NewWatcher(c, namespace, keys, workflows.WatchedTypes(), limits, now)}
}

// Ended are the workflows whose newest run ended as no story ends by itself.
func (e Engine) Ended(ctx context.Context) ([]partnership.Stuck, error) {
	found, err := e.watcher.Ended(ctx)
	return troubles(found), err
}

// Open looks at some of the open workflows.
func (e Engine) Open(ctx context.Context, cursor []byte) (standing []partnership.Stuck, next []byte, err error) {
	found, next, err := e.watcher.Open(ctx, cursor)
	return troubles(found), next, err
}

// Look looks at one workflow: nil when it goes on or has ended by itself.
func (e Engine) Look(ctx context.Context, workflowID string) (*partnership.Stuck, error) {
	found, err := e.watcher.Look(ctx, workflowID)
	switch {
	case engine.IsNotFound(err):
		return nil, partnership.Errorf(partnership.NotFound, "Temporal knows no workflow %s: it was never started, or its retention is over", workflowID)
	case err != nil || found == nil:
		return nil, err
	}
	t := trouble(*found)
	return &t, nil
}

// PendingSteps are the activities that a run waits for.
func (e Engine) PendingSteps(ctx context.Context, workflowID, runID string) ([]string, error) {
	return e.watcher.PendingSteps(ctx, workflowID, runID)
}

func troubles(found []engine.Standing) []partnership.Stuck {
	out := make([]partnership.Stuck, len(found))
	for i, s := range found {
		out[i] = trouble(s)
	}
	return out
}

func trouble(s engine.Standing) partnership.Stuck {
	return partnership.Stuck{WorkflowID: s.WorkflowID, RunID: s.RunID, WorkflowType: s.Type, Kind: kind(s), Since: s.Since, Why: s.Why}
}

func kind(s engine.Standing) partnership.StuckKind {
	if ended, ok := doors.FromOutside[s.Status]; ok {
		return ended
	}
	if s.Failing {
		return partnership.StuckTaskFailing
	}
	return partnership.StuckNoProgress
}
