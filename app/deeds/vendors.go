package deeds

import (
	"context"

	"github.com/rapport-dev/rapport/partnership"
)

// Vendors are those that refuse everybody; asking one at once writes its line of the audit.
type Vendors interface {
	RetryVendor(ctx context.Context, vendor, by string) (waiting int, err error)
}

// RetryVendor lets the next call to a vendor that refuses everybody try at once, or to all of them with "", and says how many there
// are. What was refused one by one is RetryRefused's.
func RetryVendor(ctx context.Context, kept Vendors, by By, vendor string) (waiting int, err error) {
	if err := by.May(partnership.DeedRetryVendor); err != nil {
		return 0, err
	}
	return kept.RetryVendor(ctx, vendor, by.Who)
}
