package stripe

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// A transfer is money that left the platform.
type transfer struct {
	ID          string            `json:"id"`
	Key         string            `json:"key"` // Idempotency-Key
	Group       string            `json:"group"`
	Destination string            `json:"destination"`
	AmountMinor int64             `json:"amount_minor"`
	Currency    string            `json:"currency"` // lower case
	Description string            `json:"description"`
	Metadata    map[string]string `json:"metadata"`
	Reversals   []reversal        `json:"reversals"`
	Created     time.Time         `json:"created"`
}

type reversal struct {
	ID          string    `json:"id"`
	AmountMinor int64     `json:"amount_minor"`
	Created     time.Time `json:"created"`
}

func (t *transfer) reversed() (n int64) {
	for _, r := range t.Reversals {
		n += r.AmountMinor
	}
	return n
}

// funds is what the platform can still send. The lock is held.
func (s *service) funds(currency string) int64 {
	total, ok := s.st.Funds[currency]
	if !ok {
		total = defaultFunds
	}
	for _, t := range s.st.Transfers {
		if t.Currency == currency {
			total -= t.AmountMinor - t.reversed()
		}
	}
	return total
}

// setFunds makes minor units available now.
func (s *service) setFunds(currency string, minor int64) {
	s.Lock()
	defer s.Unlock()
	currency = strings.ToLower(currency)
	before, ok := s.st.Funds[currency]
	if !ok {
		before = defaultFunds
	}
	s.st.Funds[currency] = before + minor - s.funds(currency)
	s.Touch()
}

func (s *service) getBalance(w http.ResponseWriter, _ *http.Request) {
	held := []string{"usd", "eur", "gbp"}
	for _, t := range s.st.Transfers {
		if !slices.Contains(held, t.Currency) {
			held = append(held, t.Currency)
		}
	}
	for c := range s.st.Funds {
		if !slices.Contains(held, c) {
			held = append(held, c)
		}
	}
	available, pending := []any{}, []any{}
	for _, c := range held {
		available = append(available, map[string]any{"amount": s.funds(c), "currency": c, "source_types": map[string]int64{"card": s.funds(c)}})
		pending = append(pending, map[string]any{"amount": 0, "currency": c, "source_types": map[string]int64{"card": 0}})
	}
	sandbox.WriteJSON(w, http.StatusOK, map[string]any{"object": "balance", "available": available, "pending": pending, "livemode": false})
}

// maxAmount is the most that moves at once: eight digits, whatever the currency.
const maxAmount = 99_999_999

var sourceTypes = []string{"bank_account", "card", "fpx"}

// createTransfer moves money at once. Without an idempotency key each call moves it again.
func (s *service) createTransfer(r *http.Request, f form) (any, *apiError) {
	for _, p := range []string{"currency", "destination", "amount"} {
		if f.text(p) == "" {
			return nil, invalid("parameter_missing", p, "Missing required param: %s.", p)
		}
	}
	amount, err := strconv.ParseInt(f.text("amount"), 10, 64)
	currency := strings.ToLower(f.text("currency"))
	dest := s.accountOf(f.text("destination"))
	switch {
	case err != nil:
		return nil, invalid("parameter_invalid_integer", "amount", "Invalid integer: %s", f.text("amount"))
	case amount <= 0:
		return nil, invalid("parameter_invalid_integer", "amount", "This value must be greater than or equal to 1.")
	case f.text("source_type") != "" && !slices.Contains(sourceTypes, f.text("source_type")):
		return nil, invalid("", "source_type", "Invalid source_type: must be one of bank_account, card, or fpx")
	case amount > maxAmount:
		return nil, invalid("amount_too_large", "amount", "Amount must be no more than %d", maxAmount)
	case !slices.Contains(currencies, currency):
		return nil, invalid("", "currency", "Invalid currency: %s. Stripe currently supports these currencies: %s", currency, strings.Join(currencies, ", "))
	case dest == nil:
		return nil, invalid("resource_missing", "destination", "No such destination: '%s'", f.text("destination"))
	case !dest.payable():
		return nil, invalid("insufficient_capabilities_for_transfer", "", "Your destination account needs to have at least one of the following capabilities enabled: transfers, crypto_transfers, legacy_payments")
	case dest.Country != platformCountry && !dest.Recipient:
		return nil, invalid("", "", "Funds can't be sent to accounts located in %s when the account is under the `full` service agreement.", dest.Country)
	case amount%step(currency) != 0:
		return nil, invalid("invalid_amount", "amount", "Amounts in %s must be evenly divisible by %d.", currency, step(currency))
	}
	if amount > s.funds(currency) {
		return nil, invalid("balance_insufficient", "", "You have insufficient available funds in your Stripe account. Try adding funds directly to your available balance by creating Charges using the 4000000000000077 test card.")
	}
	t := &transfer{
		ID: sandbox.NewID("tr_", 24), Key: r.Header.Get("Idempotency-Key"), Group: f.text("transfer_group"), Destination: dest.ID, AmountMinor: amount,
		Currency: currency, Description: f.text("description"), Metadata: f.metadata(), Created: s.Now(),
	}
	s.st.Transfers = append(s.st.Transfers, t)
	s.event("transfer.created", "", t.json(), nil, t.Key)
	return t.json(), nil
}

func (t *transfer) json() map[string]any {
	rows := []any{}
	for _, r := range t.Reversals {
		rows = append(rows, r.json(t))
	}
	return map[string]any{
		"id": t.ID, "object": "transfer", "amount": t.AmountMinor, "amount_reversed": t.reversed(), "balance_transaction": "txn_" + t.ID[3:], "created": t.Created.Unix(),
		"currency": t.Currency, "description": sandbox.Nullable(t.Description), "destination": t.Destination, "destination_payment": "py_" + t.ID[3:], "livemode": false,
		"metadata": t.Metadata, "reversed": t.reversed() == t.AmountMinor, "source_transaction": nil, "source_type": "card", "transfer_group": sandbox.Nullable(t.Group),
		"reversals": map[string]any{"object": "list", "data": rows, "has_more": false, "total_count": len(rows), "url": "/v1/transfers/" + t.ID + "/reversals"},
	}
}

func (r reversal) json(t *transfer) map[string]any {
	return map[string]any{
		"id": r.ID, "object": "transfer_reversal", "amount": r.AmountMinor, "currency": t.Currency, "transfer": t.ID, "created": r.Created.Unix(),
		"metadata": map[string]string{}, "balance_transaction": "txn_" + r.ID[4:], "destination_payment_refund": nil, "source_refund": nil,
	}
}

func (s *service) transferOf(id string) *transfer {
	return sandbox.Find(s.st.Transfers, func(t *transfer) bool { return t.ID == id })
}

func (s *service) getTransfer(w http.ResponseWriter, r *http.Request) {
	t := s.transferOf(r.PathValue("id"))
	if t == nil {
		refuse(w, &apiError{http.StatusNotFound, "invalid_request_error", "resource_missing", "id", "No such transfer: '" + r.PathValue("id") + "'"})
		return
	}
	sandbox.WriteJSON(w, http.StatusOK, t.json())
}

func (s *service) createReversal(r *http.Request, f form) (any, *apiError) {
	t := s.transferOf(r.PathValue("id"))
	if t == nil {
		return nil, &apiError{http.StatusNotFound, "invalid_request_error", "resource_missing", "id", "No such transfer: '" + r.PathValue("id") + "'"}
	}
	amount := t.AmountMinor - t.reversed()
	if v := f.text("amount"); v != "" {
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil {
			return nil, invalid("parameter_invalid_integer", "amount", "Invalid integer: %s", v)
		}
		amount = n
	}
	rev, serr := s.reverse(t, amount, r.Header.Get("Idempotency-Key"))
	if serr != nil {
		return nil, serr
	}
	return rev.json(t), nil
}

// reverse takes money back from a creator's account. The lock is held.
func (s *service) reverse(t *transfer, amount int64, key string) (reversal, *apiError) {
	if amount <= 0 || amount > t.AmountMinor-t.reversed() {
		return reversal{}, invalid("amount_too_large", "amount", "Reversal amount is greater than unreversed amount on transfer")
	}
	rev := reversal{ID: sandbox.NewID("trr_", 24), AmountMinor: amount, Created: s.Now()}
	before := t.reversed()
	t.Reversals = append(t.Reversals, rev)
	s.event("transfer.reversed", "", t.json(), map[string]any{"amount_reversed": before}, key)
	return rev, nil
}
