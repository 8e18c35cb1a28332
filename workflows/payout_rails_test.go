package workflows_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/partnership"
)

// Each payout goes by the rail of its batch, and each rail's balance is looked at. A rail that cannot send pauses its own batches: the
// others are paid, and the run waits for it with its approval.
func TestARailThatCannotSendHoldsUpNoOther(t *testing.T) {
	all := ids(5)
	env, s := newRun(t, all...)
	s.rails = []partnership.RailTotal{{Rail: "stripe", AmountMinor: 3_000, Payees: 3, Batches: 1}, {Rail: "paypal", AmountMinor: 2_000, Payees: 2, Batches: 1}}
	mended := false
	s.transfer = func(id partnership.PayoutID) (partnership.PayoutState, error) {
		if s.railOf(id) == "paypal" && !mended {
			return "", platform("the credentials were refused: check PAYPAL_CLIENT_ID")
		}
		return partnership.PayoutPaid, nil
	}
	var ok error
	env.RegisterDelayedCallback(approve(env, "U_FINANCE", "h1", &ok), 4*day)
	env.RegisterDelayedCallback(func() {
		require.Contains(t, s.log, "waits: the credentials were refused: check PAYPAL_CLIENT_ID")
		for _, id := range all[:3] {
			require.True(t, s.settled(id), "%s goes by stripe, and waits for paypal", id)
		}
		mended = true
	}, 6*day)
	r := runMonth(t, env)
	require.NoError(t, ok)
	require.Equal(t, 5, r.Paid)
	require.Contains(t, s.log, "waits: ", "and is said to go on")
	require.Equal(t, []string{"stripe 3000", "paypal 2000"}, s.funded)
	require.Equal(t, map[partnership.PayoutID]string{"po0": "stripe", "po1": "stripe", "po2": "stripe", "po3": "paypal", "po4": "paypal"}, s.by)
	require.Equal(t, 2, count(s.log, "reconcile"))
}
