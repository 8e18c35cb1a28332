package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	p "github.com/rapport-dev/rapport/partnership"
)

// PayoutResult is what became of one payout.
type PayoutResult struct {
	PayoutID p.PayoutID    `json:"PayoutID"`
	State    p.PayoutState `json:"State"`
}

// ladder is how long an ambiguous transfer is sent again under its one key. Stripe may forget a key after 24 hours; an hour
// is kept back. These are real hours: the provider knows nothing of campaign days.
const ladder = 23 * time.Hour

// Payout moves one creator's money once. While nobody knows whether a transfer was made, the same key is sent again; when the
// key may have been forgotten, the provider's list decides; when that is empty too, a person does. It never fails: what cannot be
// settled now is parked, and its rows stay claimed. The only error that leaves it is that a person cancelled it.
func Payout(ctx workflow.Context, in PayoutInput) (PayoutResult, error) {
	var resolved *ResolvePayout
	waiting, recording := false, false
	must(workflow.SetUpdateHandlerWithOptions(ctx, UpdateResolvePayout, func(ctx workflow.Context, m ResolvePayout) (Ack, error) {
		recording = true
		defer func() { recording = false }()
		if err := decided(ctx, in.Day, UpdateResolvePayout, m); err != nil {
			return Ack{}, err
		}
		resolved = &m
		return Ack{}, nil
	}, workflow.UpdateHandlerOptions{Validator: func(_ workflow.Context, m ResolvePayout) error {
		switch {
		case !waiting || resolved != nil || recording:
			return refuse(p.Conflict, "this payout does not wait for a person")
		case m.Decision != ResolvedPaid && m.Decision != ResolvedRelease:
			return refuse(p.Invalid, "decision: must be paid or release")
		}
		return nil
	}}))
	s := &settling{in: in}
	must(handleRetry(ctx, in.Day, &s.retries, func() bool { return s.parked }))
	arg := activities.PayoutRef{PayoutID: in.PayoutID}
	result := PayoutResult{PayoutID: in.PayoutID}

	transfer := bounded(onQueue(ctx, in.Day, QueuePayout, "Transfer, always under the same key"), ladder)
	err := workflow.ExecuteActivity(transfer, act.ExecuteTransfer, arg).Get(ctx, &result.State)
	switch {
	case err == nil && result.State != p.PayoutUnknown:
		return result, nil
	case err == nil: // the key is too old to send again, or the provider shows several: look closer
	case refusalOf(err) != nil:
		result.State, err = s.release(ctx, why(err))
		return result, err
	case ctx.Err() != nil:
		return result, err
	}
	for asked := 0; ; asked++ {
		lookUp := onQueue(ctx, in.Day, QueuePayout, "Look the transfer up at the provider")
		look := activities.LookUp{PayoutID: in.PayoutID, Resolved: resolution(resolved), Asked: asked, Beside: moneyBeforeCards(ctx)}
		if result.State, err = settled[p.PayoutState](lookUp, s, act.LookUpTransfer, look); err != nil {
			return result, err
		}
		if result.State != p.PayoutUnknown {
			return result, nil
		}
		workflow.SetCurrentDetails(ctx, "Waiting for finance: the provider does not show this transfer, which does not prove that it was not made")
		waiting, resolved = true, nil
		if look.Beside {
			askUntil(ctx, in.Day, "Ask finance about the transfer", act.AskAboutTransfer, look, func() bool { return resolved != nil })
		}
		if err := workflow.Await(ctx, func() bool { return resolved != nil }); err != nil {
			return result, err
		}
		waiting = false
	}
}

// release gives the rows of a refused transfer back, and then tells finance.
func (s *settling) release(ctx workflow.Context, why string) (p.PayoutState, error) {
	refused := activities.Refused{PayoutID: s.in.PayoutID, Why: why, Beside: moneyBeforeCards(ctx)}
	free := onQueue(ctx, s.in.Day, QueueLifecycle, "Release the rows of a refused transfer")
	state, err := settled[p.PayoutState](free, s, act.ReleaseRefused, refused)
	if err == nil && refused.Beside {
		courtesy(lastWords(ctx, s.in.Day, "Tell finance that a transfer was refused"), s.in.Day, act.TellRefused, refused)
	}
	return state, err
}

func resolution(m *ResolvePayout) string {
	if m == nil {
		return ""
	}
	return m.Decision
}
