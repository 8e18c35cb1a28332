package slackapp

import (
	"context"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
)

// decideRow holds, releases or rejects an earning; the creator reads the reason, so it is asked for.
func (a *App) decideRow(ctx context.Context, c ask) (answer, error) {
	row, reason := firstWord(c.rest)
	if row == "" || reason == "" {
		return answer{}, partnership.FieldErrorf(c.verb, "say which row and why: /rapport %s ROW the buyer is a friend of theirs; the card of what is held names the row, and so does rapport ledger holds", c.verb)
	}
	reason = unescape(reason)
	switch c.verb {
	case "hold":
		return said("Held: it waits until finance releases or rejects it."), deeds.HoldRow(ctx, a.Store, c.by, row, reason)
	case "release":
		return said("Released: it goes on where it was."), deeds.ReleaseRow(ctx, a.Store, c.by, row, reason)
	default:
		return said("Rejected for good."), deeds.VoidRow(ctx, a.Store, c.by, row, reason)
	}
}
