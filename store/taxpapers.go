package store

import (
	"context"
	"encoding/json"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/store/db"
)

// AddTaxPaper keeps a tax paper: its name, number, address and file encrypted, its last four digits beside them. Given again under the same id it
// is the same paper. Each has its line in the audit, without its content.
func (s *Store) AddTaxPaper(ctx context.Context, p partnership.TaxPaper, d partnership.Deed) error {
	return s.tx(ctx, "add tax paper", func(q *db.Queries) error { return s.addPaper(ctx, q, p, d) })
}

func (s *Store) addPaper(ctx context.Context, q *db.Queries, p partnership.TaxPaper, d partnership.Deed) error {
	if p.ID == "" {
		p.ID = newID()
	}
	arg := db.InsertPaperParams{
		ID: p.ID, CreatorID: p.CreatorID, Kind: string(p.Kind), Country: p.Country, LastFour: p.LastFour(), FileType: p.FileType, Reference: p.Reference, GivenBy: d.Who, Now: s.now(),
	}
	arg.Until = timeOrNil(ledger.FormUntil(p.Kind, arg.Now))
	if p.Reference == "" {
		text, err := json.Marshal(p)
		if err != nil {
			return err
		}
		arg.Sealed = s.seal("tax-paper/"+p.ID, text)
		if len(p.File) > 0 {
			arg.File = s.seal("tax-file/"+p.ID, p.File)
		}
	}
	if err := q.InsertPaper(ctx, arg); err != nil {
		return err
	}
	return s.record(ctx, q, aboutPaper(d, p.ID, p.CreatorID, p.Kind))
}

func aboutPaper(d partnership.Deed, id string, creator partnership.CreatorID, kind partnership.PaperKind) partnership.Deed {
	d.Subject, d.Details = "tax-paper/"+id, map[string]any{"creator": creator, "kind": kind}
	return d
}

// TaxPapers are the papers on file, the newest of each kind, of one creator or for "" of all; nothing of them that is encrypted. Handles are
// personal data.
func (s *Store) TaxPapers(ctx context.Context, id partnership.CreatorID) ([]partnership.PaperOnFile, error) {
	var of *string
	if id != "" {
		text := string(id)
		of = &text
	}
	rows, err := s.q.PapersOnFile(ctx, of)
	return each(rows, func(r db.PapersOnFileRow) partnership.PaperOnFile {
		return partnership.PaperOnFile{
			ID: r.ID, CreatorID: r.CreatorID, Platform: r.Platform, Creator: r.Handle, Kind: partnership.PaperKind(r.Kind), Country: r.Country, LastFour: r.LastFour,
			HasFile: r.HasFile, Reference: r.Reference, GivenBy: r.GivenBy, GivenAt: r.GivenAt, Until: orZero(r.Until), RejectedBy: r.RejectedBy, Why: r.Why,
		}
	}), mapped("tax papers", err)
}

// PapersOf are TaxPapers of a partnership's creator.
func (s *Store) PapersOf(ctx context.Context, id partnership.PartnershipID) ([]partnership.PaperOnFile, error) {
	p, err := s.q.PartnershipByID(ctx, id)
	if err != nil {
		return nil, notFound("partnership", err)
	}
	return s.TaxPapers(ctx, p.CreatorID)
}

// OpenTaxPaper decrypts a paper for whoever files it; that somebody looked stands in the audit. Personal data.
func (s *Store) OpenTaxPaper(ctx context.Context, id string, d partnership.Deed) (p partnership.TaxPaper, err error) {
	err = s.tx(ctx, "open tax paper", func(q *db.Queries) error {
		row, err := q.LockPaper(ctx, id)
		if err != nil {
			return notFound("tax paper", err)
		}
		if p, err = s.paperOf(row); err != nil {
			return err
		}
		return s.record(ctx, q, aboutPaper(d, p.ID, p.CreatorID, p.Kind))
	})
	return p, err
}

func (s *Store) paperOf(row db.TaxPaper) (p partnership.TaxPaper, err error) {
	if row.Sealed == nil {
		return p, partnership.Errorf(partnership.Gone, "nothing is kept of that paper here: a vendor has it, or it was erased")
	}
	text, err := s.unseal("tax-paper/"+row.ID, row.Sealed)
	if err != nil {
		return p, err
	}
	if err := json.Unmarshal(text, &p); err != nil {
		return p, err
	}
	if row.File != nil {
		if p.File, err = s.unseal("tax-file/"+row.ID, row.File); err != nil {
			return p, err
		}
	}
	p.ID, p.CreatorID, p.Kind, p.Country, p.FileType = row.ID, row.CreatorID, partnership.PaperKind(row.Kind), row.Country, row.FileType
	return p, nil
}

// RejectTaxPaper says that a paper is worth nothing, and why: its gate is closed again, and the creator is asked anew. Repeated it changes
// nothing.
func (s *Store) RejectTaxPaper(ctx context.Context, id string, d partnership.Deed) (of partnership.CreatorID, err error) {
	err = s.tx(ctx, "reject tax paper", func(q *db.Queries) error {
		row, err := q.LockPaper(ctx, id)
		if err != nil {
			return notFound("tax paper", err)
		}
		of = row.CreatorID
		if row.RejectedAt != nil {
			return nil
		}
		if err := q.RejectPaper(ctx, db.RejectPaperParams{ID: id, RejectedBy: d.Who, Why: d.Reason, Now: s.now()}); err != nil {
			return err
		}
		return s.record(ctx, q, aboutPaper(d, id, row.CreatorID, partnership.PaperKind(row.Kind)))
	})
	return of, err
}

// forgetPapers empties what erased people gave and nobody has to keep any more, of one of them or for nil of all, and says how many papers.
func (s *Store) forgetPapers(ctx context.Context, q *db.Queries, of *string) (int, error) {
	rows, err := q.PapersToForget(ctx, of)
	if err != nil {
		return 0, err
	}
	var ids []string
	for _, row := range rows {
		paid := row.LastPaid
		if paid.Unix() == 0 {
			paid = time.Time{}
		}
		if ledger.MayForget(paid, s.now()) {
			ids = append(ids, row.ID)
		}
	}
	if len(ids) == 0 {
		return 0, nil
	}
	return len(ids), q.ForgetPapers(ctx, ids)
}

// ForgetPapers empties the tax papers of people who were erased, once the law asks for them no longer.
func (s *Store) ForgetPapers(ctx context.Context) (papers int, err error) {
	err = s.tx(ctx, "forget tax papers", func(q *db.Queries) error {
		if papers, err = s.forgetPapers(ctx, q, nil); err != nil {
			return err
		}
		return q.ForgetInvoices(ctx, ledger.InvoicesSince(s.now()))
	})
	return papers, err
}
