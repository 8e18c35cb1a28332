package deeds

import (
	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// Amend has a campaign take in a version of its file that is kept.
func Amend(id p.CampaignID, version int) Request {
	return Request{Deed: p.DeedAmend, Subject: workflows.CampaignWorkflowID(id), message: func(who string) any {
		return workflows.Amend{Version: version, By: who}
	}}
}
