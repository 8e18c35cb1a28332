package deeds

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
)

// Correspondents keep what is written to creators, and which of their mails a person has seen to.
type Correspondents interface {
	AnswerCreator(ctx context.Context, a partnership.AnswerToCreator, d partnership.Deed) (partnership.AnswerToCreator, error)
	NeedsNoAnswer(ctx context.Context, id partnership.PartnershipID, message string, d partnership.Deed) error
}

// AnswerCreator writes to a creator in the thread of their mails. It is kept before it is sent, so no engine and no mail vendor has to
// answer; the same words in the same press are one mail.
func AnswerCreator(ctx context.Context, kept Correspondents, by By, a partnership.AnswerToCreator) (partnership.AnswerToCreator, error) {
	if err := by.May(partnership.DeedAnswerCreator); err != nil {
		return a, err
	}
	a.Subject = strings.TrimSpace(a.Subject)
	if err := a.Check(); err != nil {
		return a, err
	}
	if by.ID != "" {
		sum := sha256.Sum256([]byte(strings.Join([]string{by.Who, by.ID, string(a.PartnershipID), a.Subject, a.Words}, "\x00")))
		a.ID = hex.EncodeToString(sum[:16])
	}
	return kept.AnswerCreator(ctx, a, partnership.Deed{Who: by.Who})
}

// NeedsNoAnswer says of a creator's mail, the newest where none is named, that nobody has to answer it.
func NeedsNoAnswer(ctx context.Context, kept Correspondents, by By, id partnership.PartnershipID, message string) error {
	if err := by.May(partnership.DeedAnswerCreator); err != nil {
		return err
	}
	return kept.NeedsNoAnswer(ctx, id, message, partnership.Deed{Who: by.Who})
}
