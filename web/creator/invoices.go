package creator

import (
	"crypto/sha256"
	"errors"
	"io"
	"net/http"
	"net/url"

	"github.com/google/uuid"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/locale"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web/page"
)

// The invoices that the brand writes in a creator's name: what stands on them and that they agree is given on the page that has them all.

const doInvoice = string(partnership.ChoiceInvoice)

func (s *Pages) showInvoices(w http.ResponseWriter, r *http.Request) {
	_, v, ok := s.invoicesOf(w, r)
	if !ok {
		return
	}
	s.invoicesPage(w, r, http.StatusOK, v, sheet{})
}

func (s *Pages) invoicesPage(w http.ResponseWriter, r *http.Request, status int, v partnership.InvoicesView, form sheet) {
	form.View.Creator, form.Locale = v.Creator, locale.Of(v.Creator.Language)
	page.Show(w, r, status, invoicesPage(s.purse(r.PathValue("token"), v.Brand, v.Creator, v.Zone), v, form))
}

func (s *Pages) invoicesOf(w http.ResponseWriter, r *http.Request) (of store.EarningsOwner, v partnership.InvoicesView, ok bool) {
	of, err := s.Store.EarningsByToken(r.Context(), r.PathValue("token"))
	if err == nil {
		v, err = s.Store.OwnInvoices(r.Context(), of)
	}
	if err != nil {
		s.fail(w, r, err)
		return of, v, false
	}
	return of, v, true
}

func (s *Pages) showInvoice(w http.ResponseWriter, r *http.Request) {
	of, err := s.Store.EarningsByToken(r.Context(), r.PathValue("token"))
	var pdf []byte
	if err == nil {
		pdf, err = s.Store.OwnInvoice(r.Context(), of, r.PathValue("number"))
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Cache-Control", "private, no-store")
	w.Header().Set("Content-Disposition", "inline; filename="+r.PathValue("number")+".pdf") // such a number was found: it holds letters, digits and hyphens
	_, _ = w.Write(pdf)                                                                     //nolint:gosec // a PDF that was drawn here, said to be one; when the reader has gone there is nobody to tell
}

// agreeInvoices keeps what belongs on a creator's invoices, and their agreement.
func (s *Pages) agreeInvoices(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		s.notWhole(w, r)
		return
	}
	of, v, ok := s.invoicesOf(w, r)
	if !ok {
		return
	}
	if v.By == nil {
		l := locale.Of(v.Creator.Language)
		failure(w, r, l, http.StatusConflict, l.T("No invoices are written here any more"), l.T("You write your own from now on. Reply to any of our mails if you have a question."))
		return
	}
	form := r.PostForm
	sum := sha256.New()
	_, _ = io.WriteString(sum, r.PathValue("token")+"\x00"+form.Encode())
	id, _ := uuid.FromBytes(sum.Sum(nil)[:16]) // 16 bytes always fit; the same form sent twice is one paper
	p := partnership.TaxPaper{
		ID: id.String(), CreatorID: of.Creator, Country: form.Get("tax_country"), Name: form.Get("tax_name"), Number: form.Get("tax_number"),
		NoNumber: form.Get("tax_none") == "yes", Address: form.Get("tax_address"), Kind: partnership.PaperVAT,
	}
	sh := sheet{Form: form}
	if _, wrong := p.Clean(); len(wrong) > 0 {
		sh.Faults = wrong
		s.invoicesPage(w, r, http.StatusUnprocessableEntity, v, sh)
		return
	}
	by := deeds.By{Who: partnership.ByCreator(of.Creator), ID: "invoice-details/" + p.ID}
	err := deeds.AgreeInvoices(r.Context(), s.Store, by, p, *v.By, v.Agreed || form.Get("agreed") == "yes")
	if no, refused := errors.AsType[*partnership.Error](err); refused && no.Field != "" {
		sh.Faults = faults{no.Field: no.Message}
		s.invoicesPage(w, r, http.StatusUnprocessableEntity, v, sh)
		return
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	http.Redirect(w, r, "/e/"+url.PathEscape(r.PathValue("token"))+"/invoices", http.StatusSeeOther)
}

// invoiceWaits says in a creator's words what an invoice waits for: what is theirs to give stands in the form below.
func invoiceWaits(p purse, v partnership.InvoicesView) string {
	switch {
	case !v.Given || !v.Agreed:
		return p.T("It waits for what we ask below.")
	default:
		return p.T("It is being prepared.")
	}
}

func invoiceTitle(p purse, d partnership.InvoiceState) string {
	if d.Kind == partnership.KindCreditNote {
		return p.T("Credit note %s", d.Number)
	}
	if d.Number == "" {
		return p.T("Invoice for %s", p.Month(d.Period))
	}
	return p.T("Invoice %s", d.Number)
}

func invoiceAmount(p purse, d partnership.InvoiceState) string {
	if d.Kind == partnership.KindCreditNote {
		return p.amount(-d.GrossMinor, d.Currency)
	}
	return p.amount(d.GrossMinor, d.Currency)
}
