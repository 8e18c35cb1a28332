package workflows

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

// The search attributes. Never a name, a handle or an address: they are plaintext in Temporal. This is the one place that names them;
// who registers or reads them takes them from here.
var (
	AttributeStage        = temporal.NewSearchAttributeKeyKeyword("RapportStage")
	AttributeCampaign     = temporal.NewSearchAttributeKeyKeyword("RapportCampaign")
	AttributeAttention    = temporal.NewSearchAttributeKeyKeyword("RapportAttention")
	AttributeTenant       = temporal.NewSearchAttributeKeyKeyword("RapportTenant")
	AttributeNextDeadline = temporal.NewSearchAttributeKeyTime("RapportNextDeadline")
)

// SearchAttributes are all of them. Postgres visibility has room for ten keywords and three times.
func SearchAttributes() []temporal.SearchAttributeKey {
	return []temporal.SearchAttributeKey{AttributeStage, AttributeCampaign, AttributeAttention, AttributeTenant, AttributeNextDeadline}
}

// CampaignAttributes are a campaign's, from its start on. tenant is its program, "" where a campaign does not know it yet.
func CampaignAttributes(id partnership.CampaignID, tenant string) temporal.SearchAttributes {
	return temporal.NewSearchAttributes(append(ofTenant(tenant), AttributeCampaign.ValueSet(string(id)))...)
}

// PartnershipAttributes are a partnership's at its start, where they cost nothing; due is when the offer lapses, zero when none goes out.
func PartnershipAttributes(id partnership.CampaignID, tenant string, due time.Time) temporal.SearchAttributes {
	all := append(ofTenant(tenant), AttributeCampaign.ValueSet(string(id)), AttributeStage.ValueSet(string(partnership.Outreach)), AttributeAttention.ValueSet("none"))
	if !due.IsZero() {
		all = append(all, AttributeNextDeadline.ValueSet(due))
	}
	return temporal.NewSearchAttributes(all...)
}

// PayoutAttributes are a payout run's and a payout's.
func PayoutAttributes(tenant string) temporal.SearchAttributes {
	return temporal.NewSearchAttributes(ofTenant(tenant)...)
}

func ofTenant(tenant string) []temporal.SearchAttributeUpdate {
	if tenant == "" {
		return nil
	}
	return []temporal.SearchAttributeUpdate{AttributeTenant.ValueSet(tenant)}
}

// attributes updates the search attributes in one command, at stage changes only: each upsert costs an event and an action. The
// stage's first wait follows, so its deadline is set with it.
func (s *story) attributes(ctx workflow.Context) {
	attention := "none"
	if s.attention() != "" {
		attention = "needed"
	}
	updates := []temporal.SearchAttributeUpdate{AttributeStage.ValueSet(string(s.Stage)), AttributeAttention.ValueSet(attention)}
	if due := s.Plan.Due(firstWait[s.Stage]); !due.IsZero() {
		updates = append(updates, AttributeNextDeadline.ValueSet(due))
	} else {
		updates = append(updates, AttributeNextDeadline.ValueUnset())
	}
	if err := workflow.UpsertTypedSearchAttributes(ctx, updates...); err != nil { // nothing of the story hangs on them
		s.log.Error("the search attributes were not set", "error", err)
	}
}

// firstWait is the milestone that a stage waits for first. Negotiation waits for a manager, who has no date.
var firstWait = map[partnership.Stage]timeline.Kind{
	partnership.Contracting: timeline.SignDue, partnership.Tracking: timeline.ShipBy, partnership.Gifting: timeline.DeliverBy, partnership.Content: timeline.DraftDue, partnership.Performance: timeline.WindowEnd,
}
