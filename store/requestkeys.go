package store

import (
	"context"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store/db"
)

// KeyedAnswer is what a request was answered that came with an Idempotency-Key. Status is 0 while nobody knows.
type KeyedAnswer struct {
	Status int
	Body   []byte
}

// BindKey binds an Idempotency-Key to its request, and returns what an earlier one of just that request was answered. *partnership.Error Invalid
// when it belongs to another request.
func (s *Store) BindKey(ctx context.Context, id, request, hash string) (KeyedAnswer, error) {
	fresh, err := s.q.BindKey(ctx, db.BindKeyParams{ID: id, Request: request, Hash: hash})
	if err != nil || fresh > 0 {
		return KeyedAnswer{}, mapped("bind key", err)
	}
	row, err := s.q.BoundKey(ctx, id)
	if err != nil {
		return KeyedAnswer{}, notFound("key", err)
	}
	when := row.At.UTC().Format(time.DateTime + " UTC")
	if row.Request != request {
		return KeyedAnswer{}, partnership.FieldErrorf("Idempotency-Key", "belongs to %s of %s, and this is %s; nothing was done: take a new key", row.Request, when, request)
	}
	if row.Hash != hash {
		return KeyedAnswer{}, partnership.FieldErrorf("Idempotency-Key", "belongs to %s with another body, of %s; nothing was done: send that body again for its answer, or take a new key",
			row.Request, when)
	}
	return KeyedAnswer{int(row.Status), row.Answer}, nil
}

// AnswerKey keeps what a request was answered.
func (s *Store) AnswerKey(ctx context.Context, id string, a KeyedAnswer) error {
	return mapped("answer key", s.q.AnswerKey(ctx, db.AnswerKeyParams{ID: id, Status: int64(a.Status), Answer: a.Body}))
}

// FreeKey lets a key be used for another body: what it came with was wrong, and nothing was done.
func (s *Store) FreeKey(ctx context.Context, id string) error {
	return mapped("free key", s.q.FreeKey(ctx, id))
}

// AnsweredKey is what a key was answered. *partnership.Error NotFound for none.
func (s *Store) AnsweredKey(ctx context.Context, id string) (KeyedAnswer, error) {
	row, err := s.q.BoundKey(ctx, id)
	return KeyedAnswer{int(row.Status), row.Answer}, notFound("key", err)
}
