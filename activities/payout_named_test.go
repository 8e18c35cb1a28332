package activities

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/partnership"
)

// A person names the transfer that they found. What is not this payout's is refused with what differs, and books nothing.
func TestANamedTransferIsHeldAgainstTheProviders(t *testing.T) {
	right := partnership.Transfer{ID: "tr_9", PayoutID: "po1", Destination: "acct_1", AmountMinor: 5_000, Currency: "USD"}
	for name, c := range map[string]struct {
		change func(*partnership.Transfer)
		says   string
	}{
		"the right one":   {func(*partnership.Transfer) {}, ""},
		"another amount":  {func(t *partnership.Transfer) { t.AmountMinor = 4_999 }, "its amount is $49.99, and not $50.00"},
		"another money":   {func(t *partnership.Transfer) { t.Currency = "eur" }, "its amount is €50.00, and not $50.00"},
		"another account": {func(t *partnership.Transfer) { t.Destination = "acct_2" }, "its destination is acct_2, and not acct_1"},
		"another payout":  {func(t *partnership.Transfer) { t.PayoutID = "po2" }, "its payout is po2, and not po1"},
		"nobody's":        {func(t *partnership.Transfer) { t.PayoutID = "" }, "its payout is none, and not po1"},
		"its receiver":    {func(t *partnership.Transfer) { t.Destination, t.Receiver = "", "ANA@creators.example" }, ""},
		"another's":       {func(t *partnership.Transfer) { t.Destination, t.Receiver = "", "eve@creators.example" }, "its destination is another receiver, and not acct_1"},
		"not there":       {func(t *partnership.Transfer) { t.ID = "tr_8" }, "the provider shows no transfer tr_9 since"},
	} {
		t.Run(name, func(t *testing.T) {
			a, b := newBank()
			b.payout.State, b.payout.FirstPostedAt = partnership.PayoutUnknown, b.now.Add(-30*time.Hour)
			one := right
			c.change(&one)
			b.made = []partnership.Transfer{one, {ID: "tr_other", PayoutID: "po1", AmountMinor: 1, Currency: "USD"}} // several are no reason not to say which
			err := a.CheckTransfer(t.Context(), NamedTransfer{PayoutID: "po1", TransferID: "tr_9"})
			state, booked := a.LookUpTransfer(t.Context(), LookUp{PayoutID: "po1", Resolved: partnership.ChoicePaid, TransferID: "tr_9", Beside: true})
			require.NoError(t, booked)
			if c.says == "" {
				require.NoError(t, err)
				require.Equal(t, partnership.PayoutPaid, state)
				require.Equal(t, "tr_9", b.payout.ProviderRef)
				return
			}
			require.ErrorContains(t, err, c.says)
			require.True(t, released(err), "it is refused, and not tried again")
			require.Equal(t, partnership.PayoutUnknown, state)
			require.Contains(t, b.parked, c.says)
		})
	}
}
