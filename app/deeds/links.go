package deeds

import (
	"context"

	"github.com/rapport-dev/rapport/partnership"
)

// Links are secrets that people open pages and feeds with; ending them writes its line of the audit.
type Links interface {
	FindCreator(ctx context.Context, handle string) (partnership.Creator, error)
	RevokeTaskLinks(ctx context.Context, id partnership.CreatorID, by, reason string) (ended int, err error)
	RevokeCalendar(ctx context.Context, id partnership.CampaignID, by, reason string) (link string, err error)
}

// Revoked says whose links ended, and how many.
type Revoked struct {
	Handle string
	Links  int
}

// RevokeLinks ends all links to a creator's tasks. The next mail of each open task carries a new one.
func RevokeLinks(ctx context.Context, kept Links, by By, handle, reason string) (Revoked, error) {
	if err := by.May(partnership.DeedRevokeLinks); err != nil {
		return Revoked{}, err
	}
	creator, err := kept.FindCreator(ctx, handle)
	if err != nil {
		return Revoked{}, err
	}
	ended, err := kept.RevokeTaskLinks(ctx, creator.ID, by.Who, reason)
	return Revoked{Handle: creator.Handle, Links: ended}, err
}

// RevokeCalendar ends the link of a campaign's calendar and returns the new one, a secret.
func RevokeCalendar(ctx context.Context, kept Links, by By, id partnership.CampaignID, reason string) (link string, err error) {
	if err := by.May(partnership.DeedRevokeCalendar); err != nil {
		return "", err
	}
	return kept.RevokeCalendar(ctx, id, by.Who, reason)
}
