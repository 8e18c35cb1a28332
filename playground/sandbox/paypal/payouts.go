package paypal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// order is what PayPal takes: a field that it does not know is refused.
type order struct {
	Header *struct {
		SenderBatchID string `json:"sender_batch_id"`
		RecipientType string `json:"recipient_type"`
		EmailSubject  string `json:"email_subject"`
		EmailMessage  string `json:"email_message"`
		Note          string `json:"note"`
	} `json:"sender_batch_header"`
	Items []struct {
		RecipientType string `json:"recipient_type"`
		Amount        *struct {
			Currency string `json:"currency"`
			Value    string `json:"value"`
		} `json:"amount"`
		Note            string `json:"note"`
		Receiver        string `json:"receiver"`
		SenderItemID    string `json:"sender_item_id"`
		RecipientWallet string `json:"recipient_wallet"`
		Purpose         string `json:"purpose"`
	} `json:"items"`
}

func (s *service) createPayout(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(r.Body)
	var o order
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err != nil || r.Header.Get("Content-Type") != "application/json" || dec.Decode(&o) != nil {
		refuse(w, &apiError{http.StatusBadRequest, "INVALID_REQUEST", "Request is not well-formed, syntactically incorrect, or violates schema.", nil})
		return
	}
	key := r.Header.Get("PayPal-Request-Id")
	if old := s.st.Requests[key]; key != "" && old != nil && s.Now().Sub(old.At) < memory && old.Body == string(raw) {
		sandbox.WriteJSON(w, http.StatusCreated, s.created(s.batchOf(old.Batch)))
		return
	}
	b, serr := s.read(o)
	if serr == nil {
		serr = s.affordable(b)
	}
	if serr != nil {
		refuse(w, serr)
		return
	}
	s.st.Batches = append(s.st.Batches, b)
	if key != "" {
		s.st.Requests[key] = &request{b.ID, string(raw), s.Now()}
	}
	sandbox.WriteJSON(w, http.StatusCreated, s.created(b))
}

// read checks an order as PayPal does before it answers: what it finds out later fails an item and not the request.
func (s *service) read(o order) (*batch, *apiError) {
	switch {
	case o.Header == nil || len(o.Items) == 0:
		return nil, invalid("items", "Required field is missing")
	case len(o.Items) > 15000:
		return nil, invalid("items", "Batch cannot contain more than 15000 items")
	case len(o.Header.SenderBatchID) > 256 || o.Header.SenderBatchID == "":
		return nil, invalid("sender_batch_header/sender_batch_id", "Value is missing or longer than 256 characters")
	case len(o.Header.EmailSubject) > 255:
		return nil, invalid("sender_batch_header/email_subject", "Value is longer than 255 characters")
	}
	if old := s.sent(o.Header.SenderBatchID); old != nil {
		return nil, &apiError{http.StatusBadRequest, "USER_BUSINESS_ERROR", "User business error.", []detail{{
			Field: "SENDER_BATCH_ID", Location: "body", Issue: "Batch with given sender_batch_id already exists",
			Link: []link{{s.URL() + "/paypal/v1/payments/payouts/" + old.ID, "self", "GET"}},
		}}}
	}
	now := s.Now()
	b := &batch{ID: strings.ToUpper(sandbox.NewID("", 13)), SenderBatchID: o.Header.SenderBatchID, Subject: o.Header.EmailSubject, Status: "PENDING", Created: now, Due: now.Add(s.Days(0.01))}
	for n, x := range o.Items {
		at := fmt.Sprintf("items[%d]/", n)
		typ := x.RecipientType
		if typ == "" {
			typ = o.Header.RecipientType
		}
		switch {
		case x.Amount == nil:
			return nil, invalid(at+"amount", "Required field is missing")
		case !slices.Contains(currencies, x.Amount.Currency):
			return nil, invalid(at+"amount/currency", "Currency code is invalid")
		case !receives(typ, x.Receiver):
			return nil, invalid(at+"receiver", "Receiver is invalid or does not match with type")
		case len(x.SenderItemID) > 63:
			return nil, invalid(at+"sender_item_id", "Value is longer than 63 characters")
		case len(x.Note) > 4000:
			return nil, invalid(at+"note", "Value is longer than 4000 characters")
		}
		minor, ok := valueOf(x.Amount.Value, x.Amount.Currency)
		if !ok {
			return nil, invalid(at+"amount/value", "Value is invalid for the currency")
		}
		if x.SenderItemID != "" && slices.ContainsFunc(b.Items, func(i *item) bool { return i.SenderItemID == x.SenderItemID }) {
			return nil, &apiError{http.StatusBadRequest, "DUPLICATE_ITEM", "This transaction is duplicated in this batch.", nil}
		}
		b.Items = append(b.Items, &item{
			ID: strings.ToUpper(sandbox.NewID("", 13)), Status: "PENDING", Type: typ, Receiver: x.Receiver, AmountMinor: minor, Currency: x.Amount.Currency,
			SenderItemID: x.SenderItemID, Note: x.Note, Processed: now,
		})
	}
	return b, nil
}

var (
	currencies = strings.Fields("AUD BRL CAD CHF CNY CZK DKK EUR GBP HKD HUF ILS JPY MXN MYR NOK NZD PHP PLN SEK SGD THB TWD USD")
	decimals   = regexp.MustCompile(`^[0-9]{1,10}(\.[0-9]{2})?$`)
	wholes     = regexp.MustCompile(`^[0-9]{1,10}$`)
	phone      = regexp.MustCompile(`^\+?[0-9]{7,15}$`)
	payerID    = regexp.MustCompile(`^[0-9A-Z]{13}$`)
)

// valueOf reads an amount as PayPal does: HUF, JPY and TWD have no decimals there.
func valueOf(value, currency string) (int64, bool) {
	form := decimals
	if slices.Contains([]string{"HUF", "JPY", "TWD"}, currency) {
		form = wholes
	}
	if !form.MatchString(value) {
		return 0, false
	}
	minor, ok := sandbox.ParseDecimal(value, currency)
	return minor, ok && minor > 0
}

func valueText(minor int64, currency string) string {
	text := sandbox.Decimal(minor, currency)
	if slices.Contains([]string{"HUF", "JPY", "TWD"}, currency) {
		text, _, _ = strings.Cut(text, ".")
	}
	return text
}

func receives(typ, receiver string) bool {
	if len(receiver) > 127 {
		return false
	}
	switch typ {
	case "EMAIL":
		return sandbox.ValidAddress(receiver)
	case "PHONE":
		return phone.MatchString(receiver)
	case "PAYPAL_ID":
		return payerID.MatchString(receiver)
	}
	return false
}

// sent is the batch of a sender_batch_id that PayPal remembers.
func (s *service) sent(sender string) *batch {
	return sandbox.Find(s.st.Batches, func(b *batch) bool { return b.SenderBatchID == sender && s.Now().Sub(b.Created) < memory })
}

func (s *service) batchOf(id string) *batch {
	return sandbox.Find(s.st.Batches, func(b *batch) bool { return b.ID == id })
}

// affordable refuses what the balance does not cover: PayPal holds the sum of a batch at once.
func (s *service) affordable(b *batch) *apiError {
	need := map[string]int64{}
	for _, i := range b.Items {
		need[i.Currency] += i.AmountMinor
	}
	for currency, minor := range need {
		if minor > s.funds(currency) {
			return &apiError{http.StatusUnprocessableEntity, "INSUFFICIENT_FUNDS", "Sender does not have sufficient funds. Please add funds and retry.", nil}
		}
	}
	return nil
}

// funds is what can still be sent. The lock is held.
func (s *service) funds(currency string) int64 {
	total, ok := s.st.Funds[currency]
	if !ok {
		total = defaultFunds
	}
	for _, b := range s.st.Batches {
		for _, i := range b.Items {
			if i.Currency == currency && !slices.Contains([]string{"FAILED", "BLOCKED", "RETURNED", "REFUNDED", "REVERSED"}, i.Status) {
				total -= i.AmountMinor
			}
		}
	}
	return total
}

func (s *service) created(b *batch) map[string]any {
	header := s.header(b)
	delete(header, "amount")
	delete(header, "fees")
	return map[string]any{"batch_header": header, "links": []link{s.self(b)}}
}

func (s *service) self(b *batch) link {
	return link{s.URL() + "/paypal/v1/payments/payouts/" + b.ID, "self", "GET"}
}

func (s *service) header(b *batch) map[string]any {
	var sum int64
	for _, i := range b.Items {
		sum += i.AmountMinor
	}
	currency := b.Items[0].Currency
	return map[string]any{
		"payout_batch_id": b.ID, "batch_status": b.Status, "time_created": b.Created.Format(time.RFC3339),
		"sender_batch_header": map[string]string{"sender_batch_id": b.SenderBatchID, "email_subject": b.Subject},
		"amount":              map[string]string{"currency": currency, "value": valueText(sum, currency)},
		"fees":                map[string]string{"currency": currency, "value": valueText(0, currency)},
	}
}

func (s *service) itemJSON(b *batch, i *item) map[string]any {
	out := map[string]any{
		"payout_item_id": i.ID, "transaction_id": i.ID + "0TX", "transaction_status": i.Status, "payout_batch_id": b.ID, "sender_batch_id": b.SenderBatchID,
		"payout_item": map[string]any{
			"recipient_type": i.Type, "receiver": i.Receiver, "amount": map[string]string{"currency": i.Currency, "value": valueText(i.AmountMinor, i.Currency)},
			"sender_item_id": i.SenderItemID, "note": i.Note,
		},
		"time_processed": i.Processed.Format(time.RFC3339),
	}
	if why := errorOf[i.Status]; why != "" {
		out["errors"] = map[string]any{"name": why, "message": why, "debug_id": sandbox.NewID("", 13)}
	}
	return out
}

var errorOf = map[string]string{"UNCLAIMED": "RECEIVER_UNREGISTERED", "FAILED": "RECEIVER_ACCOUNT_LOCKED", "BLOCKED": "RISK_DECLINE"}

func (s *service) getPayout(w http.ResponseWriter, r *http.Request) {
	b := s.batchOf(r.PathValue("id"))
	if b == nil {
		refuse(w, notFound())
		return
	}
	items := []any{}
	if b.Status == "SUCCESS" || b.Status == "PROCESSING" {
		for _, i := range b.Items {
			items = append(items, s.itemJSON(b, i))
		}
	}
	sandbox.WriteJSON(w, http.StatusOK, map[string]any{"total_items": len(items), "total_pages": 1, "batch_header": s.header(b), "items": items, "links": []link{s.self(b)}})
}

func (s *service) find(id string) (*batch, *item) {
	for _, b := range s.st.Batches {
		for _, i := range b.Items {
			if i.ID == id {
				return b, i
			}
		}
	}
	return nil, nil
}

func (s *service) getItem(w http.ResponseWriter, r *http.Request) {
	b, i := s.find(r.PathValue("id"))
	if i == nil {
		refuse(w, notFound())
		return
	}
	sandbox.WriteJSON(w, http.StatusOK, s.itemJSON(b, i))
}
