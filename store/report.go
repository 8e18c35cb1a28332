package store

import (
	"context"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/partnership/report"
	"github.com/rapport-dev/rapport/store/db"
)

// CampaignReport is what came of a campaign: what it brought, what it cost, and what to do next.
func (s *Store) CampaignReport(ctx context.Context, id partnership.CampaignID) (report.Document, error) {
	c, err := s.q.Campaign(ctx, id)
	if err != nil {
		return report.Document{}, notFound("campaign", err)
	}
	f := report.Facts{Currency: c.Currency, Rates: c.Spec.Rates, Arms: c.Spec.Selection.Arms}
	if f.Partnerships, err = s.reportPartnerships(ctx, id); err != nil {
		return report.Document{}, mapped("report", err)
	}
	until := s.now()
	if c.State.Ended() {
		until = c.UpdatedAt
	}
	sold, err := s.q.ShopSales(ctx, db.ShopSalesParams{Since: c.CreatedAt, Until: until})
	if err != nil {
		return report.Document{}, mapped("report", err)
	}
	f.Shop = sums(sold, func(r db.ShopSalesRow) money.Amount { return money.Amount{Currency: r.Currency, Minor: r.AmountMinor} })
	return report.DocumentOf(report.Head{ID: c.ID, Name: c.Name, Round: int(c.Round), State: c.State, At: s.now()}, f), nil
}

func (s *Store) reportPartnerships(ctx context.Context, id partnership.CampaignID) ([]report.Partnership, error) {
	rows, err := s.q.ReportPartnerships(ctx, id)
	if err != nil {
		return nil, err
	}
	all, at := make([]report.Partnership, len(rows)), map[partnership.PartnershipID]*report.Partnership{}
	for i, row := range rows {
		all[i] = report.Partnership{Creator: row.Handle, Tier: row.Tier, Niche: row.Niche, Posts: row.Posts, Clicks: int(row.Clicks), Costs: map[string]partnership.Costs{}}
		at[row.ID] = &all[i]
	}
	sales, err := s.q.ReportSales(ctx, id)
	if err != nil {
		return nil, err
	}
	for _, in := range sales {
		one := at[*in.PartnershipID]
		one.Sales = append(one.Sales, report.Sales{
			Deliverable: in.Deliverable, Orders: int(in.Orders), Inferred: int(in.Inferred), New: int(in.NewCustomers), NewKnown: int(in.NewKnown),
			Revenue: money.Amount{Currency: in.Currency, Minor: in.AmountMinor}, Squares: in.Squares,
		})
	}
	costs, err := s.q.ReportCosts(ctx, id)
	for _, c := range costs {
		of := at[c.PartnershipID].Costs
		sofar := of[c.Deliverable]
		sofar.Add(partnership.CostKind(c.Kind), money.Amount{Currency: c.Currency, Minor: c.AmountMinor})
		of[c.Deliverable] = sofar
	}
	return all, err
}

// typicalOrder is what an order of a campaign brings on average.
func (s *Store) typicalOrder(ctx context.Context, id partnership.CampaignID, r partnership.Results) (float64, error) {
	revenue, err := s.q.CampaignRevenue(ctx, id)
	if err != nil {
		return 0, err
	}
	traffic, err := s.q.CampaignTraffic(ctx, id)
	if err != nil {
		return 0, err
	}
	sold := sums(revenue, func(r db.CampaignRevenueRow) money.Amount {
		return money.Amount{Currency: r.Currency, Minor: r.AmountMinor}
	})
	minor, ok := sold.In(r.Currency, r.Rates)
	if !ok || traffic.Orders == 0 {
		return 0, nil
	}
	return float64(minor) / float64(traffic.Orders), nil
}
