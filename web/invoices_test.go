package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/invoice"
)

// billed makes the program write its creators' invoices, and returns the creator's page of them.
func (h *house) billed() (page string) {
	h.t.Helper()
	h.policy(`self_billing = '{"name": "Acme GmbH", "address": "Ring 2, Köln", "tax_id": "DE987654321"}', self_billing_from = '2026-01-01'`)
	link, err := h.store.EarningsURL(h.t.Context(), h.creator.ID, "dreams")
	must(h.t, err)
	return link + "/invoices"
}

// invoiceForm is what belongs on the creator's invoices.
func invoiceForm() url.Values {
	return url.Values{"tax_name": {"Lena Weiß"}, "tax_address": {"Hauptstraße 1\n10115 Berlin"}, "tax_country": {"DE"}, "tax_number": {"DE123456789"}, "agreed": {"yes"}}
}

// invoiced is an invoice of a payout of $50.00 that was issued.
func (h *house) invoiced() (number string) {
	h.t.Helper()
	ctx := h.t.Context()
	page := h.billed()
	if res := h.post(page, invoiceForm()); res.StatusCode != http.StatusSeeOther {
		h.t.Fatalf("%d: %s", res.StatusCode, res.body)
	}
	must(h.t, h.store.SetTaxTreatment(ctx, h.creator.ID, partnership.TaxTreatment{Kind: partnership.TaxDomestic, RateBPS: 1900}, partnership.Deed{Who: "rapport", Deed: "test"}))
	h.paid()
	due, err := h.store.InvoicesDue(ctx, "", 10)
	must(h.t, err)
	want(h.t, "invoices due", len(due), 1)
	numbers, waits, err := h.store.IssueInvoices(ctx, due[0], func(d invoice.Document) ([]byte, error) { return invoice.Draw(d, nil) })
	must(h.t, err)
	if len(numbers) != 1 {
		h.t.Fatalf("it waits for %v", waits)
	}
	return numbers[0]
}

// paid is a payout of $50.00 that the provider has made.
func (h *house) paid() {
	h.t.Helper()
	ctx := h.t.Context()
	h.earning(false)
	must(h.t, h.store.SavePayoutAccount(ctx, h.creator.ID, partnership.PayoutAccount{ID: "acct_1", Ready: true}))
	now, err := h.store.Time(ctx)
	must(h.t, err)
	period := now.Format("2006-01")
	run, err := h.store.OpenPayoutRun(ctx, "dreams", period, "schedule", now)
	must(h.t, err)
	plan, err := h.store.PlanPayouts(ctx, run.ID, now)
	must(h.t, err)
	want(h.t, "payouts", len(plan.Payouts), 1)
	_, err = h.store.ApprovePayoutRun(ctx, run.ID, plan.LinesHash, partnership.Deed{ID: "d1", Who: "slack:U1", Deed: partnership.DeedApproveRun, Subject: "payout-run/dreams/" + period, At: now}, "w", nil)
	must(h.t, err)
	po, err := h.store.BeginTransfer(ctx, plan.Payouts[0])
	must(h.t, err)
	must(h.t, h.store.ConfirmTransfer(ctx, po.ID, partnership.Transfer{ID: "tr_1", PayoutID: po.ID, Destination: po.Destination, AmountMinor: po.AmountMinor, Currency: po.Currency}))
}

// The creator reads what they agree to, gives what belongs on their invoices, and has each as it was issued; nobody else has.
func TestACreatorsInvoices(t *testing.T) {
	t.Parallel()
	h := open(t)
	page := h.billed()
	wantIn(t, h.get(strings.TrimSuffix(page, "/invoices")).body, "Your invoices")
	wantIn(t, h.get(page).body, "Acme GmbH writes my invoices", "I am not registered for VAT", "They are kept encrypted", "invoice_details")
	form := invoiceForm()
	form.Del("agreed")
	refused := h.post(page, form)
	want(t, "without the word", refused.StatusCode, http.StatusUnprocessableEntity)
	wantIn(t, refused.body, "Tick the box", "Lena Weiß")
	form = invoiceForm()
	form.Set("tax_number", "123")
	refused = h.post(page, form)
	want(t, "a wrong id", refused.StatusCode, http.StatusUnprocessableEntity)
	if strings.Contains(refused.body, `value="123"`) {
		t.Error("the number that was sent is shown again")
	}
	number := h.invoiced()
	list := h.get(page).body
	wantIn(t, list, "Invoice "+number, "$50.00", "Your details are on file")
	if strings.Contains(list, "DE123456789") || strings.Contains(h.dump(), "DE123456789") {
		t.Error("the number stands where anybody reads it")
	}
	res := h.get(page + "/" + number)
	want(t, "the paper", res.Header.Get("Content-Type"), "application/pdf")
	wantIn(t, res.body[:5], "%PDF-")
	want(t, "of nobody", h.get(page+"/DREAMS-9-0001").StatusCode, http.StatusNotFound)
	r := h.request(http.MethodGet, h.URL+"/api/v1/invoices", nil)
	r.Header.Set("Authorization", "Bearer "+viewerToken)
	wantIn(t, h.do(r).body, number)
	wantIn(t, h.as("U_BOTH").get("/payouts").body, number)
}

// Finance says how invoices are taxed, takes one, and corrects one, by the API.
func TestInvoicesByTheAPI(t *testing.T) {
	t.Parallel()
	h := open(t)
	number := h.invoiced()
	treat := "/tax/treatments"
	for body, status := range map[string]int{
		`{"creator":"@ada.scents","as":"exempt","note":"section 19 UStG"}`: http.StatusOK,
		`{"creator":"@ada.scents","as":"domestic"}`:                        http.StatusUnprocessableEntity,
		`{"creator":"@ada.scents","as":"domestic","rate":"much"}`:          http.StatusUnprocessableEntity,
	} {
		want(t, body, h.call(financeToken, "POST", treat, body).StatusCode, status)
	}
	want(t, "a manager may not", h.call(managerToken, "POST", treat, `{"creator":"@ada.scents","as":"own"}`).StatusCode, http.StatusForbidden)
	at := func(path string) string { return strings.Replace(path, "{number}", number, 1) }
	whole := h.call(financeToken, "POST", at("/invoices/{number}/open"), "", "Idempotency-Key", "k1")
	wantIn(t, whole.body, number, `"file": "JVBERi0`)
	note := h.call(financeToken, "POST", at("/invoices/{number}/credit"), `{"reason":"she is a small business"}`)
	wantIn(t, note.body, "DREAMS-1-0002")
	wantIn(t, h.call(viewerToken, "GET", "/invoices?creator=@ada.scents&period="+time.Now().UTC().Format("2006-01"), "").body, "DREAMS-1-0002", "she is a small business", `"vat_minor": 798`)
}
