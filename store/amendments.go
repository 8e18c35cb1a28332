package store

import (
	"bytes"
	"context"
	"encoding/json"
	"time"

	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store/db"
)

// Amendment is a version of a campaign's file. Version 0 is the file as launched.
type Amendment struct {
	Version   int
	Spec      p.Campaign
	MadeBy    string
	MadeAt    time.Time
	AppliedAt *time.Time // nil until the running campaign has taken it
}

// KeepAmendment keeps a changed file as the next version, before it is applied. The same content as the last version is that
// version again, so that a repeated command amends once.
func (s *Store) KeepAmendment(ctx context.Context, id p.CampaignID, spec p.Campaign, by string) (a Amendment, err error) {
	err = s.tx(ctx, "keep amendment", func(q *db.Queries) error {
		if _, err := q.LockCampaign(ctx, id); err != nil {
			return notFound("campaign", err)
		}
		if err := q.KeepLaunched(ctx, id); err != nil {
			return err
		}
		last, err := q.LastAmendment(ctx, id)
		if err != nil {
			return err
		}
		spec.ID, spec.Round, spec.Program, spec.Name = last.Spec.ID, last.Spec.Round, last.Spec.Program, last.Spec.Name
		if same(last.Spec, spec) {
			a = amendmentOf(last)
			return nil
		}
		a = Amendment{Version: int(last.Version) + 1, Spec: spec, MadeBy: by, MadeAt: s.now()}
		if err := q.KeepAmendment(ctx, db.KeepAmendmentParams{CampaignID: id, Version: int64(a.Version), Spec: spec, MadeBy: by, Now: a.MadeAt}); err != nil {
			return err
		}
		return s.audit(ctx, q, by, "amend campaign", string(id), "version kept")
	})
	return a, err
}

// Amendment is one version of a campaign's file.
func (s *Store) Amendment(ctx context.Context, id p.CampaignID, version int) (Amendment, error) {
	row, err := s.q.Amendment(ctx, db.AmendmentParams{CampaignID: id, Version: int64(version)})
	return amendmentOf(row), notFound("amendment", err)
}

// LastAmendment is the newest version of a campaign's file; *p.Error NotFound when it was never amended.
func (s *Store) LastAmendment(ctx context.Context, id p.CampaignID) (Amendment, error) {
	row, err := s.q.LastAmendment(ctx, id)
	return amendmentOf(row), notFound("amendment", err)
}

// ApplyAmendment makes a kept version the campaign's file and returns it; repeated, it changes nothing.
func (s *Store) ApplyAmendment(ctx context.Context, id p.CampaignID, version int) (c p.Campaign, err error) {
	err = s.tx(ctx, "apply amendment", func(q *db.Queries) error {
		row, err := q.Amendment(ctx, db.AmendmentParams{CampaignID: id, Version: int64(version)})
		if err != nil {
			return notFound("amendment", err)
		}
		c = row.Spec
		if err := q.SetSpec(ctx, db.SetSpecParams{ID: id, Spec: c, BudgetMinor: c.BudgetMinor, Now: s.now()}); err != nil {
			return err
		}
		now := s.now()
		return q.MarkAmended(ctx, db.MarkAmendedParams{CampaignID: id, Version: int64(version), Now: &now})
	})
	return c, err
}

// same compares two files as they are kept: as JSON.
func same(a, b p.Campaign) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

func amendmentOf(row db.CampaignAmendment) Amendment {
	return Amendment{Version: int(row.Version), Spec: row.Spec, MadeBy: row.MadeBy, MadeAt: row.MadeAt, AppliedAt: row.AppliedAt}
}

// LaunchedAt is when a campaign was launched: relative dates of its file count from there.
func (s *Store) LaunchedAt(ctx context.Context, id p.CampaignID) (time.Time, error) {
	row, err := s.q.Campaign(ctx, id)
	return row.CreatedAt, notFound("campaign", err)
}
