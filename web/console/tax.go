package console

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web/page"
)

// What the tax office wants to see: papers of creators, invoices in their names, the sanctions lists, and what was paid in a year.

type taxData struct {
	Papers   []partnership.PaperOnFile
	Invoices []partnership.InvoiceState
	Lists    []partnership.SanctionList
	Creator  string // whose alone are shown, "" everybody's
	More     int    // papers that are not shown
}

// papersShown bounds the page; a creator's own are all found by their handle.
const papersShown = 200

func (c *Console) tax(w http.ResponseWriter, r *http.Request, v visitor) {
	d := taxData{Creator: strings.TrimSpace(r.URL.Query().Get("creator"))}
	var of partnership.CreatorID
	ctx := r.Context()
	if d.Creator != "" {
		creator, err := c.Store.FindCreator(ctx, d.Creator)
		if err != nil {
			c.fail(w, r, err)
			return
		}
		of = creator.ID
	}
	var err error
	if d.Papers, err = c.Store.TaxPapers(ctx, of); err == nil {
		if d.Invoices, err = c.Store.InvoiceStates(ctx, store.InvoiceFilter{Creator: of}); err == nil {
			d.Lists, err = c.Store.SanctionLists(ctx)
		}
	}
	if err != nil {
		c.fail(w, r, err)
		return
	}
	d.More = max(0, len(d.Papers)-papersShown)
	d.Papers = d.Papers[:len(d.Papers)-d.More]
	d.Invoices = d.Invoices[:min(len(d.Invoices), papersShown)]
	page.Show(w, r, http.StatusOK, taxPage(v, d))
}

func taxOf(*http.Request) string { return "/tax" }

func (c *Console) recordPaper(r *http.Request, v visitor) (string, error) {
	creator, err := c.named(r)
	if err != nil {
		return "", err
	}
	p := partnership.TaxPaper{
		CreatorID: creator.ID, Kind: partnership.PaperKind(r.PostFormValue("form_kind")), Country: r.PostFormValue("country"), Number: strings.TrimSpace(r.PostFormValue("last4")), Reference: r.PostFormValue("reference"),
	}
	err = deeds.RecordTaxPaper(r.Context(), c.Store, v.By, p)
	if no, is := errors.AsType[*partnership.Error](err); is && no.Field == "form" { // the page's field of that name is another
		err = partnership.FieldErrorf("form_kind", "%s", no.Message)
	}
	return "Noted: " + string(p.Kind) + " of @" + creator.Handle + " is kept elsewhere.", err
}

// named is the creator whose handle a form has.
func (c *Console) named(r *http.Request) (partnership.Creator, error) {
	creator, err := c.Store.FindCreator(r.Context(), r.PostFormValue("creator"))
	if partnership.CodeOf(err) == partnership.NotFound {
		err = partnership.FieldErrorf("creator", "nobody has that handle")
	}
	return creator, err
}

func (c *Console) rejectPaper(r *http.Request, v visitor) (string, error) {
	return "Rejected: the money waits again, and the creator is asked for another.", deeds.RejectTaxPaper(r.Context(), c.Store, v.By, r.PathValue("id"), r.PostFormValue("reason"))
}

// openPaper is a paper whole: the file that was sent, or where there is none what was typed.
func (c *Console) openPaper(r *http.Request, v visitor) (download, error) {
	p, err := deeds.OpenTaxPaper(r.Context(), c.Store, v.By, r.PathValue("id"), r.PostFormValue("reason"))
	if err != nil {
		return download{}, err
	}
	name := strings.ToLower(string(p.Kind)) + "-" + r.PathValue("id")
	if ending, is := map[string]string{"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}[p.FileType]; is {
		return download{name + ending, p.FileType, p.File}, nil
	}
	text := fmt.Sprintf("%s\nName: %s\nCountry: %s\nNumber: %s\nAddress: %s\n", p.Kind, p.Name, p.Country, p.Number, p.Address)
	return download{name + ".txt", "text/plain; charset=utf-8", []byte(text)}, nil
}

func (c *Console) setTreatment(r *http.Request, v visitor) (string, error) {
	creator, err := c.named(r)
	if err != nil {
		return "", err
	}
	t := partnership.TaxTreatment{Kind: partnership.TaxKind(r.PostFormValue("as")), Note: r.PostFormValue("note")}
	if rate := strings.TrimSpace(r.PostFormValue("rate")); rate != "" {
		if t.RateBPS, err = money.ParsePercentBPS(rate); err != nil {
			return "", partnership.FieldErrorf("rate", "%q is no rate: %v", rate, err)
		}
	}
	return "It holds for the invoices of @" + creator.Handle + " that are issued from now on.", deeds.SetTaxTreatment(r.Context(), c.Store, v.By, creator.ID, t)
}

func (c *Console) takeInvoice(r *http.Request, v visitor) (download, error) {
	pdf, err := deeds.TakeInvoice(r.Context(), c.Store, v.By, r.PathValue("number"))
	return download{r.PathValue("number") + ".pdf", "application/pdf", pdf}, err
}

func (c *Console) creditInvoice(r *http.Request, v visitor) (string, error) {
	note, err := deeds.CreditInvoice(r.Context(), c.Store, v.By, r.PathValue("number"), r.PostFormValue("reason"), c.Fonts)
	return "Corrected by the credit note " + note + "; another invoice follows, as things are on file by then.", err
}

// form1099 is what was paid in a year, for whoever files the forms.
func (c *Console) form1099(r *http.Request, v visitor) (download, error) {
	year, err := strconv.Atoi(strings.TrimSpace(r.PostFormValue("year")))
	if err != nil {
		return download{}, partnership.FieldErrorf("year", "%q is no year; write it like 2026", r.PostFormValue("year"))
	}
	name := fmt.Sprintf("1099-%d.csv", year)
	_, known, err := ledger.NECThreshold(year)
	if err != nil {
		return download{}, err
	}
	if !known { // it goes by the last one that this build knows
		name = fmt.Sprintf("1099-%d-look-up-the-threshold.csv", year)
	}
	lines, err := deeds.Report1099(r.Context(), c.Store, v.By, year, c.Networks)
	if err != nil {
		return download{}, err
	}
	var text bytes.Buffer
	err = board.WriteTaxCSV(&text, year, lines)
	return download{name, "text/csv; charset=utf-8", text.Bytes()}, err
}

// importSanctions puts a newer list in the place of the last one.
func (c *Console) importSanctions(r *http.Request, v visitor) (string, error) {
	sdn, err := fileOf(r, "sdn")
	var alt []byte
	if err == nil {
		alt, err = fileOf(r, "alt")
	}
	if err != nil {
		return "", partnership.Errorf(partnership.Invalid, "a file did not arrive whole; send it again")
	}
	hits, err := deeds.ImportSanctions(r.Context(), c.Store, v.By, r.PostFormValue("source"), r.PostFormValue("published"), sdn, alt)
	return "The list is in force. " + plural(len(hits), "name") + " of creators are like one of its own: each waits on the payouts' page for somebody who says whether it is they.", err
}
