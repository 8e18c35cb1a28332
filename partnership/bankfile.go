package partnership

import (
	"fmt"
	"time"

	"github.com/rapport-dev/rapport/partnership/money"
)

// BankPayment is what a person read on a bank's statement that it paid somebody, and what the books do not know.
type BankPayment struct {
	Rail        string
	Reference   string // the bank's own, of this payment
	Program     string // that owed it
	CreatorID   CreatorID
	AmountMinor int64
	Currency    string
	On          string // the day on which it paid, such as 2026-11-28, in the program's zone
}

// BankFile is a file of payments that a person uploads at the bank. Its id is the file's message id: the bank refuses the same twice.
type BankFile struct {
	ID         string      `json:"id"`
	RunID      string      `json:"run_id"`
	Rail       string      `json:"rail"`
	Currency   string      `json:"currency"`
	TotalMinor int64       `json:"total_minor"`
	Payments   int         `json:"payments"`
	Open       int         `json:"open"` // of them, those that the bank has not answered for
	MadeBy     string      `json:"made_by"`
	MadeAt     time.Time   `json:"made_at"`
	DayN       int         `json:"day_n"`                       // which of the rail's files of that day, in UTC, from one
	DueOn      string      `json:"due_on,omitempty"`            // the day for which the bank is asked to carry it out; a CSV asks for none
	Wrong      string      `json:"cannot_be_written,omitempty"` // why it has no text now
	Name       string      `json:"name"`                        // of the file
	Text       []byte      `json:"-"`
	Orders     []BankOrder `json:"-"` // personal data through To
}

// BankOrder is one payment of a file.
type BankOrder struct {
	PayoutID    PayoutID
	AmountMinor int64
	Currency    string
	To          Receiver
}

// BankAnswer is what a bank did with a payment, as a person read it there.
type BankAnswer string

// The answers.
const (
	BankPaid     BankAnswer = "paid"
	BankReturned BankAnswer = "returned"
)

// BankWord is what a person says of a payment or a file at the bank.
type BankWord struct {
	Answer    BankAnswer
	Reference string // the bank's own, of what it has paid
	On        string // the day on which it has paid, such as 2026-11-28, as the statement shows it
}

// PaidBefore warns whoever says that a bank never executed a file: after a restore a file is made again under an id that the bank knows.
const PaidBefore = "A bank that refuses a file as a duplicate has paid it before: look at the statement, and confirm it as paid instead."

// BankWait is what of a month waits for a person at the bank: to be in a file or, with FileID, for their word on what the bank did.
type BankWait struct {
	Program     string    `json:"program"`
	Period      string    `json:"period"`
	Rail        string    `json:"rail"`
	FileID      string    `json:"file_id,omitempty"`
	Payments    int       `json:"payments"`
	AmountMinor int64     `json:"amount_minor"`
	Currency    string    `json:"currency"`
	Since       time.Time `json:"since"`
	Key         string    `json:"-"` // of what finance is told of it

	By   string      `json:"-"` // who took the file, where it is told
	Over bool        `json:"-"` // the bank has answered for all of it
	Card *MessageRef `json:"-"` // where finance was asked
}

// Words say what waits, and what to do.
func (w BankWait) Words() string {
	what := fmt.Sprintf("%s of %s: %d payments, %s", w.Program, w.Period, w.Payments, money.Display(w.AmountMinor, w.Currency))
	if w.FileID == "" {
		return what + ", wait to be taken to the bank: rapport payouts bankfile"
	}
	return what + " in bank file " + w.FileID + ", wait for a word on what the bank did: rapport payouts confirm"
}
