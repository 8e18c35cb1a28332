package activities

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	p "github.com/rapport-dev/rapport/partnership"
)

// purse is a budget for so many partnerships at once.
type purse struct {
	Store
	size int
	held map[p.PartnershipID]bool
}

func (s *purse) Campaign(_ context.Context, id p.CampaignID) (p.Campaign, error) {
	return p.Campaign{ID: id, Currency: "USD", BudgetMinor: 100_000, Offer: p.Offer{CommissionBPS: 1_000, Deliverables: []p.Deliverable{{Kind: "instagram_reel", Count: 1}}, UsageRights: p.UsageRights{Channels: []string{"email"}, Days: 30}}}, nil
}

func (s *purse) ReserveBudget(_ context.Context, _ p.CampaignID, e p.RosterEntry, _ p.Terms, _ int64) error {
	if !s.held[e.PartnershipID] && len(s.held) >= s.size {
		return p.Errorf(p.Conflict, "the budget left does not cover it")
	}
	s.held[e.PartnershipID] = true
	return nil
}

func (s *purse) ReleaseBudget(_ context.Context, id p.PartnershipID) error {
	delete(s.held, id)
	return nil
}

// A standby's budget comes from what is left, and only then from the creator who was given up. Repeated, it is the same.
func TestABudgetPassesFromWhoWasGivenUpOnlyWhenNothingElseIsLeft(t *testing.T) {
	standby := p.RosterEntry{PartnershipID: "p2", Tier: p.Nano}
	for size, firstKeeps := range map[int]bool{2: true, 1: false} {
		s := &purse{size: size, held: map[p.PartnershipID]bool{"p1": true}}
		a := New(Deps{Store: s, Clock: p.SystemClock{}})
		for range 2 {
			out, err := a.ReserveWave(t.Context(), Wave{CampaignID: "c1", Entries: []p.RosterEntry{standby}, GivenUp: "p1"})
			require.NoError(t, err)
			require.Len(t, out.Invitations, 1)
			require.Equal(t, firstKeeps, s.held["p1"])
		}
	}
	s := &purse{size: 1, held: map[p.PartnershipID]bool{"p1": true}}
	out, err := New(Deps{Store: s, Clock: p.SystemClock{}}).ReserveWave(t.Context(), Wave{CampaignID: "c1", Entries: []p.RosterEntry{standby}})
	require.NoError(t, err)
	require.NotEmpty(t, out.OverBudget, "nobody was given up")
	require.True(t, s.held["p1"])
}
