package deeds

import (
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// Invite has a campaign invite a creator now, whatever their rank.
func Invite(id partnership.CampaignID, who partnership.CreatorID) Request {
	return Request{
		Deed: partnership.DeedInvite, Subject: workflows.CampaignWorkflowID(id),
		message: func(by string) any { return workflows.Invite{CreatorID: who, By: by} },
	}
}

// Veto has a campaign not invite a creator who was not invited yet; with back they stand in line again.
func Veto(id partnership.CampaignID, who partnership.CreatorID, back bool, reason string) Request {
	return Request{
		Deed: partnership.DeedVeto, Subject: workflows.CampaignWorkflowID(id),
		message: func(by string) any { return workflows.Veto{CreatorID: who, Back: back, Reason: reason, By: by} },
	}
}
