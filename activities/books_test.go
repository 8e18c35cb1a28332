package activities

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
)

// restored are books that know nothing of a bank's transfers but what a person has said.
type restored struct {
	*bank
	since   time.Time
	faults  []string
	run     error // of the books, about the run
	settled map[string]partnership.Settlement
}

func newRestored() (*Activities, *restored) {
	_, b := newBank()
	r := &restored{bank: b, since: b.now.Add(-time.Hour), settled: map[string]partnership.Settlement{}}
	return New(Deps{Store: r, Rails: Only[PayoutRail]("stripe", r), Clock: b, Day: 24 * time.Hour}), r
}

func (r *restored) CheckRun(context.Context, string, partnership.RunKnown) error { return r.run }

func (r *restored) VerifyLedger(context.Context) ([]string, error) { return r.faults, nil }

func (r *restored) SealBooks(context.Context) error { return nil }

func (r *restored) KnownUntil(context.Context, string) ([]partnership.KnownUntil, error) {
	if r.since.IsZero() { // nothing was ever earned
		return nil, nil
	}
	return []partnership.KnownUntil{{Provider: "stripe", Since: r.since}}, nil
}

func (r *restored) NoteDifferences(_ context.Context, _ string, _ time.Time, list []partnership.Transfer) (open []partnership.Difference, err error) {
	for _, t := range list {
		as := r.settled[t.ID]
		why := ledger.Unexplained(t, ledger.Known{Settled: as})
		if why != "" || as == partnership.SettleDouble && t.ReversedMinor < t.AmountMinor {
			open = append(open, partnership.Difference{Transfer: t, Why: why, Settled: as})
		}
	}
	return open, nil
}

func TestNothingIsPaidByBooksThatDisagree(t *testing.T) {
	t.Parallel()
	a, r := newRestored()
	check := func() error { return a.CheckBooks(t.Context(), RunRef{RunID: "r1", Program: "dreams"}) }
	require.NoError(t, check())

	r.faults = []string{"posting 7 sums to 5 USD", "payout po1: its rows do not sum to its amount"}
	require.ErrorContains(t, check(), "posting 7 sums to 5 USD, and 1 more")
	r.faults = nil

	r.made = []partnership.Transfer{{ID: "tr_1", PayoutID: "gone", AmountMinor: 5_000, Currency: "USD", CreatedAt: r.now}, {ID: "tr_2", PayoutID: "lost", AmountMinor: 700, Currency: "USD"}}
	require.ErrorContains(t, check(), "tr_1 of $50.00")
	r.settled["tr_1"] = partnership.SettleOurs
	require.ErrorContains(t, check(), "tr_2 of $7.00")
	r.settled["tr_2"] = partnership.SettleForeign
	require.NoError(t, check())
	require.Zero(t, r.reversals)

	r.listing = noAnswer
	require.Error(t, check(), "what was not read is not known")
	r.since = time.Time{}
	require.NoError(t, check(), "nothing was ever earned, so nothing can be paid")
}

func (r *restored) KnownTransfers(ctx context.Context) ([]partnership.KnownUntil, error) {
	return r.KnownUntil(ctx, "")
}

// Beside the runs the same list is read: what is found waits for a person, and a double is reversed on that day.
func TestDifferencesAreFoundBesideTheRuns(t *testing.T) {
	t.Parallel()
	a, r := newRestored()
	looks, err := a.KnownTransfers(t.Context(), struct{}{})
	require.NoError(t, err)
	require.Equal(t, []TransfersLook{{Provider: "stripe", Since: r.since}}, looks)
	look := func() int {
		open, err := a.FindDifferences(t.Context(), looks[0])
		require.NoError(t, err)
		return open
	}
	require.Zero(t, look())
	r.made = []partnership.Transfer{{ID: "tr_1", PayoutID: "gone", AmountMinor: 5_000, Currency: "USD"}}
	require.Equal(t, 1, look())
	r.settled["tr_1"] = partnership.SettleDouble
	require.Zero(t, look())
	require.Equal(t, 1, r.reversals)
	_, err = a.FindDifferences(t.Context(), TransfersLook{Provider: "nobody"})
	require.Error(t, err)
}

func TestADoubleIsReversedOnceAndThenTheRunGoesOn(t *testing.T) {
	t.Parallel()
	a, r := newRestored()
	r.made = []partnership.Transfer{{ID: "tr_1", PayoutID: "gone", AmountMinor: 5_000, ReversedMinor: 2_000, Currency: "USD"}}
	r.settled["tr_1"] = partnership.SettleDouble
	require.NoError(t, a.CheckBooks(t.Context(), RunRef{Program: "dreams"}))
	require.NoError(t, a.CheckBooks(t.Context(), RunRef{Program: "dreams"}))
	require.Equal(t, 1, r.reversals)
	require.Equal(t, int64(5_000), r.made[0].ReversedMinor)
}

func TestADoubleThatTheProviderWillNotReverseStopsTheRun(t *testing.T) {
	t.Parallel()
	a, r := newRestored()
	r.made = []partnership.Transfer{{ID: "tr_other", PayoutID: "gone", AmountMinor: 5_000, Currency: "USD"}}
	r.settled["tr_other"] = partnership.SettleDouble
	r.answer = &partnership.VendorError{Vendor: "stripe", Class: partnership.Permanent, Message: "the account's balance is too low"}
	require.ErrorContains(t, a.CheckBooks(t.Context(), RunRef{Program: "dreams"}), "too low")
}

// A database that was restored takes a payout for one that was never sent, and the provider may have forgotten its key.
func TestAPlannedPayoutThatTheProviderHasPaidIsBookedAndNotSent(t *testing.T) {
	t.Parallel()
	a, b := newBank()
	b.made = []partnership.Transfer{{ID: "tr_old", PayoutID: "po1", Destination: "acct_1", AmountMinor: 5_000, Currency: "USD"}}
	state, err := a.ExecuteTransfer(t.Context(), PayoutRef{PayoutID: "po1"})
	require.NoError(t, err)
	require.Equal(t, partnership.PayoutPaid, state)
	require.Zero(t, b.sent)
}

func TestAListThatWasNotReadIsNoFirstPost(t *testing.T) {
	t.Parallel()
	a, b := newBank()
	b.listing = noAnswer
	_, err := a.ExecuteTransfer(t.Context(), PayoutRef{PayoutID: "po1"})
	require.Error(t, err)
	require.Zero(t, b.sent)
	require.Equal(t, partnership.PayoutPlanned, b.payout.State, "nothing was sent, so its key does not age")
}

// A run that the books do not know any more ends before anything else is looked at; so does one that is to be reconciled and whose payouts
// are not settled in the books: they went back to before they were.
func TestARunOfOtherBooksGoesNoFurther(t *testing.T) {
	a, r := newRestored()
	r.run = partnership.Errorf(partnership.WentBack, "the books do not know this payout run any more")
	r.faults = []string{"a fault"}
	err := a.CheckBooks(t.Context(), RunRef{RunID: "run", LinesHash: "h", Sending: true})
	require.Equal(t, partnership.WentBack, RefusalIn(err).Code)
	require.Equal(t, partnership.Conflict, RefusalIn(a.CheckBooks(t.Context(), RunRef{})).Code, "a look without a run is about the books alone")

	for state, goneBack := range map[partnership.PayoutState]bool{
		partnership.PayoutPlanned: true, partnership.PayoutPosted: true, partnership.PayoutUnknown: true, partnership.PayoutVoid: false, partnership.PayoutFailed: false,
	} {
		a, b := newBank()
		b.payout.State = state
		err := a.ReconcileRun(t.Context(), RunRef{RunID: "run"})
		if no := RefusalIn(err); (no != nil && no.Code == partnership.WentBack) != goneBack {
			t.Errorf("a payout that is %s: %v", state, err)
		}
	}
}
