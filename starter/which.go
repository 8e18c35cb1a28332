package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
)

const (
	unknownCampaign    = "there is no such campaign; `rapport campaign list` shows all"
	unknownPartnership = "there is no such partnership; `rapport campaign status ID` lists a campaign's"
)

// shortestID is how much of an id has to be typed: less is a slip of the finger, and a campaign can be cancelled.
const shortestID = 4

// campaignID finds the campaign that somebody typed: by its id, the beginning of it, or its name in any case.
func (a *app) campaignID(typed string) (partnership.CampaignID, error) {
	kept, err := a.store()
	if err != nil {
		return "", err
	}
	all, err := kept.Campaigns(a.ctx)
	if err != nil {
		return "", err
	}
	return chooseCampaign(all, typed)
}

func chooseCampaign(all []board.Campaign, typed string) (partnership.CampaignID, error) {
	var found []board.Campaign
	for _, c := range all {
		if string(c.ID) == typed {
			return c.ID, nil
		}
		begins := len(typed) >= shortestID && strings.HasPrefix(string(c.ID), strings.ToLower(typed))
		if begins || strings.EqualFold(c.Name, typed) {
			found = append(found, c)
		}
	}
	switch len(found) {
	case 0:
		return "", partnership.Errorf(partnership.NotFound, "%s", unknownCampaign)
	case 1:
		return found[0].ID, nil
	}
	lines := make([]string, len(found))
	for i, c := range found {
		lines[i] = fmt.Sprintf("  %s  %s, round %d, %s", c.ID, c.Name, c.Round, c.State)
	}
	return "", partnership.Errorf(partnership.Invalid, "%d campaigns fit; name one by its id:\n%s", len(found), strings.Join(lines, "\n"))
}

// whichPartnership is the partnership that a command is about.
type whichPartnership struct {
	ID       string `arg:"" help:"Its id, as campaign status shows it, or the creator's @handle (instagram:name where several have it)."`
	Campaign string `placeholder:"ID" help:"Where @handle takes part in several campaigns: which of them, by id or name."`
}

func (c whichPartnership) find(a *app) (partnership.PartnershipID, error) {
	if !strings.ContainsAny(c.ID, "@:/") {
		if c.Campaign != "" {
			return "", partnership.FieldErrorf("campaign", "goes with an @handle; an id says it all")
		}
		return partnership.PartnershipID(c.ID), nil
	}
	kept, err := a.store()
	if err != nil {
		return "", err
	}
	creator, err := kept.FindCreator(a.ctx, c.ID)
	if err != nil {
		return "", err
	}
	theirs, err := kept.PartnershipsOf(a.ctx, creator.ID)
	if err != nil {
		return "", err
	}
	if c.Campaign != "" {
		campaign, err := a.campaignID(c.Campaign)
		if err != nil {
			return "", err
		}
		id := partnership.PartnershipFor(campaign, creator.ID)
		if !slices.Contains(theirs, id) {
			return "", partnership.Errorf(partnership.NotFound, "@%s is not invited to that campaign", creator.Handle)
		}
		return id, nil
	}
	if len(theirs) == 1 {
		return theirs[0], nil
	}
	return "", a.several(creator, theirs)
}

// several says which partnerships a creator has.
func (a *app) several(creator partnership.Creator, theirs []partnership.PartnershipID) error {
	if len(theirs) == 0 {
		return partnership.Errorf(partnership.NotFound, "@%s has no partnership yet", creator.Handle)
	}
	lines := make([]string, len(theirs))
	for i, id := range theirs {
		d, err := a.opened.PartnershipDocument(a.ctx, id)
		if err != nil {
			return err
		}
		campaign, err := a.opened.CampaignDocument(a.ctx, d.CampaignID)
		if err != nil {
			return err
		}
		lines[i] = fmt.Sprintf("  %s  %s, round %d, %s", id, campaign.Name, campaign.Round, d.Stage)
	}
	return partnership.Errorf(partnership.Invalid, "@%s has %d partnerships; name one by its id, or add --campaign:\n%s", creator.Handle, len(theirs), strings.Join(lines, "\n"))
}
