package store

import (
	"context"

	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/roster"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

// ReliabilityDocument is how far a creator can be relied on. Score is null while there is nothing to judge by.
type ReliabilityDocument struct {
	Score  *float64                 `json:"score"`
	Record roster.Record            `json:"record"`
	Parts  []roster.ReliabilityPart `json:"parts"`
}

// late says whether a milestone was met so late that it is held against somebody.
func (s *Store) late(m p.Milestone) bool { return s.between(m.Due, m.At) >= timeline.Tolerance }

// Reliability is a creator's record over all campaigns, and what it comes to. Days that brands and carriers lost stand in it
// and never count: a date that they moved is judged by where it was moved to.
func (s *Store) Reliability(ctx context.Context, id p.CreatorID) (doc ReliabilityDocument, err error) {
	row, err := s.q.CreatorRecord(ctx, id)
	if err != nil {
		return doc, mapped("reliability", err)
	}
	doc.Record = roster.Record{Completed: int(row.Completed), WentQuiet: int(row.WentQuiet), OwnDays: row.OwnDays, OthersDays: row.OthersDays}
	plans, err := s.q.CreatorPlans(ctx, id)
	if err != nil {
		return doc, mapped("reliability", err)
	}
	for _, plan := range plans {
		for _, m := range plan {
			switch {
			case !m.Fact || timeline.Kind(m.Kind).Owner() != timeline.Creator:
			case s.late(m):
				doc.Record.DatesLate++
			default:
				doc.Record.DatesKept++
			}
		}
	}
	score, known, parts := roster.Reliability(doc.Record)
	doc.Parts = append([]roster.ReliabilityPart{}, parts...)
	if known {
		doc.Score = &score
	}
	return doc, nil
}
