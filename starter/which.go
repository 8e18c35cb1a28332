package main

import (
	"errors"

	"github.com/rapport-dev/rapport/app/find"
	"github.com/rapport-dev/rapport/partnership"
)

const (
	unknownCampaign    = "there is no such campaign; `rapport campaign list` shows all"
	unknownPartnership = "there is no such partnership; `rapport campaign status ID` lists a campaign's"
)

// campaignID finds the campaign that somebody typed, who has to type something.
func (a *app) campaignID(typed string) (partnership.CampaignID, error) {
	if typed == "" {
		return "", partnership.Errorf(partnership.NotFound, "%s", unknownCampaign)
	}
	kept, err := a.store()
	if err != nil {
		return "", err
	}
	c, err := find.Campaign(a.ctx, kept, typed)
	if no, is := errors.AsType[*partnership.Error](err); is && no.Code == partnership.NotFound {
		return "", partnership.Errorf(partnership.NotFound, "%s; `rapport campaign list` shows all", no.Message)
	}
	return c.ID, err
}

// whichPartnership is the partnership that a command is about.
type whichPartnership struct {
	ID       string `arg:"" help:"Its id or the beginning of it, or the creator: @handle (instagram:name where several have it), a link to the profile, a mail address or a name."`
	Campaign string `placeholder:"ID" help:"Where the creator takes part in several campaigns: which of them, by id or name."`
}

func (c whichPartnership) find(a *app) (partnership.PartnershipID, error) {
	kept, err := a.store()
	if err != nil {
		return "", err
	}
	found, err := find.Partnership(a.ctx, kept, c.ID, c.Campaign)
	return found.ID, err
}
