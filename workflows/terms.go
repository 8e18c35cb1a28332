package workflows

import (
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
)

// termsState is what holds between us and the creator.
type termsState struct {
	Terms partnership.Terms `json:"Terms"` // the offer, then what was agreed; frozen at signature
}

// hold makes terms those that hold.
func (s *termsState) hold(terms partnership.Terms) { s.Terms = terms }

// follow makes an offer the one from which the terms that hold follow.
func (s *story) follow(offer partnership.Terms) { s.Offer = offer }

// dearest is what the budget has to cover: the terms that hold, or those that the creator may sign any moment.
func (s *story) dearest() partnership.Terms {
	if s.Unsigned != nil && s.Unsigned.Terms.CostMinor() > s.Terms.CostMinor() {
		return s.Unsigned.Terms
	}
	return s.Terms
}

// reserve commits the budget that terms need instead of what was reserved before.
func (s *story) reserve(ctx workflow.Context, terms partnership.Terms) (bool, error) {
	granted, err := s.reserveFor(ctx, terms)
	return granted.OK, err
}

// reserveFor is reserve with what the budget lacks.
func (s *story) reserveFor(ctx workflow.Context, terms partnership.Terms) (activities.Granted, error) {
	return step(ctx, s, reserveBudget, "Reserve the budget for the agreed fee", activities.Reservation{
		CampaignID: s.CampaignID, Terms: terms,
		Entry: partnership.RosterEntry{PartnershipID: s.PartnershipID, CreatorID: s.CreatorID, Tier: s.Tier, Niche: s.Niche},
	})
}

// windowOfTheTerms is false in stories whose sales window followed the campaign's file, whatever had been signed.
func windowOfTheTerms(ctx workflow.Context) bool {
	return workflow.GetVersion(ctx, "window-of-the-terms", workflow.DefaultVersion, 1) == 1
}
