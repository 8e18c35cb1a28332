package paypal

import (
	"net/http"
	"slices"
	"strings"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// people adds what receivers and the account's owner do at PayPal.
func (s *service) people(mux *http.ServeMux) {
	mux.HandleFunc("POST /sandbox/paypal/receiver", sandbox.Act(func(_ *http.Request, q receiver) (any, error) { return nil, s.setReceiver(q) }))
	mux.HandleFunc("POST /sandbox/paypal/item", sandbox.Act(func(_ *http.Request, q change) (any, error) { return nil, s.changeItem(q) }))
	mux.HandleFunc("POST /sandbox/paypal/balance", sandbox.Act(func(_ *http.Request, q balance) (any, error) { return nil, s.setBalance(q) }))
}

// receiver says what becomes of payouts to somebody: UNCLAIMED has no account, BLOCKED is blocked, the whole batch is DENIED, "" is paid.
type receiver struct {
	Receiver string `json:"receiver"`
	Status   string `json:"status"`
}

func (s *service) setReceiver(q receiver) error {
	if q.Receiver == "" || q.Status != "" && named[q.Status] == "" && q.Status != "PENDING" && q.Status != denied {
		return sandbox.Invalid("receiver is needed, and status is a state of an item or empty")
	}
	s.Lock()
	defer s.Unlock()
	s.st.Receivers[strings.ToLower(q.Receiver)] = q.Status
	s.Touch()
	return nil
}

// change moves the item of a batch on: somebody claims it (SUCCESS), gives it back (REFUNDED), PayPal reverses it (REVERSED).
type change struct {
	Batch  string `json:"batch"`
	Status string `json:"status"`
}

func (s *service) changeItem(q change) error {
	s.Lock()
	defer s.Unlock()
	b := s.batchOf(q.Batch)
	if b == nil {
		return sandbox.NotFound("batch")
	}
	if named[q.Status] == "" && q.Status != "REVERSED" {
		return sandbox.Invalid("status is a state of an item")
	}
	for _, i := range b.Items {
		s.become(b, i, q.Status)
	}
	s.Touch()
	return nil
}

type balance struct {
	Currency    string `json:"currency"`
	AmountMinor int64  `json:"amount_minor"`
}

func (s *service) setBalance(q balance) error {
	if !slices.Contains(currencies, q.Currency) || q.AmountMinor < 0 {
		return sandbox.Invalid("currency is one of PayPal's and amount_minor is not negative")
	}
	s.Lock()
	defer s.Unlock()
	before, ok := s.st.Funds[q.Currency]
	if !ok {
		before = defaultFunds
	}
	s.st.Funds[q.Currency] = before + q.AmountMinor - s.funds(q.Currency)
	s.Touch()
	return nil
}

// tab shows the payouts, newest first.
func (s *service) tab() *sandbox.Tab {
	return &sandbox.Tab{
		Name: "paypal", Title: "PayPal", Pages: pages, Count: func() int { return len(s.st.Batches) },
		Show: func(*http.Request) any {
			batches := slices.Clone(s.st.Batches)
			slices.Reverse(batches)
			return map[string]any{"Batches": batches, "Balance": s.funds("USD")}
		},
		Forms: map[string]sandbox.Form{"paypal-item": func(r *http.Request) (string, error) {
			return "The payout is " + strings.ToLower(r.FormValue("status")) + ".", s.changeItem(change{r.FormValue("batch"), r.FormValue("status")})
		}},
	}
}
