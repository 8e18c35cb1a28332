package activities

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/partnership"
)

// A payout that was taken out of its run while that waited for funds needs none: a negative balance holds nobody up then.
func TestFundsAreAskedForWhatIsUnsent(t *testing.T) {
	a, b := newBank()
	a.Chat = &slackFake{}
	in := Funds{RunID: "r1", AmountMinor: 5_000, Currency: "USD"}
	require.ErrorContains(t, a.CheckFunds(t.Context(), in), "waits for funds")
	require.Contains(t, b.waits, "$50.00 are needed")
	b.payout.State = partnership.PayoutVoid
	require.NoError(t, a.CheckFunds(t.Context(), in))
	require.Empty(t, b.waits)
}
