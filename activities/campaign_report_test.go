package activities

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/partnership/report"
)

// ended is a campaign that is over, with the report that the store makes of it.
type ended struct {
	*ledgerFake
	report report.Document
}

func (s ended) Campaign(_ context.Context, id partnership.CampaignID) (partnership.Campaign, error) {
	return partnership.Campaign{ID: id, Name: "Dreams", Currency: "USD"}, nil
}

func (s ended) CampaignTotals(context.Context, partnership.CampaignID) (partnership.CampaignTotals, error) {
	return partnership.CampaignTotals{Completed: 2, Currency: "USD", Orders: 60}, nil
}

func (s ended) CampaignReport(context.Context, partnership.CampaignID) (report.Document, error) {
	return s.report, nil
}

// A campaign's end is told as its report: both ratios by their names and with their ranges, whom to scale and to stop, and where all of it stands.
func TestACampaignsEndIsItsReport(t *testing.T) {
	usd := func(minor int64) money.Sums { return money.SumOf(money.Amount{Currency: "USD", Minor: minor}) }
	sold := func(n int, each int64) []report.Sales {
		return []report.Sales{{Deliverable: "reel-1", Orders: n, New: n / 2, NewKnown: n, Revenue: money.Amount{Currency: "USD", Minor: int64(n) * each}, Squares: float64(n) * float64(each*each)}}
	}
	f := report.Facts{Currency: "USD", Shop: usd(10_000_00), Partnerships: []report.Partnership{
		{Creator: "ada", Posts: []string{"reel-1"}, Sales: sold(50, 40_00), Costs: map[string]partnership.Costs{"reel-1": {Fees: usd(500_00)}}},
		{Creator: "bo", Posts: []string{"reel-1"}, Sales: sold(10, 10_00), Costs: map[string]partnership.Costs{"reel-1": {Fees: usd(500_00)}}},
	}}
	for _, kind := range []string{"campaign_finished", "campaign_cancelled"} {
		store := ended{&ledgerFake{rows: map[partnership.EffectKey]*partnership.Effect{}}, report.DocumentOf(report.Head{ID: "c1", Name: "Dreams"}, f)}
		chat := &chatFake{}
		a := New(Deps{Store: store, Chat: chat, Clock: partnership.SystemClock{}, PublicURL: "https://rapport.example"})
		require.NoError(t, a.TellTeam(t.Context(), CampaignNews{CampaignID: "c1", Kind: kind, Seq: 2}))
		msg := chat.posted[0]
		require.Equal(t, "https://rapport.example/campaigns/c1/report", msg.LinkURL)
		require.Contains(t, msg.Body, "It brought $2.10 in sales for each $1.00 that it cost.")
		require.Contains(t, msg.Body, "Scale: @ada. Stop: @bo.")
		facts := map[string]string{}
		for _, fact := range msg.Facts {
			facts[fact.Label] = fact.Value
		}
		require.Regexp(t, `^2\.10, \d\.\d\d to \d+\.\d\d$`, facts["ROAS (revenue / cost)"])
		require.Regexp(t, `^\+110 %, [+−]\d+ % to \+\d+ %$`, facts["ROI ((revenue - cost) / cost)"])
		require.Contains(t, facts["CAC"], "$33.33, ")
		require.Equal(t, "$500.00", facts["Cost per post"])
		require.Equal(t, "21.0 %", facts["Of the shop's sales"])
	}
}
