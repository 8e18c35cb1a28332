package front

import (
	"testing"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/rehearsal"
	"github.com/rapport-dev/rapport/store"
)

func TestTheStoresPastIsReadByTier(t *testing.T) {
	h := historyOf([]store.PastRow{
		{Tier: partnership.Nano, Offers: 10, Silent: 4, Signed: 5, Lost: 2, Shipped: 5, ParcelsLost: 1},
		{Tier: partnership.Nano, Paid: true, Offers: 30, Silent: 6, Countered: 9, Signed: 20, Lost: 3, Shipped: 20},
		{Tier: partnership.Micro, Paid: true, Offers: 1},
	})
	nano := h.Tiers[0]
	if len(h.Tiers) != 2 || nano.Silent != (rehearsal.Tally{Of: 40, Hits: 10}) || nano.Counters != (rehearsal.Tally{Of: 30, Hits: 9}) ||
		nano.LostGifted != (rehearsal.Tally{Of: 5, Hits: 2}) || nano.LostPaid != (rehearsal.Tally{Of: 20, Hits: 3}) || h.Lost != (rehearsal.Tally{Of: 25, Hits: 1}) {
		t.Errorf("got %+v", h)
	}
}
