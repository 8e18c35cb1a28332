package main

import (
	"fmt"
	"io"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/wiring/vendors"
)

type payoutsProof struct{ month }

func (payoutsProof) Help() string {
	return `For each payout of the month: every row with its order, net amount and frozen rate, their sum, who approved which hash,
the idempotency key, and what the provider shows now. Fails when anything does not agree.

  rapport payouts proof --program dreams --period 2026-11 --creator ana`
}

// proof is all that a payout rests on. It can be checked by hand: the rows sum to the amount, and the provider moved as much.
type proof struct {
	Payout    board.Payout           `json:"payout"`
	Run       partnership.PayoutRun  `json:"run"`
	Rows      []proofRow             `json:"rows"`
	SumMinor  int64                  `json:"sum_minor"`
	Transfers []partnership.Transfer `json:"transfers"` // as the provider shows them now
	Faults    []string               `json:"faults"`    // what does not agree; none when all does
}

// proofRow is a row with what its amount follows from.
type proofRow struct {
	board.Row
	NetMinor int64 `json:"net_minor,omitempty"` // of the order: after discounts, without tax and shipping
	RateBPS  int   `json:"rate_bps,omitempty"`  // frozen when the terms were signed
}

func (c payoutsProof) Run(a *app) error {
	if err := c.check(); err != nil {
		return err
	}
	kept, err := a.store()
	if err != nil {
		return err
	}
	payouts, err := kept.PayoutDocuments(a.ctx, store.PayoutFilter{Program: c.Program, Period: c.Period, Handle: c.Creator})
	if err != nil {
		return err
	}
	s, err := a.settings()
	if err != nil {
		return err
	}
	rails := vendors.Among[activities.PayoutRail](s.Vendors.Open(s.Day), partnership.RailPort)
	proofs, wrong := []proof{}, 0
	for _, one := range payouts {
		pr, err := a.prove(kept, rails, c.month, one)
		if err != nil {
			return err
		}
		wrong += len(pr.Faults)
		proofs = append(proofs, pr)
	}
	if err := a.show(proofs, func(w io.Writer) { showProofs(w, proofs) }); err != nil {
		return err
	}
	if wrong > 0 {
		return fmt.Errorf("%d things do not agree", wrong)
	}
	return nil
}

// prove gathers one payout's rows and asks the provider about it.
func (a *app) prove(kept *store.Store, rails activities.Among[activities.PayoutRail], m month, payout board.Payout) (proof, error) {
	pr := proof{Payout: payout, Rows: []proofRow{}, Transfers: []partnership.Transfer{}, Faults: []string{}}
	runs, err := kept.PayoutRuns(a.ctx, m.Program, m.Period)
	if err != nil {
		return pr, err
	}
	for _, r := range runs {
		if r.ID == payout.RunID {
			pr.Run = r
		}
	}
	books, err := kept.LedgerDocument(a.ctx, store.LedgerFilter{Handle: payout.Platform + ":" + payout.Creator})
	if err != nil {
		return pr, err
	}
	for _, row := range books.Rows {
		if row.PayoutID == nil || *row.PayoutID != payout.ID {
			continue
		}
		full, err := a.explain(kept, row)
		if err != nil {
			return pr, err
		}
		pr.SumMinor += row.AmountMinor
		pr.Rows = append(pr.Rows, full)
		if row.Kind == ledger.CommissionRow && ledger.Commission(full.NetMinor, full.RateBPS) != row.AmountMinor {
			pr.Faults = append(pr.Faults, "row "+row.ID+" is not its order's net amount at the frozen rate")
		}
	}
	rail, asked := rails.By[payout.Provider]
	if asked {
		if pr.Transfers, err = rail.TransfersOf(a.ctx, payout.ID); err != nil {
			return pr, err
		}
	}
	pr.Faults = append(pr.Faults, pr.disagreements(asked)...)
	return pr, nil
}

// explain adds the order and the rate to a row.
func (a *app) explain(kept *store.Store, row board.Row) (proofRow, error) {
	full := proofRow{Row: row}
	if row.OrderID == "" || row.PartnershipID == "" {
		return full, nil
	}
	orders, err := kept.OrdersOf(a.ctx, row.PartnershipID)
	if err != nil {
		return full, err
	}
	for _, o := range orders {
		if o.OrderID == row.OrderID {
			full.NetMinor = o.NetMinor
		}
	}
	terms, err := kept.View(a.ctx, row.PartnershipID)
	full.RateBPS = terms.Terms.CommissionBPS
	return full, err
}

// disagreements says what does not add up.
func (pr proof) disagreements(asked bool) []string {
	var faults []string
	if pr.Payout.State == partnership.PayoutPaid {
		if pr.SumMinor != pr.Payout.AmountMinor {
			faults = append(faults, fmt.Sprintf("the rows sum to %d, the payout is %d", pr.SumMinor, pr.Payout.AmountMinor))
		}
		if len(pr.Run.Approvals) == 0 {
			faults = append(faults, "nobody approved the run")
		}
	}
	if !asked {
		return faults
	}
	moved := int64(0)
	for _, t := range pr.Transfers {
		moved += t.AmountMinor - t.ReversedMinor
	}
	want := int64(0)
	if pr.Payout.State == partnership.PayoutPaid {
		want = pr.Payout.AmountMinor - pr.Payout.ReversedMinor
	}
	if moved != want {
		faults = append(faults, fmt.Sprintf("the provider moved %d, the books say %d", moved, want))
	}
	return faults
}

func showProofs(w io.Writer, proofs []proof) {
	if len(proofs) == 0 {
		line(w, "No payout of that month and creator. `rapport payouts status` shows the runs.")
	}
	for _, pr := range proofs {
		one := pr.Payout
		line(w, "@%s: %s, %s   %s %s", one.Creator, money.Display(one.AmountMinor, one.Currency), one.State, one.Provider, one.ProviderRef)
		line(w, "  run %s, prepared by %s, approved by %v, hash %s", pr.Run.ID, pr.Run.PreparedBy, pr.Run.Approvals, pr.Run.LinesHash)
		line(w, "  key %s", one.IdempotencyKey)
		for _, r := range pr.Rows {
			basis := r.Reason
			if r.NetMinor != 0 {
				basis = fmt.Sprintf("order %s, net %s, at %s %%", r.OrderID, money.Display(r.NetMinor, r.Currency), money.FormatPercent(r.RateBPS))
			}
			line(w, "  %s  %-10s %12s  %s", r.OccurredAt.UTC().Format("2006-01-02 15:04"), r.Kind, money.Display(r.AmountMinor, r.Currency), basis)
		}
		line(w, "  sum %s", money.Display(pr.SumMinor, one.Currency))
		if len(pr.Faults) == 0 {
			line(w, "  ok: the rows, the approval and the provider agree")
		}
		for _, fault := range pr.Faults {
			line(w, "  FAULT: %s", fault)
		}
	}
}
