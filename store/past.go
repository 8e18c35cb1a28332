package store

import (
	"context"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store/db"
)

// PastRow counts what creators of a tier did whose partnerships ended by what people did, with or without a fee on offer. A
// count of partnerships, never of persons: it holds no personal data.
type PastRow struct {
	Tier                              partnership.Tier
	Paid                              bool
	Offers, Silent, Declined          int // silent: the offer lapsed without an answer
	Countered, Accepted, Unsigned     int // unsigned: accepted and never signed
	Signed, Lost, Posted, Undisclosed int // lost: ghosted or replaced before a post; undisclosed: asked to mend the disclosure
	Shipped, ParcelsLost              int
}

// Past is what the store has seen of people, by tier and by whether a fee was offered.
func (s *Store) Past(ctx context.Context) ([]PastRow, error) {
	rows, err := s.q.Past(ctx)
	return each(rows, func(r db.PastRow) PastRow {
		return PastRow{
			Tier: r.Tier, Paid: r.Paid, Offers: int(r.Offers), Silent: int(r.Silent), Declined: int(r.Declined),
			Countered: int(r.Countered), Accepted: int(r.Accepted), Unsigned: int(r.Unsigned),
			Signed: int(r.Signed), Lost: int(r.Lost), Posted: int(r.Posted), Undisclosed: int(r.Undisclosed),
			Shipped: int(r.Shipped), ParcelsLost: int(r.ParcelsLost),
		}
	}), mapped("past", err)
}
