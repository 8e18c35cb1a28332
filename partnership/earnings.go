package partnership

import (
	"time"

	"github.com/rapport-dev/rapport/partnership/money"
)

// Earnings is a creator's own page of what they earn in a program. Personal data through Creator.
type Earnings struct {
	Creator    Creator
	Brand      Brand
	Program    string
	Zone       string // in which dates are said
	Currency   string // in which the program pays
	InHold     money.Sums
	Counting   money.Sums // payable once a run takes it
	Underway   money.Sums // in a payout that is not paid yet
	Paid       money.Sums // less what came back
	Held       money.Sums
	Next       NextPayout
	Payouts    []PayoutView    // the newest first
	Open       []StatementLine // what is not paid yet, the newest first
	More       int             // further such lines, which the months' pages show
	SelfBilled bool            // the brand writes their invoices
	Months     []string        // those that have a statement, the newest first
}

// NextPayout is what the next payouts would hold for a creator as things stand.
type NextPayout struct {
	Day       time.Time // when they are prepared
	Period    string    // of which month
	Preparing bool      // they are being prepared just now
	Minor     int64
	Why       string // why it holds nothing, "" when it does
}

// PayoutView is a payout as its creator sees it.
type PayoutView struct {
	ID            PayoutID
	Period        string
	AmountMinor   int64
	ReversedMinor int64
	Currency      string
	State         PayoutState
	Rail          string
	Account       string
	Ref           string
	At            time.Time // of its state
	Reason        string    // as the books keep it, for WhyNotPaid
	Waits         RunWait   // what its run waits for
	Lines         []StatementLine
}

// FundsMissing begins what a run says that waits for its rail's balance to cover it.
const FundsMissing = "funds"

// RunWait is what a run waits for, as much as concerns whoever is paid by it.
type RunWait string

// What a run may wait for.
const (
	WaitsForNothing RunWait = ""
	WaitsForFunds   RunWait = "funds"
	WaitsForRail    RunWait = "rail" // its provider takes no transfers just now
)

// MonthView is a creator's page of one month: what was paid of it, and all else that happened in it.
type MonthView struct {
	Statement
	Zone    string
	Over    bool         // its payouts are: what is left is in later ones
	Payouts []PayoutView // with their lines

	Objections map[string]bool // by row: whether it is decided
}
