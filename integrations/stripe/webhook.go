package stripe

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/stripe/stripe-go/v85"

	"github.com/rapport-dev/rapport/integrations/httpx"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/facts"
	"github.com/rapport-dev/rapport/partnership/money"
)

// HeaderSignature carries the time and one or more signatures: "t=1700000000,v1=...,v1=...".
const HeaderSignature = "Stripe-Signature"

// ErrMalformed is a body that is not what Stripe documents.
var ErrMalformed = errors.New("stripe webhook: the body is not an event")

// Verify checks a delivery's raw body against any of the secrets (whsec_..., taken as they are): one for the platform's
// endpoint, one for the connected accounts' endpoint, and two of each while they are being rolled.
func Verify(secrets []string, header http.Header, body []byte, now time.Time) error {
	if strings.Join(secrets, "") == "" {
		return facts.ErrNoKey
	}
	value, _ := httpx.Single(header, HeaderSignature)
	stamp, given, ok := parseSignature(value)
	if !ok {
		return facts.ErrNotSigned
	}
	sums := httpx.HMACs(secrets, []byte(strconv.FormatInt(stamp, 10)+"."), body)
	if !slices.ContainsFunc(given, sums.Match) {
		return facts.ErrSignature
	}
	return httpx.Recent(stamp, now)
}

// maxSignatures is far above what rolling secrets produces and keeps the work of a forged header small.
const maxSignatures = 16

func parseSignature(s string) (stamp int64, sums [][]byte, ok bool) {
	stamps := 0
	for part := range strings.SplitSeq(s, ",") {
		name, value, found := strings.Cut(strings.TrimSpace(part), "=")
		if !found {
			return 0, nil, false
		}
		switch name {
		case "t":
			n, err := strconv.ParseInt(value, 10, 64)
			if err != nil || strings.Trim(value, "0123456789") != "" {
				return 0, nil, false
			}
			stamp, stamps = n, stamps+1
		case "v1": // others, such as v0 of test mode, are not to be trusted
			if sum, err := hex.DecodeString(value); err == nil && len(sum) == sha256.Size {
				sums = append(sums, sum)
			}
		}
	}
	return stamp, sums, stamps == 1 && len(sums) > 0 && len(sums) <= maxSignatures
}

// The event types that mean something here.
const (
	AccountUpdated   = "account.updated"
	TransferCreated  = "transfer.created"
	TransferReversed = "transfer.reversed"
	TransferUpdated  = "transfer.updated"
	PayoutPaid       = "payout.paid"   // the creator's bank has it
	PayoutFailed     = "payout.failed" // it came back to the creator's balance at Stripe
)

// Event is one fact from Stripe. Deliveries repeat and come in any order: drop repetitions by ID, and read the object
// again before acting on money.
type Event struct {
	ID         string
	Type       string
	CreatedAt  time.Time
	APIVersion string
	Live       bool
	Account    string // the connected account it is about; "" for the platform's own

	PayoutAccount *partnership.PayoutAccount // for account.*
	Transfer      *partnership.Transfer      // for transfer.*
	BankPayout    *BankPayout                // for payout.*
}

// BankPayout is money on its way from a creator's balance at Stripe to the creator's bank.
type BankPayout struct {
	ID          string
	Status      string // paid, pending, in_transit, canceled, failed
	AmountMinor int64
	Currency    string
	FailureCode string // account_closed, no_account, ...; "" unless failed
}

// ParseEvent reads a verified delivery. It does not mind another API version than the library's: the few fields used
// here have been stable for years, and refusing would lose facts about money. Types we do not know come without object.
func ParseEvent(body []byte) (Event, error) {
	var doc struct {
		ID         string `json:"id"`
		Object     string `json:"object"`
		Type       string `json:"type"`
		Created    int64  `json:"created"`
		APIVersion string `json:"api_version"`
		Livemode   bool   `json:"livemode"`
		Account    string `json:"account"`
		Data       struct {
			Object json.RawMessage `json:"object"`
		} `json:"data"`
	}
	if json.Unmarshal(body, &doc) != nil || doc.Object != "event" || doc.ID == "" || doc.Type == "" {
		return Event{}, ErrMalformed
	}
	e := Event{
		ID: doc.ID, Type: doc.Type, CreatedAt: time.Unix(doc.Created, 0).UTC(), APIVersion: doc.APIVersion,
		Live: doc.Livemode, Account: doc.Account,
	}
	var err error
	switch kind, _, _ := strings.Cut(doc.Type, "."); kind {
	case "account":
		err = e.readAccount(doc.Type, doc.Data.Object)
	case "transfer":
		err = e.readTransfer(doc.Data.Object)
	case "payout":
		err = e.readPayout(doc.Data.Object)
	}
	return e, err
}

func (e *Event) readAccount(kind string, raw json.RawMessage) error {
	if kind != AccountUpdated { // account.application.*, account.external_account.*: other objects
		return nil
	}
	var a stripe.Account
	if json.Unmarshal(raw, &a) != nil || a.ID == "" {
		return ErrMalformed
	}
	account := payoutAccount(&a)
	e.PayoutAccount = &account
	return nil
}

func (e *Event) readTransfer(raw json.RawMessage) error {
	var t stripe.Transfer
	if json.Unmarshal(raw, &t) != nil || t.ID == "" {
		return ErrMalformed
	}
	moved := transfer(&t)
	e.Transfer = &moved
	return nil
}

func (e *Event) readPayout(raw json.RawMessage) error {
	var p stripe.Payout
	if json.Unmarshal(raw, &p) != nil || p.ID == "" {
		return ErrMalformed
	}
	currency := strings.ToUpper(string(p.Currency))
	e.BankPayout = &BankPayout{
		ID: p.ID, Status: string(p.Status), AmountMinor: money.FromProvider(p.Amount, currency, provider),
		Currency: currency, FailureCode: string(p.FailureCode),
	}
	return nil
}
