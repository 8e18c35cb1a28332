package deeds

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
)

// TaxPapers keep what creators give for the tax office, with the audit's lines, which hold nothing of it.
type TaxPapers interface {
	AddTaxPaper(ctx context.Context, p partnership.TaxPaper, d partnership.Deed) error
	OpenTaxPaper(ctx context.Context, id string, d partnership.Deed) (partnership.TaxPaper, error)
	RejectTaxPaper(ctx context.Context, id string, d partnership.Deed) (partnership.CreatorID, error)
}

// PaperKeeper takes papers.
type PaperKeeper interface {
	AddTaxPaper(ctx context.Context, p partnership.TaxPaper, d partnership.Deed) error
}

// GiveTaxPaper keeps a paper that a creator gives. It is never part of what a workflow is told.
func GiveTaxPaper(ctx context.Context, kept PaperKeeper, by By, p partnership.TaxPaper) error {
	if err := by.May(partnership.DeedGiveTaxPaper); err != nil {
		return err
	}
	clean, wrong := p.Clean()
	for _, field := range slices.Sorted(maps.Keys(wrong)) {
		return partnership.FieldErrorf(field, "%s", wrong[field])
	}
	return kept.AddTaxPaper(ctx, clean, partnership.Deed{ID: by.ID, Who: by.Who, Deed: partnership.DeedGiveTaxPaper})
}

// RecordTaxPaper notes that somebody else has a paper, a vendor who collects them, and where: reference. Of the tax id only the last four
// are taken.
func RecordTaxPaper(ctx context.Context, kept PaperKeeper, by By, p partnership.TaxPaper) error {
	if err := by.May(partnership.DeedRecordTaxPaper); err != nil {
		return err
	}
	p.Country, p.Reference = strings.ToUpper(strings.TrimSpace(p.Country)), strings.TrimSpace(p.Reference)
	if p.Kind == partnership.FormW9 {
		p.Country = "US"
	}
	switch {
	case !slices.Contains(append(partnership.TaxForms(), partnership.PaperVAT), p.Kind):
		return partnership.FieldErrorf("form", "%q is none that is kept: W-9, W-8BEN, W-8BEN-E or VAT", p.Kind)
	case len(p.Country) != 2:
		return partnership.FieldErrorf("country", "%q is no country: two letters such as DE, of where they pay taxes", p.Country)
	case len(p.Number) > 4:
		return partnership.FieldErrorf("last4", "only the last four characters of a tax id are taken; this has %d", len(p.Number))
	case p.Reference == "":
		return partnership.FieldErrorf("reference", "say where the paper is kept, such as the vendor's name and number of it")
	}
	return kept.AddTaxPaper(ctx, p, partnership.Deed{Who: by.Who, Deed: partnership.DeedRecordTaxPaper, Reason: p.Reference})
}

// OpenTaxPaper is a paper whole, for whoever files it; the audit has who looked, and why. Personal data.
func OpenTaxPaper(ctx context.Context, kept TaxPapers, by By, id, reason string) (partnership.TaxPaper, error) {
	if err := by.May(partnership.DeedOpenTaxPaper); err != nil {
		return partnership.TaxPaper{}, err
	}
	if strings.TrimSpace(reason) == "" {
		return partnership.TaxPaper{}, partnership.FieldErrorf("reason", "say what you need it for; the audit keeps it")
	}
	return kept.OpenTaxPaper(ctx, id, partnership.Deed{Who: by.Who, Deed: partnership.DeedOpenTaxPaper, Reason: reason})
}

// RejectTaxPaper says that a paper is worth nothing: the money waits again, and the creator is asked for another.
func RejectTaxPaper(ctx context.Context, kept TaxPapers, by By, id, reason string) error {
	if err := by.May(partnership.DeedRejectTaxPaper); err != nil {
		return err
	}
	if strings.TrimSpace(reason) == "" {
		return partnership.FieldErrorf("reason", "say what is wrong with it; the creator reads it")
	}
	_, err := kept.RejectTaxPaper(ctx, id, partnership.Deed{Who: by.Who, Deed: partnership.DeedRejectTaxPaper, Reason: reason})
	return err
}
