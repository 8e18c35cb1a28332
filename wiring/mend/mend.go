package mend

import (
	"context"
	"errors"
	"fmt"
	"time"

	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"

	"github.com/rapport-dev/rapport/app/mending"
	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/workflows"
)

// Store is what mending reads and keeps.
type Store interface {
	Campaign(ctx context.Context, id partnership.CampaignID) (partnership.Campaign, error)
	CampaignDocument(ctx context.Context, id partnership.CampaignID) (board.Campaign, error)
	Remains(ctx context.Context, id partnership.PartnershipID) (store.Remains, error)
	KeepFinding(ctx context.Context, t partnership.Stuck) (partnership.Finding, error)
	OpenFindings(ctx context.Context) ([]partnership.Finding, error)
	// EndFindingsOf closes what stood of a workflow that a person has ended, however long the server lists the run.
	EndFindingsOf(ctx context.Context, workflowID, how string) error
}

// Mender has the hands of app/mending: it takes workflows up again, or ends them.
type Mender struct {
	Engine
	Store  Store
	Client client.Client
	Keys   engine.Keys
	Day    time.Duration
}

// GoOn takes a run back to the newest point from which it can go on under this build.
func (m *Mender) GoOn(ctx context.Context, o mending.Order, t partnership.Stuck) (mending.Done, error) {
	if t.Kind == partnership.StuckNoProgress {
		return mending.Done{}, partnership.Errorf(partnership.Conflict, "no worker takes the task of %s: start one (rapport doctor says which queue has none), and it goes on by itself", o.WorkflowID)
	}
	recorded, err := engine.History(ctx, m.Client, t.WorkflowID, t.RunID)
	if err != nil {
		return mending.Done{}, err
	}
	replayer, err := engine.NewReplayer(m.Keys, func(r worker.WorkflowRegistry) { workflows.Register(r) })
	if err != nil {
		return mending.Done{}, err
	}
	point, ok := engine.ResetPoint(recorded.GetEvents(), func(h *historypb.History) error {
		return replayer.Replay(ctx, h, engine.Execution{WorkflowID: t.WorkflowID, RunID: t.RunID})
	})
	if !ok {
		return mending.Done{}, partnership.Errorf(partnership.Conflict, "%s cannot go on from any point of its history under this build: %s. Deploy the build (or the codec key) that it was written with and mend it then, or end it with --end", o.WorkflowID, t.Why)
	}
	why := "mended by " + o.By
	run, err := m.watcher.Reset(ctx, t.WorkflowID, t.RunID, point, why, "mend/"+t.RunID)
	if err != nil {
		return mending.Done{}, err
	}
	done := mending.Done{Did: "reset", RunID: run, EventID: point, Outcome: fmt.Sprintf("It goes on from event %d as run %s.", point, run)}
	switch again, err := m.settled(ctx, t.WorkflowID); {
	case err != nil:
		return done, err
	case again != nil:
		return done, partnership.Errorf(partnership.Conflict, "%s was reset to event %d and stands again: %s (%s). Mend the cause first, or end it with --end", o.WorkflowID, point, again.Kind.Words(), again.Why)
	}
	told, err := m.CatchUp(ctx, t.WorkflowID)
	if _, unheard := errors.AsType[*mending.UnheardError](err); unheard {
		done.Outcome += " Not yet confirmed: it was not heard which ends it has missed."
	}
	if told > 0 {
		done.Outcome += fmt.Sprintf(" It was told of %d end(s) that it had missed.", told)
	}
	return done, err
}

// A run that was taken up shows within moments whether it stands again.
const (
	moments = 10 * time.Second
	blink   = 200 * time.Millisecond
)

// settled waits until a run that was taken up has done its first task, and returns its trouble if it has one.
func (m *Mender) settled(ctx context.Context, workflowID string) (*partnership.Stuck, error) {
	until := time.NewTimer(moments)
	defer until.Stop()
	for {
		d, err := m.watcher.Describe(ctx, workflowID, "")
		if err != nil {
			return nil, err
		}
		if d.GetPendingWorkflowTask() == nil {
			return m.Look(ctx, workflowID)
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-until.C: // no worker yet, or a busy one: the watchdog goes on looking
			if d.GetPendingWorkflowTask().GetAttempt() > 1 {
				return &partnership.Stuck{WorkflowID: workflowID, Kind: partnership.StuckTaskFailing, Why: "rapport workflows stuck will say why in a minute"}, nil
			}
			return nil, nil
		case <-time.After(blink):
		}
	}
}
