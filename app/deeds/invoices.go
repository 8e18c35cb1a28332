package deeds

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/invoice"
	"github.com/rapport-dev/rapport/partnership/locale"
	"github.com/rapport-dev/rapport/partnership/paper"
)

// Invoices keep the documents that the brand writes for its creators, with the audit's lines.
type Invoices interface {
	SetTaxTreatment(ctx context.Context, id partnership.CreatorID, t partnership.TaxTreatment, d partnership.Deed) error
	TakeInvoice(ctx context.Context, number string, d partnership.Deed) ([]byte, error)
	CreditInvoice(ctx context.Context, number string, d partnership.Deed, draw func(invoice.Document) ([]byte, error)) (note string, err error)
}

// InvoiceKeeper takes what belongs on a creator's invoices, and their agreement.
type InvoiceKeeper interface {
	AgreeInvoices(ctx context.Context, p partnership.TaxPaper, by partnership.SelfBilling, d partnership.Deed) error
}

// AgreeInvoices keeps what belongs on a creator's invoices, once they have agreed that the brand writes them.
func AgreeInvoices(ctx context.Context, kept InvoiceKeeper, by By, p partnership.TaxPaper, issuer partnership.SelfBilling, agreed bool) error {
	if err := by.May(partnership.DeedAgreeInvoices); err != nil {
		return err
	}
	p.Kind = partnership.PaperVAT
	clean, wrong := p.Clean()
	for _, field := range slices.Sorted(maps.Keys(wrong)) {
		return partnership.FieldErrorf(field, "%s", wrong[field])
	}
	if !agreed {
		return partnership.FieldErrorf("agreed", "%s", locale.Words("Tick the box if you agree. If you would rather write your invoices yourself, reply to any of our mails."))
	}
	return kept.AgreeInvoices(ctx, clean, issuer, partnership.Deed{ID: by.ID, Who: by.Who, Deed: partnership.DeedAgreeInvoices})
}

// SetTaxTreatment is a person's word on how a creator's invoices are taxed. It holds for those that are issued from then on.
func SetTaxTreatment(ctx context.Context, kept Invoices, by By, of partnership.CreatorID, t partnership.TaxTreatment) error {
	if err := by.May(partnership.DeedSetTaxTreatment); err != nil {
		return err
	}
	t.Note = strings.TrimSpace(t.Note)
	if err := t.Check(); err != nil {
		return err
	}
	return kept.SetTaxTreatment(ctx, of, t, partnership.Deed{Who: by.Who, Deed: partnership.DeedSetTaxTreatment, Reason: t.Note})
}

// TakeInvoice is a document's PDF as it was issued; the audit has who took it. Personal data.
func TakeInvoice(ctx context.Context, kept Invoices, by By, number string) ([]byte, error) {
	if err := by.May(partnership.DeedTakeInvoice); err != nil {
		return nil, err
	}
	return kept.TakeInvoice(ctx, number, partnership.Deed{Who: by.Who, Deed: partnership.DeedTakeInvoice})
}

// CreditInvoice corrects an invoice by a credit note over all that stands of it. What was wrong is mended first: the invoice that follows says
// what is on file by then.
func CreditInvoice(ctx context.Context, kept Invoices, by By, number, reason string, fonts *paper.Fonts) (note string, err error) {
	if err := by.May(partnership.DeedCreditInvoice); err != nil {
		return "", err
	}
	reason = strings.TrimSpace(reason)
	if reason == "" || len(reason) > 300 {
		return "", partnership.FieldErrorf("reason", "say in at most 300 characters what is wrong with it; it stands on the credit note")
	}
	draw := func(d invoice.Document) ([]byte, error) { return invoice.Draw(d, fonts) }
	return kept.CreditInvoice(ctx, number, partnership.Deed{Who: by.Who, Deed: partnership.DeedCreditInvoice, Reason: reason}, draw)
}
