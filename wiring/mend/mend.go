package mend

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"

	"github.com/rapport-dev/rapport/board"
	"github.com/rapport-dev/rapport/engine"
	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/workflows"
)

// Store is what mending reads and keeps.
type Store interface {
	Campaign(ctx context.Context, id p.CampaignID) (p.Campaign, error)
	CampaignDocument(ctx context.Context, id p.CampaignID) (board.Campaign, error)
	Remains(ctx context.Context, id p.PartnershipID) (store.Remains, error)
	// Knows says whether anything of ours belongs to a workflow.
	Knows(ctx context.Context, workflowID string) (bool, error)
	KeepFinding(ctx context.Context, t p.Stuck) (p.Finding, error)
	OpenFindings(ctx context.Context) ([]p.Finding, error)
	// SettleFindingsOf closes what stood; with "ended ..." as how, it stays closed however long the server lists the run.
	SettleFindingsOf(ctx context.Context, workflowID, how string) error
	Record(ctx context.Context, d p.Deed) error
	RefuseDeed(ctx context.Context, d p.Deed, why string) error
}

// Mender takes workflows up again, or ends them.
type Mender struct {
	Engine
	Store  Store
	Client client.Client
	Keys   engine.Keys
	Day    time.Duration
}

// Order is what a person asks for.
type Order struct {
	WorkflowID string
	By         string
	End        bool   // end it instead of going on
	Reason     string // why, with End
}

// Done is what came of it.
type Done struct {
	WorkflowID string      `json:"workflow_id"`
	Was        p.StuckKind `json:"was,omitempty"` // its trouble, "" when there was none
	Did        string      `json:"did"`           // nothing, reset, ended
	RunID      string      `json:"run_id,omitempty"`
	EventID    int64       `json:"event_id,omitempty"` // of the old run, from which it goes on
	Outcome    string      `json:"outcome"`            // in words
}

// Mend does it. Twice, it does nothing the second time: what goes on needs no mending.
func (m *Mender) Mend(ctx context.Context, o Order) (Done, error) {
	if o.End && strings.TrimSpace(o.Reason) == "" {
		return Done{}, p.FieldErrorf("reason", "say why with --reason; creators and colleagues will ask")
	}
	trouble, err := m.Look(ctx, o.WorkflowID)
	gone := p.CodeOf(err) == p.NotFound
	if err != nil && !(gone && o.End) {
		return Done{}, err
	}
	known := true
	if o.End {
		if known, err = m.Store.Knows(ctx, o.WorkflowID); err != nil {
			return Done{}, err
		}
	}
	if trouble == nil && !gone && known {
		return m.fine(ctx, o)
	}
	var done Done
	switch {
	case !known:
		done, err = m.endUnknown(ctx, o)
	case o.End:
		done, err = m.end(ctx, o)
	default:
		done, err = m.goOn(ctx, o, *trouble)
	}
	if done.WorkflowID = o.WorkflowID; trouble != nil {
		done.Was = trouble.Kind
	}
	_, unheard := errors.AsType[*UnheardError](err) // it is mended, and the rest is not known yet
	if err != nil && !unheard {
		return done, errors.Join(err, m.Store.RefuseDeed(ctx, deed(o, ""), err.Error()))
	}
	if err := m.Store.SettleFindingsOf(ctx, o.WorkflowID, done.Did+" by "+o.By); err != nil {
		return done, err
	}
	if failed := m.Store.Record(ctx, deed(o, done.Outcome)); failed != nil {
		return done, failed
	}
	return done, err
}

// UnheardError is the answer when a campaign goes on and no worker has said yet which ends it has missed. Only who looks again can
// tell it of them: an end that it knows already must not be told twice.
type UnheardError struct{ WorkflowID string }

func (e *UnheardError) Error() string {
	return "no worker has answered for " + e.WorkflowID + ". It goes on as soon as one does; which ends it has missed is not known yet. Mend it once more when a worker runs, and it is told of them; that does no harm"
}

// deed is an order as the audit keeps it, with what came of it.
func deed(o Order, came string) p.Deed {
	d := p.Deed{Who: o.By, Deed: p.DeedMend, Subject: o.WorkflowID, Reason: o.Reason}
	if came != "" {
		d.Details = map[string]any{"came": came}
	}
	return d
}

// fine is the answer for a workflow that needs no mending. A campaign is told all the same of the ends that it missed.
func (m *Mender) fine(ctx context.Context, o Order) (Done, error) {
	done := Done{WorkflowID: o.WorkflowID, Did: "nothing", Outcome: "It goes on or has ended by itself: nothing was changed."}
	if o.End {
		return done, p.Errorf(p.Conflict, "%s goes on or has ended by itself; mend ends only what stands still. Cancel it on the board, in Slack or with `rapport campaign cancel`", o.WorkflowID)
	}
	if err := m.Store.SettleFindingsOf(ctx, o.WorkflowID, "it goes on"); err != nil {
		return done, err
	}
	told, err := m.catchUp(ctx, o.WorkflowID)
	if err == nil && told > 0 {
		done.Outcome = fmt.Sprintf("It goes on. It was told of %d end(s) that it had missed.", told)
	}
	return done, err
}

// goOn takes a run back to the newest point from which it can go on under this build.
func (m *Mender) goOn(ctx context.Context, o Order, t p.Stuck) (Done, error) {
	if t.Kind == p.StuckNoProgress {
		return Done{}, p.Errorf(p.Conflict, "no worker takes the task of %s: start one (rapport doctor says which queue has none), and it goes on by itself", o.WorkflowID)
	}
	recorded, err := engine.History(ctx, m.Client, t.WorkflowID, t.RunID)
	if err != nil {
		return Done{}, err
	}
	replayer, err := engine.NewReplayer(m.Keys, func(r worker.WorkflowRegistry) { workflows.Register(r) })
	if err != nil {
		return Done{}, err
	}
	point, ok := engine.ResetPoint(recorded.GetEvents(), func(h *historypb.History) error {
		return replayer.Replay(ctx, h, engine.Execution{WorkflowID: t.WorkflowID, RunID: t.RunID})
	})
	if !ok {
		return Done{}, p.Errorf(p.Conflict, "%s cannot go on from any point of its history under this build: %s. Deploy the build (or the codec key) that it was written with and mend it then, or end it with --end", o.WorkflowID, t.Why)
	}
	why := "mended by " + o.By
	run, err := m.watcher.Reset(ctx, t.WorkflowID, t.RunID, point, why, "mend/"+t.RunID)
	if err != nil {
		return Done{}, err
	}
	done := Done{Did: "reset", RunID: run, EventID: point, Outcome: fmt.Sprintf("It goes on from event %d as run %s.", point, run)}
	switch again, err := m.settled(ctx, t.WorkflowID); {
	case err != nil:
		return done, err
	case again != nil:
		return done, p.Errorf(p.Conflict, "%s was reset to event %d and stands again: %s (%s). Mend the cause first, or end it with --end", o.WorkflowID, point, again.Kind.Words(), again.Why)
	}
	told, err := m.catchUp(ctx, t.WorkflowID)
	if _, unheard := errors.AsType[*UnheardError](err); unheard {
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
func (m *Mender) settled(ctx context.Context, workflowID string) (*p.Stuck, error) {
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
				return &p.Stuck{WorkflowID: workflowID, Kind: p.StuckTaskFailing, Why: "rapport workflows stuck will say why in a minute"}, nil
			}
			return nil, nil
		case <-time.After(blink):
		}
	}
}
