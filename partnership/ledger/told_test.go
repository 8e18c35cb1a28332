package ledger_test

import (
	"testing"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
)

// Whichever way an order is heard of, one rule says whether it moves money.
func TestWhatIsASale(t *testing.T) {
	t.Parallel()
	over := partnership.SaleState{CancelledAt: at(1)}
	for _, c := range []struct {
		name  string
		order partnership.Sale
		is    bool
	}{
		{"paid", partnership.Sale{Paid: true}, true},
		{"a part is paid", partnership.Sale{SaleState: partnership.SaleState{Part: true}}, true},
		{"cancelled", partnership.Sale{SaleState: over}, true},
		{"pending", partnership.Sale{}, false},
		{"a test that is paid", partnership.Sale{Paid: true, Test: true}, false},
		{"a test that is cancelled", partnership.Sale{Test: true, SaleState: over}, false},
	} {
		if why := ledger.NoSale(c.order); (why == "") != c.is {
			t.Errorf("%s: %q", c.name, why)
		}
	}
}

// What a shop leaves out is taken from when it was heard; what it says stays.
func TestWhatAShopLeavesOutIsDatedByWhenItWasHeard(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, said, made, wantSaid, wantMade string }{
		{"both said", "1", "0", "1", "0"},
		{"not when it was made", "1", "", "1", "1"},
		{"not as of when", "", "0", "9", "0"},
		{"neither", "", "", "9", "9"},
	} {
		read := map[string]int{"0": 0, "1": 1, "9": 9}
		var o partnership.Sale
		if m, told := read[c.said]; told {
			o.SaidAt = at(m)
		}
		if m, told := read[c.made]; told {
			o.ProcessedAt = at(m)
		}
		o.Refunds = []partnership.SaleRefund{{RefundID: "r"}, {RefundID: "s", At: at(4)}}
		got := ledger.Dated(o, at(9))
		if !got.SaidAt.Equal(at(read[c.wantSaid])) || !got.ProcessedAt.Equal(at(read[c.wantMade])) || !got.Refunds[0].At.Equal(at(9)) || !got.Refunds[1].At.Equal(at(4)) {
			t.Errorf("%s: as of %s, made at %s, refunds %v", c.name, got.SaidAt, got.ProcessedAt, got.Refunds)
		}
	}
}
