package store

import (
	"context"
	"fmt"
	"time"

	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/store/db"
)

// LedgerDocument is the ledger as people read it.
type LedgerDocument struct {
	Rows     []RowDocument     `json:"rows"`
	Balances []BalanceDocument `json:"balances"` // sum to zero in each currency when nothing is filtered
}

// RowDocument is one earning or correction. The creator's handle is personal data.
type RowDocument struct {
	ID            string          `json:"id"`
	Platform      string          `json:"platform"`
	Creator       string          `json:"creator"` // handle
	CampaignID    p.CampaignID    `json:"campaign_id"`
	PartnershipID p.PartnershipID `json:"partnership_id"`
	Kind          ledger.Kind     `json:"kind"`
	State         ledger.State    `json:"state"`
	AmountMinor   int64           `json:"amount_minor"`
	Currency      string          `json:"currency"`
	OrderID       string          `json:"order_id"`
	OccurredAt    time.Time       `json:"occurred_at"`
	EligibleAt    time.Time       `json:"eligible_at"`
	PayoutID      *p.PayoutID     `json:"payout_id"`
	Reason        string          `json:"reason"`
}

// BalanceDocument is what an account of the journal sums to.
type BalanceDocument struct {
	Account     string `json:"account"`
	Currency    string `json:"currency"`
	AmountMinor int64  `json:"amount_minor"`
}

// LedgerFilter narrows the ledger; its zero value is all of it.
type LedgerFilter struct {
	Handle     string
	CampaignID p.CampaignID // rows only: accounts are not kept by campaign
}

// LedgerDocument reads rows and balances.
func (s *Store) LedgerDocument(ctx context.Context, f LedgerFilter) (LedgerDocument, error) {
	var which db.LedgerRowsParams
	accounts := ""
	if f.Handle != "" {
		creator, err := s.FindCreator(ctx, f.Handle)
		if err != nil {
			return LedgerDocument{}, err
		}
		id := string(creator.ID)
		which.CreatorID, accounts = &id, "creator:"+id+":"
	}
	if f.CampaignID != "" {
		id := string(f.CampaignID)
		which.CampaignID = &id
	}
	rows, err := s.q.LedgerRows(ctx, which)
	if err != nil {
		return LedgerDocument{}, mapped("ledger", err)
	}
	doc := LedgerDocument{Rows: make([]RowDocument, len(rows)), Balances: []BalanceDocument{}}
	for i, r := range rows {
		doc.Rows[i] = RowDocument{
			ID: r.ID, Platform: r.Platform, Creator: r.Handle, CampaignID: r.CampaignID, PartnershipID: r.PartnershipID, Kind: r.Kind, State: r.State, AmountMinor: r.AmountMinor,
			Currency: r.Currency, OrderID: r.OrderID, OccurredAt: r.OccurredAt, EligibleAt: r.EligibleAt, PayoutID: r.PayoutID, Reason: r.Reason,
		}
	}
	balances, err := s.q.Balances(ctx, accounts)
	for _, b := range balances {
		doc.Balances = append(doc.Balances, BalanceDocument(b))
	}
	return doc, mapped("ledger", err)
}

// PayoutDocument is a payout as people read it. The creator's handle is personal data.
type PayoutDocument struct {
	ID             p.PayoutID    `json:"id"`
	Platform       string        `json:"platform"`
	Creator        string        `json:"creator"` // handle
	Currency       string        `json:"currency"`
	AmountMinor    int64         `json:"amount_minor"`
	State          p.PayoutState `json:"state"`
	Provider       string        `json:"provider"`
	ProviderRef    string        `json:"provider_ref"`
	IdempotencyKey p.EffectKey   `json:"idempotency_key"`
	Rows           []string      `json:"rows"`
	RunID          string        `json:"run_id"`
	ReversedMinor  int64         `json:"reversed_minor,omitempty"` // what came back
	Reason         string        `json:"reason,omitempty"`
	FirstPostedAt  *time.Time    `json:"first_posted_at,omitempty"`
}

// PayoutFilter narrows payouts; its zero value is all of them.
type PayoutFilter struct{ Program, Period, Handle string }

// PayoutDocuments are payouts by period, run and creator, those that were void or failed included.
func (s *Store) PayoutDocuments(ctx context.Context, f PayoutFilter) ([]PayoutDocument, error) {
	which := db.PayoutDocumentsParams{Program: f.Program, Period: f.Period}
	if f.Handle != "" {
		creator, err := s.FindCreator(ctx, f.Handle)
		if err != nil {
			return nil, err
		}
		id := string(creator.ID)
		which.CreatorID = &id
	}
	rows, err := s.q.PayoutDocuments(ctx, which)
	out := make([]PayoutDocument, len(rows))
	for i, r := range rows {
		out[i] = PayoutDocument{
			ID: r.ID, Platform: r.Platform, Creator: r.Handle, Currency: r.Currency, AmountMinor: r.AmountMinor, State: r.State, Provider: r.Provider, ProviderRef: r.ProviderRef,
			IdempotencyKey: r.IdempotencyKey, Rows: r.Rows, RunID: r.RunID, ReversedMinor: r.ReversedMinor, Reason: r.Reason, FirstPostedAt: r.FirstPostedAt,
		}
	}
	return out, mapped("payouts", err)
}

// Pending is something that waits for a person of the brand.
type Pending struct {
	Kind       string       `json:"kind"` // partnership, workflow, effect, payout, held_rows, payout_run
	ID         string       `json:"id"`
	CampaignID p.CampaignID `json:"campaign_id,omitempty"`
	What       string       `json:"what"` // one plain sentence, no personal data
	Since      time.Time    `json:"since"`
}

// PendingDecisions is all that waits for a person of the brand, by kind and then oldest first.
func (s *Store) PendingDecisions(ctx context.Context) ([]Pending, error) {
	out := []Pending{}
	partnerships, err := s.q.AttentionPartnerships(ctx)
	if err != nil {
		return nil, mapped("pending decisions", err)
	}
	for _, pa := range partnerships {
		out = append(out, Pending{"partnership", string(pa.ID), pa.CampaignID, pa.Attention, pa.UpdatedAt})
	}
	findings, err := s.OpenFindings(ctx)
	if err != nil {
		return nil, err
	}
	for _, f := range findings {
		out = append(out, Pending{"workflow", f.WorkflowID, f.CampaignID, "Mend what stands still: " + f.Kind.Words(), f.Since})
	}
	effects, err := s.q.UnknownEffects(ctx)
	if err != nil {
		return nil, mapped("pending decisions", err)
	}
	for _, e := range effects {
		out = append(out, Pending{"effect", string(e.Key), "", "Find out whether this was done: " + e.Kind, e.LastAt})
	}
	payouts, err := s.q.UnknownPayouts(ctx)
	if err != nil {
		return nil, mapped("pending decisions", err)
	}
	for _, payout := range payouts {
		out = append(out, Pending{"payout", string(payout.ID), "", "Find out whether this payout was paid", payout.UpdatedAt})
	}
	held, err := s.q.ErasedHeld(ctx)
	if err != nil {
		return nil, mapped("pending decisions", err)
	}
	if held.Rows > 0 {
		what := fmt.Sprintf("Settle %d earnings of people who were erased and have no payout account that takes money: rapport ledger holds", held.Rows)
		out = append(out, Pending{"held_rows", "erased", "", what, held.Since})
	}
	runs, err := s.q.RunsToApprove(ctx)
	for _, run := range runs {
		out = append(out, Pending{"payout_run", run.ID, "", "Approve the payout run", run.CreatedAt})
	}
	return out, mapped("pending decisions", err)
}
