package paypal

import (
	"encoding/json"
	"time"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

const name = "paypal"

// memory is how long PayPal keeps a sender_batch_id, a request's id and an event; claimDays after how many an unclaimed payout comes back.
const (
	memory    = 30 * 24 * time.Hour
	claimDays = 30
)

// defaultFunds is the balance in each currency until somebody sets another: 10,000,000.00.
const defaultFunds = 1_000_000_000

// service is PayPal in a running sandbox.
type service struct {
	*sandbox.Server
	keys sandbox.Keys
	st   *state
	sign *signer
}

type state struct {
	Batches   []*batch             `json:"paypal_batches"`
	Events    []*event             `json:"paypal_events"`
	Funds     map[string]int64     `json:"paypal_funds"`     // before all payouts, by currency
	Tokens    map[string]time.Time `json:"paypal_tokens"`    // until when each is good
	Requests  map[string]*request  `json:"paypal_requests"`  // by PayPal-Request-Id
	Receivers map[string]string    `json:"paypal_receivers"` // what becomes of payouts to them, where it is not SUCCESS
}

// A batch is a request for payouts.
type batch struct {
	ID            string    `json:"id"`
	SenderBatchID string    `json:"sender_batch_id"`
	Subject       string    `json:"subject"`
	Status        string    `json:"status"`
	Items         []*item   `json:"items"`
	Created       time.Time `json:"created"`
	Due           time.Time `json:"due"` // when it is worked on next, zero when it is done
}

type item struct {
	ID           string    `json:"id"`
	Status       string    `json:"status"`
	Type         string    `json:"type"`
	Receiver     string    `json:"receiver"`
	AmountMinor  int64     `json:"amount_minor"`
	Currency     string    `json:"currency"`
	SenderItemID string    `json:"sender_item_id"`
	Note         string    `json:"note"`
	Paid         bool      `json:"paid"` // it was SUCCESS once
	Processed    time.Time `json:"processed"`
	BackAt       time.Time `json:"back_at"` // unclaimed: when it comes back
}

// request is an answer that a PayPal-Request-Id repeats.
type request struct {
	Batch string    `json:"batch"`
	Body  string    `json:"body"`
	At    time.Time `json:"at"`
}

// event is what PayPal reported, kept for 30 days whether it arrived or not.
type event struct {
	ID       string          `json:"id"`
	Version  string          `json:"event_version"`
	Created  time.Time       `json:"create_time"`
	Kind     string          `json:"resource_type"`
	Type     string          `json:"event_type"`
	Summary  string          `json:"summary"`
	Resource json.RawMessage `json:"resource"`
}
