// Package filebank pays creators by a file of payments that a person uploads at the brand's bank: SEPA credit transfers in euros
// (ISO 20022, pain.001.001.09), ACH credits in US dollars (NACHA), or for banks that take neither a CSV of the same. No bank is called:
// what became of a payment is a person's word, with the bank's reference, and until it comes the payment is under way.
package filebank

import (
	"context"
	"math"
	"time"

	"github.com/rapport-dev/rapport/integrations"
	"github.com/rapport-dev/rapport/integrations/httpx"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

const vendor = "filebank"

// The operations, as they appear in errors.
const (
	opOrder   = "payment.order"
	opReverse = "payment.reverse"
	opAccount = "account.create"
	opFile    = "file.write"
)

// refusal is a call that is refused again until a person changes something.
var refusal = httpx.Refusals(vendor)

// Client orders payments. Book has to be given before it orders any.
type Client struct {
	from Payer
	csv  bool
	bad  string // what is wrong with the settings
	book integrations.BankBook
}

// Keep implements integrations.Keeper.
func (c *Client) Keep(book integrations.BankBook) { c.book = book }

// Check proves that the settings make files.
func (c *Client) Check(context.Context) error {
	if c.bad != "" {
		return refusal(opFile, c.bad).ForAll()
	}
	return nil
}

// Onboarding says that creators name an account at a bank.
func (c *Client) Onboarding() partnership.Onboarding { return partnership.OnboardBank }

// Serves says in words why the brand's bank does not pay somebody, "" when it does.
func (c *Client) Serves(_ context.Context, country, currency string) (string, error) {
	if c.bad != "" {
		return "", c.Check(context.Background())
	}
	return c.from.serves(country, currency), nil
}

// Transfer orders a payment: it is in the next file. Ordered again it is the same payment.
func (c *Client) Transfer(ctx context.Context, r partnership.TransferRequest) (partnership.Transfer, error) {
	switch why := c.from.serves("", r.Currency); {
	case c.bad != "":
		return partnership.Transfer{}, refusal(opOrder, c.bad).ForAll()
	case c.book == nil:
		return partnership.Transfer{}, refusal(opOrder, "this program keeps no bank orders").ForAll()
	case why != "":
		return partnership.Transfer{}, refusal(opOrder, why)
	}
	if err := c.from.takes(r.To); err != nil {
		return partnership.Transfer{}, refusal(opOrder, "the account cannot be paid: the creator has to say again how they are paid")
	}
	if err := c.book.OrderBank(ctx, vendor, r.PayoutID); err != nil {
		return partnership.Transfer{}, err
	}
	list, err := c.TransfersOf(ctx, r.PayoutID, "")
	if err != nil {
		return partnership.Transfer{}, err
	}
	if len(list) != 1 {
		return partnership.Transfer{}, &partnership.VendorError{Vendor: vendor, Op: opOrder, Class: partnership.Ambiguous, Message: "the order is not in the book"}
	}
	return list[0], nil
}

// TransfersOf is the order of one payout, which has no other name.
func (c *Client) TransfersOf(ctx context.Context, id partnership.PayoutID, _ string) ([]partnership.Transfer, error) {
	if c.book == nil {
		return nil, refusal(opOrder, "this program keeps no bank orders")
	}
	return c.book.BankTransfers(ctx, vendor, id, time.Time{})
}

// Transfers are all orders since an instant.
func (c *Client) Transfers(ctx context.Context, since time.Time, most int) ([]partnership.Transfer, error) {
	if c.book == nil {
		return nil, refusal(opOrder, "this program keeps no bank orders")
	}
	all, err := c.book.BankTransfers(ctx, vendor, "", since)
	if err == nil && len(all) > most {
		return nil, refusal(opOrder, "more payments than asked for")
	}
	return all, err
}

// AvailableBalance is not known: whoever uploads the file sees it at the bank.
func (c *Client) AvailableBalance(context.Context, string) (int64, error) { return math.MaxInt64, nil }

// Reverse is nothing that a file does.
func (c *Client) Reverse(context.Context, partnership.EffectKey, string, string, int64) error {
	return refusal(opReverse, "no payment is taken back by a file: ask the bank to recall it, and say what it did by rapport payouts confirm")
}

// OpenAccount is nothing that a bank does for others.
func (c *Client) OpenAccount(context.Context, partnership.AccountRequest) (partnership.PayoutAccount, error) {
	return partnership.PayoutAccount{}, refusal(opAccount, "creators have accounts of their own and say which")
}

// Account is as our own books have it.
func (c *Client) Account(context.Context, string) (partnership.PayoutAccount, error) {
	return partnership.PayoutAccount{}, partnership.Errorf(partnership.NotFound, "a bank keeps no account of ours")
}

// DueOn is the day for which a file asks that it be carried out: the bank's next business day after the one on which it was made, which leaves
// that day to upload it. It is none of a CSV, which asks for no day.
func (c *Client) DueOn(madeAt time.Time) string {
	switch {
	case c.csv:
		return ""
	case c.from.IBAN != "":
		return timeline.NextTARGETDay(madeAt)
	}
	return timeline.NextFedDay(madeAt)
}

// Write is a file as its bank reads it, and how it is called. One file has always the same text.
func (c *Client) Write(f partnership.BankFile) (name string, text []byte, err error) {
	switch {
	case c.bad != "":
		return "", nil, refusal(opFile, c.bad).ForAll()
	case c.from.serves("", f.Currency) != "":
		return "", nil, refusal(opFile, c.from.serves("", f.Currency))
	}
	if err := c.from.pays(f); err != nil {
		return "", nil, err
	}
	switch {
	case c.csv:
		text, err = table(f)
		return f.ID + ".csv", text, err
	case c.from.IBAN != "":
		text, err = sepa(c.from, f, c.DueOn(f.MadeAt))
		return f.ID + ".xml", text, err
	}
	text, err = nacha(c.from, f, c.DueOn(f.MadeAt))
	return f.ID + ".ach", text, err
}

// pays refuses a file that is not what it was made for, or holds somebody whom this account does not pay.
func (p Payer) pays(f partnership.BankFile) error {
	sum := int64(0)
	for _, o := range f.Orders {
		if err := p.takes(o.To); err != nil || o.Currency != f.Currency || o.AmountMinor <= 0 {
			return refusal(opFile, "payout "+string(o.PayoutID)+" is not one that this file can pay")
		}
		sum += o.AmountMinor
	}
	if sum != f.TotalMinor || len(f.Orders) != f.Payments {
		return refusal(opFile, "the payments do not sum to what the file was made for")
	}
	return nil
}
