// Package filebank imitates a bank that is reached by files alone: it takes SEPA, ACH and CSV files as strictly as banks do, knows a file
// again, carries payments out a while later, and sends back what it cannot pay, at once or weeks after. It tells nobody: whoever wants to
// know reads its statement.
package filebank

import (
	"embed"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// Vendor offers the bank to a sandbox. Its keys are what the bank and the brand have agreed on.
var Vendor = sandbox.Vendor{
	Name: name,
	Keys: []sandbox.Key{
		sandbox.Shared("FILEBANK_NAME", "filebank_name", func() string { return "The Brand of the Sandbox" }),
		sandbox.Shared("FILEBANK_ACCOUNT", "filebank_account", newAccount),
		sandbox.Shared("FILEBANK_COMPANY_ID", "filebank_company", func() string { return fmt.Sprintf("1%09d", rand.IntN(1_000_000_000)) }),
	},
	Open: open,
}

//go:embed templates
var templateFiles embed.FS

var pages = sandbox.ParsePages(templateFiles)

const name = "filebank"

// service is the bank in a running sandbox.
type service struct {
	*sandbox.Server
	keys sandbox.Keys
	st   *state
}

type state struct {
	Files  []*file           `json:"filebank_files"`
	Closed map[string]string `json:"filebank_closed"` // accounts that take nothing, and why
	Funds  map[string]int64  `json:"filebank_funds"`  // before all files, by currency
}

// A file is what the bank took.
type file struct {
	ID       string     `json:"id"` // by which it knows the file again
	Kind     string     `json:"kind"`
	Currency string     `json:"currency"`
	Received time.Time  `json:"received"`
	Payments []*payment `json:"payments"`
}

type payment struct {
	Reference   string    `json:"reference"` // the bank's own
	EndToEnd    string    `json:"end_to_end"`
	Name        string    `json:"name"`
	Account     string    `json:"account"`
	AmountMinor int64     `json:"amount_minor"`
	Status      string    `json:"status"`
	Why         string    `json:"why"`
	Paid        bool      `json:"paid"` // it was booked once
	Due         time.Time `json:"due"`  // when it is carried out, zero when it is
}

// The states of a payment.
const (
	accepted = "ACCP"
	booked   = "BOOK"
	returned = "RTRN"
)

// defaultFunds is what the account holds in each currency until somebody sets another: 10,000,000.00.
const defaultFunds = 1_000_000_000

func open(core *sandbox.Server, keys sandbox.Keys) (*sandbox.Service, error) {
	s := &service{Server: core, keys: keys, st: &state{Closed: map[string]string{}, Funds: map[string]int64{}}}
	return &sandbox.Service{State: s.st, Truth: s.truth, People: s.people, Tab: s.tab(), Due: s.due}, nil
}

// take reads a file as the bank does: all of it or nothing.
func (s *service) take(text string) (*file, error) {
	f, err := s.read(text)
	if err != nil {
		return nil, sandbox.Invalid("the bank refuses the file: %v", err)
	}
	s.Lock()
	defer s.Unlock()
	if sandbox.Find(s.st.Files, func(old *file) bool { return old.ID == f.ID }) != nil {
		return nil, sandbox.Invalid("the bank refuses the file: %s was received before (DU01)", f.ID)
	}
	sum := int64(0)
	for _, p := range f.Payments {
		sum += p.AmountMinor
		p.Status, p.Reference, p.Due = accepted, strings.ToUpper(sandbox.NewID("B", 15)), s.Now().Add(s.Days(0.05))
	}
	if sum > s.funds(f.Currency) {
		return nil, sandbox.Invalid("the bank refuses the file: the account does not cover it (AM04)")
	}
	f.Received = s.Now()
	s.st.Files = append(s.st.Files, f)
	s.Touch()
	return f.copy(), nil
}

// copy is the file as it stands: the clock goes on with the payments while an answer is written.
func (f *file) copy() *file {
	c := *f
	c.Payments = make([]*payment, len(f.Payments))
	for i, p := range f.Payments {
		one := *p
		c.Payments[i] = &one
	}
	return &c
}

func (s *service) read(text string) (*file, error) {
	switch {
	case strings.HasPrefix(text, "<?xml"):
		return readSEPA(text, s.keys["filebank_account"], s.Now())
	case strings.HasPrefix(text, "101"):
		return readACH(text, s.keys["filebank_account"], s.keys["filebank_company"], s.Now())
	}
	return readTable(text)
}

// due carries payments out. The lock is held.
func (s *service) due(now time.Time) (next time.Time) {
	for _, f := range s.st.Files {
		for _, p := range f.Payments {
			if !p.Due.IsZero() && !now.Before(p.Due) {
				p.Status, p.Due, p.Paid = booked, time.Time{}, true
				if why, closed := s.st.Closed[p.Account]; closed {
					p.Status, p.Why, p.Paid = returned, why, false
				}
				s.Touch()
			}
			next = sandbox.Earlier(next, p.Due)
		}
	}
	return next
}

// funds is what can still be paid. The lock is held.
func (s *service) funds(currency string) int64 {
	total, set := s.st.Funds[currency]
	if !set {
		total = defaultFunds
	}
	for _, f := range s.st.Files {
		for _, p := range f.Payments {
			if f.Currency == currency && p.Status != returned {
				total -= p.AmountMinor
			}
		}
	}
	return total
}

// truth is what left the account. A payment's own id is all that the bank knows of whom it is for: it is the payout's, without dashes.
func (s *service) truth() map[string]any {
	type row struct {
		ID            string          `json:"id"`
		Key           string          `json:"key"`
		PayoutID      string          `json:"payout_id"`
		Destination   string          `json:"destination"`
		AmountMinor   int64           `json:"amount_minor"`
		Currency      string          `json:"currency"`
		At            sandbox.Instant `json:"at"`
		ReversedMinor int64           `json:"reversed_minor"`
		Status        string          `json:"status"`
		File          string          `json:"file"`
	}
	paid, asked := []row{}, []row{}
	for _, f := range s.st.Files {
		for _, p := range f.Payments {
			id := dashed(p.EndToEnd)
			r := row{p.Reference, "payout/" + id, id, p.Account, p.AmountMinor, f.Currency, sandbox.Instant(f.Received), 0, p.Status, f.ID}
			if p.Paid && p.Status == returned {
				r.ReversedMinor = p.AmountMinor
			}
			if p.Paid {
				paid = append(paid, r)
			}
			asked = append(asked, r)
		}
	}
	return map[string]any{"bank_paid": paid, "bank_asked": asked}
}

// dashed writes 32 hexadecimal digits as a UUID.
func dashed(id string) string {
	if len(id) != 32 {
		return id
	}
	return strings.Join([]string{id[:8], id[8:12], id[12:16], id[16:20], id[20:]}, "-")
}

// people adds what the brand's own people and the creators' banks do.
func (s *service) people(mux *http.ServeMux) {
	mux.HandleFunc("POST /sandbox/bank/file", sandbox.Act(func(_ *http.Request, q struct {
		Text string `json:"text"`
	},
	) (any, error) {
		return s.take(q.Text)
	}))
	mux.HandleFunc("GET /sandbox/bank/statement", sandbox.Feed(s.Server, "payments", s.statement))
	mux.HandleFunc("POST /sandbox/bank/account", sandbox.Act(func(_ *http.Request, q closing) (any, error) { return nil, s.setClosed(q) }))
	mux.HandleFunc("POST /sandbox/bank/return", sandbox.Act(func(_ *http.Request, q coming) (any, error) { return nil, s.comeBack(q) }))
	mux.HandleFunc("POST /sandbox/bank/balance", sandbox.Act(func(_ *http.Request, q balance) (any, error) { return nil, s.setBalance(q) }))
}

// line is a payment on the statement.
type line struct {
	*payment

	File     string `json:"file"`
	Currency string `json:"currency"`
}

// statement is what the bank has done, once that is more than after payments.
func (s *service) statement(_ *http.Request, after int64) (done []line) {
	for _, f := range s.st.Files {
		for _, p := range f.Payments {
			if p.Status != accepted {
				copied := *p
				done = append(done, line{&copied, f.ID, f.Currency})
			}
		}
	}
	if int64(len(done)) <= after {
		return nil
	}
	return done
}

// closing is an account that takes nothing; open again with an empty why.
type closing struct {
	Account string `json:"account"`
	Why     string `json:"why"` // such as AC04, closed
}

func (s *service) setClosed(q closing) error {
	if q.Account == "" {
		return sandbox.Invalid("account is needed")
	}
	s.Lock()
	defer s.Unlock()
	delete(s.st.Closed, q.Account)
	if q.Why != "" {
		s.st.Closed[q.Account] = q.Why
	}
	s.Touch()
	return nil
}

// coming is a booked payment that its receiver's bank sends back.
type coming struct {
	Reference string `json:"reference"`
	Why       string `json:"why"`
}

func (s *service) comeBack(q coming) error {
	s.Lock()
	defer s.Unlock()
	for _, f := range s.st.Files {
		for _, p := range f.Payments {
			if p.Reference == q.Reference && p.Status == booked {
				p.Status, p.Why = returned, q.Why
				s.Touch()
				return nil
			}
		}
	}
	return sandbox.NotFound("booked payment")
}

type balance struct {
	Currency    string `json:"currency"`
	AmountMinor int64  `json:"amount_minor"`
}

func (s *service) setBalance(q balance) error {
	if len(q.Currency) != 3 || q.AmountMinor < 0 {
		return sandbox.Invalid("currency is an ISO code and amount_minor is not negative")
	}
	s.Lock()
	defer s.Unlock()
	before, set := s.st.Funds[q.Currency]
	if !set {
		before = defaultFunds
	}
	s.st.Funds[q.Currency] = before + q.AmountMinor - s.funds(q.Currency)
	s.Touch()
	return nil
}

// tab shows the statement, newest first.
func (s *service) tab() *sandbox.Tab {
	return &sandbox.Tab{
		Name: "bank", Title: "Bank", Pages: pages, Count: func() int { return len(s.st.Files) },
		Show: func(*http.Request) any {
			files := slices.Clone(s.st.Files)
			slices.Reverse(files)
			return map[string]any{"Files": files, "Closed": slices.Sorted(maps.Keys(s.st.Closed))}
		},
		Forms: map[string]sandbox.Form{
			"bank-file": func(r *http.Request) (string, error) {
				f, err := s.take(strings.ReplaceAll(r.FormValue("text"), "\r\n", "\n"))
				if err != nil {
					return "", err
				}
				return fmt.Sprintf("The bank took %s, of %d payments.", f.ID, len(f.Payments)), nil
			},
			"bank-return": func(r *http.Request) (string, error) {
				return "The payment came back.", s.comeBack(coming{r.FormValue("reference"), "AC04: the account is closed"})
			},
		},
	}
}
