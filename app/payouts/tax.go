package payouts

import (
	"context"
	"slices"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/ledger"
)

// TaxBooks know what everybody was paid this year.
type TaxBooks interface {
	TaxYearNow(ctx context.Context, program string, networks []string, now time.Time) (year int, lines []board.TaxLine, err error)
}

// TaxWarnings say of whom the year's payments, with what is added now, come near the threshold of Form 1099-NEC. adding are payouts of the
// program, in its currency; networks are the rails that report what they move themselves: what goes by one counts for nothing here.
func TaxWarnings(ctx context.Context, books TaxBooks, program string, adding []ledger.Payout, networks []string, now time.Time) (map[partnership.CreatorID]string, error) {
	year, lines, err := books.TaxYearNow(ctx, program, networks, now)
	if err != nil {
		return nil, err
	}
	added := map[partnership.CreatorID]int64{}
	for _, p := range adding {
		if !slices.Contains(networks, p.Rail) {
			added[p.CreatorID] += p.AmountMinor
		}
	}
	warnings := map[partnership.CreatorID]string{}
	for _, l := range lines {
		if why := ledger.NECWarning(year, l.PaidMinor+added[l.CreatorID], l.Currency, l.ThresholdMinor); why != "" {
			warnings[l.CreatorID] = why
		}
	}
	return warnings, nil
}
