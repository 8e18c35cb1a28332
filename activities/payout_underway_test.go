package activities

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/partnership"
)

// later is a rail that takes transfers and pays them when it likes.
type later struct {
	*bank
	now    partnership.Transfer
	forgot bool // whose each transfer is, as PayPal does after 30 days
	orders []partnership.TransferRequest
}

func (l *later) Onboarding() partnership.Onboarding { return partnership.OnboardReceiver }

func (l *later) Transfer(_ context.Context, r partnership.TransferRequest) (partnership.Transfer, error) {
	l.orders = append(l.orders, r)
	l.now = partnership.Transfer{ID: "B1", PayoutID: r.PayoutID, Receiver: r.To.ID, AmountMinor: r.AmountMinor, Currency: r.Currency, State: partnership.TransferUnderway, Why: "later"}
	return l.now, nil
}

func (l *later) TransfersOf(_ context.Context, _ partnership.PayoutID, ref string) ([]partnership.Transfer, error) {
	if l.now.ID == "" || l.forgot && ref != l.now.ID {
		return nil, nil
	}
	return []partnership.Transfer{l.now}, nil
}

func (l *later) Receiver(context.Context, string, string) (partnership.Receiver, error) {
	return partnership.Receiver{Kind: "EMAIL", ID: "ana@creators.example"}, nil
}

// A transfer that is under way has paid nobody, is ordered once, and ends as its rail says.
func TestATransferUnderWayHasPaidNobody(t *testing.T) {
	t.Parallel()
	_, b := newBank()
	l := &later{bank: b}
	a := New(Deps{Store: l, Rails: Only[PayoutRail]("stripe", l), Clock: b})
	for range 3 {
		state, err := a.ExecuteTransfer(t.Context(), PayoutRef{PayoutID: "po1"})
		require.NoError(t, err)
		require.Equal(t, partnership.PayoutPosted, state)
	}
	require.Len(t, l.orders, 1, "what is on the list is not ordered again")
	require.Equal(t, "ana@creators.example", l.orders[0].To.ID)
	state, err := a.LookUpTransfer(t.Context(), LookUp{PayoutID: "po1", Sends: true})
	require.NoError(t, err)
	require.Equal(t, partnership.PayoutPosted, state, "nor is it a question to a person")

	l.now.State, l.now.ReversedMinor = partnership.TransferFailed, l.now.AmountMinor
	state, err = a.LookUpTransfer(t.Context(), LookUp{PayoutID: "po1", Sends: true})
	require.NoError(t, err)
	require.Equal(t, partnership.PayoutFailed, state)
}

// A run is reconciled when its last payout is over, which may be later than its rail remembers whose the others' transfers are.
func TestATransferThatItsRailHasForgottenIsAskedForByItsID(t *testing.T) {
	t.Parallel()
	_, b := newBank()
	l := &later{bank: b, forgot: true, now: partnership.Transfer{ID: "B1", AmountMinor: b.payout.AmountMinor, Currency: b.payout.Currency}}
	b.payout.State, b.payout.ProviderRef = partnership.PayoutPaid, "B1"
	a := New(Deps{Store: l, Rails: Only[PayoutRail]("stripe", l), Clock: b})
	require.NoError(t, a.ReconcileRun(t.Context(), RunRef{RunID: "run"}))
}
