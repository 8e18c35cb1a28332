package sandbox

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// keyLife is how long Stripe keeps the answer to an idempotency key at least; then it may be forgotten.
const keyLife = 24 * time.Hour

// savedCall is an answer that an idempotency key replays.
type savedCall struct {
	Params string    `json:"params"` // path and form: the key fits only the same call
	Status int       `json:"status"`
	Body   []byte    `json:"body"`
	At     time.Time `json:"at"`
}

type stripeFunc func(r *http.Request, f stripeForm) (any, *stripeError)

// stripePost gives a POST its idempotency: the first answer is saved and replayed, other parameters are an error. As at
// Stripe, what fails before it is executed (an unknown or missing parameter) is not saved; later refusals are.
func (s *Server) stripePost(do stripeFunc, allowed ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			stripeRefuse(w, stripeInvalid("", "", "Invalid request body"))
			return
		}
		r.PostForm.Del("expand[0]")
		key, params := r.Header.Get("Idempotency-Key"), r.URL.Path+"?"+r.PostForm.Encode()
		if len(key) > 255 {
			stripeRefuse(w, stripeInvalid("", "", "Idempotency keys are at most 255 characters"))
			return
		}
		if old := s.savedCall(key); old != nil {
			s.replay(w, key, params, old)
			return
		}
		f := stripeForm{r.PostForm, allowed}
		if p := f.unknown(); p != "" {
			stripeRefuse(w, stripeInvalid("parameter_unknown", p, "Received unknown parameter: %s", p))
			return
		}
		rec := newAnswer()
		out, serr := do(r, f)
		if serr != nil {
			stripeRefuse(rec, serr)
		} else {
			writeJSON(rec, http.StatusOK, out)
		}
		if key != "" && (serr == nil || !strings.HasPrefix(serr.code, "parameter_")) {
			s.st.StripeKeys[key] = &savedCall{params, rec.status, slices.Clone(rec.buf.Bytes()), s.now()}
			w.Header().Set("Idempotency-Key", key)
		}
		copyAnswer(w, rec)
	}
}

func copyAnswer(w http.ResponseWriter, rec *answer) {
	for k, v := range rec.header {
		w.Header()[k] = v
	}
	w.WriteHeader(rec.status)
	w.Write(rec.buf.Bytes())
}

func (s *Server) savedCall(key string) *savedCall {
	old := s.st.StripeKeys[key]
	if key == "" || old == nil || time.Since(old.At) > keyLife {
		return nil
	}
	return old
}

func (s *Server) replay(w http.ResponseWriter, key, params string, old *savedCall) {
	w.Header().Set("Idempotency-Key", key)
	if old.Params != params {
		stripeRefuse(w, &stripeError{
			http.StatusBadRequest, "idempotency_error", "", "",
			"Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '" + key + "' if you meant to execute a different request.",
		})
		return
	}
	w.Header().Set("Idempotent-Replayed", "true")
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(old.Status)
	w.Write(old.Body)
}

// stick saves a failure under the request's idempotency key: Stripe replays its 500s too.
func (s *Server) stick(r *http.Request, rec *answer) {
	key := r.Header.Get("Idempotency-Key")
	if key == "" || r.ParseForm() != nil {
		return
	}
	r.PostForm.Del("expand[0]")
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.savedCall(key) == nil {
		s.st.StripeKeys[key] = &savedCall{r.URL.Path + "?" + r.PostForm.Encode(), rec.status, slices.Clone(rec.buf.Bytes()), s.now()}
		s.touch()
	}
}

// forgetKeys drops saved answers as if a day had passed: all, or one.
func (s *Server) forgetKeys(key string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for k := range s.st.StripeKeys {
		if key == "" || k == key {
			delete(s.st.StripeKeys, k)
			n++
		}
	}
	s.touch()
	return n
}

// funds is what the platform can still send. mu is held.
func (s *Server) funds(currency string) int64 {
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
func (s *Server) setFunds(currency string, minor int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	currency = strings.ToLower(currency)
	before, ok := s.st.Funds[currency]
	if !ok {
		before = defaultFunds
	}
	s.st.Funds[currency] = before + minor - s.funds(currency)
	s.touch()
}

func (s *Server) getBalance(w http.ResponseWriter, _ *http.Request) {
	currencies := []string{"usd", "eur", "gbp"}
	for _, t := range s.st.Transfers {
		if !slices.Contains(currencies, t.Currency) {
			currencies = append(currencies, t.Currency)
		}
	}
	for c := range s.st.Funds {
		if !slices.Contains(currencies, c) {
			currencies = append(currencies, c)
		}
	}
	available, pending := []any{}, []any{}
	for _, c := range currencies {
		available = append(available, map[string]any{"amount": s.funds(c), "currency": c, "source_types": map[string]int64{"card": s.funds(c)}})
		pending = append(pending, map[string]any{"amount": 0, "currency": c, "source_types": map[string]int64{"card": 0}})
	}
	writeJSON(w, http.StatusOK, map[string]any{"object": "balance", "available": available, "pending": pending, "livemode": false})
}

// createTransfer moves money at once. Without an idempotency key each call moves it again.
func (s *Server) createTransfer(r *http.Request, f stripeForm) (any, *stripeError) {
	for _, p := range []string{"currency", "destination", "amount"} {
		if f.text(p) == "" {
			return nil, stripeInvalid("parameter_missing", p, "Missing required param: %s.", p)
		}
	}
	amount, err := strconv.ParseInt(f.text("amount"), 10, 64)
	currency := f.text("currency")
	dest := s.accountOf(f.text("destination"))
	switch {
	case err != nil:
		return nil, stripeInvalid("parameter_invalid_integer", "amount", "Invalid integer: %s", f.text("amount"))
	case amount <= 0:
		return nil, stripeInvalid("parameter_invalid_integer", "amount", "This value must be greater than or equal to 1.")
	case len(currency) != 3:
		return nil, stripeInvalid("parameter_invalid_string", "currency", "Invalid currency: %s", currency)
	case dest == nil:
		return nil, stripeInvalid("resource_missing", "destination", "No such destination: '%s'", f.text("destination"))
	case !dest.Active:
		return nil, stripeInvalid("insufficient_capabilities_for_transfer", "", "Your destination account needs to have at least one of the following capabilities enabled: transfers, crypto_transfers, legacy_payments")
	case exponent(currency) == 3 && amount%10 != 0: // three-decimal currencies carry two digits here
		return nil, stripeInvalid("invalid_amount", "amount", "Amounts in %s must be evenly divisible by 10.", currency)
	}
	currency = strings.ToLower(currency)
	if amount > s.funds(currency) {
		return nil, stripeInvalid("balance_insufficient", "", "You have insufficient available funds in your Stripe account. Try adding funds directly to your available balance by creating Charges using the 4000000000000077 test card.")
	}
	t := &transfer{
		ID: newID("tr_", 24), Key: r.Header.Get("Idempotency-Key"), Group: f.text("transfer_group"), Destination: dest.ID, AmountMinor: amount,
		Currency: currency, Description: f.text("description"), Metadata: f.metadata(), Created: s.now(),
	}
	s.st.Transfers = append(s.st.Transfers, t)
	s.stripeEvent("transfer.created", "", t.json(), nil, t.Key)
	return t.json(), nil
}

func (t *transfer) json() map[string]any {
	rows := []any{}
	for _, r := range t.Reversals {
		rows = append(rows, r.json(t))
	}
	return map[string]any{
		"id": t.ID, "object": "transfer", "amount": t.AmountMinor, "amount_reversed": t.reversed(), "balance_transaction": "txn_" + t.ID[3:], "created": t.Created.Unix(),
		"currency": t.Currency, "description": nullable(t.Description), "destination": t.Destination, "destination_payment": "py_" + t.ID[3:], "livemode": false,
		"metadata": t.Metadata, "reversed": t.reversed() == t.AmountMinor, "source_transaction": nil, "source_type": "card", "transfer_group": nullable(t.Group),
		"reversals": map[string]any{"object": "list", "data": rows, "has_more": false, "total_count": len(rows), "url": "/v1/transfers/" + t.ID + "/reversals"},
	}
}

func (r reversal) json(t *transfer) map[string]any {
	return map[string]any{
		"id": r.ID, "object": "transfer_reversal", "amount": r.AmountMinor, "currency": t.Currency, "transfer": t.ID, "created": r.Created.Unix(),
		"metadata": map[string]string{}, "balance_transaction": "txn_" + r.ID[4:], "destination_payment_refund": nil, "source_refund": nil,
	}
}

func (s *Server) transferOf(id string) *transfer {
	return find(s.st.Transfers, func(t *transfer) bool { return t.ID == id })
}

func (s *Server) getTransfer(w http.ResponseWriter, r *http.Request) {
	t := s.transferOf(r.PathValue("id"))
	if t == nil {
		stripeRefuse(w, &stripeError{http.StatusNotFound, "invalid_request_error", "resource_missing", "id", "No such transfer: '" + r.PathValue("id") + "'"})
		return
	}
	writeJSON(w, http.StatusOK, t.json())
}

// listTransfers pages newest first.
func (s *Server) listTransfers(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	limit := 10
	if v := q.Get("limit"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 || n > 100 {
			stripeRefuse(w, stripeInvalid("parameter_invalid_integer", "limit", "Invalid integer: %s", v))
			return
		}
		limit = n
	}
	data, more, started := []any{}, false, q.Get("starting_after") == ""
	for _, t := range slices.Backward(s.st.Transfers) {
		if !started {
			started = t.ID == q.Get("starting_after")
			continue
		}
		if !transferFits(t, q) {
			continue
		}
		if len(data) == limit {
			more = true
			break
		}
		data = append(data, t.json())
	}
	writeJSON(w, http.StatusOK, map[string]any{"object": "list", "url": "/v1/transfers", "has_more": more, "data": data})
}

func transferFits(t *transfer, q url.Values) bool {
	since, _ := strconv.ParseInt(q.Get("created[gte]"), 10, 64)
	return (q.Get("transfer_group") == "" || q.Get("transfer_group") == t.Group) && (q.Get("destination") == "" || q.Get("destination") == t.Destination) && t.Created.Unix() >= since
}

func (s *Server) createReversal(r *http.Request, f stripeForm) (any, *stripeError) {
	t := s.transferOf(r.PathValue("id"))
	if t == nil {
		return nil, &stripeError{http.StatusNotFound, "invalid_request_error", "resource_missing", "id", "No such transfer: '" + r.PathValue("id") + "'"}
	}
	amount := t.AmountMinor - t.reversed()
	if v := f.text("amount"); v != "" {
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil {
			return nil, stripeInvalid("parameter_invalid_integer", "amount", "Invalid integer: %s", v)
		}
		amount = n
	}
	rev, serr := s.reverse(t, amount, r.Header.Get("Idempotency-Key"))
	if serr != nil {
		return nil, serr
	}
	return rev.json(t), nil
}

// reverse takes money back from a creator's account. mu is held.
func (s *Server) reverse(t *transfer, amount int64, key string) (reversal, *stripeError) {
	if amount <= 0 || amount > t.AmountMinor-t.reversed() {
		return reversal{}, stripeInvalid("amount_too_large", "amount", "Reversal amount is greater than unreversed amount on transfer")
	}
	rev := reversal{ID: newID("trr_", 24), AmountMinor: amount, Created: s.now()}
	before := t.reversed()
	t.Reversals = append(t.Reversals, rev)
	s.stripeEvent("transfer.reversed", "", t.json(), map[string]any{"amount_reversed": before}, key)
	return rev, nil
}
