package partnership

import (
	"slices"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership/locale"
)

// The kinds of notices about a payout: its creator is told of each, once, by mail.
const (
	NoticePaid        = "payout_paid"
	NoticeFailed      = "payout_failed"
	NoticeReturned    = "payout_returned"     // what was paid came back
	NoticePutOff      = "payout_put_off"      // finance sent it back before anything was sent
	NoticeBankRefused = "payout_bank_refused" // it lies in the creator's own balance at the rail
	NoticeInvoice     = "payout_invoice"      // the invoice that is written in their name is there
	NoticeCreditNote  = "payout_credit_note"
	NoticeDouble      = "payout_double" // it reached them twice, and one was taken back
)

// PayoutNews is what a notice tells of a payout, or of a double, which is none.
type PayoutNews struct {
	ID          PayoutID
	Period      string // yyyy-mm; "" of a double
	AmountMinor int64  // that it is about: of what came back, that part alone
	WholeMinor  int64  // of the payout
	Currency    string
	Rail        string
	Account     string    // the end of where it went, for its owner to know it again
	SentAt      time.Time // the zero time before it was sent
	Ref         string    // the transfer's id at the rail
	Why         string    // as the rail, or a person, said it
	Page        string    // the creator's statement of that month
	Overtaken   bool      // another payout has its rows by now
}

// payFaults are why a payout could not be made, by words of the reason that the books keep, in words that its creator can act on. The
// reasons themselves are for the team: they may speak of keys, rails and people.
var payFaults = []struct{ says, why, do string }{
	{
		"since the run was planned: ", locale.Words("something that we need before we may pay you was not there any more when it was to be sent"),
		locale.Words("Your page says what is missing, and what to do. Once that is settled it is sent with the next payouts."),
	},
	{
		"taken out before the bank was asked", locale.Words("we took the payment out before it was sent"),
		locale.Words("Your page says what it waits for, if it waits for anything of yours. It is sent with the next payouts."),
	},
	{
		"was not executed", locale.Words("our bank did not carry the payment out"),
		locale.Words("You need not do anything: it is sent with the next payouts."),
	},
	{
		"the bank did not pay it", locale.Words("your bank did not take it"),
		locale.Words("Please look whether the account that you gave us is the right one and takes payments, and set up your payout account again where it is not. It is sent with the next payouts."),
	},
	{
		"finish onboarding", locale.Words("your payout account does not take transfers at the moment"),
		locale.Words("Please look into your account there: something is missing or has to be confirmed. Once that is done the money is sent with the next payouts, and you need not tell us."),
	},
	{
		"account changed after", locale.Words("your payout account changed after the payout was prepared, and we do not send money to an account that you have left"),
		locale.Words("You need not do anything: it goes to your new account with the next payouts. If it was not you who changed it, reply to any of our mails at once."),
	},
	{
		"receiver that was kept", locale.Words("we cannot read any more where your money should go"),
		locale.Words("Please set up your payout account again; it is sent with the next payouts."),
	},
	{
		"claimed", locale.Words("nobody claimed it at the payment service in time, and it came back"),
		locale.Words("Please see that you can take payments there with the address that you gave us; it is sent again with the next payouts. If you would rather be paid in another way, reply to any of our mails."),
	},
	{
		"receiver sent it back", locale.Words("it was sent back from your account"),
		locale.Words("If that was a mistake you need not do anything: it is sent again with the next payouts. If you would rather be paid in another way, reply to any of our mails."),
	},
	{
		"receiver", locale.Words("the payment service does not take the account that you gave us"),
		locale.Words("Please set up your payout account again; it is sent with the next payouts."),
	},
	{
		"e-mail address", locale.Words("the payment service does not take your e-mail address"),
		locale.Words("Please reply to any of our mails with the address that you use there."),
	},
	{
		"country", locale.Words("the payment service does not pay to your country from here"),
		locale.Words("You need not do anything: a person here looks for another way, and writes to you."),
	},
	{
		"amount is", locale.Words("the payment service does not transfer an amount of this size"),
		locale.Words("You need not do anything: it is in the next payouts, and a person here looks at it."),
	},
	{
		"released by a person", locale.Words("it never reached the payment service"),
		locale.Words("You need not do anything: it is sent with the next payouts."),
	},
}

// WhyNotPaid says in a creator's words why a payout could not be made, and what they can do.
func WhyNotPaid(reason string) (why, do string) {
	for _, one := range payFaults {
		if strings.Contains(reason, one.says) {
			return one.why, one.do
		}
	}
	return locale.Words("the payment service refused the transfer"), locale.Words("It is tried again with the next payouts, and a person here looks at why. If you have changed something at your account there, please see that it takes money.")
}

// bankFaults are why a bank takes no money, by the codes that rails give (Stripe's failure_code of a payout, reference: docs.stripe.com/api/payouts/failures).
var bankFaults = []struct {
	codes []string
	why   string
}{
	{[]string{"account_closed"}, locale.Words("the account there is closed")},
	{[]string{"account_frozen", "bank_account_restricted", "declined"}, locale.Words("the account there takes no money at present")},
	{[]string{"no_account", "invalid_account_number", "incorrect_account_number", "bank_account_unusable"}, locale.Words("there is no account with that number")},
	{[]string{"incorrect_account_holder_name", "incorrect_account_holder_tax_id", "incorrect_account_holder_address", "bank_ownership_changed"}, locale.Words("the account there is in another name")},
	{[]string{"invalid_currency"}, locale.Words("the account there does not take this currency")},
}

// WhyBankRefused says in a creator's words why their bank took no money, by the rail's code; "" where the code says nothing to them.
func WhyBankRefused(code string) string {
	for _, one := range bankFaults {
		if slices.Contains(one.codes, code) {
			return one.why
		}
	}
	return ""
}

// MonthName is a period for people: "2026-11" is "November 2026".
func MonthName(period string) string {
	month, err := time.Parse("2006-01", period)
	if err != nil {
		return period
	}
	return month.Format("January 2006")
}

// AccountEnding is as much of an account's id as its owner needs to know it again.
func AccountEnding(account string) string {
	if local, domain, mail := strings.Cut(account, "@"); mail && local != "" {
		return string([]rune(local)[:1]) + "…@" + domain
	}
	if r := []rune(account); len(r) > 4 {
		return "…" + string(r[len(r)-4:])
	}
	return account
}
