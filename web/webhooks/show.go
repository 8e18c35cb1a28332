package webhooks

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

var errUnsure = errors.New("not yet known whether the card was posted")

// show posts a card once: intent, look-up after doubt, receipt. Without a chat the console shows the same.
func (a *Applier) show(ctx context.Context, m partnership.Message, since time.Time) error {
	if a.Chat == nil {
		return nil
	}
	m, first, err := a.Store.PlaceMessage(ctx, m)
	if err == nil && first != nil { // the board of its campaign, under which it stands
		if err = a.show(ctx, *first, since); err == nil {
			m, first, err = a.Store.PlaceMessage(ctx, m)
		}
	}
	switch {
	case err != nil:
		return err
	case first != nil:
		return errUnsure
	}
	row, err := a.Store.BeginEffect(ctx, m.Key, "message")
	if err != nil || row.State == partnership.EffectConfirmed {
		return err
	}
	if row.Attempts > 1 { // an earlier attempt left no receipt: it may have been posted
		if row.FirstAt.Before(since) {
			since = row.FirstAt
		}
		ref, err := a.Chat.FindMessage(ctx, m, since.Add(-time.Minute))
		switch {
		case err == nil:
			return a.Store.ConfirmEffect(ctx, m.Key, ref)
		case partnership.CodeOf(err) != partnership.NotFound:
			return err
		case row.Age < a.Settling:
			return errUnsure
		}
		if _, err := a.Store.RestartEffect(ctx, m.Key, row.FirstAt); err != nil {
			return err // somebody else has begun it: it is looked for again
		}
	}
	ref, err := a.Chat.PostMessage(ctx, m)
	if err == nil {
		return a.Store.ConfirmEffect(ctx, m.Key, ref)
	}
	switch partnership.ClassOf(err) {
	case partnership.Permanent:
		a.Log.WarnContext(ctx, "card not shown in chat", "kind", m.Kind, "error", err)
		return a.Store.FailEffect(ctx, m.Key, err.Error()) // what it says is kept, and the console shows it
	case partnership.Retry, partnership.Barred: // it is tried again, for as long as deliveries are
		if err := a.Store.RevertEffect(ctx, m.Key, err.Error()); err != nil {
			return err
		}
	}
	return err
}

// Post is show for who has to find the card again. A chat that refuses it for good is an error here.
func (a *Applier) Post(ctx context.Context, m partnership.Message, since time.Time) (ref partnership.MessageRef, err error) {
	if err := a.show(ctx, m, since); err != nil {
		return ref, err
	}
	row, err := a.Store.Effect(ctx, m.Key)
	if err != nil {
		return ref, err
	}
	if row.State != partnership.EffectConfirmed || len(row.Receipt) == 0 {
		return ref, errNotShown
	}
	err = json.Unmarshal(row.Receipt, &ref)
	return ref, err
}

var errNotShown = errors.New("the chat did not take the card")
