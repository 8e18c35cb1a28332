package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store/db"
)

// BeginEffect writes the intent of an act outside, or counts one more attempt on the row that is there, and returns the row.
// It refuses nothing: the caller looks at State. What failed or was released starts anew. Attempts is 1 when nothing can have
// been sent before.
func (s *Store) BeginEffect(ctx context.Context, key partnership.EffectKey, kind string) (partnership.Effect, error) {
	row, err := s.q.BeginEffect(ctx, db.BeginEffectParams{Key: key, Kind: kind, TestNow: s.testNow()})
	return effectOf(row, row.LastAt), mapped("begin effect", err)
}

// NoteProgress keeps the first half of a two-step act.
func (s *Store) NoteProgress(ctx context.Context, key partnership.EffectKey, progress any) error {
	data, err := json.Marshal(progress)
	if err != nil {
		return fmt.Errorf("store: progress of an effect: %T does not encode", progress)
	}
	rows, err := s.q.NoteProgress(ctx, db.NoteProgressParams{Key: key, Progress: data, Now: s.now()})
	return some("effect", rows, err)
}

// ConfirmEffect keeps the receipt of what was done. The first receipt stays.
func (s *Store) ConfirmEffect(ctx context.Context, key partnership.EffectKey, receipt any) error {
	data, err := json.Marshal(receipt)
	if err != nil {
		return fmt.Errorf("store: receipt of an effect: %T does not encode", receipt)
	}
	rows, err := s.q.ConfirmEffect(ctx, db.ConfirmEffectParams{Key: key, Receipt: data, Now: s.now()})
	return s.moved(ctx, key, rows, err, partnership.EffectConfirmed)
}

// RevertEffect puts an intent back to "certainly not done", so that the next attempt is a first one.
func (s *Store) RevertEffect(ctx context.Context, key partnership.EffectKey, note string) error {
	rows, err := s.q.RevertEffect(ctx, db.RevertEffectParams{Key: key, Note: note, Now: s.now()})
	return s.moved(ctx, key, rows, err, partnership.EffectIntent)
}

// RestartEffect begins an act anew that was looked for, by who saw it begin at seen, and was not found: its attempts are 1 again. *partnership.Error
// Conflict when somebody else has begun it since, or knows what became of it: of several who looked, one sends.
func (s *Store) RestartEffect(ctx context.Context, key partnership.EffectKey, seen time.Time) (partnership.Effect, error) {
	rows, err := s.q.RestartEffect(ctx, db.RestartEffectParams{Key: key, Seen: seen, Note: "looked for and not found", TestNow: s.testNow()})
	switch {
	case err != nil:
		return partnership.Effect{}, mapped("restart effect", err)
	case len(rows) == 0:
		return partnership.Effect{}, partnership.Errorf(partnership.Conflict, "somebody else has begun this since")
	}
	return effectOf(rows[0], rows[0].LastAt), nil
}

// ParkEffect says that nobody but a person can tell whether it was done.
func (s *Store) ParkEffect(ctx context.Context, key partnership.EffectKey, note string) error {
	rows, err := s.q.ParkEffect(ctx, db.ParkEffectParams{Key: key, Note: note, Now: s.now()})
	return s.moved(ctx, key, rows, err, partnership.EffectUnknown)
}

// FailEffect says that it was certainly not done and is not to be tried again.
func (s *Store) FailEffect(ctx context.Context, key partnership.EffectKey, note string) error {
	rows, err := s.q.FailEffect(ctx, db.FailEffectParams{Key: key, Note: note, Now: s.now()})
	return s.moved(ctx, key, rows, err, partnership.EffectFailed)
}

// moved tells a repeated move from one that the row's state forbids.
func (s *Store) moved(ctx context.Context, key partnership.EffectKey, rows int64, err error, want partnership.EffectState) error {
	if err != nil || rows > 0 {
		return mapped("effect", err)
	}
	row, err := s.Effect(ctx, key)
	if err != nil {
		return err
	}
	if row.State != want {
		return partnership.Errorf(partnership.Conflict, "an effect that is %s does not become %s", row.State, want)
	}
	return nil
}

// Effect is one line of the effect ledger.
func (s *Store) Effect(ctx context.Context, key partnership.EffectKey) (partnership.Effect, error) {
	row, err := s.q.Effect(ctx, db.EffectParams{Key: key, TestNow: s.testNow()})
	return effectOf(row.Effect, row.Now), notFound("effect", err)
}

// UnknownEffects are the acts that a person has to look up, oldest first.
func (s *Store) UnknownEffects(ctx context.Context) ([]partnership.Effect, error) {
	rows, err := s.q.UnknownEffects(ctx, 0)
	return each(rows, func(e db.Effect) partnership.Effect { return effectOf(e, e.LastAt) }), mapped("unknown effects", err)
}

// ResolveEffect is a person's word on an unknown effect: partnership.ChoiceSent confirms it, partnership.ChoiceNotSent lets it be sent again.
func (s *Store) ResolveEffect(ctx context.Context, key partnership.EffectKey, resolution partnership.Choice, by string) error {
	state, ok := map[partnership.Choice]partnership.EffectState{partnership.ChoiceSent: partnership.EffectConfirmed, partnership.ChoiceNotSent: partnership.EffectReleased}[resolution]
	if !ok {
		return partnership.FieldErrorf("resolution", "%s or %s", partnership.ChoiceSent, partnership.ChoiceNotSent)
	}
	return s.tx(ctx, "resolve effect", func(q *db.Queries) error {
		rows, err := q.ResolveEffect(ctx, db.ResolveEffectParams{Key: key, State: state, Note: "a person said: " + string(resolution), Now: s.now()})
		if err != nil {
			return err
		}
		if rows == 0 {
			row, err := q.Effect(ctx, db.EffectParams{Key: key})
			if err != nil {
				return notFound("effect", err)
			}
			if row.Effect.State != state {
				return partnership.Errorf(partnership.Conflict, "this effect is %s: it was already decided", row.Effect.State)
			}
			return nil
		}
		return s.record(ctx, q, partnership.Deed{Who: by, Deed: partnership.DeedResolveEffect, Subject: "effect/" + string(key), Details: map[string]any{"resolution": resolution}})
	})
}

// effectOf reads a row as it was at now.
func effectOf(e db.Effect, now time.Time) partnership.Effect {
	return partnership.Effect{
		Key: e.Key, Kind: e.Kind, State: e.State, Attempts: int(e.Attempts), FirstAt: e.FirstAt, Age: now.Sub(e.FirstAt), Receipt: e.Receipt, Progress: e.Progress, Note: e.Note,
	}
}
