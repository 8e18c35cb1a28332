package store

import (
	"context"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/roster"
	"github.com/rapport-dev/rapport/partnership/timeline"
	"github.com/rapport-dev/rapport/store/db"
)

// GhostRisk is how likely a partnership's creator is to have gone quiet for good, and why. Nobody who is asked for nothing, or
// whose partnership is paused or over, has gone quiet: the risk is 0 and has no parts.
func (s *Store) GhostRisk(ctx context.Context, id partnership.PartnershipID) (score float64, parts []roster.RiskPart, err error) {
	rows, err := s.q.RiskFacts(ctx, []string{string(id)})
	if err != nil || len(rows) == 0 {
		return 0, nil, mapped("ghost risk", err)
	}
	score, parts = roster.Risk(s.riskFacts(rows[0], s.now()))
	return score, parts, nil
}

func (s *Store) riskFacts(row db.RiskFactsRow, now time.Time) roster.RiskFacts {
	return roster.Asked{
		Tier: row.Tier, Kind: row.Kind, OpenedAt: row.OpenedAt, Due: orZero(row.Due), Alive: row.Alive, Usual: row.Usual, Answers: int(row.Answers),
		Unclicked: int(row.Unclicked), Plan: row.Plan,
	}.Facts(timeline.Calendar{Day: s.opt.Day, Zone: row.Timezone}, now)
}
