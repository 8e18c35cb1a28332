// Package check verifies a proof of payouts by its file alone: without database or network, and with nothing of the code that made it.
// It says the rules of money once more in its own words, so that a mistake in the one is found by the other, and is short enough to be
// read whole by who trusts neither: under 500 lines, of the standard library only.
package check

import (
	"bytes"
	"encoding/json"
	"time"
)

// Format is what a file of this kind says that it is. What it means never changes; a field that comes later has omitempty, as files of before lack it.
const Format, digestLine, skew = "rapport-proof/1", "\n  \"digest\": \"", time.Hour // skew is how far the clocks of two machines may be apart

// File is a proof as it is written. docs/money.md says what its fields mean.
type File struct {
	Format  string    `json:"format"`
	MadeAt  time.Time `json:"made_at"`
	Program string    `json:"program"`
	Period  string    `json:"period"`
	Creator string    `json:"creator"` // whose file it is, "" of everybody in the month
	Runs    []Run     `json:"runs"`
	Payouts []Payout  `json:"payouts"`
	Rows    []Row     `json:"rows"`
	Orders  []Order   `json:"orders"`
	Digest  string    `json:"digest"` // sha256 of all that stands before it
}

// Run is a run of the month: what was planned, by whom, and who approved which hash.
type Run struct {
	ID            string    `json:"id"`
	From          time.Time `json:"from"`
	To            time.Time `json:"to"`
	Cutoff        time.Time `json:"cutoff"`
	State         string    `json:"state"`
	Currency      string    `json:"currency"`
	MinimumMinor  int64     `json:"minimum_minor"`
	ApproveAbove  int64     `json:"approve_above_minor"` // 0 no limit
	NeedApprovers int       `json:"need_approvers"`
	TotalMinor    int64     `json:"total_minor"`
	Payees        int       `json:"payees"`
	PreparedBy    string    `json:"prepared_by"`
	LinesHash     string    `json:"lines_hash"`
	LineHashes    []string  `json:"line_hashes"` // of all its payouts, in its order
	Approvals     []Word    `json:"approvals"`
	Settled       *Word     `json:"settled"` // where it is a person's word on a transfer that the books had lost
}

// Word is what a person said.
type Word struct {
	Deed   string    `json:"deed"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
	On     string    `json:"on"` // the hash, transfer or row
	Reason string    `json:"reason"`
	ID     string    `json:"id"` // of the line in the audit
}

// Payout is one creator's line of a run, and what the provider says of it.
type Payout struct {
	ID              string     `json:"id"`
	RunID           string     `json:"run_id"`
	CreatorID       string     `json:"creator_id"`
	Destination     string     `json:"destination"` // its last characters
	DestinationHash string     `json:"destination_hash"`
	Rail            string     `json:"rail"`
	Currency        string     `json:"currency"`
	AmountMinor     int64      `json:"amount_minor"`
	CarriedIn       int64      `json:"carried_in_minor"`  // of it was due before the month began
	CarriedOut      int64      `json:"carried_out_minor"` // beside it: less than the rail can send
	Last            bool       `json:"last"`              // the creator was erased: no minimum
	State           string     `json:"state"`
	Key             string     `json:"key"`
	FirstPostedAt   *time.Time `json:"first_posted_at"`
	ReversedMinor   int64      `json:"reversed_minor"`
	TransferID      string     `json:"transfer_id"` // that paid it, by the books
	Rows            []string   `json:"rows"`
	Transfers       []Transfer `json:"transfers"` // by the provider
}

// Transfer is what the provider answers for a payout, in its own units.
type Transfer struct {
	ID              string    `json:"id"`
	PayoutID        string    `json:"payout_id"`
	DestinationHash string    `json:"destination_hash"`
	Currency        string    `json:"currency"`
	Units           int64     `json:"units"`
	ReversedUnits   int64     `json:"reversed_units"`
	At              time.Time `json:"at"`
}

// Row is an earning or correction with what was frozen on it.
type Row struct {
	ID            string    `json:"id"`
	CreatorID     string    `json:"creator_id"`
	PartnershipID string    `json:"partnership_id"`
	Kind          string    `json:"kind"`
	Booked        string    `json:"booked"` // the posting's kind, "" nothing
	State         string    `json:"state"`
	Currency      string    `json:"currency"`
	AmountMinor   int64     `json:"amount_minor"`
	OrderID       string    `json:"order_id"`
	CapMinor      int64     `json:"cap_minor,omitempty"` // at most what all sales of the partnership earn, by its terms
	Deliverable   string    `json:"deliverable"`
	RateBPS       int64     `json:"rate_bps"`
	OccurredAt    time.Time `json:"occurred_at"`
	HoldMicros    int64     `json:"hold_micros"`
	EligibleAt    time.Time `json:"eligible_at"`
	WrittenAt     time.Time `json:"written_at"`
	PayoutID      string    `json:"payout_id"` // that has claimed it
	Released      []string  `json:"released"`  // those that had, and were not paid
	Reason        string    `json:"reason"`
	Words         []Word    `json:"words"` // holds, releases and rejections
}

// Order is a sale without its buyer, and what it came to since.
type Order struct {
	ID        string    `json:"id"`
	At        time.Time `json:"at"`
	Currency  string    `json:"currency"`
	SoldMinor int64     `json:"sold_minor"` // net, when the commission was booked
	Worth     []Worth   `json:"worth"`
}

// Worth is what an order came to at an instant: what was bought, and what of it came back.
type Worth struct {
	At          time.Time `json:"at"`
	BoughtMinor int64     `json:"bought_minor"`
	BackMinor   int64     `json:"back_minor"`
	Refund      string    `json:"refund"` // the shop's id of what changed it, "" where there is none
}

// read takes a file apart. It has to be, byte for byte, what its own content is written as: nothing stands in it that only people or only
// programs see.
func read(text []byte) (f File, fault string) {
	at := bytes.LastIndex(text, []byte(digestLine))
	if at < 0 || string(text[at:]) != digestLine+hexOf(text[:at])+"\"\n}\n" {
		return f, "the digest does not fit: this is no proof, or it was changed or cut off after it was written"
	}
	if err := json.Unmarshal(text, &f); err != nil {
		return f, "the file is no proof: " + err.Error()
	}
	var again bytes.Buffer
	encoder := json.NewEncoder(&again)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(f); err != nil || !bytes.Equal(again.Bytes(), text) {
		return f, "the file is not written in the one way in which proofs are: something in it is unknown, left out, twice or out of place"
	}
	return f, ""
}
