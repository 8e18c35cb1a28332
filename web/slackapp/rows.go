package slackapp

import (
	"context"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
)

// decideRow holds, releases or rejects an earning; the creator reads the reason, so it is asked for.
func (a *App) decideRow(ctx context.Context, c Command, by deeds.By, verb string) (string, error) {
	_, rest := firstWord(c.Text) // the verb
	row, reason := firstWord(rest)
	if row == "" || reason == "" {
		return "", partnership.FieldErrorf(verb, "say which row and why: /rapport %s ROW the buyer is a friend of theirs; the card of what is held names the row, and so does rapport ledger holds", verb)
	}
	switch verb {
	case "hold":
		return "Held: it waits until finance releases or rejects it.", deeds.HoldRow(ctx, a.Store, by, row, reason)
	case "release":
		return "Released: it goes on where it was.", deeds.ReleaseRow(ctx, a.Store, by, row, reason)
	default:
		return "Rejected for good.", deeds.VoidRow(ctx, a.Store, by, row, reason)
	}
}
