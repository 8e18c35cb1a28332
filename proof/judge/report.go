// Package judge recomputes from a run's report what should have happened and says where Rapport's own account differs. The
// vendors' record (truth) is the witness: a payment made twice balances in our own ledger and shows only there.
//
// It shares no type and no rule with the programs it judges, so that a mistake there is not repeated here.
package judge

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"time"
)

// Report is what `rapport dev --people --exit --json` prints. Amounts are minor units.
type Report struct {
	Campaigns []Campaign       `json:"campaigns"`
	Payouts   []Payout         `json:"payouts"`
	Results   []Result         `json:"results"`
	Reports   []CampaignReport `json:"reports"`
	Again     []Again          `json:"played_again"`
	Ledger    Ledger           `json:"ledger"`
	Truth     Truth            `json:"truth"`
	Seconds   float64          `json:"seconds"`
}

// Campaign is a campaign's board.
type Campaign struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	State  string `json:"state"`
	Round  int    `json:"round"`
	Target int    `json:"target"`
	Budget struct {
		LimitMinor     int64    `json:"limit_minor"`
		CommittedMinor int64    `json:"committed_minor"`
		SpentOther     []Amount `json:"spent_other"` // in other currencies than the campaign's
	} `json:"budget"`
	Partnerships []Partnership `json:"partnerships"`
}

// Partnership is one creator's line of the board.
type Partnership struct {
	ID      string `json:"id"`
	Creator struct {
		Handle string `json:"handle"`
		Tier   string `json:"tier"`
		Niche  string `json:"niche"`
	} `json:"creator"`
	Stage   string `json:"stage"`
	Outcome string `json:"outcome"`
	Terms   struct {
		CommissionBPS int64  `json:"commission_bps"`
		FeeMinor      int64  `json:"fee_minor"`
		GiftMinor     int64  `json:"gift_minor"` // the product's value, 0 without one
		Currency      string `json:"currency"`
	} `json:"terms"`
	Timeline []struct {
		At   time.Time `json:"at"`
		Kind string    `json:"kind"`
	} `json:"timeline"`
}

// Payout is one creator's payment in one currency.
type Payout struct {
	ID             string   `json:"id"`
	Creator        string   `json:"creator"`
	Currency       string   `json:"currency"`
	AmountMinor    int64    `json:"amount_minor"`
	State          string   `json:"state"`
	ProviderRef    string   `json:"provider_ref"`
	IdempotencyKey string   `json:"idempotency_key"`
	Rows           []string `json:"rows"`
}

// Ledger is all rows and balances.
type Ledger struct {
	Rows     []Row     `json:"rows"`
	Balances []Balance `json:"balances"`
}

// Row is one earning or correction.
type Row struct {
	ID            string `json:"id"`
	Creator       string `json:"creator"`
	PartnershipID string `json:"partnership_id"`
	Kind          string `json:"kind"`
	State         string `json:"state"`
	AmountMinor   int64  `json:"amount_minor"`
	Currency      string `json:"currency"`
	OrderID       string `json:"order_id"`
	PayoutID      string `json:"payout_id"` // "" for null
}

// Balance is what an account sums to.
type Balance struct {
	Account     string `json:"account"`
	Currency    string `json:"currency"`
	AmountMinor int64  `json:"amount_minor"`
}

// Truth is what really happened outside.
type Truth struct {
	Mails      []Mail     `json:"mails"`
	Messages   []Message  `json:"messages"`
	Envelopes  []Envelope `json:"envelopes"`
	GiftOrders []Gift     `json:"gift_orders"`
	Labels     []Label    `json:"labels"`
	Codes      []Code     `json:"codes"`
	Orders     []Order    `json:"orders"`
	Transfers  []Transfer `json:"transfers"`
	PayPalPaid []Transfer `json:"paypal_paid"`
	BankPaid   []Transfer `json:"bank_paid"`

	PayPalAsked []Transfer `json:"paypal_asked"` // whether they paid anybody or not
	BankAsked   []Transfer `json:"bank_asked"`
	Faults      []Fault    `json:"faults"`
}

// Result is what one partnership brought and cost by the program's own account.
type Result struct {
	PartnershipID string   `json:"partnership_id"`
	Orders        int      `json:"orders"`
	Revenue       []Amount `json:"revenue"`
	Fees          []Amount `json:"fees"`
	Commission    []Amount `json:"commission"`
	Product       []Amount `json:"product"`
	Shipping      []Amount `json:"shipping"`
}

// Amount is minor units of a currency.
type Amount struct {
	Currency    string `json:"currency"`
	AmountMinor int64  `json:"amount_minor"`
}

// Keyed is an act of which only the key matters.
type Keyed struct {
	Key string `json:"key"`
}

// Message is one in the chat.
type Message struct {
	Keyed
	Channel string `json:"channel"`
}

// Mail is a mail that was accepted for delivery.
type Mail struct {
	Keyed
	Kind          string    `json:"kind"`
	Task          string    `json:"task"`
	Step          string    `json:"step"`
	PartnershipID string    `json:"partnership_id"`
	At            time.Time `json:"at"`
}

// Envelope is a contract at the signing vendor.
type Envelope struct {
	Keyed
	ID            string    `json:"id"`
	PartnershipID string    `json:"partnership_id"`
	Version       int       `json:"version"`
	Status        string    `json:"status"`
	CompletedAt   time.Time `json:"completed_at"`
}

// Gift is a gift order in the shop.
type Gift struct {
	Keyed
	ID            string    `json:"id"`
	PartnershipID string    `json:"partnership_id"`
	Status        string    `json:"status"`
	CreatedAt     time.Time `json:"created_at"`
}

// Label is a bought shipping label.
type Label struct {
	Keyed
	ID            string    `json:"id"`
	PartnershipID string    `json:"partnership_id"`
	Price         string    `json:"price"` // a decimal
	Currency      string    `json:"currency"`
	BoughtAt      time.Time `json:"bought_at"`
	DeliveredAt   time.Time `json:"delivered_at"`
	RefundedAt    time.Time `json:"refunded_at"`
}

// Code is a discount code in the shop.
type Code struct {
	Keyed
	Code          string    `json:"code"`
	PartnershipID string    `json:"partnership_id"`
	Active        bool      `json:"active"`
	CreatedAt     time.Time `json:"created_at"`
}

// Order is a buyer's order.
type Order struct {
	ID                string `json:"id"`
	Code              string `json:"code"`                // "" for null
	LinkPartnershipID string `json:"link_partnership_id"` // "" for null
	PaidMinor         int64  `json:"paid_minor"`          // for the lines, with tax where prices hold it
	NetMinor          int64  `json:"net_minor"`
	Currency          string `json:"currency"`
	RefundedMinor     int64  `json:"refunded_minor"`
}

// Transfer is money that left.
type Transfer struct {
	Keyed
	ID            string `json:"id"`
	PayoutID      string `json:"payout_id"`
	Destination   string `json:"destination"`
	AmountMinor   int64  `json:"amount_minor"`
	Currency      string `json:"currency"`
	ReversedMinor int64  `json:"reversed_minor"`
}

// Fault says how often an injected fault struck.
type Fault struct {
	Vendor   string `json:"vendor"`
	Endpoint string `json:"endpoint"`
	Kind     string `json:"kind"`
	Fired    int    `json:"fired"`
}

// Read parses a report.
func Read(r io.Reader) (Report, error) {
	var report Report
	if err := json.NewDecoder(r).Decode(&report); err != nil {
		return report, fmt.Errorf("judge: the report is not what it should be: %w", err)
	}
	report.Truth.Transfers = slices.Concat(report.Truth.Transfers, report.Truth.PayPalPaid, report.Truth.BankPaid) // money that left, by whichever rail
	return report, nil
}
