package activities

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/partnership"
)

// off is a worker's clock that is not the database's.
type off struct {
	of partnership.Clock
	by time.Duration
}

func (c off) Now() time.Time { return c.of.Now().Add(c.by) }

var offsets = []time.Duration{-time.Hour, -61 * time.Second, -2 * time.Second, 61 * time.Second, time.Hour, 30 * time.Hour}

// Two workers whose clocks differ, and a key that was rolled between their attempts: the first may have paid.
func TestNoClockSaysThatATransferWasNeverSent(t *testing.T) {
	for _, by := range offsets {
		t.Run(by.String(), func(t *testing.T) {
			one, b := newBank()
			b.answer = noAnswer
			_, err := one.ExecuteTransfer(t.Context(), PayoutRef{PayoutID: "po1"})
			require.Error(t, err)

			other := New(Deps{Store: b, Rails: Only[PayoutRail]("stripe", b), Clock: off{b, by}, Day: 24 * time.Hour})
			b.answer = badKey
			state, err := other.ExecuteTransfer(t.Context(), PayoutRef{PayoutID: "po1"})
			require.NoError(t, err, "a refusal would release the rows of a transfer that may be paid")
			require.Equal(t, partnership.PayoutUnknown, state)
			require.Equal(t, 2, b.sent, "its key is minutes old by the one clock that counts")

			b.now = b.now.Add(keyLife + time.Second)
			_, err = other.ExecuteTransfer(t.Context(), PayoutRef{PayoutID: "po1"})
			require.NoError(t, err)
			require.Equal(t, 2, b.sent, "nor is it sent under a key that may be forgotten")
		})
	}
}

// A look-up that finds nothing is believed, and a person is asked, by the database's clock alone.
func TestNoClockBelievesALookUpTooEarly(t *testing.T) {
	for _, by := range offsets {
		t.Run(by.String(), func(t *testing.T) {
			_, l, _ := newFakes(true)
			a := New(Deps{Store: l, Clock: off{l, by}, Day: 24 * time.Hour})
			row, err := l.BeginEffect(t.Context(), "k", "mail")
			require.NoError(t, err)
			require.False(t, a.settled(row))
			l.now = l.now.Add(a.settling())
			row, err = l.Effect(t.Context(), "k")
			require.NoError(t, err)
			require.True(t, a.settled(row))
		})
	}
}

// kits are a store with one creator's tracking kit, and a shop of which we see what it is asked for.
type kits struct {
	*ledgerFake
	Shop
	asked partnership.DiscountRequest
}

func (k *kits) View(context.Context, partnership.PartnershipID) (partnership.PartnershipView, error) {
	return someView(), nil
}

func (k *kits) EnsureKit(context.Context, partnership.PartnershipID) (partnership.TrackingKit, error) {
	return *someView().Kit, nil
}

func (k *kits) SaveKit(context.Context, partnership.TrackingKit, any) error { return nil }

func (k *kits) CreateDiscount(_ context.Context, r partnership.DiscountRequest) (partnership.Discount, error) {
	k.asked = r
	return partnership.Discount{ID: "d1", Key: r.Key}, nil
}

// A code works from when it is made, by the shop's clock: one that waits would keep the creator from being cleared to post.
func TestNoClockMakesACodeWait(t *testing.T) {
	for _, by := range offsets {
		t.Run(by.String(), func(t *testing.T) {
			_, l, _ := newFakes(true)
			k := &kits{ledgerFake: l}
			a := New(Deps{Store: k, Shop: k, Clock: off{l, by}, Day: 24 * time.Hour})
			_, err := a.CreateTrackingKit(t.Context(), Tracking{PartnershipID: "p1"})
			require.NoError(t, err)
			require.False(t, k.asked.StartsAt.IsZero())
			require.False(t, k.asked.StartsAt.After(l.now), "it begins at %s, and it is %s", k.asked.StartsAt, l.now)
		})
	}
}
