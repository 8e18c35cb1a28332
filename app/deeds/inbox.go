package deeds

import (
	"context"

	"github.com/rapport-dev/rapport/partnership"
)

// Inbox keeps what vendors have delivered; putting something back writes its line of the audit.
type Inbox interface {
	RetryInbox(ctx context.Context, id int64, by string) (retried int, err error)
}

// RetryInbox has a delivery applied again that was given up on, or all of them with id 0, and says how many.
func RetryInbox(ctx context.Context, kept Inbox, by By, id int64) (retried int, err error) {
	if err := by.May(partnership.DeedRetryInbox); err != nil {
		return 0, err
	}
	return kept.RetryInbox(ctx, id, by.Who)
}
