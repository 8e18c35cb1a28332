package store

import (
	"context"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store/db"
)

// tally counts what became of the payouts of these runs.
func tally(ctx context.Context, q *db.Queries, runs []partnership.PayoutRun) error {
	counted, err := q.TallyOfRuns(ctx, each(runs, func(r partnership.PayoutRun) string { return r.ID }))
	if err != nil {
		return err
	}
	of := make(map[string]partnership.RunTally, len(counted))
	for _, c := range counted {
		of[c.RunID] = partnership.RunTally{
			Payouts: int(c.Payouts), Paid: int(c.Paid), Failed: int(c.Failed), Returned: int(c.Returned), Void: int(c.Void), Unknown: int(c.Unknown), PaidMinor: c.PaidMinor,
		}
	}
	for i := range runs {
		runs[i].Tally = of[runs[i].ID]
	}
	return nil
}

// WhyFailed is why payouts of a run failed, the most frequent reason first, each with how many.
func (s *Store) WhyFailed(ctx context.Context, runID string) ([]partnership.FailedFor, error) {
	rows, err := s.q.WhyFailed(ctx, runID)
	return each(rows, func(r db.WhyFailedRow) partnership.FailedFor {
		return partnership.FailedFor{Why: r.Reason, Payouts: int(r.Payouts)}
	}), mapped("why payouts failed", err)
}

// SetRunWaits says for every door what a run waits for; "" when it goes on.
func (s *Store) SetRunWaits(ctx context.Context, runID, why string) error {
	return mapped("what a run waits for", s.q.SetRunWaits(ctx, db.SetRunWaitsParams{ID: runID, Waits: why}))
}

// UnsentMinor is what of a run still has to be sent by a rail, in minor units: less than was planned where payouts were taken out since.
func (s *Store) UnsentMinor(ctx context.Context, runID, rail, currency string) (int64, error) {
	minor, err := s.q.UnsentMinor(ctx, db.UnsentMinorParams{RunID: runID, Rail: rail, Currency: currency})
	return minor, mapped("what is still to be sent", err)
}
