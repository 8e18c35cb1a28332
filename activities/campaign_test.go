package activities

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/partnership"
)

// purse is a budget for so many partnerships at once.
type purse struct {
	Store
	size int
	held map[partnership.PartnershipID]bool
	gone []partnership.CreatorID
	file partnership.Campaign
}

func newPurse(size int, held ...partnership.PartnershipID) *purse {
	s := &purse{size: size, held: map[partnership.PartnershipID]bool{}}
	s.file = partnership.Campaign{Currency: "USD", BudgetMinor: 100_000, Offer: partnership.Offer{CommissionBPS: 1_000, Deliverables: []partnership.Deliverable{{Kind: "instagram_reel", Count: 1}}, UsageRights: partnership.UsageRights{Channels: []string{"email"}, Days: 30}}}
	for _, id := range held {
		s.held[id] = true
	}
	return s
}

func (s *purse) activities() *Activities {
	return New(Deps{Store: s, Clock: partnership.SystemClock{}})
}

func (s *purse) Campaign(_ context.Context, id partnership.CampaignID) (partnership.Campaign, error) {
	c := s.file
	c.ID = id
	return c, nil
}

func (s *purse) PassBudget(_ context.Context, _ partnership.CampaignID, from partnership.PartnershipID, e partnership.RosterEntry, _ partnership.Terms, _ int64) error {
	if !s.held[e.PartnershipID] && len(s.held) >= s.size {
		if !s.held[from] || len(s.held) > s.size {
			return partnership.Errorf(partnership.Conflict, "the budget left does not cover it")
		}
		delete(s.held, from)
	}
	s.held[e.PartnershipID] = true
	return nil
}

func (s *purse) Unreserve(_ context.Context, _ partnership.CampaignID, who []partnership.PartnershipID) error {
	for _, id := range who {
		delete(s.held, id)
	}
	return nil
}

func (s *purse) Uninvitable(_ context.Context, who []partnership.CreatorID) (gone []partnership.CreatorID, _ error) {
	for _, id := range who {
		if slices.Contains(s.gone, id) {
			gone = append(gone, id)
		}
	}
	return gone, nil
}

func waveOf(ids ...string) Wave {
	w := Wave{CampaignID: "c1"}
	for _, id := range ids {
		w.Entries = append(w.Entries, partnership.RosterEntry{PartnershipID: partnership.PartnershipID("p" + id), CreatorID: partnership.CreatorID("cr" + id), Tier: partnership.Nano})
	}
	return w
}

func invited(out Reserved) (ids []partnership.PartnershipID) {
	for _, i := range out.Invitations {
		ids = append(ids, i.Entry.PartnershipID)
	}
	return ids
}

// A standby's budget comes from what is left, and only then from the creator who was given up. Repeated, it is the same.
func TestABudgetPassesFromWhoWasGivenUpOnlyWhenNothingElseIsLeft(t *testing.T) {
	standby := waveOf("2")
	for size, firstKeeps := range map[int]bool{2: true, 1: false} {
		s := newPurse(size, "p1")
		passed := standby
		passed.GivenUp = "p1"
		for range 2 {
			out, err := s.activities().ReserveWave(t.Context(), passed)
			require.NoError(t, err)
			require.Len(t, out.Invitations, 1)
			require.Equal(t, firstKeeps, s.held["p1"])
		}
	}
	s := newPurse(1, "p1")
	out, err := s.activities().ReserveWave(t.Context(), standby)
	require.NoError(t, err)
	require.NotEmpty(t, out.OverBudget, "nobody was given up")
	require.True(t, s.held["p1"])
}

// Whoever was erased or opted out while they waited is passed over, and so is what an earlier try had reserved for them.
func TestAWavePassesOverWhoeverCannotBeInvitedAnyMore(t *testing.T) {
	s := newPurse(2, "p2")
	s.gone = []partnership.CreatorID{"cr2", "cr4"}
	for range 2 {
		out, err := s.activities().ReserveWave(t.Context(), waveOf("1", "2", "3"))
		require.NoError(t, err)
		require.Empty(t, out.OverBudget)
		require.Equal(t, []partnership.PartnershipID{"p1", "p3"}, invited(out))
		require.Equal(t, []partnership.PartnershipID{"p2"}, out.Gone)
		require.Equal(t, map[partnership.PartnershipID]bool{"p1": true, "p3": true}, s.held)
	}
	out, err := s.activities().ReserveWave(t.Context(), waveOf("5", "4"))
	require.NoError(t, err)
	require.NotEmpty(t, out.OverBudget)
	require.Empty(t, out.Gone, "the wave ended before them")
}

// A budget that was amended to less than one offer invites nobody more. What else is wrong with an offer stays an error.
func TestAnOfferAboveTheWholeBudgetEndsTheWave(t *testing.T) {
	s := newPurse(9)
	s.file.Offer.FeeMinor = map[partnership.Tier]int64{partnership.Micro: 100_001}
	wave := waveOf("1", "2", "3")
	wave.Entries[1].Tier = partnership.Micro
	out, err := s.activities().ReserveWave(t.Context(), wave)
	require.NoError(t, err)
	require.Equal(t, []partnership.PartnershipID{"p1"}, invited(out))
	require.Contains(t, out.OverBudget, "the whole budget is")
	require.Equal(t, map[partnership.PartnershipID]bool{"p1": true}, s.held)

	s.file.Offer.Deliverables = nil
	_, err = s.activities().ReserveWave(t.Context(), wave)
	require.ErrorContains(t, err, "offer.deliverables")
}

func TestAWaveThatIsNotInvitedGivesItsBudgetBack(t *testing.T) {
	s := newPurse(3, "p3")
	for range 2 {
		out, err := s.activities().ReserveWave(t.Context(), waveOf("1", "2"))
		require.NoError(t, err)
		require.Len(t, out.Invitations, 2)
		for range 2 {
			require.NoError(t, s.activities().ReleaseWave(t.Context(), waveOf("1", "2")))
			require.Equal(t, map[partnership.PartnershipID]bool{"p3": true}, s.held)
		}
	}
}

// reach is a rail that pays only in some countries.
type reach struct {
	PayoutRail
	refuses string
}

func (r reach) Serves(_ context.Context, country, _ string) (string, error) {
	if country == r.refuses {
		return "pays nobody in " + country, nil
	}
	return "", nil
}

func (s *purse) CampaignCreators(context.Context, partnership.CampaignID) ([]partnership.Creator, error) {
	return []partnership.Creator{{ID: "cr1", Country: "US"}, {ID: "cr2", Country: "AQ"}, {ID: "cr3", Country: "US"}}, nil
}

// Whom none of the campaign's rails can pay gets no offer that promises money; a gift is no money, and another rail may pay them.
func TestAWavePassesOverWhomNoRailCanPay(t *testing.T) {
	s := newPurse(9)
	s.file.Payout.Provider = "stripe"
	a := s.activities()
	a.Rails = Among[PayoutRail]{First: "stripe", By: map[string]PayoutRail{"stripe": reach{refuses: "AQ"}, "paypal": reach{}}}
	out, err := a.ReserveWave(t.Context(), waveOf("1", "2", "3"))
	require.NoError(t, err)
	require.Equal(t, []partnership.PartnershipID{"p2"}, out.Gone)
	require.Equal(t, []partnership.PartnershipID{"p1", "p3"}, invited(out))

	s.file.Payout.Also = []string{"paypal"}
	out, err = a.ReserveWave(t.Context(), waveOf("1", "2", "3"))
	require.NoError(t, err)
	require.Empty(t, out.Gone, "PayPal pays them")

	s.file.Payout.Also, s.file.Offer.CommissionBPS, s.file.Offer.Gift = nil, 0, &partnership.Gift{ValueMinor: 100}
	out, err = a.ReserveWave(t.Context(), waveOf("1", "2", "3"))
	require.NoError(t, err)
	require.Empty(t, out.Gone, "a gift needs no rail")
}
