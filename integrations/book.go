package integrations

import (
	"context"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// BankBook keeps what was ordered by files that a person takes to a vendor which cannot be asked.
type BankBook interface {
	OrderBank(ctx context.Context, rail string, id partnership.PayoutID) error
	// BankTransfers are those of one payout, or of all since an instant, as people say that they stand.
	BankTransfers(ctx context.Context, rail string, id partnership.PayoutID, since time.Time) ([]partnership.Transfer, error)
}

// Keeper is what a client is whose vendor cannot be asked: it asks our own book.
type Keeper interface{ Keep(book BankBook) }
