package deeds

import (
	"context"
	"strings"

	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// ApproveRun approves a program's run over a month (2026-11) as its lines hash: another plan is not approved.
func ApproveRun(program, period, hash string) (Request, error) {
	if hash == "" {
		return Request{}, p.FieldErrorf("hash", "send the lines_hash of the run that you have looked at")
	}
	return Request{Deed: p.DeedApproveRun, Subject: workflows.PayoutRunWorkflowID(program, period), message: func(who string) any {
		return workflows.ApproveRun{By: who, Hash: hash}
	}}, nil
}

// RejectRun sends a run back with a reason; nothing of it is paid.
func RejectRun(program, period, reason, hash string) (Request, error) {
	switch {
	case hash == "":
		return Request{}, p.FieldErrorf("hash", "send the lines_hash of the run that you have looked at")
	case strings.TrimSpace(reason) == "":
		return Request{}, p.FieldErrorf("reject", "say why; whoever prepared it will ask")
	}
	return Request{Deed: p.DeedRejectRun, Subject: workflows.PayoutRunWorkflowID(program, period), message: func(who string) any {
		return workflows.RejectRun{By: who, Reason: reason, Hash: hash}
	}}, nil
}

// Runs are the payout runs of a program's month, oldest first.
type Runs interface {
	PayoutRuns(ctx context.Context, program, period string) ([]p.PayoutRun, error)
}

// RejectNewest is RejectRun for the month's newest run, as its lines are now: whoever rejects need not say what.
func RejectNewest(ctx context.Context, kept Runs, program, period, reason string) (Request, error) {
	runs, err := kept.PayoutRuns(ctx, program, period)
	if err != nil {
		return Request{}, err
	}
	if len(runs) == 0 || runs[len(runs)-1].LinesHash == "" {
		return Request{}, p.Errorf(p.NotFound, "no run of that month waits for approval")
	}
	return RejectRun(program, period, reason, runs[len(runs)-1].LinesHash)
}

// ResolvePayout says what a person found at the provider about a transfer of which nobody knows whether it was made.
func ResolvePayout(id p.PayoutID, decision p.Choice, transfer string) (Request, error) {
	if decision != p.ChoicePaid && decision != p.ChoiceRelease {
		return Request{}, p.FieldErrorf("decision", "must be %s or %s", p.ChoicePaid, p.ChoiceRelease)
	}
	return Request{Deed: p.DeedResolvePayout, Subject: workflows.PayoutWorkflowID(id), message: func(who string) any {
		return workflows.ResolvePayout{By: who, Decision: decision, TransferID: transfer}
	}}, nil
}
