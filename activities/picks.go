package activities

import (
	"context"
	"errors"

	"github.com/rapport-dev/rapport/partnership"
)

// Pick is a creator whom a person wants invited out of turn, and the place that they have or get in line.
type Pick struct {
	CampaignID partnership.CampaignID `json:"CampaignID"`
	CreatorID  partnership.CreatorID  `json:"CreatorID"`
	Rank       int                    `json:"Rank"`
	Standby    bool                   `json:"Standby"`
}

// Picked is how they are invited, or why they cannot be.
type Picked struct {
	Entry   partnership.RosterEntry `json:"Entry"`
	Refused string                  `json:"Refused"`
}

// LeaveOut takes a creator off a campaign's list, or puts them back on it.
type LeaveOut struct {
	CampaignID partnership.CampaignID `json:"CampaignID"`
	CreatorID  partnership.CreatorID  `json:"CreatorID"`
	Back       bool                   `json:"Back"`
}

// LeftOut says whether they are on the list at all, and their place in line where they have one.
type LeftOut struct {
	Listed bool                     `json:"Listed"`
	Entry  *partnership.RosterEntry `json:"Entry"`
}

// PickCreator puts a creator on the campaign's list, whom a person wants invited out of turn, with their place in line. Whom the offer is
// not for is refused; so is, when the budget is reserved, whom nobody may write to or pay.
func (a *Activities) PickCreator(ctx context.Context, in Pick) (out Picked, err error) {
	defer mapped(&err)
	c, err := a.Store.Campaign(ctx, in.CampaignID)
	if err != nil {
		return out, err
	}
	creator, err := a.Store.ListCreator(ctx, in.CampaignID, in.CreatorID)
	if partnership.CodeOf(err) == partnership.NotFound {
		return Picked{Refused: "nobody may write to them: they were erased"}, nil
	}
	if err != nil {
		return out, err
	}
	tier := partnership.TierOf(creator.Followers)
	if _, err := partnership.OfferFor(c, tier); err != nil {
		no, ours := errors.AsType[*partnership.Error](err)
		if !ours {
			return out, err
		}
		return Picked{Refused: no.Message}, nil
	}
	out.Entry = partnership.RosterEntry{
		PartnershipID: partnership.PartnershipFor(in.CampaignID, in.CreatorID), CreatorID: in.CreatorID, Tier: tier, Niche: creator.Niche,
		Rank: in.Rank, Standby: in.Standby, Zone: creator.Timezone,
	}
	return out, a.Store.SaveRoster(ctx, in.CampaignID, []partnership.RosterEntry{out.Entry})
}

// LeaveOutCreator takes a creator off the campaign's list, or puts them back on it.
func (a *Activities) LeaveOutCreator(ctx context.Context, in LeaveOut) (out LeftOut, err error) {
	defer mapped(&err)
	out.Listed, out.Entry, err = a.Store.LeaveOutCreator(ctx, in.CampaignID, in.CreatorID, in.Back)
	return out, err
}
