// Package mending is what people ask about a workflow that does not go on by itself: that it be taken up again, or ended.
package mending

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
)

// Books are what mending reads and keeps.
type Books interface {
	deeds.Recorder
	// Knows says whether anything of ours belongs to a workflow.
	Knows(ctx context.Context, workflowID string) (bool, error)
	// SettleFindingsOf closes what stood, until it is found again.
	SettleFindingsOf(ctx context.Context, workflowID, how string) error
	// EndFindingsOf closes what stood of a workflow that a person has ended, however long the server lists the run.
	EndFindingsOf(ctx context.Context, workflowID, how string) error
	RefuseDeed(ctx context.Context, d partnership.Deed, why string) error
}

// Hands do it: wiring/mend.
type Hands interface {
	// Look is a workflow's trouble: nil when it goes on or has ended by itself.
	Look(ctx context.Context, workflowID string) (*partnership.Stuck, error)
	// GoOn takes a run back to the newest point from which it can go on under this build.
	GoOn(ctx context.Context, o Order, t partnership.Stuck) (Done, error)
	// End ends what cannot go on, EndUnknown what no books know.
	End(ctx context.Context, o Order) (Done, error)
	EndUnknown(ctx context.Context, o Order) (Done, error)
	// CatchUp tells a campaign that goes on of the ends that it missed, and returns how many.
	CatchUp(ctx context.Context, workflowID string) (told int, err error)
}

// Order is what a person asks for.
type Order struct {
	WorkflowID string
	By         string // set by Mend
	End        bool   // end it instead of going on
	Reason     string // why, with End
}

// Done is what came of it.
type Done struct {
	WorkflowID string                `json:"workflow_id"`
	Was        partnership.StuckKind `json:"was,omitempty"` // its trouble, "" when there was none
	Did        string                `json:"did"`           // nothing, reset, ended
	RunID      string                `json:"run_id,omitempty"`
	EventID    int64                 `json:"event_id,omitempty"` // of the old run, from which it goes on
	Outcome    string                `json:"outcome"`            // in words
}

// Mend lets a workflow that stands go on, or ends it. Twice, it does nothing the second time: what goes on needs no mending.
func Mend(ctx context.Context, kept Books, hands Hands, by deeds.By, o Order) (Done, error) {
	if err := May(by, o.WorkflowID); err != nil {
		return Done{}, err
	}
	o.By = by.Who
	if o.End && strings.TrimSpace(o.Reason) == "" {
		return Done{}, partnership.FieldErrorf("reason", "say why with --reason; creators and colleagues will ask")
	}
	trouble, err := hands.Look(ctx, o.WorkflowID)
	gone := partnership.CodeOf(err) == partnership.NotFound
	if err != nil && !(gone && o.End) {
		return Done{}, err
	}
	known := true
	if o.End {
		if known, err = kept.Knows(ctx, o.WorkflowID); err != nil {
			return Done{}, err
		}
	}
	if trouble == nil && !gone && known {
		return fine(ctx, kept, hands, o)
	}
	var done Done
	switch {
	case !known:
		done, err = hands.EndUnknown(ctx, o)
	case o.End:
		done, err = hands.End(ctx, o)
	default:
		done, err = hands.GoOn(ctx, o, *trouble)
	}
	if done.WorkflowID = o.WorkflowID; trouble != nil {
		done.Was = trouble.Kind
	}
	_, unheard := errors.AsType[*UnheardError](err) // it is mended, and the rest is not known yet
	if err != nil && !unheard {
		return done, errors.Join(err, kept.RefuseDeed(ctx, deed(o, ""), err.Error()))
	}
	settle := kept.SettleFindingsOf
	if o.End {
		settle = kept.EndFindingsOf
	}
	if err := settle(ctx, o.WorkflowID, done.Did+" by "+o.By); err != nil {
		return done, err
	}
	if failed := kept.Record(ctx, deed(o, done.Outcome)); failed != nil {
		return done, failed
	}
	return done, err
}

// May is nil for who may mend a workflow: where money is under way that takes finance.
func May(by deeds.By, workflowID string) error {
	if strings.HasPrefix(workflowID, "payout") {
		return by.Has(deeds.Finance)
	}
	return by.May(partnership.DeedMend)
}

// UnheardError is the answer when a campaign goes on and no worker has said yet which ends it has missed. Only who looks again can
// tell it of them: an end that it knows already must not be told twice.
type UnheardError struct{ WorkflowID string }

func (e *UnheardError) Error() string {
	return "no worker has answered for " + e.WorkflowID + ". It goes on as soon as one does; which ends it has missed is not known yet. Mend it once more when a worker runs, and it is told of them; that does no harm"
}

// deed is an order as the audit keeps it, with what came of it.
func deed(o Order, came string) partnership.Deed {
	d := partnership.Deed{Who: o.By, Deed: partnership.DeedMend, Subject: o.WorkflowID, Reason: o.Reason}
	if came != "" {
		d.Details = map[string]any{"came": came}
	}
	return d
}

// fine is the answer for a workflow that needs no mending. A campaign is told all the same of the ends that it missed.
func fine(ctx context.Context, kept Books, hands Hands, o Order) (Done, error) {
	done := Done{WorkflowID: o.WorkflowID, Did: "nothing", Outcome: "It goes on or has ended by itself: nothing was changed."}
	if o.End {
		return done, partnership.Errorf(partnership.Conflict, "%s goes on or has ended by itself; mend ends only what stands still. Cancel it on the board, in Slack or with `rapport campaign cancel`", o.WorkflowID)
	}
	if err := kept.SettleFindingsOf(ctx, o.WorkflowID, "it goes on"); err != nil {
		return done, err
	}
	told, err := hands.CatchUp(ctx, o.WorkflowID)
	if err == nil && told > 0 {
		done.Outcome = fmt.Sprintf("It goes on. It was told of %d end(s) that it had missed.", told)
	}
	return done, err
}
