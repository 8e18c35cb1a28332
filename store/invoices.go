package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/invoice"
	"github.com/rapport-dev/rapport/partnership/locale"
	"github.com/rapport-dev/rapport/store/db"
)

// Invoices that the brand writes for its creators. What stands of a payout's documents has to come to what was paid and stays paid: where it
// does not, an invoice or a credit note is due, and the front door issues it as soon as nothing is missing.

// drawing sets a document on pages.
type drawing = func(invoice.Document) ([]byte, error)

// InvoicesDue are a page of the payouts of which a document is due, whether or not something is missing.
func (s *Store) InvoicesDue(ctx context.Context, after partnership.PayoutID, most int) ([]partnership.PayoutID, error) {
	ids, err := s.q.InvoicesDue(ctx, db.InvoicesDueParams{After: string(after), Most: int32(most)})
	return ids, mapped("invoices due", err)
}

// IssueInvoices issues what is due of a payout's documents. Each takes the next number of its issuer for that supplier in the transaction that
// keeps it, with the paper as it was drawn: what cannot be drawn takes none. waits says what is missing instead.
func (s *Store) IssueInvoices(ctx context.Context, id partnership.PayoutID, draw drawing) (numbers, waits []string, err error) {
	err = s.tx(ctx, "issue invoices", func(q *db.Queries) error {
		numbers, waits = nil, nil
		po, err := q.LockPayout(ctx, id)
		if err != nil {
			return notFound("payout", err)
		}
		for { // an invoice of what has come back in part is followed by its credit note
			d, lacks, err := s.dueOf(ctx, q, po)
			if err != nil || d == nil {
				waits = lacks
				return err
			}
			number, err := s.issue(ctx, q, po, *d, "rapport", draw)
			if partnership.CodeOf(err) == partnership.Invalid {
				waits = []string{err.Error()}
				return err
			}
			if err != nil {
				return err
			}
			numbers = append(numbers, number)
		}
	})
	if len(waits) > 0 && partnership.CodeOf(err) == partnership.Invalid { // nothing of it stays
		return nil, waits, nil
	}
	return numbers, waits, err
}

// dueOf is the next document of a payout, nil where none is due or something is missing.
func (s *Store) dueOf(ctx context.Context, q *db.Queries, po db.Payout) (*invoice.Document, []string, error) {
	last, standing, err := standingOf(ctx, q, po.ID)
	if err != nil {
		return nil, nil, err
	}
	stays := po.AmountMinor - po.ReversedMinor
	switch {
	case standing > stays && last != nil:
		of, err := s.documentOf(*last)
		if err != nil {
			return nil, nil, err
		}
		d := invoice.CreditOf(of, "", "what was paid came back", standing-stays, s.now())
		return &d, nil, nil
	case standing == 0 && stays > 0:
		d, lacks, err := s.billOf(ctx, q, po)
		if err != nil || len(lacks) > 0 {
			return nil, lacks, err
		}
		return &d, nil, nil
	}
	return nil, nil, nil
}

// standingOf is the newest invoice of a payout, and what its documents come to.
func standingOf(ctx context.Context, q *db.Queries, id partnership.PayoutID) (last *db.Invoice, minor int64, err error) {
	all, err := q.InvoicesOfPayout(ctx, id)
	for _, one := range all {
		if one.Kind == partnership.KindCreditNote {
			minor -= one.GrossMinor
			continue
		}
		minor += one.GrossMinor
		last = &one
	}
	return last, minor, err
}

// billOf is a payout's invoice as it would be written now, and what it lacks.
func (s *Store) billOf(ctx context.Context, q *db.Queries, po db.Payout) (d invoice.Document, lacks []string, err error) {
	run, err := q.Run(ctx, po.RunID)
	if err != nil {
		return d, nil, err
	}
	program, err := q.Program(ctx, run.Program)
	if err != nil {
		return d, nil, err
	}
	if program.SelfBilling == nil {
		return d, []string{"the program writes no invoices any more"}, nil
	}
	by := *program.SelfBilling
	papers, err := q.PapersOf(ctx, po.CreatorID)
	if err != nil {
		return d, nil, err
	}
	d = invoice.Document{
		Kind: partnership.KindInvoice, IssuedAt: s.now(), Zone: program.Timezone, Program: run.Program, Period: run.Period, PayoutID: string(po.ID), Currency: po.Currency,
		Customer: invoice.Party{Name: by.Name, Address: by.Address, TaxID: by.TaxID},
	}
	d.Supplier, err = s.supplier(ctx, q, po.CreatorID)
	if partnership.CodeOf(err) == partnership.Conflict { // it was given under another key
		return d, []string{err.Error()}, nil
	}
	if err != nil {
		return d, nil, err
	}
	if d.Treatment, err = treatmentOf(ctx, q, po.CreatorID); err != nil {
		return d, nil, err
	}
	if d.Treatment.Kind == partnership.TaxOwn {
		return d, []string{"the creator writes their own invoices"}, nil
	}
	if lacks = invoice.Missing(by, agreed(program, papers), d.Supplier, d.Treatment); len(lacks) > 0 {
		return d, lacks, nil
	}
	rows, err := q.LinesOfPayout(ctx, po.ID)
	if err != nil {
		return d, nil, err
	}
	lines := each(rows, func(r db.LinesOfPayoutRow) partnership.StatementLine {
		return lineOf(run, rowOf(r.LedgerRow), r.NetMinor)
	})
	d.Bill(beside(lines))
	if d.GrossMinor != po.AmountMinor { // its lines are its rows, by a rule that the books are verified by
		return d, nil, partnership.Errorf(partnership.Conflict, "the lines of payout %s do not sum to it: no invoice is written (rapport ledger verify)", po.ID)
	}
	return d, nil, nil
}

// supplier is who a creator is on an invoice, as they have said it. Empty where they have not.
func (s *Store) supplier(ctx context.Context, q *db.Queries, id partnership.CreatorID) (invoice.Party, error) {
	row, err := q.NewestVATPaper(ctx, id)
	if noRows(err) || err == nil && row.Sealed == nil {
		return invoice.Party{}, nil
	}
	if err != nil {
		return invoice.Party{}, err
	}
	p, err := s.paperOf(row)
	return invoice.Party{Name: p.Name, Address: p.Address, Country: p.Country, TaxID: p.Number}, err
}

func treatmentOf(ctx context.Context, q *db.Queries, id partnership.CreatorID) (t partnership.TaxTreatment, err error) {
	row, err := q.TreatmentOf(ctx, id)
	if noRows(err) {
		return t, nil
	}
	return partnership.TaxTreatment{Kind: row.Kind, RateBPS: int(row.RateBps), Note: row.Note, GivenBy: row.GivenBy, GivenAt: row.GivenAt}, err
}

// issue numbers a document, draws it, keeps it and leaves the mail that says that it is there.
func (s *Store) issue(ctx context.Context, q *db.Queries, po db.Payout, d invoice.Document, by string, draw drawing) (string, error) {
	n, err := nextNumber(ctx, q, d.Program, po.CreatorID)
	if err != nil {
		return "", err
	}
	d.Number = fmt.Sprintf("%s-%d-%04d", strings.ToUpper(d.Program), n.Supplier, n.LastN)
	pdf, err := draw(d)
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(d)
	if err != nil {
		return "", err
	}
	row := db.InsertInvoiceParams{
		Number: d.Number, Program: d.Program, CreatorID: po.CreatorID, N: n.LastN, Kind: d.Kind, PayoutID: po.ID, Currency: d.Currency, NetMinor: d.NetMinor,
		VatMinor: d.VATMinor, GrossMinor: d.GrossMinor, IssuedAt: d.IssuedAt, IssuedBy: by, Why: d.Why,
		Document: s.seal("invoice/"+d.Number, text), Paper: s.seal("invoice-paper/"+d.Number, pdf),
	}
	told := payeeNotice{kind: partnership.NoticeInvoice, payout: po, minor: d.GrossMinor, why: d.Number, of: "/" + d.Number}
	if d.Kind == partnership.KindCreditNote {
		row.Credits, told.kind = &d.Credits, partnership.NoticeCreditNote
	}
	if err := q.InsertInvoice(ctx, row); err != nil {
		return "", err
	}
	return d.Number, s.tellPayee(ctx, q, told)
}

func nextNumber(ctx context.Context, q *db.Queries, program string, of partnership.CreatorID) (db.NextInvoiceNumberRow, error) {
	next := db.NextInvoiceNumberParams{Program: program, CreatorID: of}
	n, err := q.NextInvoiceNumber(ctx, next)
	if !noRows(err) {
		return n, err
	}
	if _, err := q.LockProgram(ctx, program); err != nil {
		return n, err
	}
	if err := q.EnsureSeries(ctx, db.EnsureSeriesParams{Program: program, CreatorID: of}); err != nil {
		return n, err
	}
	return q.NextInvoiceNumber(ctx, next)
}

func (s *Store) documentOf(row db.Invoice) (d invoice.Document, err error) {
	if row.Document == nil {
		return d, partnership.Errorf(partnership.Gone, "nothing but its number and sums is kept of %s any more", row.Number)
	}
	text, err := s.unseal("invoice/"+row.Number, row.Document)
	if err != nil {
		return d, err
	}
	err = json.Unmarshal(text, &d)
	return d, err
}

// CreditInvoice corrects an invoice whole, by a credit note with its reason; an invoice of what is on file by then follows by itself.
func (s *Store) CreditInvoice(ctx context.Context, number string, d partnership.Deed, draw drawing) (note string, err error) {
	err = s.tx(ctx, "credit invoice", func(q *db.Queries) error {
		row, err := q.InvoiceByNumber(ctx, number)
		if err != nil {
			return notFound("invoice", err)
		}
		po, err := q.LockPayout(ctx, row.PayoutID)
		if err != nil {
			return err
		}
		last, standing, err := standingOf(ctx, q, po.ID)
		if err != nil {
			return err
		}
		if standing <= 0 || last == nil || last.Number != number {
			return partnership.Errorf(partnership.Conflict, "%s is no invoice that stands: it is corrected already, or is a credit note itself", number)
		}
		of, err := s.documentOf(row)
		if err != nil {
			return err
		}
		if note, err = s.issue(ctx, q, po, invoice.CreditOf(of, "", d.Reason, standing, s.now()), d.Who, draw); err != nil {
			return err
		}
		return s.record(ctx, q, aboutInvoice(d, row))
	})
	return note, err
}

func aboutInvoice(d partnership.Deed, row db.Invoice) partnership.Deed {
	d.Subject, d.Details = "invoice/"+row.Number, map[string]any{"creator": row.CreatorID, "payout": row.PayoutID}
	return d
}

// TakeInvoice is a document's paper as it was issued; that somebody took it stands in the audit. Personal data.
func (s *Store) TakeInvoice(ctx context.Context, number string, d partnership.Deed) (pdf []byte, err error) {
	err = s.tx(ctx, "take invoice", func(q *db.Queries) error {
		row, err := q.InvoiceByNumber(ctx, number)
		if err != nil {
			return notFound("invoice", err)
		}
		if pdf, err = s.invoicePaper(row); err != nil {
			return err
		}
		return s.record(ctx, q, aboutInvoice(d, row))
	})
	return pdf, err
}

func (s *Store) invoicePaper(row db.Invoice) ([]byte, error) {
	if row.Paper == nil {
		return nil, partnership.Errorf(partnership.Gone, "nothing but its number and sums is kept of %s any more", row.Number)
	}
	return s.unseal("invoice-paper/"+row.Number, row.Paper)
}

// OwnInvoice is a document's paper for the creator in whose name it is.
func (s *Store) OwnInvoice(ctx context.Context, of EarningsOwner, number string) ([]byte, error) {
	row, err := s.q.InvoiceByNumber(ctx, number)
	if err != nil {
		return nil, notFound("invoice", err)
	}
	if row.CreatorID != of.Creator || row.Program != of.Program {
		return nil, partnership.Errorf(partnership.NotFound, "there is no such invoice")
	}
	return s.invoicePaper(row)
}

// SetTaxTreatment keeps a person's word on how a creator's invoices are taxed.
func (s *Store) SetTaxTreatment(ctx context.Context, id partnership.CreatorID, t partnership.TaxTreatment, d partnership.Deed) error {
	return s.tx(ctx, "tax treatment", func(q *db.Queries) error {
		if err := q.AddTreatment(ctx, db.AddTreatmentParams{CreatorID: id, Kind: t.Kind, RateBps: int32(t.RateBPS), Note: t.Note, GivenBy: d.Who, Now: s.now()}); err != nil {
			return err
		}
		d.Subject, d.Details = "creator/"+string(id), map[string]any{"kind": t.Kind, "rate_bps": t.RateBPS}
		return s.record(ctx, q, d)
	})
}

// AgreeInvoices keeps what belongs on a creator's invoices, and that they have agreed to who writes them, in the words that they read.
func (s *Store) AgreeInvoices(ctx context.Context, p partnership.TaxPaper, by partnership.SelfBilling, d partnership.Deed) error {
	c, err := s.Creator(ctx, p.CreatorID)
	if err != nil {
		return err
	}
	words := by.Agreement(locale.Of(c.Language))
	return s.tx(ctx, "agree to invoices", func(q *db.Queries) error {
		if err := q.AddAgreement(ctx, db.AddAgreementParams{CreatorID: p.CreatorID, Issuer: by.Name, Words: words, Now: s.now()}); err != nil {
			return err
		}
		return s.addPaper(ctx, q, p, d)
	})
}
