package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store/db"
)

// KeepAmendment keeps a changed file as the next version, before it is applied. The same content as the last version is that
// version again, so that a repeated command amends once.
func (s *Store) KeepAmendment(ctx context.Context, id partnership.CampaignID, ch partnership.CampaignChange, by string) (a partnership.Amendment, err error) {
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
		if ch.Undoes > 0 && last.Undoes == int64(ch.Undoes) {
			a = amendmentOf(last)
			return nil
		}
		spec := ch.Spec
		spec.ID, spec.Round, spec.Program, spec.Name = last.Spec.ID, last.Spec.Round, last.Spec.Program, last.Spec.Name
		next := last.Version + 1
		relisted, err := s.relist(ctx, q, id, next, ch)
		if err != nil {
			return err
		}
		if same(last.Spec, spec) && !relisted {
			a = amendmentOf(last)
			return nil
		}
		a = partnership.Amendment{Version: int(next), Spec: spec, MadeBy: by, MadeAt: s.now(), Undoes: ch.Undoes, Summary: ch.Summary}
		return q.KeepAmendment(ctx, db.KeepAmendmentParams{
			CampaignID: id, Version: next, Spec: spec, MadeBy: by, Now: a.MadeAt, Undoes: int64(ch.Undoes), Summary: ch.Summary,
			Retargets: relisted || !same(last.Spec.Selection, spec.Selection),
		})
	})
	return a, err
}

// relist brings the campaign's list to what the change says, and says whether that changed it.
func (s *Store) relist(ctx context.Context, q *db.Queries, id partnership.CampaignID, version int64, ch partnership.CampaignChange) (bool, error) {
	if ch.Undoes > 0 {
		off, err := q.UnlistCreators(ctx, db.UnlistCreatorsParams{CampaignID: id, Since: int64(ch.Undoes)})
		return off > 0, err
	}
	if len(ch.Creators) == 0 {
		return false, nil
	}
	before, err := q.CampaignCreators(ctx, id)
	if err != nil {
		return false, err
	}
	after, err := s.list(ctx, q, id, version, ch.Creators)
	return !same(each(before, creatorOf), after), err
}

// list imports further creators, lists them, and returns the whole list.
func (s *Store) list(ctx context.Context, q *db.Queries, id partnership.CampaignID, version int64, further []partnership.Creator) ([]partnership.Creator, error) {
	done, err := s.upsertCreators(ctx, q, further, partnership.Consent{})
	if err != nil {
		return nil, err
	}
	arg := db.ListFurtherCreatorsParams{CampaignID: id, Since: version}
	for _, id := range done.IDs {
		arg.Creators = append(arg.Creators, string(id))
	}
	if _, err := q.ListFurtherCreators(ctx, arg); err != nil {
		return nil, err
	}
	rows, err := q.CampaignCreators(ctx, id)
	return each(rows, creatorOf), err
}

// errLookOnly rolls a transaction back that was only made to see what it would give.
var errLookOnly = errors.New("look only")

// CreatorsAfter is the campaign's list as a change would leave it. It changes nothing. Personal data.
func (s *Store) CreatorsAfter(ctx context.Context, id partnership.CampaignID, ch partnership.CampaignChange) ([]partnership.Creator, error) {
	var list []partnership.Creator
	err := s.tx(ctx, "creators after", func(q *db.Queries) error {
		if _, err := s.relist(ctx, q, id, math.MaxInt64, ch); err != nil {
			return err
		}
		rows, err := q.CampaignCreators(ctx, id)
		if err != nil {
			return err
		}
		list = append([]partnership.Creator{}, each(rows, creatorOf)...)
		return errLookOnly
	})
	if list != nil { // seen, and rolled back
		return list, nil
	}
	return nil, err
}

// Retargets says whether a version, or one that was skipped for it, changes whom the campaign invites.
func (s *Store) Retargets(ctx context.Context, id partnership.CampaignID, version int) (bool, error) {
	yes, err := s.q.Retargets(ctx, db.RetargetsParams{CampaignID: id, Version: int64(version)})
	return yes, mapped("amendment", err)
}

// Amendment is one version of a campaign's file.
func (s *Store) Amendment(ctx context.Context, id partnership.CampaignID, version int) (partnership.Amendment, error) {
	row, err := s.q.Amendment(ctx, db.AmendmentParams{CampaignID: id, Version: int64(version)})
	return amendmentOf(row), notFound("amendment", err)
}

// LastAmendment is the newest version of a campaign's file; *partnership.Error NotFound when it was never amended.
func (s *Store) LastAmendment(ctx context.Context, id partnership.CampaignID) (partnership.Amendment, error) {
	row, err := s.q.LastAmendment(ctx, id)
	return amendmentOf(row), notFound("amendment", err)
}

// AmendmentSummary is a version's preview in words.
func (s *Store) AmendmentSummary(ctx context.Context, id partnership.CampaignID, version int) (string, error) {
	a, err := s.Amendment(ctx, id, version)
	return a.Summary, err
}

// ApplyAmendment makes a kept version the campaign's file and returns it; repeated, it changes nothing.
func (s *Store) ApplyAmendment(ctx context.Context, id partnership.CampaignID, version int) (c partnership.Campaign, err error) {
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

// same compares two things as they are kept: as JSON.
func same[T any](a, b T) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

func amendmentOf(row db.CampaignAmendment) partnership.Amendment {
	return partnership.Amendment{Version: int(row.Version), Spec: row.Spec, MadeBy: row.MadeBy, MadeAt: row.MadeAt, AppliedAt: row.AppliedAt, Undoes: int(row.Undoes), Summary: row.Summary}
}

// LaunchedAt is when a campaign was launched: relative dates of its file count from there.
func (s *Store) LaunchedAt(ctx context.Context, id partnership.CampaignID) (time.Time, error) {
	row, err := s.q.Campaign(ctx, id)
	return row.CreatedAt, notFound("campaign", err)
}
