package deeds

import (
	"strings"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
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

// StopPartnership pauses, resumes, cancels or replaces one partnership: deed is one of partnership.DeedPause, partnership.DeedResume,
// partnership.DeedCancel and partnership.DeedReplace. Its campaign goes on. Only who goes on need not say why.
func StopPartnership(deed string, id partnership.PartnershipID, reason string) (Request, error) {
	if deed != partnership.DeedResume && strings.TrimSpace(reason) == "" {
		return Request{}, sayWhy()
	}
	return stop(deed, workflows.PartnershipWorkflowID(id), reason), nil
}

// GiveTime moves the due date of the draft or post that a creator is asked for now, by so many campaign days.
func GiveTime(id partnership.PartnershipID, days float64) (Request, error) {
	if !(days > 0 && days <= timeline.MostGiven) {
		return Request{}, partnership.FieldErrorf("days", "%v is not allowed: more than 0 and at most %d", days, timeline.MostGiven)
	}
	return Request{
		Deed: partnership.DeedGiveTime, Subject: workflows.PartnershipWorkflowID(id),
		message: func(who string) any { return workflows.GiveTime{Days: days, By: who} },
	}, nil
}

// CancelPartnership ends one partnership and takes back what can be.
func CancelPartnership(id partnership.PartnershipID, reason string) (Request, error) {
	return StopPartnership(partnership.DeedCancel, id, reason)
}

func sayWhy() error {
	return partnership.FieldErrorf("reason", "say why; creators and colleagues will ask")
}

func stop(deed, subject, reason string) Request {
	return Request{Deed: deed, Subject: subject, message: func(who string) any { return workflows.Stop{Reason: reason, By: who} }}
}
