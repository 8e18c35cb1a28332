package activities

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
)

// What a person found at the provider: a transfer by its id. Their word is held against the provider's before anything is booked.

// NamedTransfer is the transfer that a person says has paid a payout.
type NamedTransfer struct {
	PayoutID   partnership.PayoutID `json:"PayoutID"`
	TransferID string               `json:"TransferID"`
}

// namedOverlap is how long before the first post the provider's list is read: its clock is not ours.
const namedOverlap = 48 * time.Hour

// CheckTransfer refuses a transfer that did not pay the payout, and says what differs.
func (a *Activities) CheckTransfer(ctx context.Context, in NamedTransfer) (err error) {
	defer mapped(&err)
	po, err := a.Store.Payout(ctx, in.PayoutID)
	if err != nil {
		return err
	}
	_, err = a.named(ctx, po, in.TransferID)
	return err
}

// settleNamed books that the named transfer paid the payout.
func (a *Activities) settleNamed(ctx context.Context, po partnership.Payout, id string) (partnership.PayoutState, error) {
	t, err := a.named(ctx, po, id)
	if partnership.CodeOf(err) != "" { // it was the right one when the person named it
		return a.inDoubt(ctx, po, err.Error())
	}
	if err != nil {
		return "", err
	}
	return a.settle(ctx, po, t)
}

// named is the transfer of that id, which has to be the payout's: of its group, amount, currency and destination.
func (a *Activities) named(ctx context.Context, po partnership.Payout, id string) (partnership.Transfer, error) {
	of := func(list []partnership.Transfer) (partnership.Transfer, bool) {
		at := slices.IndexFunc(list, func(t partnership.Transfer) bool { return t.ID == id })
		if at < 0 {
			return partnership.Transfer{}, false
		}
		return list[at], true
	}
	list, err := a.transfersOf(ctx, po)
	if err != nil {
		return partnership.Transfer{}, err
	}
	t, there := of(list)
	if !there { // of another payout, or of nobody: whoever named it wants to know
		rail, err := a.rail(po.Provider)
		if err != nil {
			return partnership.Transfer{}, err
		}
		if list, err = rail.Transfers(ctx, po.FirstPostedAt.Add(-namedOverlap), mostTransfers); err != nil {
			return partnership.Transfer{}, err
		}
		if t, there = of(list); !there {
			return t, partnership.FieldErrorf("transfer_id", "the provider shows no transfer %s since %s", id, po.FirstPostedAt.Add(-namedOverlap).UTC().Format("2 Jan 2006"))
		}
	}
	if t.Receiver != "" { // the rail shows whom it paid, and the books an id of ours
		t.Destination = "another receiver"
		if to, err := a.Store.Receiver(ctx, po.Provider, po.Destination); err == nil && strings.EqualFold(to.ID, t.Receiver) {
			t.Destination = po.Destination
		}
	}
	if wrong := differs(po, t); len(wrong) > 0 {
		return t, partnership.FieldErrorf("transfer_id", "%s did not pay this payout: %s", id, strings.Join(wrong, "; "))
	}
	return t, nil
}

// differs says in what a transfer is not the one that a payout ordered.
func differs(po partnership.Payout, t partnership.Transfer) (wrong []string) {
	is := func(what, got, want string) {
		if got == "" {
			got = "none"
		}
		if got != want {
			wrong = append(wrong, fmt.Sprintf("its %s is %s, and not %s", what, got, want))
		}
	}
	is("payout", string(t.PayoutID), string(po.ID))
	if !strings.EqualFold(t.Currency, po.Currency) || t.AmountMinor != po.AmountMinor {
		is("amount", money.Display(t.AmountMinor, strings.ToUpper(t.Currency)), money.Display(po.AmountMinor, po.Currency))
	}
	is("destination", t.Destination, po.Destination)
	return wrong
}

// unsettled are those of a payout's transfers that no person has settled as differences: what is settled needs no further word.
func (a *Activities) unsettled(ctx context.Context, po partnership.Payout, list []partnership.Transfer) ([]partnership.Transfer, error) {
	var ids []string
	for _, t := range list {
		if t.ID != po.ProviderRef {
			ids = append(ids, t.ID)
		}
	}
	if len(ids) == 0 {
		return list, nil
	}
	settled, err := a.Store.SettledTransfers(ctx, po.Provider, ids)
	return slices.DeleteFunc(slices.Clone(list), func(t partnership.Transfer) bool {
		return slices.Contains(settled, t.ID)
	}), err
}
