package workflows

import (
	"fmt"
	"slices"

	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
)

// Finance's words on a payout run: approvals and one rejection. The run's row in the database takes each together with its line in the
// audit, so that of two which come at once exactly one counts and the other hears why not. Here the second is refused while the first
// is on its way, which answers it at once.

// ApproveRun approves a payout run's lines as they hash. Nothing sets or reads Also any more, which messages of before may carry: the step that
// records the approval looks up who is one person under several names.
type ApproveRun struct {
	By   string   `json:"By"`
	Also []string `json:"Also,omitempty"`
	Hash string   `json:"Hash"`
	Proven
}

// RejectRun sends a payout run back, as its lines hash: its rows are released.
type RejectRun struct {
	By     string `json:"By"`
	Reason string `json:"Reason"`
	Hash   string `json:"Hash,omitempty"`
	Proven
}

const otherLines = "the lines have changed since this card was made; look at the newest one"

func (r *payoutRun) mayReject(_ workflow.Context, m RejectRun) error {
	switch {
	case r.approving > 0 || r.rejecting:
		return refuse(partnership.Conflict, "somebody's word on this run is just being recorded; look again in a moment")
	case len(r.paused) > 0 && r.rejected == nil: // approved, and nothing more of it can be sent just now
	case r.state != partnership.RunPlanned || r.rejected != nil || len(r.approvals) >= r.plan.NeedApprovers:
		return refuse(partnership.Conflict, "this run does not wait for approval")
	}
	if m.Proof != nil && m.Hash != r.plan.LinesHash {
		return refuse(partnership.Conflict, otherLines)
	}
	return nil
}

func (r *payoutRun) takeRejection(ctx workflow.Context, m RejectRun) (Ack, error) {
	r.rejecting = true
	defer func() { r.rejecting = false }()
	rejected := Ack{WaitingFor: "nothing: the run was rejected"}
	if !rejectsAtOnce(ctx) {
		if err := decided(ctx, r.Day, UpdateRejectRun, m); err != nil {
			return Ack{}, err
		}
		r.rejected = &m
		return rejected, nil
	}
	arg := activities.Rejection{RunID: r.run.ID, By: m.By, Reason: m.Reason, Rest: len(r.paused) > 0}
	if m.Proof != nil {
		d := decisionOf(ctx, UpdateRejectRun, m)
		arg.Decision = &d
	}
	if _, err := call(ctx, r.Day, voidPayoutPlan, "Reject the run", arg); err != nil {
		r.loseBy(ctx, err)
		return Ack{}, err
	}
	r.rejected, r.released = &m, true
	if arg.Rest {
		if tellsOfRejection(ctx) {
			r.askBatches(ctx)
		}
		r.wake() // what may have been sent is settled, and the run ends
		rejected.WaitingFor = "what was sent before: the rest of the run was rejected"
	}
	return rejected, nil
}

// rejectsAtOnce is false in runs that took a rejection before its word and its rows were one step.
func rejectsAtOnce(ctx workflow.Context) bool {
	return workflow.GetVersion(ctx, "rejects-at-once", workflow.DefaultVersion, 1) == 1
}

// tellsOfRejection is false in runs that left it to the books alone to say that the rest was sent back.
func tellsOfRejection(ctx workflow.Context) bool {
	return workflow.GetVersion(ctx, "tells-of-rejection", workflow.DefaultVersion, 1) == 1
}

// mayApprove refuses what needs no look at the database: the wrong moment, other lines than the approver saw, the preparer.
func (r *payoutRun) mayApprove(_ workflow.Context, m ApproveRun) error {
	switch {
	case r.rejecting:
		return refuse(partnership.Conflict, "somebody's rejection of this run is just being recorded; look again in a moment")
	case r.state != partnership.RunPlanned || r.rejected != nil:
		return refuse(partnership.Conflict, "this run does not wait for approval")
	case r.funding:
		return refuse(partnership.Conflict, "this run waits for funds: it can be rejected now, and approved once they are there")
	case m.Hash != r.plan.LinesHash:
		return refuse(partnership.Conflict, otherLines)
	case m.By == "" || m.By == r.run.PreparedBy:
		return refuse(partnership.Forbidden, "whoever prepared a run may not approve it")
	case slices.Contains(r.approvals, m.By):
		return refuse(partnership.Conflict, "you have approved this run already; it needs another person")
	}
	return nil
}

// approvedBefore takes the approvals of a run that was begun before: they stand, and their card has no buttons any more.
func (r *payoutRun) approvedBefore(by []string) { r.approvals = slices.Clone(by) }

func (r *payoutRun) takeApproval(ctx workflow.Context, m ApproveRun) (Ack, error) {
	arg := activities.Approval{RunID: r.run.ID, By: m.By, Hash: m.Hash}
	if m.Proof != nil {
		d := decisionOf(ctx, UpdateApproveRun, m)
		arg.Decision = &d
	}
	r.approving++
	defer func() { r.approving-- }()
	if _, err := call(ctx, r.Day, approveRun, "Record the approval", arg); err != nil {
		r.loseBy(ctx, err)
		return Ack{}, err
	}
	if !slices.Contains(r.approvals, m.By) {
		r.approvals = append(r.approvals, m.By)
	}
	if missing := r.plan.NeedApprovers - len(r.approvals); missing > 0 {
		return Ack{WaitingFor: fmt.Sprintf("%d more approval", missing), More: missing}, nil
	}
	return Ack{WaitingFor: "the transfers"}, nil
}
