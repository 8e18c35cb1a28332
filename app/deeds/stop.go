package deeds

import (
	"strings"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// StopCampaign pauses, resumes or cancels a campaign: deed is one of partnership.DeedPause, partnership.DeedResume and partnership.DeedCancel. Only who goes on need
// not say why.
func StopCampaign(deed string, id partnership.CampaignID, reason string) (Request, error) {
	if deed != partnership.DeedResume && strings.TrimSpace(reason) == "" {
		return Request{}, sayWhy()
	}
	return stop(deed, workflows.CampaignWorkflowID(id), reason), nil
}

// CancelPartnership ends one partnership and takes back what can be.
func CancelPartnership(id partnership.PartnershipID, reason string) (Request, error) {
	if strings.TrimSpace(reason) == "" {
		return Request{}, sayWhy()
	}
	return stop(partnership.DeedCancel, workflows.PartnershipWorkflowID(id), reason), nil
}

func sayWhy() error {
	return partnership.FieldErrorf("reason", "say why; creators and colleagues will ask")
}

func stop(deed, subject, reason string) Request {
	return Request{Deed: deed, Subject: subject, message: func(who string) any { return workflows.Stop{Reason: reason, By: who} }}
}
