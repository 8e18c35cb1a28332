package deeds

import (
	"context"

	"github.com/rapport-dev/rapport/partnership"
)

// Differences keep a person's word on transfers that the books do not explain, with its line of the audit.
type Differences interface {
	SettleDifference(ctx context.Context, rail, transferID string, as partnership.Settlement, program string, d partnership.Deed) error
}

// SettleDifference says what a transfer is that the provider shows and the books do not explain; the run that waits for it goes on by
// itself. program is the one that owes the creator, needed where several do. The same word again changes nothing.
func SettleDifference(ctx context.Context, kept Differences, by By, rail, transferID string, as partnership.Settlement, program, reason string) error {
	if err := by.May(partnership.DeedSettleDifference); err != nil {
		return err
	}
	return kept.SettleDifference(ctx, rail, transferID, as, program, partnership.Deed{Who: by.Who, Reason: reason})
}
