package ledger_test

import (
	"testing"

	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
)

func TestWhatTheBooksExplain(t *testing.T) {
	t.Parallel()
	moved := p.Transfer{ID: "tr_1", PayoutID: "po1", Destination: "acct_1", AmountMinor: 500, Currency: "USD"}
	with := func(change func(*p.Transfer)) p.Transfer {
		one := moved
		change(&one)
		return one
	}
	for name, c := range map[string]struct {
		transfer p.Transfer
		known    ledger.Known
		why      string
	}{
		"paid by it":             {moved, ledger.Known{Pays: "po1", Named: p.PayoutPaid}, ""},
		"settled by a person":    {moved, ledger.Known{Settled: p.SettleForeign}, ""},
		"nothing stayed moved":   {with(func(t *p.Transfer) { t.ReversedMinor = 500 }), ledger.Known{}, ""},
		"a part came back":       {with(func(t *p.Transfer) { t.ReversedMinor = 499 }), ledger.Known{}, "the books have no such payout"},
		"under way":              {moved, ledger.Known{Named: p.PayoutPosted}, ""},
		"planned in the books":   {moved, ledger.Known{Named: p.PayoutPlanned}, ""},
		"a person looks already": {moved, ledger.Known{Named: p.PayoutUnknown}, ""},
		"made after the backup":  {moved, ledger.Known{}, "the books have no such payout"},
		"released, then found":   {moved, ledger.Known{Named: p.PayoutFailed}, "its payout is failed in the books"},
		"rejected, then found":   {moved, ledger.Known{Named: p.PayoutVoid}, "its payout is void in the books"},
		"a second one":           {moved, ledger.Known{Named: p.PayoutPaid}, "its payout was paid by another transfer"},
		"sent by hand":           {with(func(t *p.Transfer) { t.PayoutID = "" }), ledger.Known{Creator: "c1"}, "it went to a creator's account and no payout of ours made it"},
		"somebody else's":        {with(func(t *p.Transfer) { t.PayoutID = "" }), ledger.Known{}, ""},
	} {
		if got := ledger.Unexplained(c.transfer, c.known); got != c.why {
			t.Errorf("%s: %q, want %q", name, got, c.why)
		}
	}
}
