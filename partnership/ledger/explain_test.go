package ledger_test

import (
	"testing"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
)

func TestWhatTheBooksExplain(t *testing.T) {
	t.Parallel()
	moved := partnership.Transfer{ID: "tr_1", PayoutID: "po1", Destination: "acct_1", AmountMinor: 500, Currency: "USD"}
	with := func(change func(*partnership.Transfer)) partnership.Transfer {
		one := moved
		change(&one)
		return one
	}
	for name, c := range map[string]struct {
		transfer partnership.Transfer
		known    ledger.Known
		why      string
	}{
		"paid by it":             {moved, ledger.Known{Pays: "po1", Named: partnership.PayoutPaid}, ""},
		"settled by a person":    {moved, ledger.Known{Settled: partnership.SettleForeign}, ""},
		"nothing stayed moved":   {with(func(t *partnership.Transfer) { t.ReversedMinor = 500 }), ledger.Known{}, ""},
		"a part came back":       {with(func(t *partnership.Transfer) { t.ReversedMinor = 499 }), ledger.Known{}, "the books have no such payout"},
		"under way":              {moved, ledger.Known{Named: partnership.PayoutPosted}, ""},
		"planned in the books":   {moved, ledger.Known{Named: partnership.PayoutPlanned}, ""},
		"a person looks already": {moved, ledger.Known{Named: partnership.PayoutUnknown}, ""},
		"made after the backup":  {moved, ledger.Known{}, "the books have no such payout"},
		"released, then found":   {moved, ledger.Known{Named: partnership.PayoutFailed}, "its payout is failed in the books"},
		"rejected, then found":   {moved, ledger.Known{Named: partnership.PayoutVoid}, "its payout is void in the books"},
		"a second one":           {moved, ledger.Known{Named: partnership.PayoutPaid}, "its payout was paid by another transfer"},
		"sent by hand":           {with(func(t *partnership.Transfer) { t.PayoutID = "" }), ledger.Known{Creator: "c1"}, "it went to a creator's account and no payout of ours made it"},
		"somebody else's":        {with(func(t *partnership.Transfer) { t.PayoutID = "" }), ledger.Known{}, ""},
	} {
		if got := ledger.Unexplained(c.transfer, c.known); got != c.why {
			t.Errorf("%s: %q, want %q", name, got, c.why)
		}
	}
}
