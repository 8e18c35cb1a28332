package store

import (
	"context"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/store/db"
)

// AuditOf are the deeds about one thing, oldest first.
func (s *Store) AuditOf(ctx context.Context, target string) ([]db.Audit, error) {
	rows, err := s.q.AuditOf(ctx, target)
	return rows, mapped("audit", err)
}

// AuditFilter picks lines of the audit; what is empty matches all.
type AuditFilter struct {
	Who, Deed, Subject string
	Before             int64 // lines before this one: the next page
	Limit              int   // 100 when zero
}

// AuditLimit is a page of the audit.
const AuditLimit = 100

// Audit are the newest deeds that the filter picks, newest first.
func (s *Store) Audit(ctx context.Context, f AuditFilter) ([]board.AuditLine, error) {
	if f.Limit <= 0 {
		f.Limit = AuditLimit
	}
	rows, err := s.q.AuditLines(ctx, db.AuditLinesParams{Actor: f.Who, Action: f.Deed, Target: f.Subject, Before: f.Before, MaxRows: int32(f.Limit)})
	return each(rows, func(r db.AuditLinesRow) board.AuditLine {
		line := board.AuditLine{
			N: r.N, At: r.At, DecidedAt: r.At, Who: r.Actor, Door: partnership.Door(r.Actor), Deed: r.Action, Subject: r.Target, Reason: r.Reason,
			Details: r.Details, Outcome: r.Outcome, Why: r.Why, Answer: r.Answer, EndedAt: r.DoneAt,
		}
		if r.DeedID != nil {
			line.ID = *r.DeedID
		}
		if r.DecidedAt != nil {
			line.DecidedAt = *r.DecidedAt
		}
		if r.CorrectedWhy != nil {
			line.Outcome, line.Why = Refused, *r.CorrectedWhy
		}
		if r.AskedState == Refused { // its workflow's word is the last
			line.Outcome, line.Why = Refused, r.AskedWhy
		}
		return line
	}), mapped("audit", err)
}
