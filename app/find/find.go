// Package find says which campaign or partnership somebody means who names one at a door, in any of the ways in which people do. It is the one
// place that reads names; of creators it asks the store. Nothing is ever done to what only may have been meant.
package find

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/identity"
)

// Campaigns knows all campaigns.
type Campaigns interface {
	Campaigns(ctx context.Context) ([]board.Campaign, error)
}

// Partnerships knows creators and their partnerships.
type Partnerships interface {
	Campaigns
	// FindCreator is the creator of a handle, a link, an address or a name.
	FindCreator(ctx context.Context, typed string) (partnership.Creator, error)
	PartnershipsOf(ctx context.Context, id partnership.CreatorID) ([]partnership.PartnershipID, error)
	PartnershipsNamed(ctx context.Context, typed string) ([]partnership.PartnershipID, error)
	PartnershipDocument(ctx context.Context, id partnership.PartnershipID) (board.Partnership, error)
}

// mostMeant is how many are offered that may have been meant.
const mostMeant = 3

// Campaign is the campaign of an id, the beginning of one, or a name with or without its round; of nothing, the only one that is open. Errors are
// *partnership.Error: NotFound with those that may have been meant, Invalid with those that all fit.
func Campaign(ctx context.Context, kept Campaigns, typed string) (board.Campaign, error) {
	all, err := kept.Campaigns(ctx)
	if err != nil {
		return board.Campaign{}, err
	}
	typed = identity.Typed(typed)
	if at := slices.IndexFunc(all, func(c board.Campaign) bool { return string(c.ID) == typed }); at >= 0 {
		return all[at], nil
	}
	var fit []board.Campaign
	for _, c := range all {
		if typed == "" && !c.State.Ended() || typed != "" && named(c, typed) {
			fit = append(fit, c)
		}
	}
	switch {
	case len(fit) == 1:
		return fit[0], nil
	case len(fit) > 1:
		return board.Campaign{}, several(fmt.Sprintf("%d campaigns fit", len(fit)), fit, campaignFit)
	case typed == "":
		return board.Campaign{}, partnership.Errorf(partnership.NotFound, "no campaign is running")
	}
	return board.Campaign{}, noCampaign(all, typed)
}

// named says whether a campaign is called so, or its id begins so.
func named(c board.Campaign, typed string) bool {
	if len(typed) >= partnership.ShortestID && strings.HasPrefix(string(c.ID), strings.ToLower(typed)) {
		return true
	}
	name, asked := identity.Words(c.Name), identity.Words(typed)
	if name == "" {
		return strings.EqualFold(c.Name, typed)
	}
	round := strconv.Itoa(c.Round)
	return slices.Contains([]string{name, name + " " + round, name + " round " + round, name + " r" + round}, asked)
}

func noCampaign(all []board.Campaign, typed string) error {
	err := partnership.Errorf(partnership.NotFound, "there is no such campaign")
	names, rounds, asked := make([]string, len(all)), make([]string, len(all)), identity.Words(typed)
	for i, c := range all {
		names[i] = identity.Words(c.Name)
		rounds[i] = names[i] + " " + strconv.Itoa(c.Round)
	}
	near := partnership.Near(asked, names, mostMeant)
	for i := range all {
		slip := slices.Contains(partnership.Near(asked, rounds, len(all)), i) || asked != "" && strings.HasPrefix(names[i], asked)
		if slip && len(near) < mostMeant && !slices.Contains(near, i) {
			near = append(near, i)
		}
	}
	meant := make([]string, len(near))
	for i, at := range near {
		fit := campaignFit(all[at])
		meant[i], err.Fits = fit.Words, append(err.Fits, fit)
	}
	if len(meant) > 0 {
		err.Message += " (did you mean " + strings.Join(meant, " or ") + "?)"
	}
	return err
}

func campaignFit(c board.Campaign) partnership.Fit {
	return partnership.Fit{ID: string(c.ID), Words: fmt.Sprintf("%s, round %d, %s", c.Name, c.Round, c.State), Ended: c.State.Ended()}
}

// Partnership is the partnership of an id, the beginning of one, or a creator: the only one, or the only open one. in, where it is not empty, names
// the campaign. Errors are as of Campaign.
func Partnership(ctx context.Context, kept Partnerships, typed, in string) (board.Partnership, error) {
	typed = identity.Typed(typed)
	if typed == "" {
		return board.Partnership{}, partnership.FieldErrorf("partnership", "say whom: @handle, or the partnership's id")
	}
	ids, byID, err := partnershipsOf(ctx, kept, typed)
	if err != nil {
		return board.Partnership{}, err
	}
	var only partnership.CampaignID
	if in != "" {
		if byID {
			return board.Partnership{}, partnership.FieldErrorf("campaign", "goes with an @handle; an id says it all")
		}
		campaign, err := Campaign(ctx, kept, in)
		if err != nil {
			return board.Partnership{}, err
		}
		only = campaign.ID
	}
	var open, ended []board.Partnership
	for _, id := range ids {
		doc, err := kept.PartnershipDocument(ctx, id)
		switch {
		case err != nil:
			return doc, err
		case only != "" && doc.CampaignID != only:
		case doc.Outcome == "":
			open = append(open, doc)
		default:
			ended = append(ended, doc)
		}
	}
	fit := open
	if len(open) == 0 || byID { // an id means the one that it names, however it ended
		fit = append(fit, ended...)
	}
	switch {
	case len(fit) == 1:
		return fit[0], nil
	case len(fit) > 1:
		return board.Partnership{}, manyPartnerships(ctx, kept, fit)
	case only != "":
		return board.Partnership{}, partnership.Errorf(partnership.NotFound, "they are not invited to that campaign")
	}
	return board.Partnership{}, partnership.Errorf(partnership.NotFound, "this creator was not invited to any campaign yet")
}

// partnershipsOf are the partnerships that an id or its beginning names, else those of the creator who is called so.
func partnershipsOf(ctx context.Context, kept Partnerships, typed string) (ids []partnership.PartnershipID, byID bool, err error) {
	if !strings.ContainsAny(typed, "@:/ ") {
		ids, err = kept.PartnershipsNamed(ctx, strings.ToLower(typed))
		if at := slices.Index(ids, partnership.PartnershipID(strings.ToLower(typed))); at >= 0 {
			ids = ids[at : at+1]
		}
		if err != nil || len(ids) > 0 {
			return ids, true, err
		}
	}
	creator, err := kept.FindCreator(ctx, typed)
	if no, is := errors.AsType[*partnership.Error](err); is && no.Code == partnership.NotFound {
		return nil, false, &partnership.Error{Code: no.Code, Message: no.Message + ", and no partnership that id", Fits: no.Fits}
	}
	if err != nil {
		return nil, false, err
	}
	ids, err = kept.PartnershipsOf(ctx, creator.ID)
	return ids, false, err
}

func manyPartnerships(ctx context.Context, kept Partnerships, fit []board.Partnership) error {
	all, err := kept.Campaigns(ctx)
	if err != nil {
		return err
	}
	return several(fmt.Sprintf("%d partnerships fit", len(fit)), fit, func(d board.Partnership) partnership.Fit {
		f := partnership.Fit{ID: string(d.ID), Words: "@" + d.Creator.Handle + " in " + string(d.CampaignID), Ended: d.Outcome != ""}
		if at := slices.IndexFunc(all, func(c board.Campaign) bool { return c.ID == d.CampaignID }); at >= 0 {
			f.Words = fmt.Sprintf("@%s in %s, round %d, %s", d.Creator.Handle, all[at].Name, all[at].Round, d.Stage)
		}
		if f.Ended {
			f.Words += " (" + string(d.Outcome) + ")"
		}
		return f
	})
}

// IsID says whether a text is a whole id, which nobody has to be found by.
func IsID(text string) bool { return wholeID.MatchString(text) }

var wholeID = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// several says what a name may mean, a line each.
func several[T any](count string, fit []T, of func(T) partnership.Fit) error {
	err := partnership.Errorf(partnership.Invalid, "%s; name one by its id:", count)
	for _, one := range fit {
		f := of(one)
		err.Fits = append(err.Fits, f)
		err.Message += "\n  " + f.ID + "  " + f.Words
	}
	return err
}
