package activities

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/partnership"
)

// orderBook is a bank that keeps what it was asked for.
type orderBook struct {
	*bank
	asked []partnership.TransferRequest
}

func (b *orderBook) Transfer(ctx context.Context, r partnership.TransferRequest) (partnership.Transfer, error) {
	b.asked = append(b.asked, r)
	return b.bank.Transfer(ctx, r)
}

func newOrderBook() (*Activities, *orderBook) {
	_, b := newBank()
	book := &orderBook{bank: b}
	return New(Deps{Store: b, Rails: Only[PayoutRail]("stripe", book), Clock: b, Day: 24 * time.Hour}), book
}

// The key is the payout's own: whatever attempt, hour or worker sends it, the provider knows it again.
func TestEveryAttemptOfATransferCarriesTheSameKey(t *testing.T) {
	a, b := newOrderBook()
	b.answer = noAnswer
	for range 5 {
		_, err := a.ExecuteTransfer(t.Context(), PayoutRef{PayoutID: "po1"})
		require.Error(t, err)
		require.False(t, released(err))
		b.now = b.now.Add(5 * time.Hour)
	}
	require.Len(t, b.asked, 5)
	for _, r := range b.asked {
		require.Equal(t, partnership.TransferRequest{Key: "payout/po1", PayoutID: "po1", Destination: "acct_1", AmountMinor: 5_000, Currency: "USD"}, r)
	}
}

// Stripe may forget a key after 24 hours, and would pay a second time: after 23 nothing is sent, whoever asks.
func TestNothingIsSentOnceTheKeyMayBeForgotten(t *testing.T) {
	for age, sent := range map[time.Duration]int{22*time.Hour + 59*time.Minute: 2, 23*time.Hour + time.Second: 1, 1000 * time.Hour: 1} {
		a, b := newOrderBook()
		b.answer = noAnswer
		_, err := a.ExecuteTransfer(t.Context(), PayoutRef{PayoutID: "po1"})
		require.Error(t, err)
		b.now, b.answer = b.now.Add(age), nil
		state, err := a.ExecuteTransfer(t.Context(), PayoutRef{PayoutID: "po1"})
		require.NoError(t, err)
		require.Len(t, b.asked, sent, "after %s", age)
		if sent == 1 {
			require.Equal(t, partnership.PayoutUnknown, state, "it may have been paid: neither refused nor sent")
		} else {
			require.Equal(t, partnership.PayoutPaid, state)
		}
	}
}

// A payout that waits for a person is not sent, whatever its age: TestAPayoutThatWaitsForAPersonIsNotSentAgain tells the same of the books.
func TestNothingIsSentOnceAPersonWasAsked(t *testing.T) {
	for _, age := range []time.Duration{time.Minute, 1000 * time.Hour} {
		a, b := newOrderBook()
		b.answer = noAnswer
		_, err := a.ExecuteTransfer(t.Context(), PayoutRef{PayoutID: "po1"})
		require.Error(t, err)
		b.now, b.answer = b.now.Add(age), nil
		_, err = a.LookUpTransfer(t.Context(), LookUp{PayoutID: "po1", Beside: true})
		require.NoError(t, err)
		state, err := a.ExecuteTransfer(t.Context(), PayoutRef{PayoutID: "po1"})
		require.NoError(t, err)
		require.Equal(t, partnership.PayoutUnknown, state)
		require.Len(t, b.asked, 1, "after %s", age)
	}
}

// What the list shows is believed before anything is sent again, and two are for a person.
func TestTheProvidersListIsReadBeforeATransferIsRepeated(t *testing.T) {
	for n, want := range map[int]partnership.PayoutState{1: partnership.PayoutPaid, 2: partnership.PayoutUnknown} {
		a, b := newOrderBook()
		b.answer = noAnswer
		_, err := a.ExecuteTransfer(t.Context(), PayoutRef{PayoutID: "po1"})
		require.Error(t, err)
		b.now = b.now.Add(time.Minute)
		for range n {
			b.made = append(b.made, partnership.Transfer{ID: "tr_1", PayoutID: "po1", Destination: "acct_1", AmountMinor: 5_000, Currency: "USD"})
		}
		state, err := a.ExecuteTransfer(t.Context(), PayoutRef{PayoutID: "po1"})
		require.NoError(t, err)
		require.Equal(t, want, state, "%d on the list", n)
		require.Equal(t, want, b.payout.State)
		require.Len(t, b.asked, 1)
	}
}

// A payout goes by the rail that was approved with it, by which its list is read too, whatever the message that sends it says.
func TestAPayoutGoesByTheRailOfTheBooks(t *testing.T) {
	t.Parallel()
	_, b := newBank()
	b.payout.Provider = "paypal"
	approved, other := &orderBook{bank: b}, &orderBook{bank: b}
	a := New(Deps{Store: b, Rails: Among[PayoutRail]{First: "stripe", By: map[string]PayoutRail{"stripe": other, "paypal": approved}}, Clock: b, Day: 24 * time.Hour})
	for _, says := range []string{"stripe", ""} {
		_, err := a.ExecuteTransfer(t.Context(), PayoutRef{PayoutID: "po1", Rail: says})
		require.NoError(t, err)
	}
	require.Len(t, approved.asked, 1)
	require.Empty(t, other.asked)
}
