package payoutproof_test

import (
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/payoutproof"
	"github.com/rapport-dev/rapport/partnership/payoutproof/check"
)

// A transfer answers for the payout that it carries, and for the one that a person has booked it as.
func TestATransferAnswersForItsPayout(t *testing.T) {
	t.Parallel()
	shown := payoutproof.ShownBy([]partnership.Transfer{
		{ID: "tr_1", PayoutID: "po1", AmountMinor: 100, Currency: "usd"},
		{ID: "tr_2", PayoutID: "po1", AmountMinor: 100, Currency: "usd"},
		{ID: "tr_lost", PayoutID: "gone", AmountMinor: 300, Currency: "usd"},
		{ID: "tr_hand", AmountMinor: 400, Currency: "usd"},
		{ID: "B1", PayoutID: "po2", AmountMinor: 300, Currency: "usd", State: partnership.TransferUnderway}, // it has moved nothing yet
	})
	for _, c := range []struct{ payout, paidBy, want string }{{"po1", "tr_1", "tr_1 tr_2"}, {"po2", "tr_lost", "tr_lost"}, {"po3", "", ""}, {"po4", "tr_hand", "tr_hand"}} {
		p := check.Payout{ID: c.payout, TransferID: c.paidBy, Rail: "stripe"}
		if err := shown.AddTo(&p); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, one := range p.Transfers {
			got = append(got, one.ID)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("of %s paid by %q: %q, want %q", c.payout, c.paidBy, got, c.want)
		}
	}
}
