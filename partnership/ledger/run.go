package ledger

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// Run is what a payout run goes by.
type Run struct {
	Currency     string   // a program pays in one
	Provider     string   // the rail that is meant where an account names none
	Rails        []string // those that creators may choose from; empty: Provider alone
	MinimumMinor int64
	Cutoff       time.Time // exclusive: the end of the month, or the start of the run if it is earlier
	Now          time.Time
	Day          time.Duration // the length of a campaign day

	Gates  []partnership.Gate               // what the program asks of its payees beside an account
	Papers map[partnership.CreatorID]Papers // what is on file of them
}

// Owed is a row and where its creator's money goes.
type Owed struct {
	Row
	Account Account
}

// Due says whether a run up to cutoff may pay a row: it is open, not held, and its hold was over before the cutoff; negative rows are
// netted whenever they came (RULES, money 8 and 9).
func (r Row) Due(cutoff time.Time) bool {
	return (r.State == Pending || r.State == Eligible) && (r.EligibleAt.Before(cutoff) || r.AmountMinor < 0)
}

// InMonth says whether a statement of a month from..cutoff speaks of a row: it happened then, or its run pays it. What was rejected is
// not told again.
func (r Row) InMonth(from, cutoff time.Time) bool {
	return r.State != Voided && (r.Happened(from, cutoff) || r.Due(cutoff))
}

// Happened says whether a row is of a month from..cutoff.
func (r Row) Happened(from, cutoff time.Time) bool {
	return !r.OccurredAt.Before(from) && r.OccurredAt.Before(cutoff)
}

// Unpayable are the ids of rows that nobody will ever be paid by a run, by the reason for which they therefore are held for a person: what
// was earned by somebody who was erased, and whose account takes no money or who lacks what nobody can ask them for any more.
func (r Run) Unpayable(rows []Owed) map[string][]string {
	theirs := map[string][]Row{}
	for _, row := range rows {
		if why := r.neverPaid(row.CreatorID, row.Account); why != "" {
			theirs[why] = append(theirs[why], row.Row)
		}
	}
	held := map[string][]string{}
	for why, rows := range theirs {
		if ids := ToHold(rows); len(ids) > 0 {
			held[why] = ids
		}
	}
	return held
}

func (r Run) neverPaid(id partnership.CreatorID, account Account) string {
	switch {
	case !account.Erased:
		return ""
	case !account.Ready:
		return Erased
	}
	var lacks []string
	for _, gate := range r.Papers[id].Lacking(r.Gates, r.Now) {
		if gate != partnership.GateNames { // that is a person's to say, and they are asked
			lacks = append(lacks, gate.Lacks())
		}
	}
	if len(lacks) == 0 {
		return ""
	}
	return fmt.Sprintf(erasedLacks, strings.Join(lacks, ", and "))
}

// Balance is what is due to one creator, net, in the currency of a run.
type Balance struct {
	CreatorID partnership.CreatorID
	Minor     int64
	Rows      int // of which it is the sum
	Account   Account
}

// Settle pays or carries what is due to each creator, as the database has netted it: a run of 100,000 creators reads none of their rows.
// Creators whose account is not ready or new are carried whole. Those who were erased are paid to the last cent: nothing more is earned
// by them, so a minimum would keep the rest for ever. Balances come in the order of their creators, and so do payouts.
func (r Run) Settle(balances []Balance) (payouts []Payout, carried []Carry) {
	for _, b := range balances {
		if why := r.waits(b.CreatorID, b.Account); why != "" {
			carried = append(carried, Carry{b.CreatorID, r.Currency, b.Minor, why})
			continue
		}
		minimum := r.MinimumMinor
		if b.Account.Erased {
			minimum = 0
		}
		rail := cmp.Or(b.Account.Rail, r.Provider)
		p, why := decide(Payout{CreatorID: b.CreatorID, Destination: b.Account.ID, Rail: rail, Currency: r.Currency, AmountMinor: b.Minor, RowCount: b.Rows}, minimum)
		if why != "" {
			carried = append(carried, Carry{b.CreatorID, r.Currency, b.Minor, why})
			continue
		}
		payouts = append(payouts, p)
	}
	return payouts, carried
}

// offers says whether the program pays by the rail of an account.
func (r Run) offers(a Account) bool {
	return a.Rail == "" || a.Rail == r.Provider || slices.Contains(r.Rails, a.Rail)
}

// PayableNow is what the next payout of one creator will hold, or in words for them why it holds nothing. rows are theirs.
func (r Run) PayableNow(rows []Row, account Account) (minor int64, why string) {
	var due []Row
	for _, row := range rows {
		if row.Currency == r.Currency && row.Due(r.Cutoff) {
			row.State = Eligible
			due = append(due, row)
		}
	}
	payouts, carried := Plan(due, r.minimum(), cmp.Or(account.Rail, r.Provider))
	switch {
	case len(carried) > 0:
		return 0, carried[0].Reason
	case len(payouts) == 0:
		return 0, ""
	}
	if why := r.waits(payouts[0].CreatorID, account); why != "" {
		return 0, why
	}
	return payouts[0].AmountMinor, ""
}

func (r Run) minimum() map[string]int64 { return map[string]int64{r.Currency: r.MinimumMinor} }

// CarryRest is what a payout's rail cannot carry, booked out of it and into the next: two adjustments that sum to zero, the one that
// the payout claims and the one that it leaves. first is a row of the payout.
func CarryRest(first Row, restMinor int64, at time.Time) (claimed, left Row) {
	const why = "carried: less than the payment provider can send"
	return first.correction(-restMinor, at, why), first.correction(restMinor, at, why)
}
