package web_test

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/app/payouts"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/web"
)

// banker writes files for a bank, and showed shows nothing that it has moved.
type (
	banker struct{}
	showed struct{}
)

func (banker) Write(f partnership.BankFile) (name string, text []byte, err error) {
	return "payments.csv", []byte("of " + f.ID), nil
}
func (banker) DueOn(time.Time) string { return "" }

func (showed) TransfersOf(context.Context, partnership.PayoutID, string) ([]partnership.Transfer, error) {
	return nil, nil
}

func (showed) Transfers(context.Context, time.Time, int) ([]partnership.Transfer, error) {
	return nil, nil
}

// office gives the doors rails that write files and show what they have moved.
func office(d *web.Deps) {
	d.Banker = func(string) (deeds.Banker, error) { return banker{}, nil }
	d.Provider = func(string) (payouts.Provider, error) { return showed{}, nil }
}

// officeForm is a form of the pages for tax, programs, people and the bank: the path with what it is about, and what is typed; nil for others.
func (h *house) officeForm(way string) (path string, fields url.Values) {
	h.t.Helper()
	_, path, _ = strings.Cut(way, " ")
	why := url.Values{"reason": {"we think again"}}
	of := func(place, id string) string { return strings.Replace(path, place, id, 1) }
	now, err := h.store.Time(h.t.Context())
	must(h.t, err)
	month := url.Values{"program": {"dreams"}, "period": {now.Format("2006-01")}}
	switch way {
	case "POST /creators/{id}/erase": // whose open work would have to end first
		must(h.t, h.store.SaveProjection(h.t.Context(), partnership.Projection{PartnershipID: h.partnership, Seq: 1, Outcome: partnership.Expired}))
		fallthrough
	case "POST /creators/{id}/links/revoke":
		return of("{id}", "instagram:ada.scents"), why
	case "POST /creators/{id}/suppression/lift":
		_, err := h.store.SuppressEmail(h.t.Context(), canaryMail, partnership.ByAddress, "it came back")
		must(h.t, err)
		return of("{id}", "instagram:ada.scents"), why
	case "POST /creators/export":
		return path, url.Values{}
	case "POST /payouts/bank":
		h.banked()
		return path, month
	case "POST /payouts/bank/{of}/confirm":
		_, file := h.atTheBank()
		return of("{of}", file), url.Values{"as": {"paid"}, "reference": {"R1"}, "on": {yesterday()}}
	case "POST /payouts/bank/{of}/unexecuted":
		_, file := h.atTheBank()
		return of("{of}", file), why
	case "POST /payouts/proof":
		return path, month
	case "POST /orders/reread":
		return path, url.Values{"since": {"2026-01-05"}}
	case "POST /orders/import":
		return path, url.Values{"shop": {"outlet"}, "orders_kept": {base64.StdEncoding.EncodeToString([]byte("order_id,time,currency,net\nO-1,2026-01-05,USD,10.00\n"))}}
	case "POST /partnerships/{id}/fee":
		must(h.t, h.store.SaveContract(h.t.Context(), partnership.Contract{PartnershipID: h.partnership, Version: 1, EnvelopeID: "env-1", Status: partnership.EnvelopeCompleted}))
		return of("{id}", string(h.partnership)), url.Values{"on": {"2026-01-05"}, "reason": {"the backup was older"}}
	case "POST /tax/1099":
		return path, url.Values{"year": {"2026"}}
	case "POST /tax/papers":
		return path, url.Values{"creator": {"@ada.scents"}, "form_kind": {"W-9"}, "last4": {"4321"}, "reference": {"Track1099 77"}}
	case "POST /tax/papers/{id}/open", "POST /tax/papers/{id}/reject":
		return of("{id}", h.taxPaper()), why
	case "POST /tax/treatments":
		return path, url.Values{"creator": {"@ada.scents"}, "as": {"domestic"}, "rate": {"19"}}
	case "POST /invoices/{number}/open", "POST /invoices/{number}/credit":
		return of("{number}", h.invoiced()), why
	case "POST /sanctions/lists":
		list := `36,"CANARY, Adah","individual","SDGT",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ` + "\n"
		return path, url.Values{"source": {"ofac-sdn"}, "published": {"2026-11-28"}, "sdn_kept": {base64.StdEncoding.EncodeToString([]byte(list))}}
	case "POST /tokens":
		return path, url.Values{"name": {"ci"}, "roles": {"viewer"}}
	case "POST /tokens/{name}/revoke":
		h.token(`{"name":"ci","roles":["viewer"]}`)
		return of("{name}", "ci"), url.Values{}
	case "POST /webhooks":
		return path, url.Values{"url": {"https://hooks.example/rapport"}}
	case "POST /webhooks/{id}/remove":
		return of("{id}", h.endpoint("https://hooks.example/rapport")), url.Values{}
	case "POST /webhooks/{id}/resend":
		id := h.endpoint("https://hooks.example/rapport")
		h.earning(false)
		return of("{id}", id), url.Values{"event": {h.sent(id)[0].ID}}
	}
	return "", nil
}

// A secret is shown to whoever has asked for it, once: sent again, the form leads back without it, and nothing keeps it.
func TestASecretIsShownOnce(t *testing.T) {
	t.Parallel()
	h := open(t).as("U_MANAGER")
	for path, fields := range map[string]url.Values{"/tokens": {"name": {"ci"}, "roles": {"viewer"}}, "/webhooks": {"url": {"https://hooks.example/rapport"}}} {
		first := h.send(path, path, fields)
		want(t, path, first.StatusCode, http.StatusOK)
		wantIn(t, first.body, "Copy it now", `class="secret"`)
		_, rest, _ := strings.Cut(first.body, `class="secret">`)
		secret, _, _ := strings.Cut(rest, "<")
		again := h.send(path, path, fields)
		want(t, path+" again", again.StatusCode, http.StatusSeeOther)
		if page := h.get(again.Header.Get("Location")).body; strings.Contains(page, secret) || strings.Contains(h.dump(), secret) {
			t.Errorf("%s: the secret is kept", path)
		}
	}
	wantIn(t, h.get("/programs").body, "ci", "https://hooks.example/rapport", "everything")
	if page := h.as("U_FINANCE").get("/programs").body; strings.Contains(page, "hooks.example") {
		t.Error("who is no manager reads addresses of programs")
	}
}

// A file leaves for its reader alone, and names what it is; what is wrong with its form stands on the page that it is on.
func TestAFileLeavesByTheConsole(t *testing.T) {
	t.Parallel()
	h := open(t, office).as("U_FINANCE")
	path, fields := h.officeForm("POST /tax/papers/{id}/open")
	file := h.send(path, "k", fields)
	want(t, "status", file.StatusCode, http.StatusOK)
	want(t, "type", file.Header.Get("Content-Type"), "application/pdf")
	want(t, "kept", file.Header.Get("Cache-Control"), "no-store")
	wantIn(t, file.Header.Get("Content-Disposition"), "attachment", "w-9-paper-1.pdf")
	wantIn(t, file.body, "%PDF-1.7 signed")
	if page := h.get("/tax").body; strings.Contains(page, "523456781") {
		t.Error("the page shows a tax id whole")
	}
	wrong := h.send(path, "k2", url.Values{"reason": {" "}})
	want(t, "status", wrong.StatusCode, http.StatusUnprocessableEntity)
	wantIn(t, wrong.body, "say what you need it for", "Tax forms and VAT ids")
	want(t, "another's", h.as("U_MANAGER").send(path, "k3", fields).StatusCode, http.StatusForbidden)
	path, fields = h.officeForm("POST /payouts/bank")
	bank := h.as("U_FINANCE").send(path, "k", fields)
	wantIn(t, bank.Header.Get("Content-Disposition"), "payments.csv")
	wantIn(t, bank.body, "of ")
}

// Orders of another shop are looked at before they are booked.
func TestOrdersComeByTheConsole(t *testing.T) {
	t.Parallel()
	h := open(t, office).as("U_FINANCE")
	path, fields := h.officeForm("POST /orders/import")
	seen := h.send(path, "k1", fields)
	want(t, "status", seen.StatusCode, http.StatusOK)
	wantIn(t, seen.body, "1 order, of which 0 with a creator", "$10.00", "Book them")
	want(t, "booked by looking", h.audited(partnership.DeedImportOrders, "console:U_FINANCE"), false)
	fields.Set("sure", "yes")
	wantIn(t, h.get(h.send(path, "k2", fields).Header.Get("Location")).body, "Booked: 1 order, of which 0")
	want(t, "booked", h.audited(partnership.DeedImportOrders, "console:U_FINANCE"), true)
	fields.Set("orders_kept", base64.StdEncoding.EncodeToString([]byte("order_id,time\n")))
	wrong := h.send(path, "k3", fields)
	want(t, "a list that lacks columns", wrong.StatusCode, http.StatusUnprocessableEntity)
	wantIn(t, wrong.body, "The files have faults", "currency", `value="outlet"`)
	want(t, "who may not", h.as("U_MANAGER").send(path, "k4", fields).StatusCode, http.StatusForbidden)
}

// A fee that the books lost is booked once, and the page says which it was.
func TestALostFeeIsBookedOnTheConsole(t *testing.T) {
	t.Parallel()
	h := open(t).as("U_FINANCE")
	path, fields := h.officeForm("POST /partnerships/{id}/fee")
	wantIn(t, h.get("/partnerships/"+string(h.partnership)).body, "Book a lost fee")
	wantIn(t, h.get(h.send(path, "k1", fields).Header.Get("Location")).body, "Booked: $500.00 for instagram_reel-1")
	wantIn(t, h.get(h.send(path, "k2", fields).Header.Get("Location")).body, "is in the books already: nothing was booked")
	fields.Set("on", "soon")
	wrong := h.send(path, "k3", fields)
	want(t, "status", wrong.StatusCode, http.StatusUnprocessableEntity)
	wantIn(t, wrong.body, `<details class="deed" id="fee" open>`, "the backup was older")
}
