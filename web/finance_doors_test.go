package web_test

import (
	"bytes"
	"context"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/app/payouts"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/sanctions"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web"
)

// shopAsked says that nothing has changed; while it is slow, the caller's time is over first.
type shopAsked struct{ slow bool }

func (s shopAsked) RereadOrders(context.Context, time.Time) (partnership.Reread, error) {
	if s.slow {
		return partnership.Reread{}, &partnership.Taken{ID: "reread"}
	}
	return partnership.Reread{Looked: 7}, nil
}

// hit is the creator's name on a list.
func (h *house) hit() (id string) {
	h.t.Helper()
	h.earning(false)
	list := partnership.SanctionList{Source: "ofac-sdn", Published: "2026-11-01", Hash: "h"}
	hits, err := h.store.ImportSanctions(h.t.Context(), list, []sanctions.Entry{{Source: "ofac-sdn", UID: "36", Name: "CANARY, Adah", Program: "SDGT", Aliases: []string{}}}, partnership.Deed{Who: "cli:fin", Deed: partnership.DeedImportSanctions})
	must(h.t, err)
	want(h.t, "hits", len(hits), 1)
	return hits[0].ID
}

// owing has the creator owe $9,993.00 in the program.
func (h *house) owing() {
	h.t.Helper()
	h.earning(false)
	must(h.t, h.store.SavePayoutAccount(h.t.Context(), h.creator.ID, partnership.PayoutAccount{ID: "acct_1", Ready: true}))
	_, err := h.store.NoteDifferences(h.t.Context(), "stripe", time.Time{}, []partnership.Transfer{{ID: "tr_debt", PayoutID: "gone", Destination: "acct_1", AmountMinor: 1_000_000, Currency: "USD", CreatedAt: time.Now()}})
	must(h.t, err)
	must(h.t, h.store.SettleDifference(h.t.Context(), partnership.DifferenceWord{Transfer: "tr_debt", As: partnership.SettleOurs, Program: "dreams"}, partnership.Deed{Who: "slack:U1", Reason: "paid before the restore"}))
}

// writeOff is one that somebody else has asked for.
func (h *house) writeOff() (id string) {
	h.t.Helper()
	h.owing()
	asked, err := h.store.AskWriteOff(h.t.Context(), partnership.WriteOff{Program: "dreams", CreatorID: h.creator.ID}, partnership.Deed{Who: "cli:ana", Reason: "they left"})
	must(h.t, err)
	return asked.ID
}

// taxPaper is a form that the creator has given.
func (h *house) taxPaper() (id string) {
	h.t.Helper()
	p := partnership.TaxPaper{ID: "paper-1", CreatorID: h.creator.ID, Kind: partnership.FormW9, Country: "US", Name: canaryName, Number: "523456781", FileType: "application/pdf", File: []byte("%PDF-1.7 signed")}
	must(h.t, h.store.AddTaxPaper(h.t.Context(), p, partnership.Deed{Who: partnership.ByCreator(h.creator.ID), Deed: partnership.DeedGiveTaxPaper}))
	return p.ID
}

// importList sends a sanctions list as its publisher's file.
func (h *house) importList(token string) answered {
	h.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	must(h.t, form.WriteField("source", "ofac-sdn"))
	must(h.t, form.WriteField("published", "2026-11-28"))
	part, err := form.CreateFormFile("sdn", "sdn.csv")
	must(h.t, err)
	_, err = part.Write([]byte(`36,"CANARY, Adah","individual","SDGT",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ` + "\n"))
	must(h.t, err)
	must(h.t, form.Close())
	return h.call(token, "POST", "/sanctions/lists", body.String(), "Content-Type", form.FormDataContentType())
}

// financeBody is what a program sends for a deed of finance: the path with what it is about, and the body; nil for those of others.
func (h *house) financeBody(way string) (path string, body any) {
	h.t.Helper()
	_, path, _ = strings.Cut(way, " ")
	at := func(id string) string { return strings.Replace(path, "{id}", id, 1) }
	why := map[string]any{"reason": "we think again"}
	switch way {
	case "POST /sanctions/hits/{id}/clear", "POST /sanctions/hits/{id}/confirm":
		return at(h.hit()), why
	case "POST /tax/papers":
		return path, map[string]any{"creator": "@ada.scents", "form": "W-9", "last4": "4321", "reference": "Track1099 77"}
	case "POST /tax/papers/{id}/open", "POST /tax/papers/{id}/reject":
		return at(h.taxPaper()), why
	case "POST /invoices/{number}/open", "POST /invoices/{number}/credit":
		return strings.Replace(path, "{number}", h.invoiced(), 1), why
	case "POST /tax/treatments":
		return path, map[string]any{"creator": "@ada.scents", "as": partnership.TaxDomestic, "rate": "19"}
	case "POST /tax/1099":
		return path, map[string]any{"year": 2026}
	case "POST /write-offs":
		h.owing()
		return path, map[string]any{"creator": "@ada.scents", "program": "dreams", "reason": "they left"}
	case "POST /write-offs/{id}/approve", "POST /write-offs/{id}/withdraw":
		return at(h.writeOff()), map[string]any{}
	case "POST /orders/reread":
		return path, map[string]any{"since": "2026-01-05T00:00:00Z"}
	case "POST /orders/import":
		return path, map[string]any{"orders": "order_id,time,currency,net\nO-1,2026-01-05,USD,10.00\n", "shop": "outlet", "confirm": true}
	}
	return "", nil
}

// financeWord is what somebody of finance types for a deed, "" for those of others.
func (h *house) financeWord(way string) string {
	h.t.Helper()
	switch way {
	case "run":
		now, err := h.store.Time(h.t.Context()) // by whose clock a month has begun
		must(h.t, err)
		return "run dreams " + now.Add(-48*time.Hour).Format("2006-01")
	case "reread":
		return "reread 2026-01-05"
	case "1099":
		return "1099 2026"
	case "writeoff":
		h.owing()
		return "writeoff @ada.scents dreams all they left"
	case "record-form":
		return "record-form @ada.scents W-9 US 4321 Track1099 77"
	case "reject-form":
		return "reject-form " + h.taxPaper() + " it is not signed"
	}
	return ""
}

// A name on the sanctions list has one card for finance, which says what differs, and is answered on it or by the API. Nothing of the name
// stands in a log.
func TestANameOnTheListByItsDoors(t *testing.T) {
	t.Parallel()
	for _, way := range []string{"decide_hit:clear", "decide_hit:confirm", "/sanctions/hits/{id}/clear", "/sanctions/hits/{id}/confirm"} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			h := running(t).as("U_MANAGER")
			id := h.hit()
			card := h.cardOf("sanction_hit")
			wantIn(t, card.Text, "@ada.scents", "CANARY, Adah")
			var facts []string
			for _, f := range card.Facts {
				facts = append(facts, f.Label+"="+f.Value)
			}
			wantIn(t, strings.Join(facts, "\n"), "Entry=ofac-sdn 36", "What differs=only theirs: ada; only listed: adah", "How like=9")
			want(t, "its buttons", len(card.Buttons), 2)
			wantIn(t, h.get("/payouts").body, "Names on the sanctions list", "@ada.scents", "CANARY, Adah")
			seen := h.call(viewerToken, "GET", "/sanctions/hits", "").body
			wantIn(t, seen, id, "CANARY, Adah")
			if strings.Contains(seen, canaryName) {
				t.Error("a viewer reads the creator's name")
			}
			wantIn(t, h.call(financeToken, "GET", "/sanctions/hits", "").body, canaryName)
			wantIn(t, h.command("U_FINANCE", "payouts"), "a name like one on the sanctions list")

			decision := map[bool]string{true: "cleared", false: "confirmed"}[strings.HasSuffix(way, "clear")]
			said := map[string]string{"cleared": "“Another person” by ", "confirmed": "“It is they” by "}[decision]
			if _, choice, pressed := strings.Cut(way, ":"); pressed {
				h.press("U_MANAGER", h.button(partnership.ActDecideHit, partnership.Choice(choice), id)) // it takes finance
				wantIn(t, h.said().text, "it takes the role")
				h.press("U_FINANCE", h.button(partnership.ActDecideHit, partnership.Choice(choice), id))
				h.submit("U_FINANCE", h.said().view, map[string]string{"words": "born in another year"})
			} else {
				path := strings.Replace(way, "{id}", id, 1)
				want(t, "a manager may not", h.call(managerToken, "POST", path, `{"reason":"x"}`).StatusCode, http.StatusForbidden)
				want(t, "without a word", h.call(financeToken, "POST", path, `{"reason":" "}`).StatusCode, http.StatusUnprocessableEntity)
				want(t, "said", h.call(financeToken, "POST", path, `{"reason":"born in another year"}`).StatusCode, http.StatusOK)
			}
			eventually(t, "the card says so", func() bool { return h.cardSays(said) })
			if other := h.button(partnership.ActDecideHit, partnership.ChoiceClear, id); decision == "confirmed" {
				h.press("U_FINANCE", other) // pressed late, on a card that still has its buttons
				h.submit("U_FINANCE", h.said().view, map[string]string{"words": "no, another person"})
				eventually(t, "whoever presses late is told", func() bool { return h.whispered("has said already that it is confirmed") })
			}
			hits, err := h.store.NameHits(t.Context(), true)
			must(t, err)
			want(t, "what holds", hits[0].Decision, decision)
			if strings.Contains(h.log.String(), "Canary") {
				t.Error("a name stands in the log")
			}
		})
	}
}

// What a creator owes is asked to be forgiven by a word or a route, and another person approves or withdraws it.
func TestAWriteOffByItsDoors(t *testing.T) {
	t.Parallel()
	for _, way := range []string{"decide_write_off:approve", "decide_write_off:withdraw", "/write-offs/{id}/approve", "/write-offs/{id}/withdraw"} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			h := running(t).as("U_MANAGER")
			h.owing()
			wantIn(t, h.command("U_FINANCE", "writeoff"), "say who, in which program")
			wantIn(t, h.command("U_FINANCE", "writeoff"+" @ada.scents dreams 12.50 they left"), "$12.50 of @ada.scents")
			for range 2 { // asked again it is that one
				want(t, "asked", h.call(financeToken, "POST", "/write-offs", `{"creator":"@ada.scents","program":"dreams","amount_minor":1250,"reason":"they left"}`).StatusCode, http.StatusCreated)
			}
			card := h.cardOf("write_off")
			wantIn(t, card.Text, "@ada.scents", "$12.50")
			open, err := h.store.WriteOffsToApprove(t.Context())
			must(t, err)
			want(t, "open", len(open), 1)
			wantIn(t, h.call(viewerToken, "GET", "/write-offs", "").body, open[0].ID)
			wantIn(t, h.as("U_FINANCE").get("/payouts").body, "Debts to forgive", open[0].ID)
			approved := strings.HasSuffix(way, "approve")
			said := map[bool]string{true: "“Forgive it” by ", false: "“Withdraw” by "}[approved]
			if _, choice, pressed := strings.Cut(way, ":"); pressed {
				button := h.button(partnership.ActDecideWriteOff, partnership.Choice(choice), open[0].ID)
				if approved { // not by who asked, under any of their names
					h.press("U_FINANCE", button)
					eventually(t, "who asked is refused", func() bool { return h.whispered("someone other than who asked") })
					_, err := h.store.WithdrawWriteOff(t.Context(), open[0].ID, partnership.Deed{Who: "cli:ana"})
					must(t, err)
					asked, err := h.store.AskWriteOff(t.Context(), partnership.WriteOff{Program: "dreams", CreatorID: h.creator.ID, AmountMinor: 1250}, partnership.Deed{Who: "cli:ana", Reason: "they left"})
					must(t, err)
					open[0] = asked
					h.cardOf("write_off") // decided before it is asked, it would have no card
					button = h.button(partnership.ActDecideWriteOff, partnership.Choice(choice), asked.ID)
				}
				h.press("U_FINANCE", button)
			} else {
				path := strings.Replace(way, "{id}", open[0].ID, 1)
				want(t, "a manager may not", h.call(managerToken, "POST", path, `{}`).StatusCode, http.StatusForbidden)
				want(t, "done", h.call(financeToken, "POST", path, `{}`).StatusCode, http.StatusOK)
			}
			eventually(t, "the card says so", func() bool { return h.cardSays(said) })
		})
	}
}

// Tax papers by a word and by the API: recorded, listed, opened by the API alone, rejected; an opened one is kept nowhere else.
func TestTaxPapersByTheirDoors(t *testing.T) {
	t.Parallel()
	h := open(t)
	id := h.taxPaper()
	wantIn(t, h.command("U_FINANCE", "forms @ada.scents"), id, "W-9", "ends in 6781")
	wantIn(t, h.command("U_FINANCE", "record-form"+" @ada.scents W-8BEN DE 4321 Track1099 77"), "is noted")
	want(t, "too much of a number", h.call(financeToken, "POST", "/tax/papers", `{"creator":"@ada.scents","form":"W-9","last4":"54321","reference":"x"}`).StatusCode, http.StatusUnprocessableEntity)
	want(t, "recorded", h.call(financeToken, "POST", "/tax/papers", `{"creator":"@ada.scents","form":"VAT","country":"DE","last4":"4321","reference":"Track1099 78"}`).StatusCode, http.StatusOK)
	list := h.call(viewerToken, "GET", "/tax/papers?creator=@ada.scents", "").body
	wantIn(t, list, id, "Track1099 77", "Track1099 78")
	open := strings.Replace("/tax/papers/{id}/open", "{id}", id, 1)
	want(t, "a manager may not", h.call(managerToken, "POST", open, `{"reason":"x"}`).StatusCode, http.StatusForbidden)
	whole := h.call(financeToken, "POST", open, `{"reason":"1099 of 2026"}`, "Idempotency-Key", "k1")
	wantIn(t, whole.body, "523456781", canaryName)
	if dump := h.dump(); strings.Contains(dump, "523456781") || strings.Contains(list, "523456781") {
		t.Error("the number stands where anybody reads it")
	}
	wantIn(t, h.command("U_FINANCE", "reject-form"+" "+id+" it is not signed"), "It counts no longer")
	want(t, "rejected twice is once", h.call(financeToken, "POST", strings.Replace("/tax/papers/{id}/reject", "{id}", id, 1), `{"reason":"x"}`).StatusCode, http.StatusOK)
	wantIn(t, h.command("U_FINANCE", "forms @ada.scents"), "rejected: it is not signed")
	want(t, "its lines", len(must2(h.store.Audit(t.Context(), store.AuditFilter{Deed: partnership.DeedRejectTaxPaper}))(t)), 1)
}

// A list is imported by the API as its publisher's file, and a look at the shop and a year's payments are asked for by a word or a route.
func TestFinanceAsksByItsDoors(t *testing.T) {
	t.Parallel()
	h := open(t, realDeeds, func(d *web.Deps) {
		d.Reread = shopAsked{slow: true}
		d.StartRun = func(_ context.Context, _ deeds.By, m payouts.Month) (payouts.Outlook, error) {
			return payouts.Outlook{Started: "false", Ends: m.Program == "restored"}, nil
		}
	})
	h.earning(false)
	for program, ends := range map[string]bool{"dreams": false, "restored": true} {
		said := h.call(financeToken, "POST", "/payouts/run", `{"program":"`+program+`","period":"2026-11"}`).body
		want(t, program+" ends: "+said, strings.Contains(said, `"ends": true`), ends)
	}
	want(t, "a manager may not", h.importList(managerToken).StatusCode, http.StatusForbidden)
	wantIn(t, h.importList(financeToken).body, "CANARY, Adah", `"published": "2026-11-28"`)
	for _, way := range []string{"/sanctions/lists", "/orders/reread", "/orders/import", "/tax/1099"} {
		want(t, way+" takes finance", h.call(managerToken, "POST", way, `{}`).StatusCode, http.StatusForbidden)
	}
	slow := h.call(financeToken, "POST", "/orders/reread", `{"since":"2026-01-05T00:00:00Z"}`)
	want(t, "it goes on", slow.StatusCode, http.StatusAccepted)
	want(t, "and the audit has it", len(must2(h.store.Audit(t.Context(), store.AuditFilter{Deed: partnership.DeedRereadOrders}))(t)), 1)
	h.command("U_FINANCE", "reread"+" 2026-01-05")
	wantIn(t, h.said().text, "that takes a while")
	look := h.call(financeToken, "POST", "/orders/import", `{"orders":"order_id,time,currency,net\nO-1,2026-01-05,USD,10.00\n","shop":"outlet"}`)
	wantIn(t, look.body, `"orders": 1`)
	want(t, "nothing is booked by a look", len(must2(h.store.Audit(t.Context(), store.AuditFilter{Deed: partnership.DeedImportOrders}))(t)), 0)
	wantIn(t, h.call(financeToken, "POST", "/orders/import", `{"orders":"order_id,time\n"}`).body, "faults")
	wantIn(t, h.call(financeToken, "POST", "/tax/1099", `{"year":2026}`).body, `"lines"`)
	wantIn(t, h.command("U_FINANCE", "1099"+" 2026"), "Paid in 2026")
	wantIn(t, h.command("U_FINANCE", "run"+" dreams"), "say which program")
	wantIn(t, h.command("U_FINANCE", "run dreams 2026-13"), "no month that has begun")
	for _, verb := range []string{"run", "reread", "1099", "writeoff", "record-form", "reject-form"} {
		wantIn(t, h.command("U_MANAGER", verb+" x y z"), "takes the role “"+string(deeds.Finance)+"”")
	}
}

// cardOf is the next card of a kind.
func (h *house) cardOf(kind string) partnership.Message {
	h.t.Helper()
	for {
		if s := h.said(); s.how == "post" && s.message.Kind == kind {
			return s.message
		}
	}
}

// whispered says whether somebody was told that, alone.
func (h *house) whispered(words string) bool {
	for {
		select {
		case s := <-h.chat.news:
			if strings.Contains(s.text, words) {
				return true
			}
		default:
			return false
		}
	}
}
