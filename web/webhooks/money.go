package webhooks

import (
	"context"
	"errors"

	"github.com/rapport-dev/rapport/app/news"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/facts"
	"github.com/rapport-dev/rapport/store"
)

// rail is who is asked again before anything is booked.
func (a *Applier) rail(vendor string) (Rail, error) {
	if r, on := a.Rails[vendor]; on {
		return r, nil
	}
	return nil, errors.New(a.Title(vendor) + " is not configured: rapport doctor names its settings")
}

func (a *Applier) account(ctx context.Context, vendor string, w store.Webhook, e facts.AccountChanged) error {
	rail, err := a.rail(vendor)
	if err != nil {
		return err
	}
	account, err := rail.Account(ctx, e.AccountID)
	if err != nil {
		return unknown(w, "the account", err)
	}
	account.Rail = vendor
	creators, err := a.Store.NotePayoutAccount(ctx, account)
	if err != nil {
		return err
	}
	if len(creators) == 0 {
		return unknown(w, "the account", partnership.Errorf(partnership.NotFound, "no creator has this account yet"))
	}
	for _, id := range creators {
		if !account.Ready {
			continue
		}
		open, err := a.Store.MayBePaid(ctx, id) // who lacks something else is reminded on
		if err != nil {
			return err
		}
		if err := a.tellAll(ctx, open, news.PayoutAccountReady, e.EventID); err != nil {
			return err
		}
	}
	return nil
}

// reversed books money that came back from a creator's account, as much as the provider now says in all.
func (a *Applier) reversed(ctx context.Context, vendor string, w store.Webhook, t facts.TransferReversed) error {
	rail, err := a.rail(vendor)
	if err != nil {
		return err
	}
	id, err := a.Store.PayoutByRef(ctx, vendor, t.TransferID)
	if err != nil {
		return unknown(w, "the transfer", err)
	}
	transfers, err := rail.TransfersOf(ctx, id, t.TransferID)
	if err != nil {
		return err
	}
	for _, now := range transfers {
		if now.ID == t.TransferID {
			return a.Store.ReverseTransfer(ctx, id, t.TransferID, now.ReversedMinor)
		}
	}
	return errors.New("the provider does not show the transfer that it says was reversed")
}

// transferChanged tells a payout that its transfer has moved; one that was paid, and whose workflow has ended, is asked about here.
func (a *Applier) transferChanged(ctx context.Context, vendor string, w store.Webhook, t facts.TransferChanged) error {
	po, err := a.Store.Payout(ctx, t.PayoutID)
	switch {
	case err != nil:
		return unknown(w, "the payout", err)
	case po.Provider != vendor:
		return ignored("the payout goes by another rail")
	case po.ProviderRef != "":
		return a.reversed(ctx, vendor, w, facts.TransferReversed{TransferID: po.ProviderRef})
	}
	err = news.PayoutMoved(ctx, a.Workflows, t.PayoutID, t.EventID)
	if partnership.CodeOf(err) == partnership.NotFound {
		return ignored("nobody waits for this payout")
	}
	return err
}

// bankRefused is about money that a creator's bank sent back to the creator's own balance at the provider: it is still theirs,
// and they have to mend their bank details. They are told by mail, and finance; the ledger does not move.
func (a *Applier) bankRefused(ctx context.Context, vendor string, w store.Webhook, e facts.BankRefused) error {
	creators, err := a.Store.CreatorsByAccount(ctx, e.AccountID)
	if err != nil {
		return err
	}
	if len(creators) == 0 {
		return ignored("the account is not ours")
	}
	for _, id := range creators {
		if err := a.Store.BankRefused(ctx, id, e.AccountID, e.ID, e.Reason); err != nil {
			return err
		}
	}
	return a.show(ctx, partnership.Message{
		Key: partnership.EffectKey("creator/" + string(creators[0]) + "/bank-refused/" + e.ID), Kind: "bank_refused",
		Text:  "A creator's bank sent a payout back",
		Body:  "The money lies in the creator's own balance at " + a.Title(vendor) + "; nothing has to be paid again. The creator is asked by mail to correct the bank details there.",
		Facts: []partnership.Fact{{Label: "Account", Value: e.AccountID}, {Label: "Reason", Value: e.Reason}},
	}, w.ReceivedAt)
}
