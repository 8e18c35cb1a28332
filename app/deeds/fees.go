package deeds

import (
	"context"

	"github.com/rapport-dev/rapport/partnership"
)

// Fees keep fees that a person books, with the audit's line.
type Fees interface {
	BookFee(ctx context.Context, id partnership.PartnershipID, of, on string, d partnership.Deed) (fee partnership.Fee, booked bool, err error)
}

// BookFee books what a live deliverable earns, in books that went back to before its story did. It stands once: booked is false where it is
// there.
func BookFee(ctx context.Context, kept Fees, by By, id partnership.PartnershipID, of, on string, reason string) (fee partnership.Fee, booked bool, err error) {
	if err := by.May(partnership.DeedBookFee); err != nil {
		return fee, false, err
	}
	return kept.BookFee(ctx, id, of, on, partnership.Deed{Who: by.Who, Reason: reason})
}
