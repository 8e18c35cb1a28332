package slackapp

import (
	"context"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
)

// answerCreator writes to a creator from their mail's card, or says that the mail needs no answer. The words go from the form into the
// database, and nowhere else.
func (a *App) answerCreator(ctx context.Context, d press, by deeds.By) error {
	of, mail := partnership.PartnershipID(d.parts[0]), d.parts[1]
	if d.choice == partnership.ChoiceNone {
		return deeds.NeedsNoAnswer(ctx, a.Store, by, of, mail)
	}
	_, err := deeds.AnswerCreator(ctx, a.Store, by, partnership.AnswerToCreator{PartnershipID: of, MessageID: mail, Words: d.words})
	return err
}
