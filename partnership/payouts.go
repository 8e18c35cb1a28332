package partnership

import (
	"fmt"
	"strings"
	"time"
)

// PayoutRunState is how far a monthly run has come.
type PayoutRunState string

// The states of a run, in order.
const (
	RunClosing    PayoutRunState = "closing"
	RunReview     PayoutRunState = "review" // statements are out, disputes may come
	RunPlanned    PayoutRunState = "planned"
	RunApproved   PayoutRunState = "approved"
	RunExecuting  PayoutRunState = "executing"
	RunReconciled PayoutRunState = "reconciled"
	RunRejected   PayoutRunState = "rejected"
	RunEmpty      PayoutRunState = "empty" // nothing to pay

	RunLost PayoutRunState = "lost" // of a workflow alone: the books have gone back to before it
)

// PayoutRun is one run over a program's month. A month may be run again by hand: only rows that no payout has claimed are in it.
type PayoutRun struct {
	ID         string         `json:"id"` // <program>/<yyyy-mm>/<n>
	Program    string         `json:"program"`
	Period     string         `json:"period"` // yyyy-mm in the program's zone
	From       time.Time      `json:"from"`
	To         time.Time      `json:"to"`     // exclusive
	Cutoff     time.Time      `json:"cutoff"` // rows eligible before this: To, or the start of the run if it is earlier
	State      PayoutRunState `json:"state"`
	LinesHash  string         `json:"lines_hash"`
	PreparedBy string         `json:"prepared_by"`
	Approvals  []string       `json:"approvals"`
	TotalMinor int64          `json:"total_minor"` // in Currency
	Currency   string         `json:"currency"`
	Payees     int            `json:"payees"`
	Tally      RunTally       `json:"tally"`
	Waits      string         `json:"waits"` // for what, in words: funds, a key, the provider; "" when it goes on

	RestRejected string `json:"rest_rejected,omitempty"` // why a person has sent back what was not sent yet of it, "" nobody has
}

// RunKnown is what a run's workflow knows of it, for the books to know no less.
type RunKnown struct {
	LinesHash string // of what it has planned, "" before
	Sending   bool   // it was approved
	Rejected  bool   // what was not sent of it was sent back
}

// PayoutState is how far one payout has come. Paid is not final: money may come back.
type PayoutState string

// The states of a payout.
const (
	PayoutPlanned  PayoutState = "planned"
	PayoutPosted   PayoutState = "posted"  // the call was begun; what became of it is being found out
	PayoutUnknown  PayoutState = "unknown" // a person has to say
	PayoutPaid     PayoutState = "paid"
	PayoutFailed   PayoutState = "failed" // certainly not paid; its rows were released
	PayoutReturned PayoutState = "returned"
	PayoutVoid     PayoutState = "void" // the plan was not approved, or it was taken out before it was sent

	PayoutLost PayoutState = "lost" // of a workflow alone: the books have gone back to before it
)

// KnownUntil is since when a provider's list is to be read for what the books do not know.
type KnownUntil struct {
	Provider string
	Since    time.Time
}

// Payout is money for one creator in one currency.
type Payout struct {
	ID             PayoutID    `json:"id"`
	RunID          string      `json:"run_id"`
	CreatorID      CreatorID   `json:"creator_id"`
	Destination    string      `json:"destination"`
	AmountMinor    int64       `json:"amount_minor"`
	Currency       string      `json:"currency"`
	State          PayoutState `json:"state"`
	Provider       string      `json:"provider"`
	ProviderRef    string      `json:"provider_ref"`          // of the transfer that paid it
	OrderedRef     string      `json:"ordered_ref,omitempty"` // of the order that the rail has taken, where it pays later
	IdempotencyKey EffectKey   `json:"idempotency_key"`
	FirstPostedAt  time.Time   `json:"first_posted_at,omitzero"`
	ReversedMinor  int64       `json:"reversed_minor,omitempty"` // what has come back of it
	Reason         string      `json:"reason,omitempty"`         // why it failed, came back or is unknown
}

// Posting is a payout that is about to be sent, or sent again. Both facts come from its row: clocks of two machines differ.
type Posting struct {
	Payout
	Again    bool          // it may have been sent before
	Withheld bool          // its payee is refused before it was ever sent, as the books have it
	Age      time.Duration // since the first post, by the database's clock; 0 unless Again
	PostedAt time.Time     // this post, by the database's clock
}

// PayoutPlan is what an approver sees: totals bound to the hash of every line.
type PayoutPlan struct {
	RunID         string     `json:"run_id"`
	Payouts       []PayoutID `json:"payouts"`
	TotalMinor    int64      `json:"total_minor"`
	Currency      string     `json:"currency"`
	LinesHash     string     `json:"lines_hash"`
	Carried       int        `json:"carried"`        // payees below the minimum or not ready
	NeedApprovers int        `json:"need_approvers"` // 1, or 2 above the limit
	Rail          string     `json:"rail,omitempty"` // who moves the money; "" in plans from before there were several
	Count         int        `json:"count,omitempty"`
	Batches       int        `json:"batches,omitempty"` // in which it is paid: the ids of none travel; 0 in plans from before there were any

	Rails []RailTotal `json:"rails,omitempty"` // where creators chose several: what goes by each, in the order of their batches
}

// RailTotal is what of a run goes by one rail. A batch is of one rail.
type RailTotal struct {
	Rail        string `json:"rail"`
	AmountMinor int64  `json:"amount_minor"`
	Payees      int    `json:"payees"`
	Batches     int    `json:"batches"`
}

// ByRail is what goes by each rail of a plan.
func (p PayoutPlan) ByRail() []RailTotal {
	if len(p.Rails) > 0 {
		return p.Rails
	}
	return []RailTotal{{Rail: p.Rail, AmountMinor: p.TotalMinor, Payees: p.Payees(), Batches: p.Batches}}
}

// RailOf is who moves the payouts of a batch.
func (p PayoutPlan) RailOf(batch int) string {
	for _, of := range p.Rails {
		if batch < of.Batches {
			return of.Rail
		}
		batch -= of.Batches
	}
	return p.Rail
}

// Payees is how many payouts a plan has.
func (p PayoutPlan) Payees() int { return max(p.Count, len(p.Payouts)) }

// StatementLine is one row of a creator's monthly statement.
type StatementLine struct {
	At          time.Time
	Kind        string // commission, fee, adjustment
	OrderID     string
	AmountMinor int64
	State       string
	Reason      string

	RowID    string
	Currency string
	NetMinor int64 // what its order came to, 0 when that is not known
	RateBPS  int
	CountsAt time.Time // when its hold is over
	Group    LineGroup
}

// LineGroup is where a statement shows a line.
type LineGroup string

// The groups of a statement, in their order.
const (
	LinePayable   LineGroup = "payable"
	LinePaid      LineGroup = "paid" // or on its way, by another run
	LineInHold    LineGroup = "in_hold"
	LineHeld      LineGroup = "held"
	LineRejected  LineGroup = "rejected"
	LineElsewhere LineGroup = "elsewhere" // in another currency than the program pays in
)

// Told is what a statement says of a line in one word, for the next one of the month to say only what changed: that a hold is over, or
// that something is paid as it was said, is no change.
func (l StatementLine) Told() string {
	what := string(l.Group)
	if l.Group == LinePaid || l.Group == LineInHold || l.Group == LinePayable {
		what = "counts"
	}
	return fmt.Sprintf("%s %d", what, l.AmountMinor)
}

// Statement is what a creator is told about a month. Personal data through Creator.
type Statement struct {
	Creator     Creator
	Program     string
	Brand       Brand
	Period      string
	Currency    string
	Lines       []StatementLine
	PayableNow  int64 // what the next payout will hold
	CarriedWhy  string
	PayoutReady bool
	AccountID   string // at the payout rail, "" none yet
	Rail        string
	Page        string            // the creator's own page of it
	Before      map[string]string // what an earlier run of the month told of each row, nil when none did
}

// Changed are the lines that an earlier statement of the month did not tell as they are.
func (s Statement) Changed() (lines []StatementLine) {
	for _, l := range s.Lines {
		if s.Before[l.RowID] != l.Told() {
			lines = append(lines, l)
		}
	}
	return lines
}

// Settlement is what a person says of a transfer that the provider shows and the books do not explain.
type Settlement string

// The ways in which a difference is settled. While one is open nothing is planned and nothing is sent.
const (
	Unsettled     Settlement = ""
	SettleOurs    Settlement = "ours"    // it paid this creator: it is booked, and netted against what they are owed
	SettleDouble  Settlement = "double"  // it paid what another transfer paid: it is reversed at the provider
	SettleForeign Settlement = "foreign" // it was not made by Rapport and stays out of its books
)

// Settlements are what may be said.
func Settlements() []Settlement { return []Settlement{SettleOurs, SettleDouble, SettleForeign} }

// Difference is a transfer that the provider shows and the books do not explain: after a restore from a backup, or after somebody sent
// money by hand. The creator's handle is personal data.
type Difference struct {
	Transfer
	Provider  string     `json:"provider"`
	CreatorID CreatorID  `json:"creator_id"` // whose account it went to, "" when it is nobody's here, or of several
	Platform  string     `json:"platform"`
	Creator   string     `json:"creator"` // handle
	Why       string     `json:"why"`     // what the books say instead
	FoundAt   time.Time  `json:"found_at"`
	Settled   Settlement `json:"settled"`
	By        string     `json:"by,omitempty"`       // who settled it
	Programs  []string   `json:"programs,omitempty"` // that owe that creator, one of which may have paid it
	CouldBe   []string   `json:"could_be,omitempty"` // handles of those who share the account, where only a person can say whose it is
	ClosedAt  time.Time  `json:"closed_at,omitzero"`

	Card   *MessageRef `json:"-"` // where finance was asked
	Bundle string      `json:"-"` // of many that one card tells of, "" it has its own
}

// DifferenceWord is what a person says of such a transfer.
type DifferenceWord struct {
	Rail     string // "" where one rail alone shows that id
	Transfer string
	As       Settlement
	Program  string    // that owes the creator, "" where it is one
	Creator  CreatorID // whose it is, "" where that is known
}

// To is whom it went to, in words.
func (d Difference) To() string {
	switch {
	case d.Creator != "":
		return "@" + d.Creator
	case len(d.CouldBe) > 0:
		return "@" + strings.Join(d.CouldBe, " or @")
	}
	return "nobody known here"
}

// Over says whether nothing is left to settle or to reverse.
func (d Difference) Over() bool { return !d.ClosedAt.IsZero() }

// State is how far it is: open, double (its reversal is under way), closed.
func (d Difference) State() string {
	switch {
	case d.Over():
		return "closed"
	case d.Settled == SettleDouble:
		return "double"
	}
	return "open"
}

// NoProgram stands in a button's value where none is meant.
const NoProgram = "-"

// WriteOff is what a creator owes a program and is to be forgiven.
type WriteOff struct {
	ID          string    `json:"id"`
	Program     string    `json:"program"`
	CreatorID   CreatorID `json:"creator_id"`
	Platform    string    `json:"platform,omitempty"`
	Creator     string    `json:"creator,omitempty"` // the handle
	AmountMinor int64     `json:"amount_minor"`
	Currency    string    `json:"currency"`
	Reason      string    `json:"reason"`
	AskedBy     string    `json:"asked_by"`
	AskedAt     time.Time `json:"asked_at"`
	ApprovedBy  string    `json:"approved_by,omitempty"`
	WithdrawnBy string    `json:"withdrawn_by,omitempty"`
}

// State is how a write-off stands: open, approved or withdrawn.
func (w WriteOff) State() string {
	switch {
	case w.ApprovedBy != "":
		return "approved"
	case w.WithdrawnBy != "":
		return "withdrawn"
	}
	return "open"
}
