package webhooks

import (
	"context"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/facts"
	"github.com/rapport-dev/rapport/store"
)

// paidOut are books in which all that an order earned is paid.
type paidOut struct {
	Store

	look string
	done map[partnership.EffectKey]bool
}

func (p paidOut) RecordOrder(context.Context, store.OrderIn) (store.OrderResult, error) {
	return store.OrderResult{Look: p.look}, nil
}

func (p paidOut) RecordRefund(context.Context, partnership.SaleRefund, store.Heard) (store.RefundResult, error) {
	return store.RefundResult{Look: p.look}, nil
}

func (p paidOut) RecordDispute(context.Context, partnership.SaleDispute, store.Heard) (store.RefundResult, error) {
	return store.RefundResult{Look: p.look}, nil
}

func (p paidOut) PlaceMessage(_ context.Context, m partnership.Message) (partnership.Message, *partnership.Message, error) {
	return m, nil, nil
}

func (p paidOut) BeginEffect(_ context.Context, key partnership.EffectKey, _ string) (e partnership.Effect, err error) {
	if p.done[key] {
		e.State = partnership.EffectConfirmed
	}
	return e, nil
}

func (p paidOut) ConfirmEffect(_ context.Context, key partnership.EffectKey, _ any) error {
	p.done[key] = true
	return nil
}

// wall is a chat that keeps what is posted.
type wall struct {
	Chat

	posted []partnership.Message
}

func (w *wall) PostMessage(_ context.Context, m partnership.Message) (partnership.MessageRef, error) {
	w.posted = append(w.posted, m)
	return partnership.MessageRef{}, nil
}

// What cannot be held because it is paid is told, once, whichever fact it was.
func TestWhatIsPaidAndSaidInAnotherCurrencyIsTold(t *testing.T) {
	t.Parallel()
	for name, fact := range map[string]facts.Fact{
		"order":   facts.OrderTold{Order: partnership.Sale{ID: "1001", Currency: "JPY", Paid: true}},
		"refund":  facts.OrderRefunded{Refund: partnership.SaleRefund{OrderID: "1001", RefundID: "r"}},
		"dispute": facts.OrderDisputed{Dispute: partnership.SaleDispute{OrderID: "1001", DisputeID: "d"}},
	} {
		chat := &wall{}
		a := &Applier{Store: paidOut{look: "it is in JPY", done: map[partnership.EffectKey]bool{}}, Chat: chat}
		for range 2 {
			if err := a.fact(t.Context(), "shopify", store.Webhook{}, fact); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if len(chat.posted) != 1 || !strings.Contains(chat.posted[0].Body, "it is in JPY") || chat.posted[0].Facts[0].Value != "1001" {
			t.Errorf("%s: told %+v", name, chat.posted)
		}
	}
}
