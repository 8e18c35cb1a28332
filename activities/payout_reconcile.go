package activities

import (
	"context"
	"fmt"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/temporal"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
)

// ReconcileRun holds the run's payouts against the provider's list, one by one. A difference keeps the run open until it is mended.
func (a *Activities) ReconcileRun(ctx context.Context, in RunRef) (err error) {
	defer mapped(&err)
	payouts, key, err := a.toReconcile(ctx, in)
	if err != nil {
		return err
	}
	var wrong []string
	for _, po := range payouts {
		switch po.State {
		case partnership.PayoutVoid:
			continue
		case partnership.PayoutPlanned, partnership.PayoutPosted, partnership.PayoutUnknown: // a run is reconciled once all of it is settled
			return partnership.Errorf(partnership.WentBack, "payout %s is %s in the books, and this run has settled it: they have gone back to before that", po.ID, po.State)
		}
		beat(ctx)
		list, err := a.transfersOf(ctx, po)
		if err != nil {
			return err
		}
		if err := a.bookReversal(ctx, &po, list); err != nil {
			return err
		}
		if list, err = a.unsettled(ctx, po, list); err != nil {
			return err
		}
		if diff := difference(po, list); diff != "" {
			wrong = append(wrong, "payout "+string(po.ID)+": "+diff)
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	body := fmt.Sprintf("%d differences; the first: %s", len(wrong), wrong[0])
	if err := a.tell(ctx, partnership.Message{
		Key: key, Kind: "reconciliation", Text: "The provider's list differs from the ledger", Body: body,
	}); err != nil {
		return err
	}
	return temporal.NewApplicationErrorWithOptions(body, "differences", temporal.ApplicationErrorOptions{
		NextRetryDelay: scaled(a.Day, time.Hour, 2*time.Second), Category: temporal.ApplicationErrorCategoryBenign,
	})
}

// toReconcile are the payouts of a run, or of one batch of it, and the key of what is told of them.
func (a *Activities) toReconcile(ctx context.Context, in RunRef) (payouts []partnership.Payout, key partnership.EffectKey, err error) {
	key = partnership.EffectKey("payout-run/" + in.RunID + "/differences")
	if !in.Batched {
		payouts, err = a.Store.PayoutsOfRun(ctx, in.RunID)
		return payouts, key, err
	}
	if in.Batch > 0 {
		key += partnership.EffectKey(fmt.Sprintf("/%d", in.Batch))
	}
	payouts, err = a.Store.PayoutsOfBatch(ctx, in.RunID, in.Batch)
	return payouts, key, err
}

// beating beats while f is on its way: a provider's whole list takes longer than a dead worker may stay unnoticed.
func beating[R any](ctx context.Context, f func() (R, error)) (R, error) {
	over := make(chan struct{})
	defer close(over)
	go func() {
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			select {
			case <-over:
				return
			case <-tick.C:
				beat(ctx)
			}
		}
	}()
	return f()
}

// beat says that a long step goes on, so that a dead worker is noticed before the step's whole time is over.
func beat(ctx context.Context) {
	if activity.IsActivity(ctx) {
		activity.RecordHeartbeat(ctx)
	}
}

// bookReversal books what came back of a transfer and whose message was lost.
func (a *Activities) bookReversal(ctx context.Context, po *partnership.Payout, list []partnership.Transfer) error {
	if po.State != partnership.PayoutPaid || len(list) != 1 || list[0].ID != po.ProviderRef || list[0].ReversedMinor <= po.ReversedMinor {
		return nil
	}
	if err := a.Store.ReverseTransfer(ctx, po.ID, po.ProviderRef, list[0].ReversedMinor); err != nil {
		return err
	}
	po.ReversedMinor = list[0].ReversedMinor
	return nil
}

// difference says how a payout differs from what the provider shows, "" when they agree.
func difference(po partnership.Payout, list []partnership.Transfer) string {
	moved := int64(0)
	for _, t := range list {
		moved += t.AmountMinor - t.ReversedMinor
	}
	want := int64(0)
	if po.State == partnership.PayoutPaid || po.State == partnership.PayoutReturned {
		want = po.AmountMinor - po.ReversedMinor
	}
	if moved != want && len(list) > 1 {
		return fmt.Sprintf("%d transfers for one payout", len(list))
	}
	if moved != want {
		return fmt.Sprintf("the ledger has %s, the provider moved %s", money.Display(want, po.Currency), money.Display(moved, po.Currency))
	}
	return ""
}
