package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/rapport-dev/rapport/partnership"
)

// TaskToken is the token of a task's first link, for tests that hold tokens against each other without a task.
func (s *Store) TaskToken(id partnership.TaskID) string { return s.taskToken(id, 0) }

// Signed is a statement that the program signs as its own: what no call of the store does and the books hold.
func (s *Store) Signed(ctx context.Context, statement string, args ...any) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, statement, args...); err != nil {
			return err
		}
		return s.sign(ctx, tx)
	})
}
