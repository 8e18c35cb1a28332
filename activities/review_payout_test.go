package activities

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"

	"github.com/rapport-dev/rapport/partnership"
)

// bank is one payout with the store's rules about it, and a rail that may have moved its money.
type bank struct {
	*ledgerFake
	payout  partnership.Payout
	posted  time.Time // last
	parked  string
	refuse  error // by the store, at the confirmation
	barred  error // by the store, before anything is sent
	made    []partnership.Transfer
	answer  error // of the rail's transfer
	listing error // of the rail's list
	balance error // of the rail's balance
	sent    int

	reversals int
	settled   []string // transfers that a person has settled as differences
	waits     string   // as every door shows the run
	run       partnership.PayoutRun
}

func (b *bank) SettledTransfers(context.Context, string, []string) ([]string, error) {
	return b.settled, nil
}

func (b *bank) SetRunWaits(_ context.Context, _, why string) error {
	b.waits = why
	return nil
}

// UnsentMinor is the one payout's, while it is planned.
func (b *bank) UnsentMinor(context.Context, string, string, string) (int64, error) {
	if b.payout.State != partnership.PayoutPlanned {
		return 0, nil
	}
	return b.payout.AmountMinor, nil
}

func (b *bank) PayoutRun(context.Context, string) (partnership.PayoutRun, error) { return b.run, nil }

func newBank() (*Activities, *bank) {
	_, l, _ := newFakes(true)
	b := &bank{ledgerFake: l, payout: partnership.Payout{ID: "po1", State: partnership.PayoutPlanned, Destination: "acct_1", AmountMinor: 5_000, Currency: "USD", IdempotencyKey: "payout/po1"}}
	return New(Deps{Store: b, Rails: Only[PayoutRail]("stripe", b), Clock: l, Day: 24 * time.Hour}), b
}

func (b *bank) BeginTransfer(context.Context, partnership.PayoutID) (partnership.Posting, error) {
	post := partnership.Posting{Payout: b.payout, Again: b.payout.State != partnership.PayoutPlanned}
	switch b.payout.State {
	case partnership.PayoutPaid, partnership.PayoutReturned, partnership.PayoutFailed:
		return post, nil
	case partnership.PayoutUnknown:
		post.Age = b.now.Sub(b.payout.FirstPostedAt)
		return post, nil
	}
	if b.barred != nil {
		return post, b.barred
	}
	if b.payout.State = partnership.PayoutPosted; b.payout.FirstPostedAt.IsZero() {
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
	b.barred = partnership.Errorf(partnership.Conflict, "the run is rejected")
	if _, err := a.ExecuteTransfer(t.Context(), PayoutRef{PayoutID: "po1"}); err == nil || b.sent != 0 {
		t.Errorf("before anything was sent: %v, sent %d times", err, b.sent)
	}
	b.barred, b.answer = nil, errors.New("connection reset")
	if _, err := a.ExecuteTransfer(t.Context(), PayoutRef{PayoutID: "po1"}); err == nil {
		t.Fatal("no error")
	}
	b.barred, b.answer = partnership.Errorf(partnership.Conflict, "the lines have changed"), nil
	if state, err := a.ExecuteTransfer(t.Context(), PayoutRef{PayoutID: "po1"}); err != nil || state != partnership.PayoutUnknown || b.sent != 1 {
		t.Errorf("%s, %v, sent %d times", state, err, b.sent)
	}
	b.made = []partnership.Transfer{{ID: "tr_1", PayoutID: "po1", Destination: "acct_1", AmountMinor: 5_000, Currency: "USD"}}
	if state, err := a.LookUpTransfer(t.Context(), LookUp{PayoutID: "po1"}); err != nil || state != partnership.PayoutPaid {
		t.Errorf("the provider's list shows it, and it is %s, %v", state, err)
	}
}

func (b *bank) ConfirmTransfer(_ context.Context, _ partnership.PayoutID, t partnership.Transfer) error {
	if b.refuse != nil {
		return b.refuse
	}
	b.payout.State, b.payout.ProviderRef = partnership.PayoutPaid, t.ID
	return nil
}

func (b *bank) UnpostTransfer(_ context.Context, _ partnership.PayoutID, postedAt time.Time, keyUsed bool) error {
	if b.payout.State == partnership.PayoutPosted && b.posted.Equal(postedAt) {
		if b.payout.State = partnership.PayoutPlanned; keyUsed {
			b.payout.IdempotencyKey += "/2"
		}
	}
	return nil
}

func (b *bank) Payout(context.Context, partnership.PayoutID) (partnership.Payout, error) {
	return b.payout, nil
}

func (b *bank) ParkTransfer(_ context.Context, _ partnership.PayoutID, reason string) error {
	b.payout.State, b.parked = partnership.PayoutUnknown, reason
	return nil
}

func (b *bank) FailTransfer(context.Context, partnership.PayoutID, string) error {
	b.payout.State = partnership.PayoutFailed
	return nil
}

func (b *bank) ReverseTransfer(_ context.Context, _ partnership.PayoutID, _ string, minor int64) error {
	b.payout.ReversedMinor = minor
	return nil
}

func (b *bank) PayoutsOfRun(context.Context, string) ([]partnership.Payout, error) {
	return []partnership.Payout{b.payout}, nil
}

func (b *bank) Transfer(_ context.Context, r partnership.TransferRequest) (partnership.Transfer, error) {
	b.sent++
	return partnership.Transfer{ID: "tr_1", PayoutID: r.PayoutID, Destination: r.Destination, AmountMinor: r.AmountMinor, Currency: r.Currency}, b.answer
}

func (b *bank) TransfersOf(context.Context, partnership.PayoutID, string) ([]partnership.Transfer, error) {
	return b.made, b.listing
}

func (b *bank) Transfers(context.Context, time.Time, int) ([]partnership.Transfer, error) {
	return b.made, b.listing
}

func (b *bank) Receiver(context.Context, string, string) (partnership.Receiver, error) {
	return partnership.Receiver{Kind: "EMAIL", ID: "ana@creators.example"}, nil
}

func (b *bank) Onboarding() partnership.Onboarding { return partnership.OnboardHosted }

func (b *bank) Serves(context.Context, string, string) (string, error) { return "", nil }

func (b *bank) Reverse(_ context.Context, _ partnership.EffectKey, id, _ string, minor int64) error {
	for i := range b.made {
		if b.made[i].ID == id {
			b.made[i].ReversedMinor += minor
			b.reversals++
		}
	}
	return b.answer
}

func (b *bank) OpenAccount(context.Context, partnership.AccountRequest) (partnership.PayoutAccount, error) {
	return partnership.PayoutAccount{}, nil
}

func (b *bank) Account(context.Context, string) (partnership.PayoutAccount, error) {
	return partnership.PayoutAccount{}, nil
}

func (b *bank) AvailableBalance(context.Context, string) (int64, error) { return 0, b.balance }

var (
	noAnswer = &partnership.VendorError{Vendor: "stripe", Class: partnership.Ambiguous, Message: "no answer"}
	badKey   = &partnership.VendorError{Vendor: "stripe", Class: partnership.Permanent, Message: "the API key was refused", Status: 401}
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
			require.NotEqual(t, partnership.PayoutFailed, state)
			if len(a.Rails.By) == 0 {
				return
			}
			_, err = a.LookUpTransfer(t.Context(), LookUp{PayoutID: "po1", Resolved: "release"})
			if b.listing != nil {
				require.Error(t, err)
				require.False(t, released(err), "%v", err)
				require.NotEqual(t, partnership.PayoutFailed, b.payout.State)
			}
		})
	}
}

// A transfer that was made and is not the one that was ordered has moved money: its rows stay claimed.
func TestATransferThatIsNotWhatWasOrderedIsForAPerson(t *testing.T) {
	a, b := newBank()
	b.refuse = partnership.Errorf(partnership.Conflict, "the transfer found is not the one that was ordered")
	state, err := a.ExecuteTransfer(t.Context(), PayoutRef{PayoutID: "po1"})
	require.NoError(t, err)
	require.Equal(t, partnership.PayoutUnknown, state)
	require.Equal(t, partnership.PayoutUnknown, b.payout.State)

	b.made = []partnership.Transfer{{ID: "tr_1", AmountMinor: 4_000}}
	state, err = a.LookUpTransfer(t.Context(), LookUp{PayoutID: "po1", Resolved: "release"})
	require.NoError(t, err)
	require.Equal(t, partnership.PayoutUnknown, state)
}

func TestAReversalWhoseMessageWasLostIsBookedAtTheReconciliation(t *testing.T) {
	a, b := newBank()
	b.payout.State, b.payout.ProviderRef = partnership.PayoutPaid, "tr_1"
	b.made = []partnership.Transfer{{ID: "tr_1", AmountMinor: 5_000, ReversedMinor: 2_000}}
	require.NoError(t, a.ReconcileRun(t.Context(), RunRef{RunID: "r1"}))
	require.EqualValues(t, 2_000, b.payout.ReversedMinor)

	b.made = append(b.made, partnership.Transfer{ID: "tr_2", AmountMinor: 5_000})
	require.ErrorContains(t, a.ReconcileRun(t.Context(), RunRef{RunID: "r1"}), "2 transfers")
	b.settled = []string{"tr_2"} // by a person: two transfers do not hold up the month for ever
	require.NoError(t, a.ReconcileRun(t.Context(), RunRef{RunID: "r1"}))
	b.settled, b.made[1].ReversedMinor = nil, 5_000
	require.NoError(t, a.ReconcileRun(t.Context(), RunRef{RunID: "r1"}), "nothing of the second stayed moved")
	b.listing = badKey
	err := a.ReconcileRun(t.Context(), RunRef{RunID: "r1"})
	require.Error(t, err)
	require.False(t, released(err), "a list that cannot be read fails no run")
}

// A payout that failed in the books, because they were restored while it was paid, has one transfer. Once a person has settled that as a
// difference, nothing is left that could close the month (found by the worlds, seed 20).
func TestTheOneTransferOfAFailedPayoutIsSettledByAPerson(t *testing.T) {
	a, b := newBank()
	b.payout.State = partnership.PayoutFailed
	b.made = []partnership.Transfer{{ID: "tr_1", AmountMinor: 5_000}}
	require.ErrorContains(t, a.ReconcileRun(t.Context(), RunRef{RunID: "r1"}), "the ledger has $0.00, the provider moved $50.00")
	b.settled = []string{"tr_1"}
	require.NoError(t, a.ReconcileRun(t.Context(), RunRef{RunID: "r1"}))
}
