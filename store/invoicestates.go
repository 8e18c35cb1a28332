package store

import (
	"context"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/store/db"
)

// InvoiceFilter says which documents are meant; empty fields mean all.
type InvoiceFilter struct {
	Program, Period string
	Creator         partnership.CreatorID
	Payouts         []partnership.PayoutID
}

// mostInvoices bounds a list.
const mostInvoices = 1000

// InvoiceStates are the documents that were issued, the newest first, and before them those that wait, with what each lacks. A handle is
// personal data.
func (s *Store) InvoiceStates(ctx context.Context, f InvoiceFilter) (states []partnership.InvoiceState, err error) {
	of := each(f.Payouts, func(id partnership.PayoutID) string { return string(id) })
	if len(of) == 0 {
		paid, err := s.q.PayoutsPaidIn(ctx, db.PayoutsPaidInParams{Program: f.Program, Period: f.Period, CreatorID: string(f.Creator), Most: mostInvoices})
		if err != nil || len(paid) == 0 {
			return nil, mapped("invoices", err)
		}
		of = each(paid, func(id partnership.PayoutID) string { return string(id) })
	}
	due, err := s.q.InvoicesDue(ctx, db.InvoicesDueParams{Ids: of, Most: mostInvoices})
	if err != nil {
		return nil, mapped("invoices", err)
	}
	for _, id := range due {
		state, waits, err := s.waitingInvoice(ctx, id)
		if err != nil {
			return nil, mapped("invoices", err)
		}
		if waits {
			states = append(states, state)
		}
	}
	rows, err := s.q.InvoiceStates(ctx, db.InvoiceStatesParams{Program: f.Program, Period: f.Period, CreatorID: string(f.Creator), Ids: of, Most: mostInvoices})
	for _, r := range rows {
		states = append(states, partnership.InvoiceState{
			Number: r.Number, Kind: r.Kind, Credits: r.Credits, Program: r.Program, Period: r.Period, PayoutID: r.PayoutID, CreatorID: r.CreatorID, Creator: r.Handle,
			Currency: r.Currency, NetMinor: r.NetMinor, VATMinor: r.VatMinor, GrossMinor: r.GrossMinor, IssuedAt: r.IssuedAt, Why: r.Why,
		})
	}
	return states, mapped("invoices", err)
}

// waitingInvoice is the invoice of a payout that is due; one that lacks nothing is issued within a minute.
func (s *Store) waitingInvoice(ctx context.Context, id partnership.PayoutID) (state partnership.InvoiceState, waits bool, err error) {
	po, err := s.q.Payout(ctx, id)
	if err != nil {
		return state, false, err
	}
	last, standing, err := standingOf(ctx, s.q, id)
	if err != nil || last != nil && standing > 0 { // a credit note lacks nothing
		return state, false, err
	}
	d, lacks, err := s.billOf(ctx, s.q, po)
	if err != nil {
		return state, false, err
	}
	handles, err := s.Handles(ctx, []partnership.CreatorID{po.CreatorID})
	if err != nil {
		return state, false, err
	}
	gross := po.AmountMinor
	state = partnership.InvoiceState{
		Kind: partnership.KindInvoice, Program: d.Program, Period: d.Period, PayoutID: id, CreatorID: po.CreatorID, Creator: handles[po.CreatorID], Currency: po.Currency,
		VATMinor: money.VATWithin(gross, d.Treatment.RateBPS), GrossMinor: gross, Waits: lacks,
	}
	state.NetMinor = gross - state.VATMinor
	return state, true, nil
}

// OwnInvoices is what a creator sees of their invoices in a program: whether the brand writes any, what stands of them, and what is missing.
func (s *Store) OwnInvoices(ctx context.Context, of EarningsOwner) (v partnership.InvoicesView, err error) {
	program, err := s.q.Program(ctx, of.Program)
	if err != nil {
		return v, notFound("program", err)
	}
	creator, err := s.q.Creator(ctx, of.Creator)
	if err != nil {
		return v, notFound("creator", err)
	}
	campaign, err := s.q.BrandOf(ctx, db.BrandOfParams{Program: of.Program, CreatorID: of.Creator})
	if err != nil {
		return v, notFound("program", err)
	}
	papers, err := s.q.PapersOf(ctx, of.Creator)
	if err != nil {
		return v, mapped("invoices", err)
	}
	v = partnership.InvoicesView{Creator: creatorOf(creator), Brand: campaign.Brand, By: program.SelfBilling, Given: papers.VatKept, Agreed: agreed(program, papers), Alone: papers.BillsAlone}
	v.Zone = zoneOf(v.Creator, program)
	v.Documents, err = s.InvoiceStates(ctx, InvoiceFilter{Program: of.Program, Creator: of.Creator})
	return v, err
}
