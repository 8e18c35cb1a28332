package web_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/partnership"
)

// sendForm posts a form with a file, as a phone does.
func (h *house) sendForm(link string, fields map[string]string, file string) answered {
	h.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, value := range fields {
		must(h.t, form.WriteField(name, value))
	}
	if file != "" {
		part, err := form.CreateFormFile("tax_file", "form.pdf")
		must(h.t, err)
		_, err = part.Write([]byte(file))
		must(h.t, err)
	}
	must(h.t, form.Close())
	r := h.request(http.MethodPost, link, &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return h.do(r)
}

// playTaxPaper gives a tax form or a VAT id on the payout page.
func (h *house) playTaxPaper(way string) {
	h.t.Helper()
	h.policy(`gates = '{tax_form,vat_id}'`)
	must(h.t, h.store.SavePayoutAccount(h.t.Context(), h.creator.ID, partnership.PayoutAccount{ID: "acct_1", Ready: true}))
	form := map[string]string{"action": way, "nonce": "n", "tax_kind": "W-8BEN", "tax_name": "Lena Weiß", "tax_country": "DE", "tax_number": "DE123456789", "tax_address": "Hauptstraße 1\n10115 Berlin"}
	file := ""
	if way == "tax_form" {
		file = "%PDF-1.7 signed"
	}
	if res := h.sendForm(h.task(partnership.TaskPayoutSetup, "payout_setup"), form, file); res.StatusCode != http.StatusSeeOther {
		h.t.Fatalf("%s answers %d: %s", way, res.StatusCode, res.body)
	}
}

// RULE 9: the page says why the money waits and what to do, takes the form, and shows no more of its number than the last four.
func TestACreatorGivesTheirTaxForm(t *testing.T) {
	t.Parallel()
	h := open(t)
	link := h.task(partnership.TaskPayoutSetup, "payout_setup")
	if page := h.get(link).body; strings.Contains(page, "tax_file") {
		t.Error("a form is asked for that the program does not ask")
	}
	h.policy(`gates = '{tax_form,vat_id}'`)
	must(t, h.store.SavePayoutAccount(t.Context(), h.creator.ID, partnership.PayoutAccount{ID: "acct_1", Ready: true}))
	wantIn(t, h.get(link).body, "We cannot pay you yet", "your tax form", `enctype="multipart/form-data"`, "W-8BEN-E")

	form := map[string]string{"action": "tax_form", "nonce": "n1", "tax_kind": "W-8BEN", "tax_name": "Lena Weiß", "tax_country": "DE", "tax_number": "52 345 678 1"}
	res := h.sendForm(link, form, "no form at all")
	want(t, "status", res.StatusCode, http.StatusUnprocessableEntity)
	wantIn(t, res.body, "neither a PDF nor", "Lena Weiß")
	if strings.Contains(res.body, "523456781") || strings.Contains(res.body, "52 345 678 1") {
		t.Error("the number that was sent is shown again")
	}
	for range 2 { // pressed twice
		res = h.sendForm(link, form, "%PDF-1.7 signed")
		want(t, "status", res.StatusCode, http.StatusSeeOther)
	}
	page := h.get(link).body
	wantIn(t, page, "On file: W-8BEN, number ending in 6781", "your VAT id") // by the form they pay taxes in Germany
	if strings.Contains(page, "523456781") {
		t.Error("the whole number is shown")
	}
	vat := map[string]string{"action": "vat_id", "nonce": "n2", "tax_name": "Lena Weiß", "tax_country": "DE", "tax_number": "DE123456789", "tax_address": "Hauptstraße 1\n10115 Berlin"}
	want(t, "status", h.sendForm(link, vat, "").StatusCode, http.StatusSeeOther)
	page = h.get(link).body
	wantIn(t, page, "Nothing is left to do", "number ending in 6789")
	if strings.Contains(page, "cannot pay you yet") {
		t.Error("nothing is missing, and the page says that money waits")
	}
	papers, err := h.store.TaxPapers(t.Context(), h.creator.ID)
	must(t, err)
	want(t, "papers", len(papers), 2)

	deed := partnership.Deed{Who: "cli:fin", Deed: partnership.DeedRejectTaxPaper, Reason: "the second page is missing"}
	for _, p := range papers {
		if p.Kind == partnership.FormW8 {
			_, err = h.store.RejectTaxPaper(t.Context(), p.ID, deed)
			must(t, err)
		}
	}
	wantIn(t, h.get(link).body, "We could not use the W-8BEN", "the second page is missing", "tax_file")

	res = h.sendForm(link, form, "%PDF-1.7"+strings.Repeat("x", 8<<20))
	want(t, "status", res.StatusCode, http.StatusRequestEntityTooLarge)
	for _, text := range []string{h.dump(), h.log.String()} {
		if strings.Contains(text, "523456781") || strings.Contains(text, "DE123456789") {
			t.Error("a tax id stands in the database or in the log")
		}
	}
}
