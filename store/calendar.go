package store

import (
	"context"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/store/db"
)

// CampaignCalendar is the calendar of one campaign.
func (s *Store) CampaignCalendar(ctx context.Context, id partnership.CampaignID) (board.Calendar, error) {
	campaign, err := s.q.Campaign(ctx, id)
	if err != nil {
		return board.Calendar{}, notFound("campaign", err)
	}
	rows, err := s.q.CalendarPartnerships(ctx, id)
	if err != nil {
		return board.Calendar{}, mapped("calendar", err)
	}
	return board.CalendarOf(board.CalendarFacts{
		CampaignID: id, Name: campaign.Name, State: campaign.State, Timezone: campaign.Spec.Timezone, Schedule: campaign.Spec.Schedule, UpdatedAt: campaign.UpdatedAt,
		FeedURL: s.calendarURL(id, campaign.FeedN), Partnerships: each(rows, datedOf),
	}, s.now()), nil
}

func datedOf(r db.CalendarPartnershipsRow) board.Dated {
	return board.Dated{
		Creator: board.CreatorOfDate{Platform: r.Platform, Handle: r.Handle, Tier: r.Tier}, UpdatedAt: r.UpdatedAt,
		Shows: partnership.Projection{
			PartnershipID: r.ID, Seq: int(r.Seq), Stage: r.Stage, WaitingFor: r.WaitingFor, Deadline: orZero(r.Deadline), BufferDaysLeft: r.BufferDaysLeft,
			Plan: r.Plan, Paused: r.Paused,
		},
	}
}
