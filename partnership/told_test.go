package partnership_test

import (
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/partnership"
)

// What a rail or a rule of ours says of a failure is for the team; the creator reads what they can do.
func TestAReasonIsSaidForItsReader(t *testing.T) {
	t.Parallel()
	fallback, _ := partnership.WhyNotPaid("")
	for reason, want := range map[string]string{
		"the creator's account cannot receive transfers: the creator has to finish onboarding":            "does not take transfers",
		"the creator's payout account changed after the run was planned, and nothing was sent":            "changed after the payout was prepared",
		"released by a person: the provider shows no transfer":                                            "never reached",
		"nobody claimed it at PayPal, and it came back":                                                   "nobody claimed it",
		"the receiver sent it back":                                                                       "sent back from your account",
		"PayPal does not take the receiver or the amount: the creator has to say again how they are paid": "does not take the account",
		"PayPal pays nobody in the creator's country from here: pay by another rail":                      "to your country",
		"the amount is below what Stripe transfers":                                                       "of this size",
		"Stripe does not accept the creator's e-mail address: correct it on the creator":                  "your e-mail address",
		"the bank did not pay it: bank file RPT1 was not executed: the portal refused it":                 "our bank did not carry",
		"since the run was planned: no valid tax form is on file; nothing was sent":                       "we need before we may pay",
		"it was taken out before the bank was asked: the account has moved to another country":            "we took the payment out",
		"the bank did not pay it: AC04, the account is closed":                                            "your bank did not take it",
		"something that nobody has foreseen":                                                              fallback,
	} {
		why, do := partnership.WhyNotPaid(reason)
		if !strings.Contains(why, want) || do == "" || (why == fallback) != (want == fallback) {
			t.Errorf("%q is said as %q, %q", reason, why, do)
		}
	}
}

func TestAnAccountIsKnownByItsEnd(t *testing.T) {
	t.Parallel()
	for account, want := range map[string]string{"acct_1Nabcd7ab3": "…7ab3", "lena@mail.example": "l…@mail.example", "": "", "abc": "abc"} {
		if got := partnership.AccountEnding(account); got != want {
			t.Errorf("%q is shown as %q", account, got)
		}
	}
	if partnership.MonthName("2026-11") != "November 2026" || partnership.MonthName("odd") != "odd" {
		t.Error("months have names")
	}
}
