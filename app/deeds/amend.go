package deeds

import (
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// Amend has a campaign take in a version of its file that is kept.
func Amend(id partnership.CampaignID, version int) Request {
	return Request{Deed: partnership.DeedAmend, Subject: workflows.CampaignWorkflowID(id), message: func(who string) any {
		return workflows.Amend{Version: version, By: who}
	}}
}
