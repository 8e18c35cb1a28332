package judge

import (
	"slices"
	"strings"
)

const toldPaid = "payout_paid"

// payeesAreTold holds the mailbox against the bank: whoever got money has one mail about it, and nobody else has.
func payeesAreTold(c *kase) Verdict {
	v := Verdict{Check: "whoever was paid has one mail about it, and nobody else has"}
	told := map[string]int{}
	for _, m := range c.Truth.Mails {
		if m.Kind == toldPaid {
			told[strings.TrimPrefix(m.Step, toldPaid+"/")]++
		}
	}
	for _, po := range c.Payouts {
		moved := po.State == paid || po.State == "returned"
		if moved {
			v.Over++
		}
		if n := told[po.ID]; moved && n != 1 || !moved && n > 0 {
			v.find("payout %s is %s, and %d mails say that it was paid", po.ID, po.State, n)
		}
	}
	for id := range told {
		if !slices.ContainsFunc(c.Payouts, func(po Payout) bool { return po.ID == id }) {
			v.find("a mail tells of payout %q, which is none", id)
		}
	}
	return v
}
