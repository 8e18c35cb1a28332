package deeds

import (
	"context"
	"strconv"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
)

// Taxes are what was paid in a year.
type Taxes interface {
	Recorder
	TaxYear(ctx context.Context, year int, networks []string) ([]board.TaxLine, error)
}

// Report1099 is what a year's Forms 1099-NEC are made from; that somebody took it stands in the audit. networks are the rails that report
// what they move themselves.
func Report1099(ctx context.Context, kept Taxes, by By, year int, networks []string) ([]board.TaxLine, error) {
	if err := by.May(partnership.DeedReport1099); err != nil {
		return nil, err
	}
	lines, err := kept.TaxYear(ctx, year, networks)
	if err != nil {
		return nil, err
	}
	return lines, kept.Record(ctx, partnership.Deed{Who: by.Who, Deed: partnership.DeedReport1099, Subject: "tax/" + strconv.Itoa(year)})
}
