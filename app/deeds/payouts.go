package deeds

import (
	"context"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// ApproveRun approves a program's run over a month (2026-11) as its lines hash: another plan is not approved.
func ApproveRun(program, period, hash string) (Request, error) {
	if hash == "" {
		return Request{}, partnership.FieldErrorf("hash", "send the lines_hash of the run that you have looked at")
	}
	return Request{Deed: partnership.DeedApproveRun, Subject: workflows.PayoutRunWorkflowID(program, period), message: func(who string) any {
		return workflows.ApproveRun{By: who, Hash: hash}
	}}, nil
}

// RejectRun sends a run back with a reason; nothing of it is paid.
func RejectRun(program, period, reason, hash string) (Request, error) {
	switch {
	case hash == "":
		return Request{}, partnership.FieldErrorf("hash", "send the lines_hash of the run that you have looked at")
	case strings.TrimSpace(reason) == "":
		return Request{}, partnership.FieldErrorf("reject", "say why; whoever prepared it will ask")
	}
	return Request{Deed: partnership.DeedRejectRun, Subject: workflows.PayoutRunWorkflowID(program, period), message: func(who string) any {
		return workflows.RejectRun{By: who, Reason: reason, Hash: hash}
	}}, nil
}

// Runs are the payout runs of a program's month, oldest first.
type Runs interface {
	PayoutRuns(ctx context.Context, program, period string) ([]partnership.PayoutRun, error)
}

// RejectNewest is RejectRun for the month's newest run, as its lines are now: whoever rejects need not say what.
func RejectNewest(ctx context.Context, kept Runs, program, period, reason string) (Request, error) {
	runs, err := kept.PayoutRuns(ctx, program, period)
	if err != nil {
		return Request{}, err
	}
	if len(runs) == 0 || runs[len(runs)-1].LinesHash == "" {
		return Request{}, partnership.Errorf(partnership.NotFound, "no run of that month waits for approval")
	}
	return RejectRun(program, period, reason, runs[len(runs)-1].LinesHash)
}

// ResolvePayout says what a person found at the provider about a transfer of which nobody knows whether it was made.
func ResolvePayout(id partnership.PayoutID, decision partnership.Choice, transfer string) (Request, error) {
	if decision != partnership.ChoicePaid && decision != partnership.ChoiceRelease {
		return Request{}, partnership.FieldErrorf("decision", "must be %s or %s", partnership.ChoicePaid, partnership.ChoiceRelease)
	}
	return Request{Deed: partnership.DeedResolvePayout, Subject: workflows.PayoutWorkflowID(id), message: func(who string) any {
		return workflows.ResolvePayout{By: who, Decision: decision, TransferID: transfer}
	}}, nil
}
