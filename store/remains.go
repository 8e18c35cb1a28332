package store

import (
	"context"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// Remains are what the books know of a partnership whose own memory cannot be read: enough to take back what it did and to end it.
type Remains struct {
	ID        partnership.PartnershipID
	Campaign  partnership.Campaign
	CreatorID partnership.CreatorID
	Zone      string // the creator's
	Tier      partnership.Tier
	Niche     string
	Rank      int
	Standby   bool
	Terms     partnership.Terms
	Seq       int // of the board's row
	Stage     partnership.Stage
	Outcome   partnership.Outcome // "" while the board shows it open
	Reason    string
	Begun     bool // it wrote its row at least once, so that a workflow has been

	Happened  map[string]time.Time // the first event of each kind on its timeline
	OpenTasks []string             // by name
	Amendment int                  // version of a contract amendment that nobody has signed, 0 none
}

// Remains reads what is known of a partnership.
func (s *Store) Remains(ctx context.Context, id partnership.PartnershipID) (r Remains, err error) {
	row, err := s.q.PartnershipByID(ctx, id)
	if err != nil {
		return r, notFound("partnership", err)
	}
	view, err := s.View(ctx, id)
	if err != nil {
		return r, err
	}
	r = Remains{
		ID: id, Campaign: view.Campaign, CreatorID: row.CreatorID, Zone: view.Creator.Timezone, Tier: row.Tier, Niche: row.Niche, Rank: int(row.Rank), Standby: row.Standby,
		Terms: row.Terms, Seq: int(row.Seq), Stage: row.Stage, Outcome: row.Outcome, Reason: row.Reason, Begun: row.Seq > 0, Happened: map[string]time.Time{},
	}
	events, err := s.q.Events(ctx, []string{string(id)})
	for _, e := range events {
		if _, known := r.Happened[e.Kind]; !known {
			r.Happened[e.Kind] = e.At
		}
	}
	if err != nil {
		return r, mapped("remains", err)
	}
	if d := view.Delivery; d != nil && d.Status == partnership.ParcelDelivered && r.Happened["delivered"].IsZero() { // the carrier's word came before the story's
		r.Happened["delivered"] = s.now()
	}
	tasks, err := s.Tasks(ctx, id)
	for _, t := range tasks {
		if t.ClosedAt.IsZero() {
			r.OpenTasks = append(r.OpenTasks, t.Name)
		}
	}
	if err != nil {
		return r, err
	}
	contracts, err := s.Contracts(ctx, id)
	for _, c := range contracts {
		if c.Version > 1 && c.Status != partnership.EnvelopeCompleted {
			r.Amendment = c.Version
		}
	}
	return r, err
}
