package paypal

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/rapport-dev/rapport/integrations"
	"github.com/rapport-dev/rapport/partnership/facts"
)

// ErrMalformed is a body that is not what PayPal documents.
var ErrMalformed = errors.New("paypal webhook: the body is not an event")

// The beginnings of the types of events that tell of payouts.
const (
	itemEvents  = "PAYMENT.PAYOUTS-ITEM."
	batchEvents = "PAYMENT.PAYOUTSBATCH."
)

// Webhooks implements integrations.Reporter.
func (s *Settings) Webhooks() []integrations.Webhook {
	return []integrations.Webhook{{
		Vendor: vendor, Path: "/webhooks/paypal", Inbox: vendor, Setting: "PAYPAL_WEBHOOK_ID",
		Verify: s.verify,
		ID: func(_ http.Header, body []byte) string {
			e, err := parse(body)
			if err != nil {
				return ""
			}
			return e.ID
		},
		Read: func(_ http.Header, body []byte) ([]facts.Fact, error) { return read(body) },
	}}
}

func parse(body []byte) (e event, err error) {
	if json.Unmarshal(body, &e) != nil || e.ID == "" || e.Type == "" {
		return event{}, ErrMalformed
	}
	return e, nil
}

// read reads news of payouts. What it says is a hint: PayPal is asked how the payout stands.
func read(body []byte) ([]facts.Fact, error) {
	e, err := parse(body)
	if err != nil {
		return nil, err
	}
	sender := e.Resource.Header.Sender.SenderBatchID
	if strings.HasPrefix(e.Type, itemEvents) {
		sender = e.Resource.SenderBatchID
	} else if !strings.HasPrefix(e.Type, batchEvents) {
		return []facts.Fact{facts.Nothing{Why: "an event that changes nothing here"}}, nil
	}
	id := payoutOf(sender)
	if id == "" {
		return []facts.Fact{facts.Nothing{Why: "a payout that Rapport did not order"}}, nil
	}
	return []facts.Fact{facts.TransferChanged{PayoutID: id, EventID: e.ID}}, nil
}
