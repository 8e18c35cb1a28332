package store

import (
	"context"
	"time"

	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/roster"
	"github.com/rapport-dev/rapport/partnership/timeline"
	"github.com/rapport-dev/rapport/store/db"
)

// GhostRisk is how likely a partnership's creator is to have gone quiet for good, and why. Nobody who is asked for nothing, or
// whose partnership is paused or over, has gone quiet: the risk is 0 and has no parts.
func (s *Store) GhostRisk(ctx context.Context, id p.PartnershipID) (score float64, parts []roster.RiskPart, err error) {
	rows, err := s.q.RiskFacts(ctx, []string{string(id)})
	if err != nil || len(rows) == 0 {
		return 0, nil, mapped("ghost risk", err)
	}
	score, parts = roster.Risk(s.riskFacts(rows[0], s.now()))
	return score, parts, nil
}

func (s *Store) addRisks(ctx context.Context, ids []string, place map[p.PartnershipID]*PartnershipDocument) error {
	rows, err := s.q.RiskFacts(ctx, ids)
	now := s.now()
	for _, row := range rows {
		doc := place[row.ID]
		doc.GhostRisk, doc.GhostRiskParts = roster.Risk(s.riskFacts(row, now))
	}
	return err
}

func (s *Store) riskFacts(row db.RiskFactsRow, now time.Time) roster.RiskFacts {
	due := row.OpenedAt // a request without a date is due at once
	if row.Due != nil {
		due = *row.Due
	}
	f := roster.RiskFacts{
		Tier: row.Tier, AskedDays: s.between(row.OpenedAt, now), SilentDays: s.between(row.Alive, now), UsualDays: row.Usual * s.between(row.OpenedAt, due),
		Answers: int(row.Answers), Unclicked: int(row.Unclicked),
	}
	for _, rung := range s.ladder(row, due) {
		if rung.Action == timeline.SendMail && rung.At.After(row.Alive) && !rung.At.After(now) {
			f.Unanswered++
		}
	}
	var clock time.Time // when the creator could begin
	for _, m := range row.Plan {
		kind := timeline.Kind(m.Kind)
		if m.Fact && kind.Owner() == timeline.Creator && s.late(m) {
			f.LateBefore++
		}
		if kind == timeline.SignDue || kind == timeline.DeliverBy { // the later of the two stands behind
			clock = m.At
		}
	}
	if !clock.IsZero() {
		f.HeldDays = s.between(clock, now)
	}
	return f
}

// ladder is the one by which the open request is reminded of.
func (s *Store) ladder(row db.RiskFactsRow, due time.Time) []timeline.CheckIn {
	c := timeline.Calendar{Day: s.opt.Day, Zone: row.Timezone}
	if row.Kind == p.TaskOffer || row.Kind == p.TaskSign {
		return timeline.OfferLadder(c, row.OpenedAt, due)
	}
	return timeline.Ladder(c, row.Tier, row.OpenedAt, due)
}

// between is the campaign days from a to b.
func (s *Store) between(a, b time.Time) float64 { return float64(b.Sub(a)) / float64(s.opt.Day) }
