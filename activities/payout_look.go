package activities

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/rapport-dev/rapport/partnership"
)

// What the provider shows of one payout, and what the books say then.

// rail is the one that a transfer goes by. That it is not set up here is never a refusal: another worker may have sent the transfer,
// and a refusal releases the rows.
func (a *Activities) rail(name string) (PayoutRail, error) {
	name = a.Rails.name(name)
	if rail, there := a.Rails.By[name]; there {
		return rail, nil
	}
	return nil, &partnership.VendorError{Vendor: name, Op: "transfer.create", Class: partnership.Retry, Message: "not configured in this worker: rapport doctor names its settings"}
}

// transfersOf reads the provider's list. A list that cannot be read refuses nothing: it is read again once its cause is mended.
func (a *Activities) transfersOf(ctx context.Context, po partnership.Payout) ([]partnership.Transfer, error) {
	rail, err := a.rail(po.Provider)
	if err != nil {
		return nil, err
	}
	list, err := rail.TransfersOf(ctx, po.ID, cmp.Or(po.ProviderRef, po.OrderedRef))
	if v, ok := errors.AsType[*partnership.VendorError](err); ok && v.Class == partnership.Permanent {
		again := *v
		again.Class = partnership.Retry
		return nil, &again
	}
	return list, err
}

// settleFromList confirms a payout that the provider's list shows once. More than one is for a person to look at.
func (a *Activities) settleFromList(ctx context.Context, po partnership.Payout) (partnership.PayoutState, error) {
	list, err := a.transfersOf(ctx, po)
	switch {
	case err != nil || len(list) == 0:
		return "", err
	case len(list) > 1:
		return a.inDoubt(ctx, po, doubt(list))
	}
	return a.settle(ctx, po, list[0])
}

// unlessSent is the refusal of a payee whose payout was never sent, as the books have it. They may be a backup's, and then what the provider
// shows counts: rows that were released would be paid again.
func (a *Activities) unlessSent(ctx context.Context, po partnership.Payout, refusal error) (partnership.PayoutState, error) {
	list, err := a.transfersOf(ctx, po)
	switch {
	case err != nil:
		return "", err
	case len(list) == 0:
		return "", refusal
	}
	if po, err = a.Store.PostFound(ctx, po.ID); err != nil {
		return "", err
	}
	return a.settleFromList(ctx, po)
}

// settle books what a transfer has become. One that is under way has paid nobody: the payout stays posted, and is looked at again, by the
// order's own name once that is noted. Whoever dies before the note finds the order as any lost answer is found, and notes it then.
func (a *Activities) settle(ctx context.Context, po partnership.Payout, t partnership.Transfer) (partnership.PayoutState, error) {
	switch t.State {
	case partnership.TransferUnderway:
		if po.OrderedRef == "" {
			return partnership.PayoutPosted, a.Store.NoteOrdered(ctx, po.ID, t.ID)
		}
		return partnership.PayoutPosted, nil
	case partnership.TransferFailed:
		return partnership.PayoutFailed, a.Store.FailTransfer(ctx, po.ID, t.Why)
	}
	return a.confirm(ctx, po, t)
}

// doubt says what is unclear about a transfer of which the provider shows these.
func doubt(list []partnership.Transfer) string {
	switch len(list) {
	case 0:
		return "no answer came, and the provider's list does not show it"
	case 1:
		return "the transfer that the provider shows is not the one that was ordered"
	default:
		return fmt.Sprintf("the provider shows %d transfers for this payout", len(list))
	}
}

// confirm books a transfer that was made. One that is not what was ordered has moved money all the same: its rows stay claimed
// and a person looks at it.
func (a *Activities) confirm(ctx context.Context, po partnership.Payout, t partnership.Transfer) (partnership.PayoutState, error) {
	err := a.Store.ConfirmTransfer(ctx, po.ID, t)
	if partnership.CodeOf(err) == partnership.Conflict {
		return a.inDoubt(ctx, po, err.Error())
	}
	return partnership.PayoutPaid, err
}

func (a *Activities) inDoubt(ctx context.Context, po partnership.Payout, why string) (partnership.PayoutState, error) {
	if err := a.Store.ParkTransfer(ctx, po.ID, why); err != nil {
		return "", err
	}
	return partnership.PayoutUnknown, nil
}
