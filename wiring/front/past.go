package front

import (
	"context"
	"slices"

	"github.com/rapport-dev/rapport/rehearsal"
	"github.com/rapport-dev/rapport/store"
)

// Past is how people behaved before, for a rehearsal.
func Past(ctx context.Context, kept *store.Store) (*rehearsal.History, error) {
	rows, err := kept.Past(ctx)
	if err != nil {
		return nil, err
	}
	return historyOf(rows), nil
}

// historyOf reads the store's counts as what a rehearsal asks for.
func historyOf(rows []store.PastRow) *rehearsal.History {
	h := &rehearsal.History{}
	add := func(t *rehearsal.Tally, of, hits int) { t.Of, t.Hits = t.Of+of, t.Hits+hits }
	for _, r := range rows {
		i := slices.IndexFunc(h.Tiers, func(o rehearsal.Observed) bool { return o.Tier == r.Tier })
		if i < 0 {
			i, h.Tiers = len(h.Tiers), append(h.Tiers, rehearsal.Observed{Tier: r.Tier})
		}
		o := &h.Tiers[i]
		add(&o.Silent, r.Offers, r.Silent)
		add(&o.Declines, r.Offers, r.Declined)
		add(&o.NeverSigns, r.Accepted, r.Unsigned)
		add(&o.Undisclosed, r.Posted, r.Undisclosed)
		if r.Paid {
			add(&o.Counters, r.Offers, r.Countered)
			add(&o.LostPaid, r.Signed, r.Lost)
		} else {
			add(&o.LostGifted, r.Signed, r.Lost)
		}
		add(&h.Lost, r.Shipped, r.ParcelsLost)
	}
	return h
}
