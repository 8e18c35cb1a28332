package activities

import (
	"context"
	"encoding/json"
	"log/slog"
	"time"

	"go.temporal.io/sdk/temporal"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/asking"
)

// effect is one act outside that must happen once. Temporal runs activities at least once; once is made here: an intent row
// before the call, a receipt after it, and a look-up by key before anything is sent a second time.
type effect[R any] struct {
	key  partnership.EffectKey
	kind string // mail, message, envelope, gift_order, label, code, account
	// single says that the vendor itself makes no second one: a look-up that finds none may be believed at once.
	single bool

	do   func(ctx context.Context, e partnership.Effect) (R, error)
	find func(ctx context.Context, e partnership.Effect) (R, sighting, error)
}

// sighting is what a look-up by key found.
type sighting int

const (
	absent sighting = iota // the vendor shows none: once that can be believed, it may be sent
	found
	unsure // the vendor cannot say: wait, then ask a person
)

// once does e unless it was done, and returns the receipt either way.
func once[R any](ctx context.Context, a *Activities, e effect[R]) (R, error) {
	var zero R
	row, err := a.Store.BeginEffect(ctx, e.key, e.kind)
	if err != nil {
		return zero, err
	}
	switch row.State {
	case partnership.EffectConfirmed:
		return receipt[R](row)
	case partnership.EffectUnknown: // the proof may have come since a person was asked
		if r, done, err := lookUp(ctx, a, e, row); err != nil || done {
			return r, err
		}
		return zero, a.parked(e.key)
	case partnership.EffectIntent:
		if row.Attempts == 1 {
			break
		}
		// An earlier attempt left no receipt: it may have been sent.
		if r, done, err := lookUp(ctx, a, e, row); err != nil || done {
			return r, err
		}
		// It certainly was not. What follows is a first attempt again, so that a doubt counts from there; of several who looked, one sends.
		if row, err = a.Store.RestartEffect(ctx, e.key, row.FirstAt); err != nil {
			return zero, a.moved(err, e.kind)
		}
	}
	return send(ctx, a, e, row)
}

func receipt[R any](row partnership.Effect) (R, error) {
	var r R
	if len(row.Receipt) == 0 { // a person confirmed it without one
		return r, nil
	}
	err := json.Unmarshal(row.Receipt, &r)
	return r, err
}

func send[R any](ctx context.Context, a *Activities, e effect[R], row partnership.Effect) (R, error) {
	r, err := e.do(ctx, row)
	if err == nil {
		return r, a.Store.ConfirmEffect(ctx, e.key, r)
	}
	switch partnership.ClassOf(err) {
	case partnership.Retry, partnership.Barred:
		return r, first(a.moved(a.Store.RevertEffect(ctx, e.key, err.Error()), e.kind), err)
	case partnership.Permanent:
		return r, first(a.moved(a.Store.FailEffect(ctx, e.key, err.Error()), e.kind), err)
	}
	if partnership.CodeOf(err) != "" { // refused by our own rules: nothing was sent
		return r, first(a.moved(a.Store.FailEffect(ctx, e.key, err.Error()), e.kind), err)
	}
	return r, err // ambiguous: the intent stays, and the next attempt looks it up
}

func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// lookUp asks the vendor whether an act of which nobody knows was done.
func lookUp[R any](ctx context.Context, a *Activities, e effect[R], row partnership.Effect) (r R, done bool, err error) {
	r, seen, err := e.find(ctx, row)
	switch {
	case err != nil:
		return r, false, err
	case seen == found:
		return r, true, a.Store.ConfirmEffect(ctx, e.key, r)
	case seen == absent && (e.single || a.settled(row)):
		return r, false, nil
	case seen == absent, row.Age < a.patience():
		return r, false, a.unsure(e.kind)
	}
	if err := a.park(ctx, e.key, e.kind, row.FirstAt); err != nil {
		return r, false, err
	}
	return r, false, a.parked(e.key)
}

// settled says whether a look-up that finds nothing may be believed: whatever was sent has ended at the vendor by then, and its
// search has caught up.
func (a *Activities) settled(row partnership.Effect) bool {
	return row.Age >= a.settling()
}

// unsure makes the step look again a little later.
func (a *Activities) unsure(kind string) error {
	return temporal.NewApplicationErrorWithOptions("not yet known whether "+kind+" was done", "unsure",
		temporal.ApplicationErrorOptions{NextRetryDelay: a.nap(), Category: temporal.ApplicationErrorCategoryBenign})
}

// moved makes the step look again when somebody was faster than its own word on the act: a person may say what they found while the
// vendor is being asked. That is no refusal of anything.
func (a *Activities) moved(err error, kind string) error {
	if partnership.CodeOf(err) == partnership.Conflict {
		return a.unsure(kind)
	}
	return err
}

// made finds what a step has made that is to be taken back: by its receipt, else with find, by its key. done is false when it
// certainly was never made. What the look-up proves is kept, so that no intent stays open for a story that is over.
func made[R any](ctx context.Context, a *Activities, key partnership.EffectKey, find func() (R, error)) (r R, done bool, err error) {
	row, err := a.Store.Effect(ctx, key)
	switch {
	case partnership.CodeOf(err) == partnership.NotFound:
		return r, false, nil
	case err != nil:
		return r, false, err
	case row.State == partnership.EffectConfirmed && len(row.Receipt) > 0:
		err = json.Unmarshal(row.Receipt, &r)
		return r, err == nil, err
	case row.State == partnership.EffectFailed:
		return r, false, nil
	case row.State == partnership.EffectIntent && row.Attempts == 0:
		return r, false, a.neverMade(ctx, row)
	}
	r, err = find()
	switch {
	case partnership.CodeOf(err) == partnership.NotFound && a.settled(row):
		return r, false, a.neverMade(ctx, row)
	case partnership.CodeOf(err) == partnership.NotFound:
		return r, false, a.unsure(row.Kind)
	case err == nil && row.State == partnership.EffectIntent:
		err = a.Store.ConfirmEffect(ctx, key, r)
	}
	return r, err == nil, err
}

// neverMade closes an intent of which nothing is outside. A question that a person was asked stays the person's.
func (a *Activities) neverMade(ctx context.Context, row partnership.Effect) error {
	if row.State != partnership.EffectIntent {
		return nil
	}
	return a.moved(a.Store.FailEffect(ctx, row.Key, "taken back: looked for and not found"), row.Kind)
}

// park hands an act to a person: it is listed as unknown, and a card asks whether it arrived.
func (a *Activities) park(ctx context.Context, key partnership.EffectKey, kind string, since time.Time) error {
	if err := a.Store.ParkEffect(ctx, key, "no answer came and the vendor cannot say whether it was done"); err != nil {
		return a.moved(err, kind)
	}
	if kind == "message" || a.Chat == nil {
		return nil // the chat itself is in doubt: the board and `rapport effects list` show it
	}
	doubt := partnership.Effect{Key: key, Kind: kind, State: partnership.EffectUnknown, FirstAt: since}
	return a.tell(ctx, asking.EffectAsked(doubt).ToChat(a.PublicURL))
}

// parked makes the step wait for the person's answer without costing history: the attempt is repeated slowly.
func (a *Activities) parked(key partnership.EffectKey) error {
	return temporal.NewApplicationErrorWithOptions("waits for a person to say whether it was done: "+string(key), "unknown_effect",
		temporal.ApplicationErrorOptions{NextRetryDelay: a.nap(), Category: temporal.ApplicationErrorCategoryBenign})
}

// post sends one chat message once. The chat shows the key back in the message's metadata.
func (a *Activities) post(ctx context.Context, m partnership.Message) (partnership.MessageRef, error) {
	if a.Chat == nil {
		return partnership.MessageRef{}, nil // no chat configured: the console and the board show the same
	}
	m, err := a.placed(ctx, m)
	if err != nil {
		return partnership.MessageRef{}, err
	}
	return once(ctx, a, effect[partnership.MessageRef]{
		key: m.Key, kind: "message",
		do: func(ctx context.Context, _ partnership.Effect) (partnership.MessageRef, error) {
			return a.Chat.PostMessage(ctx, m)
		},
		find: func(ctx context.Context, e partnership.Effect) (partnership.MessageRef, sighting, error) {
			ref, err := a.Chat.FindMessage(ctx, m, e.FirstAt.Add(-time.Minute))
			return sight(ref, err)
		},
	})
}

// placed is a message with the place where it stands, once there is one: under the board of its campaign, which is posted with the first of them.
func (a *Activities) placed(ctx context.Context, m partnership.Message) (partnership.Message, error) {
	at, first, err := a.Store.PlaceMessage(ctx, m)
	if err != nil || first == nil {
		return at, err
	}
	if _, err := a.post(ctx, *first); err != nil {
		return m, err
	}
	if at, first, err = a.Store.PlaceMessage(ctx, m); err == nil && first != nil {
		err = a.unsure("message") // somebody is just putting another one there
	}
	return at, err
}

// tell posts what a person should know. A card that the chat refuses for good holds nothing up: the board shows the same. A chat that
// refuses everybody is an error like any other, so that the card is there when it is back: only a step that may wait may tell.
func (a *Activities) tell(ctx context.Context, m partnership.Message) error {
	_, err := a.post(ctx, m)
	if partnership.ClassOf(err) == partnership.Permanent {
		slog.WarnContext(ctx, "a message was refused", "kind", m.Kind, "error", err)
		return nil
	}
	return err
}

// sight reads a vendor's answer to a look-up: NotFound is a sure no.
func sight[R any](r R, err error) (R, sighting, error) {
	switch {
	case err == nil:
		return r, found, nil
	case partnership.CodeOf(err) == partnership.NotFound:
		return r, absent, nil
	default:
		return r, unsure, err
	}
}

// patience is how long a look-up by key may find nothing before a person is asked, and naps how long to wait between looks.
func (a *Activities) patience() time.Duration { return scaled(a.Day, 10*time.Minute, 8*time.Second) }
func (a *Activities) nap() time.Duration      { return scaled(a.Day, 30*time.Second, time.Second) }

// settling is how long after an attempt a vendor's "there is none" may be wrong: the call may still run there, and searches lag.
func (a *Activities) settling() time.Duration { return scaled(a.Day, time.Minute, 8*time.Second) }

func scaled(day, real, short time.Duration) time.Duration {
	if day < time.Hour {
		return short
	}
	return real
}
