package webhooks

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/money"
)

// oneByOne is how many earnings that are held have a card each; more are told in one.
const oneByOne = 5

// tellHolds tells finance, once, of earnings that wait for a person. Without a chat they stand in the list of what is held.
func (a *Applier) tellHolds(ctx context.Context, now time.Time) error {
	if a.Chat == nil {
		return nil
	}
	held, err := a.Store.UntoldHolds(ctx)
	if err != nil || len(held) == 0 {
		return err
	}
	if len(held) > oneByOne {
		return a.tellHeld(ctx, held, now)
	}
	for _, row := range held {
		if err := a.tellHeld(ctx, []board.HeldRow{row}, now); err != nil {
			return err
		}
	}
	return nil
}

func (a *Applier) tellHeld(ctx context.Context, held []board.HeldRow, now time.Time) error {
	if err := a.show(ctx, heldCard(held), now); err != nil {
		return err
	}
	ids := make([]string, len(held))
	for i, row := range held {
		ids[i] = row.ID
	}
	return a.Store.HoldsTold(ctx, ids)
}

// heldCard says what waits and why. Its key is made of what it tells, so that it is posted once.
func heldCard(held []board.HeldRow) partnership.Message {
	hash := sha256.New()
	for _, row := range held {
		fmt.Fprintf(hash, "%s %s\n", row.ID, row.Reason)
	}
	m := partnership.Message{
		Key: partnership.EffectKey("holds/" + hex.EncodeToString(hash.Sum(nil)[:12])), Kind: "earnings_held",
		Text: "An earning of @" + held[0].Creator + " is held: " + money.Display(held[0].AmountMinor, held[0].Currency),
		Body: "It waits for finance, however long: no timer releases it. /rapport release ROW why, or /rapport reject ROW why. All that wait: rapport ledger holds",
	}
	if len(held) == 1 {
		m.Decision = partnership.AsksHeld.ID(held[0].ID)
	}
	if len(held) > 1 {
		m.Text = fmt.Sprintf("%d earnings are held", len(held))
	}
	for i, row := range held {
		if i == oneByOne {
			m.Facts = append(m.Facts, partnership.Fact{Label: "And", Value: fmt.Sprintf("%d more", len(held)-i)})
			break
		}
		m.Facts = append(m.Facts, partnership.Fact{Label: "Row " + row.ID, Value: fmt.Sprintf("@%s, %s: %s", row.Creator, money.Display(row.AmountMinor, row.Currency), row.Reason)})
	}
	return m
}
