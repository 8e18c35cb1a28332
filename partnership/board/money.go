package board

import (
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
)

// Ledger is the ledger as people read it.
type Ledger struct {
	Rows     []Row     `json:"rows"`
	Balances []Balance `json:"balances"` // sum to zero in each currency when nothing is filtered
}

// Row is one earning or correction. The creator's handle is personal data.
type Row struct {
	ID            string                    `json:"id"`
	Platform      string                    `json:"platform"`
	Creator       string                    `json:"creator"` // handle
	CampaignID    partnership.CampaignID    `json:"campaign_id"`
	PartnershipID partnership.PartnershipID `json:"partnership_id"`
	Kind          ledger.Kind               `json:"kind"`
	State         ledger.State              `json:"state"`
	AmountMinor   int64                     `json:"amount_minor"`
	Currency      string                    `json:"currency"`
	OrderID       string                    `json:"order_id"`
	Bonus         string                    `json:"bonus,omitempty"` // which it is of: sales/20/10000, revenue/200000/25000, tier/1200/<order>
	OccurredAt    time.Time                 `json:"occurred_at"`
	EligibleAt    time.Time                 `json:"eligible_at"`
	PayoutID      *partnership.PayoutID     `json:"payout_id"`
	Reason        string                    `json:"reason"`
}

// Whose is whom a row or payout is about. The handle is personal data.
type Whose struct{ Platform, Handle string }

// RowOf is a row's document; payout is the one that claimed it, nil none.
func RowOf(r ledger.Row, of Whose, payout *partnership.PayoutID) Row {
	bonus := r.Deliverable
	if r.Kind == ledger.FeeRow {
		bonus = ""
	}
	return Row{
		ID: r.ID, Bonus: bonus, Platform: of.Platform, Creator: of.Handle, CampaignID: r.CampaignID, PartnershipID: r.PartnershipID, Kind: r.Kind, State: r.State,
		AmountMinor: r.AmountMinor, Currency: r.Currency, OrderID: r.OrderID, OccurredAt: r.OccurredAt, EligibleAt: r.EligibleAt, PayoutID: payout, Reason: r.Reason,
	}
}

// Balance is what an account of the journal sums to.
type Balance struct {
	Account     string `json:"account"`
	Currency    string `json:"currency"`
	AmountMinor int64  `json:"amount_minor"`
}

// Unpaid is what a program has earned for creators that is in no payout yet, by what it waits for.
type Unpaid struct {
	Program     string       `json:"program"`
	Currency    string       `json:"currency"`
	State       ledger.State `json:"state"`
	AmountMinor int64        `json:"amount_minor"`
	Creators    int64        `json:"creators"`
}

// Words are what it waits for.
func (u Unpaid) Words() string {
	switch u.State {
	case ledger.Held:
		return "is held until a person decides"
	case ledger.Eligible:
		return "is payable with the next run"
	default:
		return "is still in its holding time"
	}
}

// HeldRow is an earning that waits for a person. The creator's handle is personal data.
type HeldRow struct {
	ID            string                    `json:"id"`
	PartnershipID partnership.PartnershipID `json:"partnership_id"`
	Platform      string                    `json:"platform"`
	Creator       string                    `json:"creator"` // handle
	Kind          ledger.Kind               `json:"kind"`
	AmountMinor   int64                     `json:"amount_minor"`
	Currency      string                    `json:"currency"`
	Reason        string                    `json:"reason"`
	Since         time.Time                 `json:"since"`
}

// Payout is a payout as people read it. The creator's handle is personal data.
type Payout struct {
	ID             partnership.PayoutID    `json:"id"`
	Platform       string                  `json:"platform"`
	Creator        string                  `json:"creator"` // handle
	Currency       string                  `json:"currency"`
	AmountMinor    int64                   `json:"amount_minor"`
	State          partnership.PayoutState `json:"state"`
	Provider       string                  `json:"provider"`
	ProviderRef    string                  `json:"provider_ref"`
	IdempotencyKey partnership.EffectKey   `json:"idempotency_key"`
	Rows           []string                `json:"rows"`
	RunID          string                  `json:"run_id"`
	ReversedMinor  int64                   `json:"reversed_minor,omitempty"` // what came back
	Reason         string                  `json:"reason,omitempty"`
	FirstPostedAt  *time.Time              `json:"first_posted_at,omitempty"`
}

// PayoutOf is a payout's document; rows are the ids of those that it claimed, also once they were released.
func PayoutOf(po partnership.Payout, of Whose, rows []string, reason string) Payout {
	return Payout{
		ID: po.ID, Platform: of.Platform, Creator: of.Handle, Currency: po.Currency, AmountMinor: po.AmountMinor, State: po.State, Provider: po.Provider,
		ProviderRef: po.ProviderRef, IdempotencyKey: po.IdempotencyKey, Rows: rows, RunID: po.RunID, ReversedMinor: po.ReversedMinor, Reason: reason,
		FirstPostedAt: timeOrNil(po.FirstPostedAt),
	}
}
