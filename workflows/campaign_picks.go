package workflows

import (
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

// A person may say whom a campaign invites: somebody out of turn, or somebody not at all. The campaign's own loop does it, between its
// other invitations, so that nobody is picked by a person and by the roster at once; whoever asked is answered when it is done.

// campaignPicks are those that a person has picked and the loop has not seen to. Their questions are open until then, so no run ends
// with any.
type campaignPicks struct {
	picks []*pick
}

// pick is one of them: what is to be done, and what came of it.
type pick struct {
	do   func(workflow.Context) error
	no   error
	done bool
}

// Invite has a campaign invite a creator now, whatever their rank.
type Invite struct {
	CreatorID partnership.CreatorID `json:"CreatorID"`
	By        string                `json:"By"`
	Proven
}

// Veto has a campaign not invite a creator, or with Back puts them in line again.
type Veto struct {
	CreatorID partnership.CreatorID `json:"CreatorID"`
	Back      bool                  `json:"Back,omitempty"`
	Reason    string                `json:"Reason"`
	By        string                `json:"By"`
	Proven
}

func (c *campaign) handlePicks(ctx workflow.Context) {
	handlePick(ctx, c, UpdateInvite, c.mayInvite, c.inviteNow)
	handlePick(ctx, c, UpdateVeto, c.mayVeto, c.leaveOut)
}

func handlePick[T proven](ctx workflow.Context, c *campaign, name string, may func(workflow.Context, T) error, do func(workflow.Context, T) error) {
	handler := func(ctx workflow.Context, m T) (Ack, error) {
		if err := c.recorded(ctx, name, m); err != nil {
			return Ack{}, err
		}
		p := &pick{do: func(ctx workflow.Context) error {
			if no := may(ctx, m); no != nil { // its moment has passed meanwhile
				return no
			}
			return do(ctx, m)
		}}
		c.picks = append(c.picks, p)
		until(ctx, func() bool { return p.done })
		if p.no != nil {
			return Ack{}, tooLate(ctx, c.Day, name, m, p.no)
		}
		return Ack{}, nil
	}
	must(workflow.SetUpdateHandlerWithOptions(ctx, name, handler, workflow.UpdateHandlerOptions{
		Validator: func(ctx workflow.Context, m T) error {
			if c.recording > 0 {
				return refuse(partnership.Conflict, beingRecorded)
			}
			return may(ctx, m)
		},
	}))
}

// seePicks does what people have picked, in the order in which they said so.
func (c *campaign) seePicks(ctx workflow.Context) {
	for len(c.picks) > 0 {
		p := c.picks[0]
		p.no = p.do(ctx)
		p.done, c.picks = true, c.picks[1:]
	}
}

// notInvited refuses whoever was invited in this campaign already.
func (c *campaign) notInvited(creator partnership.CreatorID, refused string) error {
	if no := c.ending(); no != nil {
		return no
	}
	id := partnership.PartnershipFor(c.CampaignID, creator)
	_, open := c.Open[id]
	_, ended := c.Ended[id]
	switch {
	case !c.Ranked:
		return refuse(partnership.Conflict, "this campaign is still ranking its creators; look again in a moment")
	case open:
		return refuse(partnership.Conflict, "they are invited already"+refused)
	case ended:
		return refuse(partnership.Conflict, "they were invited, and it has ended: nobody is invited twice in one campaign; another round may")
	}
	return nil
}

func (c *campaign) mayInvite(ctx workflow.Context, m Invite) error {
	if no := c.notInvited(m.CreatorID, ""); no != nil {
		return no
	}
	switch cal := (timeline.Calendar{Day: c.Day, Zone: c.Spec.Zone}); {
	case c.Paused != "":
		return refuse(partnership.Conflict, "this campaign is paused: resume it first")
	case !timeline.InTime(cal, c.Spec.Schedule, workflow.Now(ctx)):
		return refuse(partnership.Conflict, "whoever is invited now could not post before the publish window ends: amend its last day first")
	}
	return nil
}

// inviteNow invites a creator out of turn, for a place that nobody covers where there is one, else for one that is free or one more.
func (c *campaign) inviteNow(ctx workflow.Context, m Invite) error {
	id := partnership.PartnershipFor(c.CampaignID, m.CreatorID)
	ask := activities.Pick{CampaignID: c.CampaignID, CreatorID: m.CreatorID, Rank: len(c.Open) + len(c.Ended) + len(c.Waiting) + 1, Standby: true}
	if at := c.inLine(id); at >= 0 {
		ask.Rank, ask.Standby = c.Waiting[at].Rank, c.Waiting[at].Standby
	}
	picked, ok := do(ctx, c, pickCreator, "Look whether a creator may be invited out of turn", ask)
	switch {
	case !ok:
		return c.ending()
	case picked.Refused != "":
		return refuse(partnership.Conflict, picked.Refused)
	}
	first := c.vacant()
	batch := activities.Wave{CampaignID: c.CampaignID, Entries: []partnership.RosterEntry{picked.Entry}}
	if first != "" && c.Away[first].Ghosted {
		batch.GivenUp = first
	}
	reserved, ok := do(ctx, c, reserveWave, "Reserve the budget for a creator out of turn", batch)
	if !ok {
		return c.ending()
	}
	c.leavesLine(id)
	c.drain()
	no := c.mayInvite(ctx, m)
	if no == nil && first != c.vacant() { // whoever was away came back
		no = refuse(partnership.Conflict, "the place that they were to have was taken meanwhile; look again")
	}
	switch {
	case no != nil:
		c.hold(ctx, batch.Entries, reserved)
		return no
	case reserved.OverBudget != "":
		c.putBack(batch.Entries, reserved)
		return refuse(partnership.Conflict, reserved.OverBudget+"; raise the budget first, by amend")
	case len(reserved.Invitations) == 0:
		return refuse(partnership.Conflict, "nobody may write to them, or none of the campaign's rails can pay them")
	}
	c.offered(first, id)
	c.invite(ctx, reserved.Invitations, first)
	return nil
}

func (c *campaign) mayVeto(_ workflow.Context, m Veto) error {
	return c.notInvited(m.CreatorID, ": replace or cancel ends it")
}

// leaveOut takes a creator off the list, also of those who are ranked when the file is amended, or puts them on it again.
func (c *campaign) leaveOut(ctx workflow.Context, m Veto) error {
	left, ok := do(ctx, c, leaveOutCreator, "Take a creator off the list, or put them on it again", activities.LeaveOut{CampaignID: c.CampaignID, CreatorID: m.CreatorID, Back: m.Back})
	switch {
	case !ok:
		return c.ending()
	case !left.Listed:
		return refuse(partnership.NotFound, "they are not on this campaign's list")
	}
	id := partnership.PartnershipFor(c.CampaignID, m.CreatorID)
	switch {
	case !m.Back:
		c.leavesLine(id)
	case left.Entry != nil && c.inLine(id) < 0:
		c.putBack([]partnership.RosterEntry{*left.Entry}, activities.Reserved{})
		c.tellAnew(true)
	}
	return nil
}
