package store

import (
	"context"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/roster"
)

// Reliability is a creator's record over all campaigns, and what it comes to. Days that brands and carriers lost stand in it
// and never count.
func (s *Store) Reliability(ctx context.Context, id partnership.CreatorID) (board.Reliability, error) {
	row, err := s.q.CreatorRecord(ctx, id)
	if err != nil {
		return board.Reliability{}, mapped("reliability", err)
	}
	record := roster.Record{Completed: int(row.Completed), WentQuiet: int(row.WentQuiet), OwnDays: row.OwnDays, OthersDays: row.OthersDays}
	plans, err := s.q.CreatorPlans(ctx, id)
	for _, plan := range plans {
		record.Kept(plan, s.opt.Day)
	}
	return board.ReliabilityOf(record), mapped("reliability", err)
}
