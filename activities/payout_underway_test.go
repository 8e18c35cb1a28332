package activities

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/partnership"
)

// later is a rail that takes transfers and pays them when it likes.
type later struct {
	*bank
	now    partnership.Transfer
	forgot bool // whose each transfer is, as PayPal does after 30 days
	orders []partnership.TransferRequest

	unread  error // of whom it goes to
	unnoted error // of an order's name
	noted   []partnership.PayoutAccount
}

func (l *later) NotePayoutAccount(_ context.Context, a partnership.PayoutAccount) ([]partnership.CreatorID, error) {
	l.noted = append(l.noted, a)
	return nil, nil
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
	return partnership.Receiver{Kind: "EMAIL", ID: "ana@creators.example"}, l.unread
}

// Whom a first transfer goes to cannot be read: nothing was sent, and it counts as nothing sent. A reason that the books know refuses it, and
// its account is planned for no more until the creator says again who they are; any other is tried again.
func TestATransferToNobodyWhoCanBeReadWasNotSent(t *testing.T) {
	t.Parallel()
	for name, unread := range map[string]error{
		"wiped":                   partnership.Errorf(partnership.NotFound, "there is no such receiver"),
		"the database is away":    errors.New("connection refused"),
		"under another secret":    partnership.Errorf(partnership.NotFound, "the receiver that was kept cannot be read under this RAPPORT_SECRET_KEY: the creator has to say again how they are paid"),
		"what was kept is broken": partnership.Errorf(partnership.NotFound, "the receiver that was kept cannot be read: the creator has to say again how they are paid"),
	} {
		_, b := newBank()
		b.payout.Provider = "paypal"
		l := &later{bank: b, unread: unread}
		a := New(Deps{Store: l, Rails: Only[PayoutRail]("paypal", l), Clock: b})
		_, err := a.ExecuteTransfer(t.Context(), PayoutRef{PayoutID: "po1"})
		require.Error(t, err, name)
		known := partnership.CodeOf(unread) != ""
		require.Equal(t, known, released(err), name)
		require.Equal(t, partnership.PayoutPlanned, b.payout.State, name)
		require.Empty(t, l.orders, name)
		if !known {
			require.Empty(t, l.noted, name)
			l.unread = nil
			state, err := a.ExecuteTransfer(t.Context(), PayoutRef{PayoutID: "po1"})
			require.NoError(t, err)
			require.Equal(t, partnership.PayoutPosted, state)
			continue
		}
		require.Equal(t, []partnership.PayoutAccount{{Rail: "paypal", ID: "acct_1", Closed: true}}, l.noted, name)
	}
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

func (l *later) NoteOrdered(_ context.Context, _ partnership.PayoutID, ref string) error {
	if l.unnoted != nil {
		return l.unnoted
	}
	if l.payout.OrderedRef == "" {
		l.payout.OrderedRef = ref
	}
	return nil
}

// PayPal forgets whose a batch is, and a worker that is started later has not seen it either: the order is asked for by its own name, and no
// person is asked whether it was made. Where the process died before the name was kept, whoever finds the order keeps it.
func TestAnOrderThatItsRailHasForgottenIsNoQuestionToAPerson(t *testing.T) {
	t.Parallel()
	for name, unnoted := range map[string]error{"kept at once": nil, "the process died before it was kept": errors.New("killed")} {
		_, b := newBank()
		l := &later{bank: b, unnoted: unnoted}
		a := New(Deps{Store: l, Rails: Only[PayoutRail]("stripe", l), Clock: b})
		_, err := a.ExecuteTransfer(t.Context(), PayoutRef{PayoutID: "po1"})
		require.Equal(t, unnoted != nil, err != nil, name)
		if l.unnoted = nil; err != nil {
			state, err := a.ExecuteTransfer(t.Context(), PayoutRef{PayoutID: "po1"})
			require.NoError(t, err, name)
			require.Equal(t, partnership.PayoutPosted, state, name)
		}
		require.Len(t, l.orders, 1, name)
		require.Equal(t, "B1", l.payout.OrderedRef, name)

		l.forgot, b.now = true, b.now.Add(31*24*time.Hour)
		for range 2 {
			state, err := a.LookUpTransfer(t.Context(), LookUp{PayoutID: "po1", Sends: true, Beside: true})
			require.NoError(t, err, name)
			require.Equal(t, partnership.PayoutPosted, state, "on hold for more than 30 days, "+name)
		}
		l.now.State = partnership.TransferMoved
		state, err := a.LookUpTransfer(t.Context(), LookUp{PayoutID: "po1", Sends: true, Beside: true})
		require.NoError(t, err, name)
		require.Equal(t, partnership.PayoutPaid, state, name)
	}
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
