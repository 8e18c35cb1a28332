package ledger

import (
	"github.com/rapport-dev/rapport/partnership"
)

// Entry adds an amount to an account. Amounts are credits: what we owe and what has left us is positive, what it cost is
// negative, so a creator's payable reads as what the creator is owed.
type Entry struct {
	Account     string `json:"account"`
	Currency    string `json:"currency"`
	AmountMinor int64  `json:"amount_minor"`
}

// Posting is one fact in the journal. Its entries always sum to zero; a correction is a new posting.
type Posting struct {
	Kind    string  `json:"kind"`
	Entries []Entry `json:"entries"`
}

// Sum is the sum of the entries, zero for every posting made here.
func (p Posting) Sum() int64 {
	var sum int64
	for _, e := range p.Entries {
		sum += e.AmountMinor
	}
	return sum
}

// ExpenseAccount is what a program's commissions, fees, bonuses or adjustments cost.
func ExpenseAccount(program string, kind Kind) string {
	return "expense:" + program + ":" + string(kind)
}

// WriteOffAccount is what was forgiven of a program's creators.
func WriteOffAccount(program string) string { return "expense:" + program + ":writeoff" }

// PayableAccount is what a creator is owed; negative, what the creator owes.
func PayableAccount(id partnership.CreatorID) string { return "creator:" + string(id) + ":payable" }

// InTransitAccount is what open payouts have claimed for a creator.
func InTransitAccount(id partnership.CreatorID) string {
	return "creator:" + string(id) + ":in_transit"
}

// CashAccount is what left through a provider.
func CashAccount(provider string) string { return "cash:" + provider }

// Earn books what a row earns.
func Earn(program string, id partnership.CreatorID, kind Kind, currency string, minor int64) Posting {
	return move("earn", currency, minor, ExpenseAccount(program, kind), PayableAccount(id))
}

// ReverseEarned takes back (part of) what a row earned, before it is paid.
func ReverseEarned(program string, id partnership.CreatorID, kind Kind, currency string, minor int64) Posting {
	return move("reverse", currency, minor, PayableAccount(id), ExpenseAccount(program, kind))
}

// AdjustAfterPay takes back (part of) what was claimed or paid: the creator's balance falls, maybe below zero, and is netted later.
func AdjustAfterPay(program string, id partnership.CreatorID, kind Kind, currency string, minor int64) Posting {
	return move("adjust", currency, minor, PayableAccount(id), ExpenseAccount(program, kind))
}

// ClaimPayout reserves a payout's amount.
func ClaimPayout(id partnership.CreatorID, currency string, minor int64) Posting {
	return move("claim", currency, minor, PayableAccount(id), InTransitAccount(id))
}

// ReleasePayout gives a claim back: the payout certainly was not paid.
func ReleasePayout(id partnership.CreatorID, currency string, minor int64) Posting {
	return move("release", currency, minor, InTransitAccount(id), PayableAccount(id))
}

// PayPayout books that the provider has paid.
func PayPayout(id partnership.CreatorID, provider, currency string, minor int64) Posting {
	return move("pay", currency, minor, InTransitAccount(id), CashAccount(provider))
}

// ReturnPayout books that paid money came back: the creator is owed it again.
func ReturnPayout(id partnership.CreatorID, provider, currency string, minor int64) Posting {
	return move("return", currency, minor, CashAccount(provider), PayableAccount(id))
}

func move(kind, currency string, minor int64, from, to string) Posting {
	return Posting{Kind: kind, Entries: []Entry{{from, currency, -minor}, {to, currency, minor}}}
}
