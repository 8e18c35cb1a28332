package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/store/db"
)

// ListCreator puts a creator on a campaign's list, also one who was taken off it; repeated, it changes nothing. *partnership.Error NotFound
// for who was erased. Personal data.
func (s *Store) ListCreator(ctx context.Context, id partnership.CampaignID, who partnership.CreatorID) (partnership.Creator, error) {
	row, err := s.q.ListCreator(ctx, db.ListCreatorParams{CampaignID: id, CreatorID: who})
	return creatorOf(row), notFound("creator", err)
}

// LeaveOutCreator takes a creator off a campaign's list, or with back puts them on it again; repeated, it changes nothing. listed is false for
// who never was on it, and entry is nil for who has no place in line.
func (s *Store) LeaveOutCreator(ctx context.Context, id partnership.CampaignID, who partnership.CreatorID, back bool) (listed bool, entry *partnership.RosterEntry, err error) {
	row, err := s.q.SetVeto(ctx, db.SetVetoParams{CampaignID: id, CreatorID: who, Back: back, Now: s.now()})
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil, nil
	}
	if err != nil || row.Rank == 0 {
		return err == nil, nil, mapped("leave out", err)
	}
	return true, &partnership.RosterEntry{
		PartnershipID: row.PartnershipID, CreatorID: who, Tier: row.Tier, Niche: row.Niche, Rank: int(row.Rank), Standby: row.Standby, Zone: row.Timezone,
	}, nil
}

// StandingBy are those of a campaign's list who were not invited, best first, and last whom somebody left out. Personal data.
func (s *Store) StandingBy(ctx context.Context, id partnership.CampaignID) ([]board.StandingBy, error) {
	rows, err := s.q.StandingBy(ctx, id)
	return each(rows, func(r db.StandingByRow) board.StandingBy {
		return board.StandingBy{
			CreatorID: r.ID, Platform: r.Platform, Handle: r.Handle, Followers: r.Followers, EngagementRate: r.EngagementRate, Niche: r.Niche,
			Rank: int(r.Rank), Standby: r.Standby, Vetoed: r.Vetoed,
		}
	}), mapped("standing by", err)
}
