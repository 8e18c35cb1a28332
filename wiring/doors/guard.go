package doors

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"sync"
	"time"

	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/web/access"
)

// Guard stands in the worker and lets in what a door has made and nothing else. Doors are told from everybody else who reaches
// Temporal by their proof, and who may do what is looked up once more.
type Guard struct {
	Key       []byte // partnership.ProofKey of RAPPORT_SECRET_KEY
	Directory access.Directory
	// Refused writes a line of the audit about an update that no door has made. It runs beside the workflow.
	Refused func(ctx context.Context, d partnership.Deed, why string) error
	Log     *slog.Logger

	complaints complaints
}

// A stranger may send any number of updates: each workflow gets one line a minute in log and audit, with how many went before it
// unwritten.
const (
	complainEvery = time.Minute
	complainers   = 1000 // workflows that are remembered, at most
)

type complaints struct {
	mu   sync.Mutex
	last map[string]complaint
}

type complaint struct {
	at      time.Time
	skipped int
}

// due says whether a complaint about a workflow is to be written now, and how many were not since the last one.
func (c *complaints) due(workflowID string, now time.Time) (skipped int, due bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	last, known := c.last[workflowID]
	if known && now.Sub(last.at) < complainEvery {
		last.skipped++
		c.last[workflowID] = last
		return 0, false
	}
	if c.last == nil || len(c.last) >= complainers {
		c.last = map[string]complaint{}
	}
	c.last[workflowID] = complaint{at: now}
	return last.skipped, true
}

var _ activities.Guard = (*Guard)(nil)

const noDoor = "no door of Rapport made this message, and so nobody decided; decide in Slack, on the pages, with a token or with the rapport program"

// Proven is activities.Guard's.
func (g *Guard) Proven(ctx context.Context, d activities.Decision) ([]string, error) {
	if err := g.holds(d.Proof, d.Deed, d.Workflow, d.Message); err != nil {
		return nil, err
	}
	if partnership.CreatorsOwn(d.Deed) {
		return nil, partnership.Errorf(partnership.Forbidden, "%s is not for the team to decide", d.Deed)
	}
	roles, err := g.Directory.Of(ctx, d.Proof.Who)
	if err != nil {
		return nil, err
	}
	if err := (deeds.By{Who: d.Proof.Who, Roles: roles}).May(d.Deed); err != nil {
		return nil, err
	}
	return g.Directory.Names(ctx, d.Proof.Who)
}

// holds says whether a door made this message, for the person whom it names.
func (g *Guard) holds(proof partnership.Proof, deed, workflowID string, message any) error {
	content, err := partnership.ContentHash(message)
	if err != nil || !proof.Holds(g.Key, deed, workflowID, content) {
		return partnership.Errorf(partnership.Forbidden, noDoor)
	}
	if partnership.CreatorsOwn(deed) != (partnership.Door(proof.Who) == "creator") {
		return partnership.Errorf(partnership.Forbidden, "%s is not for %s to decide", deed, partnership.Door(proof.Who))
	}
	fields, err := partnership.FieldsOf(message)
	if by, named := fields["By"]; err != nil || named && by != proof.Who {
		return partnership.Errorf(partnership.Forbidden, noDoor)
	}
	return nil
}

// Interceptor refuses every update without a proof of its own, before it leaves a trace in any history. Validation never runs on
// replay, so histories from before there were proofs go on.
func (g *Guard) Interceptor() interceptor.WorkerInterceptor { return &atWorker{guard: g} }

type atWorker struct {
	interceptor.WorkerInterceptorBase
	guard *Guard
}

func (w *atWorker) InterceptWorkflow(_ workflow.Context, next interceptor.WorkflowInboundInterceptor) interceptor.WorkflowInboundInterceptor {
	i := &atWorkflow{guard: w.guard}
	i.Next = next
	return i
}

type atWorkflow struct {
	interceptor.WorkflowInboundInterceptorBase
	guard *Guard
}

// ValidateUpdate looks at the proof first: what no door made is nobody's, and not asked about.
func (w *atWorkflow) ValidateUpdate(ctx workflow.Context, in *interceptor.UpdateInput) error {
	id, update := workflow.GetInfo(ctx).WorkflowExecution.ID, workflow.GetCurrentUpdateInfo(ctx)
	if err := w.guard.admit(in, id, update.ID); err != nil {
		w.guard.complain(in.Name, id, update.ID, err)
		return refusal(err)
	}
	return w.Next.ValidateUpdate(ctx, in)
}

func (g *Guard) admit(in *interceptor.UpdateInput, workflowID, updateID string) error {
	if len(in.Args) != 1 {
		return partnership.Errorf(partnership.Forbidden, noDoor)
	}
	m, ok := in.Args[0].(interface{ Provenance() *partnership.Proof })
	if !ok || m.Provenance() == nil || m.Provenance().ID != updateID {
		return partnership.Errorf(partnership.Forbidden, noDoor)
	}
	return g.holds(*m.Provenance(), in.Name, workflowID, in.Args[0])
}

// complain writes down that somebody reached Temporal beside the doors. It must not hold the workflow up.
func (g *Guard) complain(name, workflowID, updateID string, why error) {
	skipped, due := g.complaints.due(workflowID, time.Now())
	if !due {
		return
	}
	g.Log.Error("an update that no door made was refused", "update", name, "workflow", workflowID, "more_before", skipped)
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), keeping)
		defer cancel()
		sum := sha256.Sum256([]byte(workflowID + "\x00" + updateID)) // a stranger's words, of any length
		d := partnership.Deed{ID: "refused/" + hex.EncodeToString(sum[:16]), Who: "unknown", Deed: name, Subject: workflowID, At: time.Time{}}
		if err := g.Refused(ctx, d, why.Error()); err != nil {
			g.Log.Error("audit not written", "update", name, "workflow", workflowID, "error", err)
		}
	}()
}

// refusal is an error of ours as workflows give them.
func refusal(err error) error {
	no, ok := errors.AsType[*partnership.Error](err)
	if !ok {
		return err
	}
	return activities.Refusal(no)
}
