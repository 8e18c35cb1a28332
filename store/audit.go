package store

import (
	"context"

	"github.com/rapport-dev/rapport/store/db"
)

// Audit keeps who decided what, for good. actor is a person's id in Slack or the console, or "rapport" for a rule.
func (s *Store) Audit(ctx context.Context, actor, action, target, reason string) error {
	return mapped("audit", s.audit(ctx, s.q, actor, action, target, reason))
}

func (s *Store) audit(ctx context.Context, q *db.Queries, actor, action, target, reason string) error {
	return q.Audit(ctx, db.AuditParams{At: s.now(), Actor: actor, Action: action, Target: target, Reason: reason})
}

// AuditOf are the decisions about one thing, oldest first.
func (s *Store) AuditOf(ctx context.Context, target string) ([]db.Audit, error) {
	rows, err := s.q.AuditOf(ctx, target)
	return rows, mapped("audit", err)
}
