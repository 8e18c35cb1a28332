package stripe

import (
	"net/http"
	"slices"
	"strings"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// people adds what creators and the platform's owner do at Stripe.
func (s *service) people(mux *http.ServeMux) {
	mux.HandleFunc("GET /sandbox/accounts", sandbox.Feed(s.Server, "accounts", s.accountsFor))
	mux.HandleFunc("POST /sandbox/stripe/balance", sandbox.Act(func(_ *http.Request, q balanceChange) (any, error) { return nil, s.changeBalance(q) }))
	mux.HandleFunc("POST /sandbox/stripe/reverse", sandbox.Act(func(_ *http.Request, q reversalRequest) (any, error) { return nil, s.reverseTransfer(q) }))
	mux.HandleFunc("POST /sandbox/stripe/keys/expire", sandbox.Act(func(_ *http.Request, q struct {
		Key string `json:"key"` // "" is all
	},
	) (any, error) {
		return map[string]int{"expired": s.forgetKeys(q.Key)}, nil
	}))
}

// accountView tells a creator where to finish their payout account.
type accountView struct {
	ID         string            `json:"id"`
	Email      string            `json:"email"`
	Metadata   map[string]string `json:"metadata"`
	Ready      bool              `json:"ready"`
	Onboarding string            `json:"onboarding_url"`
}

func (s *service) accountsFor(r *http.Request, _ int64) []accountView {
	var out []accountView
	for _, a := range s.st.Accounts {
		if e := r.FormValue("email"); e == "" || strings.EqualFold(e, a.Email) {
			out = append(out, accountView{a.ID, a.Email, a.Metadata, a.payable(), s.URL() + "/stripe/onboarding/" + a.ID})
		}
	}
	return out
}

// balanceChange sets what the platform can send.
type balanceChange struct {
	Currency    string `json:"currency"`
	AmountMinor int64  `json:"amount_minor"`
}

func (s *service) changeBalance(q balanceChange) error {
	if len(q.Currency) != 3 || q.AmountMinor < 0 {
		return sandbox.Invalid("currency is an ISO code and amount_minor is not negative")
	}
	s.setFunds(q.Currency, q.AmountMinor)
	return nil
}

// reversalRequest lets a transfer come back after it was paid.
type reversalRequest struct {
	TransferID  string `json:"transfer_id"`
	AmountMinor int64  `json:"amount_minor"` // 0 is all that is left
}

func (s *service) reverseTransfer(q reversalRequest) error {
	s.Lock()
	defer s.Unlock()
	t := s.transferOf(q.TransferID)
	if t == nil {
		return sandbox.NotFound("transfer")
	}
	if q.AmountMinor == 0 {
		q.AmountMinor = t.AmountMinor - t.reversed()
	}
	if _, serr := s.reverse(t, q.AmountMinor, ""); serr != nil {
		return sandbox.Invalid("%s", serr.message)
	}
	s.Touch()
	return nil
}

// tab shows the money, newest first.
func (s *service) tab() *sandbox.Tab {
	type row struct {
		*transfer
		Reversed int64
	}
	return &sandbox.Tab{
		Name: "money", Title: "Money", Pages: pages, Count: func() int { return len(s.st.Transfers) },
		Show: func(r *http.Request) any {
			var rows []row
			for _, t := range slices.Backward(s.st.Transfers) {
				rows = append(rows, row{t, t.reversed()})
			}
			return map[string]any{"Accounts": s.accountsFor(r, 0), "Balance": s.funds("usd"), "Transfers": rows}
		},
		Forms: map[string]sandbox.Form{"reverse": func(r *http.Request) (string, error) {
			return "The transfer came back.", s.reverseTransfer(reversalRequest{TransferID: r.FormValue("transfer_id")})
		}},
	}
}
