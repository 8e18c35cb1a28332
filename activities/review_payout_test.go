package activities

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"

	p "github.com/rapport-dev/rapport/partnership"
)

// bank is one payout with the store's rules about it, and a rail that may have moved its money.
type bank struct {
	*ledgerFake
	payout  p.Payout
	posted  time.Time // last
	parked  string
	refuse  error // by the store, at the confirmation
	barred  error // by the store, before anything is sent
	made    []p.Transfer
	answer  error // of the rail's transfer
	listing error // of the rail's list
	sent    int

	reversals int
}

func newBank() (*Activities, *bank) {
	_, l, _ := newFakes(true)
	b := &bank{ledgerFake: l, payout: p.Payout{ID: "po1", State: p.PayoutPlanned, Destination: "acct_1", AmountMinor: 5_000, Currency: "USD", IdempotencyKey: "payout/po1"}}
	return New(Deps{Store: b, Rails: Only[PayoutRail]("stripe", b), Clock: l, Day: 24 * time.Hour}), b
}

func (b *bank) BeginTransfer(context.Context, p.PayoutID) (p.Posting, error) {
	post := p.Posting{Payout: b.payout, Again: b.payout.State != p.PayoutPlanned}
	switch b.payout.State {
	case p.PayoutPaid, p.PayoutReturned, p.PayoutFailed:
		return post, nil
	case p.PayoutUnknown:
		post.Age = b.now.Sub(b.payout.FirstPostedAt)
		return post, nil
	}
	if b.barred != nil {
		return post, b.barred
	}
	if b.payout.State = p.PayoutPosted; b.payout.FirstPostedAt.IsZero() {
		b.payout.FirstPostedAt = b.now
	}
	if post.Payout, post.PostedAt, b.posted = b.payout, b.now, b.now; post.Again {
		post.Age = b.now.Sub(b.payout.FirstPostedAt)
	}
	return post, nil
}

// A refusal by our own rules releases the rows only of what was never sent: an attempt before it may have moved the money.
func TestARefusalAfterTheFirstPostReleasesNothing(t *testing.T) {
	a, b := newBank()
	b.barred = p.Errorf(p.Conflict, "the run is rejected")
	if _, err := a.ExecuteTransfer(t.Context(), PayoutRef{PayoutID: "po1"}); err == nil || b.sent != 0 {
		t.Errorf("before anything was sent: %v, sent %d times", err, b.sent)
	}
	b.barred, b.answer = nil, errors.New("connection reset")
	if _, err := a.ExecuteTransfer(t.Context(), PayoutRef{PayoutID: "po1"}); err == nil {
		t.Fatal("no error")
	}
	b.barred, b.answer = p.Errorf(p.Conflict, "the lines have changed"), nil
	if state, err := a.ExecuteTransfer(t.Context(), PayoutRef{PayoutID: "po1"}); err != nil || state != p.PayoutUnknown || b.sent != 1 {
		t.Errorf("%s, %v, sent %d times", state, err, b.sent)
	}
	b.made = []p.Transfer{{ID: "tr_1", PayoutID: "po1", Destination: "acct_1", AmountMinor: 5_000, Currency: "USD"}}
	if state, err := a.LookUpTransfer(t.Context(), LookUp{PayoutID: "po1"}); err != nil || state != p.PayoutPaid {
		t.Errorf("the provider's list shows it, and it is %s, %v", state, err)
	}
}

func (b *bank) ConfirmTransfer(_ context.Context, _ p.PayoutID, t p.Transfer) error {
	if b.refuse != nil {
		return b.refuse
	}
	b.payout.State, b.payout.ProviderRef = p.PayoutPaid, t.ID
	return nil
}

func (b *bank) UnpostTransfer(_ context.Context, _ p.PayoutID, postedAt time.Time) error {
	if b.payout.State == p.PayoutPosted && b.posted.Equal(postedAt) {
		b.payout.State = p.PayoutPlanned
	}
	return nil
}

func (b *bank) Payout(context.Context, p.PayoutID) (p.Payout, error) { return b.payout, nil }

func (b *bank) ParkTransfer(_ context.Context, _ p.PayoutID, reason string) error {
	b.payout.State, b.parked = p.PayoutUnknown, reason
	return nil
}

func (b *bank) FailTransfer(context.Context, p.PayoutID, string) error {
	b.payout.State = p.PayoutFailed
	return nil
}

func (b *bank) ReverseTransfer(_ context.Context, _ p.PayoutID, _ string, minor int64) error {
	b.payout.ReversedMinor = minor
	return nil
}

func (b *bank) PayoutsOfRun(context.Context, string) ([]p.Payout, error) {
	return []p.Payout{b.payout}, nil
}

func (b *bank) Transfer(_ context.Context, r p.TransferRequest) (p.Transfer, error) {
	b.sent++
	return p.Transfer{ID: "tr_1", PayoutID: r.PayoutID, Destination: r.Destination, AmountMinor: r.AmountMinor, Currency: r.Currency}, b.answer
}

func (b *bank) TransfersOf(context.Context, p.PayoutID) ([]p.Transfer, error) {
	return b.made, b.listing
}

func (b *bank) Transfers(context.Context, time.Time, int) ([]p.Transfer, error) {
	return b.made, b.listing
}

func (b *bank) Reverse(_ context.Context, _ p.EffectKey, id string, minor int64) error {
	for i := range b.made {
		if b.made[i].ID == id {
			b.made[i].ReversedMinor += minor
			b.reversals++
		}
	}
	return b.answer
}

func (b *bank) OpenAccount(context.Context, p.AccountRequest) (p.PayoutAccount, error) {
	return p.PayoutAccount{}, nil
}

func (b *bank) Account(context.Context, string) (p.PayoutAccount, error) {
	return p.PayoutAccount{}, nil
}

func (b *bank) AvailableBalance(context.Context, string) (int64, error) { return 0, nil }

var (
	noAnswer = &p.VendorError{Vendor: "stripe", Class: p.Ambiguous, Message: "no answer"}
	badKey   = &p.VendorError{Vendor: "stripe", Class: p.Permanent, Message: "the API key was refused", Status: 401}
)

// released says whether Temporal would take the error for a refusal, upon which the rows are given to the next run.
func released(err error) bool {
	var app *temporal.ApplicationError
	return err != nil && errors.As(err, &app) && app.NonRetryable()
}

func TestARefusedFirstTransferReleasesItsRows(t *testing.T) {
	a, b := newBank()
	b.answer = badKey
	_, err := a.ExecuteTransfer(t.Context(), PayoutRef{PayoutID: "po1"})
	require.True(t, released(err), "%v", err)
	require.Equal(t, 1, b.sent)
}

// A revoked key, a closed account, a worker without a key: whatever refuses the repetition, the first attempt may have paid.
func TestARefusedRepetitionReleasesNothing(t *testing.T) {
	for name, refuse := range map[string]func(*Activities, *bank){
		"of the transfer":        func(_ *Activities, b *bank) { b.answer = badKey },
		"of the list":            func(_ *Activities, b *bank) { b.answer, b.listing = badKey, badKey },
		"by a worker without it": func(a *Activities, _ *bank) { a.Rails.By = nil },
	} {
		t.Run(name, func(t *testing.T) {
			a, b := newBank()
			b.answer = noAnswer
			_, err := a.ExecuteTransfer(t.Context(), PayoutRef{PayoutID: "po1"})
			require.Error(t, err)
			require.False(t, released(err))

			b.now = b.now.Add(time.Minute)
			refuse(a, b)
			state, err := a.ExecuteTransfer(t.Context(), PayoutRef{PayoutID: "po1"})
			require.False(t, released(err), "%v", err)
			require.NotEqual(t, p.PayoutFailed, state)
			if len(a.Rails.By) == 0 {
				return
			}
			_, err = a.LookUpTransfer(t.Context(), LookUp{PayoutID: "po1", Resolved: "release"})
			if b.listing != nil {
				require.Error(t, err)
				require.False(t, released(err), "%v", err)
				require.NotEqual(t, p.PayoutFailed, b.payout.State)
			}
		})
	}
}

// A transfer that was made and is not the one that was ordered has moved money: its rows stay claimed.
func TestATransferThatIsNotWhatWasOrderedIsForAPerson(t *testing.T) {
	a, b := newBank()
	b.refuse = p.Errorf(p.Conflict, "the transfer found is not the one that was ordered")
	state, err := a.ExecuteTransfer(t.Context(), PayoutRef{PayoutID: "po1"})
	require.NoError(t, err)
	require.Equal(t, p.PayoutUnknown, state)
	require.Equal(t, p.PayoutUnknown, b.payout.State)

	b.made = []p.Transfer{{ID: "tr_1", AmountMinor: 4_000}}
	state, err = a.LookUpTransfer(t.Context(), LookUp{PayoutID: "po1", Resolved: "release"})
	require.NoError(t, err)
	require.Equal(t, p.PayoutUnknown, state)
}

func TestAReversalWhoseMessageWasLostIsBookedAtTheReconciliation(t *testing.T) {
	a, b := newBank()
	b.payout.State, b.payout.ProviderRef = p.PayoutPaid, "tr_1"
	b.made = []p.Transfer{{ID: "tr_1", AmountMinor: 5_000, ReversedMinor: 2_000}}
	require.NoError(t, a.ReconcileRun(t.Context(), RunRef{RunID: "r1"}))
	require.EqualValues(t, 2_000, b.payout.ReversedMinor)

	b.made = append(b.made, p.Transfer{ID: "tr_2", AmountMinor: 5_000})
	require.ErrorContains(t, a.ReconcileRun(t.Context(), RunRef{RunID: "r1"}), "2 transfers")
	b.listing = badKey
	err := a.ReconcileRun(t.Context(), RunRef{RunID: "r1"})
	require.Error(t, err)
	require.False(t, released(err), "a list that cannot be read fails no run")
}
