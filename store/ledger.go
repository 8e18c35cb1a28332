package store

import (
	"context"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/store/db"
)

// EarnFee books a flat fee when its deliverable is approved, once per partnership and deliverable. It has no sale hold.
func (s *Store) EarnFee(ctx context.Context, id partnership.PartnershipID, deliverable string, amountMinor int64, at time.Time) error {
	if amountMinor < 0 {
		return partnership.FieldErrorf("fee", "a fee is zero or more")
	}
	if amountMinor == 0 {
		return nil
	}
	return s.tx(ctx, "earn fee", func(q *db.Queries) error {
		e, err := q.Earner(ctx, id)
		if err != nil {
			return notFound("partnership", err)
		}
		_, err = s.addRow(ctx, q, earnerOf(e).Fee(deliverable, amountMinor, at))
		return err
	})
}

func earnerOf(e db.EarnerRow) ledger.Earner {
	return ledger.Earner{Program: e.Program, CampaignID: e.CampaignID, PartnershipID: e.ID, CreatorID: e.CreatorID, Terms: e.Terms, Hold: e.PayoutHold}
}

func rowOf(r db.LedgerRow) ledger.Row {
	return ledger.Row{
		ID: r.ID, Program: r.Program, CampaignID: r.CampaignID, PartnershipID: r.PartnershipID, CreatorID: r.CreatorID, Kind: r.Kind, State: r.State,
		AmountMinor: r.AmountMinor, Currency: r.Currency, OrderID: r.OrderID, Deliverable: r.Deliverable, RateBPS: int(r.RateBps), OccurredAt: r.OccurredAt,
		EligibleAt: r.EligibleAt, Reason: r.Reason,
	}
}

// addRow writes an earned row with its posting and returns its id; a row that is there already (the order's, the deliverable's)
// changes nothing.
func (s *Store) addRow(ctx context.Context, q *db.Queries, row ledger.Row) (id string, err error) {
	return s.insertRow(ctx, q, row, row.Earned())
}

func (s *Store) insertRow(ctx context.Context, q *db.Queries, row ledger.Row, posting ledger.Posting) (id string, err error) {
	id = newID()
	inserted, err := q.InsertRow(ctx, db.InsertRowParams{
		ID: id, Program: row.Program, CampaignID: row.CampaignID, PartnershipID: row.PartnershipID, CreatorID: row.CreatorID, Kind: row.Kind, State: row.State,
		AmountMinor: row.AmountMinor, Currency: row.Currency, OrderID: row.OrderID, Deliverable: row.Deliverable, RateBps: int64(row.RateBPS),
		OccurredAt: row.OccurredAt, EligibleAt: row.EligibleAt, Reason: row.Reason, Now: s.now(),
	})
	if err != nil || inserted == 0 {
		return id, err
	}
	return id, s.post(ctx, q, journal{"row/" + id, posting})
}

// journal is a posting under the key that makes it happen once.
type journal struct {
	key     string
	posting ledger.Posting
}

// post writes postings whose keys are new, in two statements however many there are. One that moves nothing is left out.
func (s *Store) post(ctx context.Context, q *db.Queries, all ...journal) error {
	byKey := make(map[string]ledger.Posting, len(all))
	heads := db.InsertPostingsParams{Now: s.now()}
	for _, j := range all {
		if j.posting.Entries[0].AmountMinor == 0 {
			continue
		}
		byKey[j.key] = j.posting
		heads.Keys, heads.Kinds = append(heads.Keys, j.key), append(heads.Kinds, j.posting.Kind)
	}
	if len(heads.Keys) == 0 {
		return nil
	}
	fresh, err := q.InsertPostings(ctx, heads)
	if err != nil {
		return err
	}
	var lines db.InsertEntriesParams
	for _, head := range fresh {
		for _, e := range byKey[head.Key].Entries {
			lines.Postings, lines.Accounts = append(lines.Postings, head.ID), append(lines.Accounts, e.Account)
			lines.Currencies, lines.Amounts = append(lines.Currencies, e.Currency), append(lines.Amounts, e.AmountMinor)
		}
	}
	return q.InsertEntries(ctx, lines)
}

// Performance is what one partnership brought and cost. Revenue is net of refunds.
func (s *Store) Performance(ctx context.Context, id partnership.PartnershipID) (partnership.Results, error) {
	pa, err := s.q.PartnershipByID(ctx, id)
	if err != nil {
		return partnership.Results{}, notFound("partnership", err)
	}
	campaign, err := s.q.Campaign(ctx, pa.CampaignID)
	if err != nil {
		return partnership.Results{}, mapped("performance", err)
	}
	r := partnership.Results{Currency: pa.Terms.Currency, Rates: campaign.Spec.Rates, Squares: map[string]float64{}}
	sales, err := s.q.PartnershipSales(ctx, &id)
	if err != nil {
		return r, mapped("performance", err)
	}
	for _, in := range sales {
		r.Orders, r.Revenue = r.Orders+int(in.Orders), r.Revenue.Plus(money.Amount{Currency: in.Currency, Minor: in.AmountMinor})
		r.Squares[in.Currency] = in.Squares
	}
	if r.Orders == 0 {
		if r.Typical, err = s.typicalOrder(ctx, pa.CampaignID, r); err != nil {
			return r, mapped("performance", err)
		}
	}
	costs, err := s.q.PartnershipCosts(ctx, id)
	if err != nil {
		return r, mapped("performance", err)
	}
	for _, c := range costs {
		r.Costs.Add(partnership.CostKind(c.Kind), money.Amount{Currency: c.Currency, Minor: c.AmountMinor})
	}
	clicks, err := s.q.ClickCount(ctx, id)
	r.Clicks = int(clicks)
	return r, mapped("performance", err)
}
