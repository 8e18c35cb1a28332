package partnership

import (
	"time"

	"github.com/rapport-dev/rapport/partnership/money"
)

// Came is what became of a line of the books at once when its creator objected to it.
type Came string

// What may become of it.
const (
	CameHeld      Came = "held"      // it is not paid until a person has decided
	CameDropped   Came = "dropped"   // and the payout that was to pay it was taken out of its run
	CameWasHeld   Came = "was_held"  // it waited for another reason already, and now for this too
	CameDeduction Came = "deduction" // what is taken back is never held
	CameTooLate   Came = "too_late"  // it is being sent, or was
	CameOver      Came = "over"      // it was rejected or taken back before
)

// Holds says whether the line is held while the objection is open.
func (c Came) Holds() bool { return c == CameHeld || c == CameDropped || c == CameWasHeld }

// Objection is what a creator objects to: one line of their statement, once. Words and Creator are personal data.
type Objection struct {
	ID            string        `json:"id"`
	Program       string        `json:"program"`
	CreatorID     CreatorID     `json:"creator_id"`
	PartnershipID PartnershipID `json:"partnership_id"`
	Platform      string        `json:"platform"`
	Creator       string        `json:"creator"` // handle
	RowID         string        `json:"row_id"`
	Kind          string        `json:"kind"`
	OrderID       string        `json:"order_id,omitempty"`
	AmountMinor   int64         `json:"amount_minor"`
	Currency      string        `json:"currency"`
	Words         string        `json:"words"` // why, as they wrote it
	At            time.Time     `json:"at"`
	Came          Came          `json:"came"`
	PayoutID      PayoutID      `json:"payout_id,omitempty"` // that was taken out of its run, or that it came too late for
	RunID         string        `json:"run_id,omitempty"`    // that payout's
	PayoutMinor   int64         `json:"payout_minor,omitempty"`
	Decision      Choice        `json:"decision,omitempty"` // release, void, answer; "" while it is open
	Answer        string        `json:"answer,omitempty"`   // what the creator was written
	By            string        `json:"by,omitempty"`
	DecidedAt     time.Time     `json:"decided_at,omitzero"`
}

// Line is what it is about, in a few words: "$3.60 of order 1005".
func (o Objection) Line() string {
	what := money.Display(o.AmountMinor, o.Currency)
	if o.OrderID != "" {
		return what + " of order " + o.OrderID
	}
	return what + ", " + o.Kind
}

// ObjectionChoices are what may be decided about one.
func ObjectionChoices() []Choice { return []Choice{ChoiceRelease, ChoiceVoid, ChoiceAnswer} }

// NoticeObjection is what a creator is told of an objection of theirs.
const NoticeObjection = "objection_answer"

// ObjectionNews is what a notice tells of an objection.
type ObjectionNews struct {
	Objection
	Said string // what the creator is written
	Page string // where they objected
}
