package web_test

import (
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/app/payees"
	"github.com/rapport-dev/rapport/integrations/paypal"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web"
)

// banking is a rail that asks for an account at a bank.
type banking struct{ *hosting }

func (banking) Onboarding() partnership.Onboarding { return partnership.OnboardBank }

// creatorLooks are the pages of a creator, from the offer to the invoices.
func creatorLooks(t *testing.T) []look {
	t.Helper()
	h := open(t, func(d *web.Deps) {
		d.Uploads = t.TempDir()
		rail := &hosting{url: d.PublicURL, closed: map[string]bool{}}
		d.Payees = map[string]payees.Rail{"stripe": rail, "paypal": paypal.New(paypal.Config{}), "filebank": banking{rail}}
	})
	h.sql(`update campaigns set spec = jsonb_set(spec, '{payout}', spec->'payout' || '{"provider": "stripe", "also": ["paypal", "filebank"]}')`)
	st := &stage{door: h.door}
	shown := httptest.NewServer(st)
	t.Cleanup(shown.Close)

	answer := func(link func() string, form url.Values) func() string {
		return func() string { return shown.URL + st.keep(h.post(link(), form)) }
	}
	ask := func(kind partnership.TaskKind, name string, edit ...func(*partnership.Task)) func() string {
		return func() string { return h.task(kind, name, edit...) }
	}
	in := func(lang string, link func() string) func() string {
		return func() string {
			h.sql(`update creators set language = $1 where id = $2`, lang, h.creator.ID)
			return link()
		}
	}
	english := func(link func() string) func() string { return in("en", link) }
	offer, draft, payout := ask(partnership.TaskOffer, "offer"), ask(partnership.TaskDraft, "draft-1"), ask(partnership.TaskPayoutSetup, "payout_setup")
	lacking := acceptance("n1")
	lacking.Del("region")
	return append([]look{
		{"GET /t/{token}", "offer", offer},
		{"GET /t/{token}", "offer-de", in("de", offer)},
		{"GET /t/{token}", "offer-ja", in("ja", offer)},
		{"POST /t/{token}", "offer-wrong", english(answer(offer, lacking))},
		{"POST /t/{token}", "readback", answer(offer, countering("2300,00", ""))},
		{"GET /t/{token}", "receipt", func() string { return h.URL + h.post(offer(), acceptance("n2")).Header.Get("Location") }},
		{"GET /t/{token}", "sign", func() string {
			h.toMake()
			return h.task(partnership.TaskSign, "sign")
		}},
		{"GET /t/{token}", "receive", ask(partnership.TaskReceive, "receive")},
		{"GET /t/{token}", "draft", ask(partnership.TaskDraft, "draft-2", func(k *partnership.Task) { k.Note = "Lovely light. Please say what the scent is, early on." })},
		{"GET /t/{token}", "post", ask(partnership.TaskPost, "post")},
		{"GET /t/{token}", "payout", func() string {
			h.policy(`gates = '{tax_form,vat_id}'`)
			return payout()
		}},
		{"POST /t/{token}", "payout-wrong", answer(payout, url.Values{"action": {"payout_setup"}, "rail": {"paypal"}, "receiver": {"mira at pay"}})},
		{"GET /t/{token}", "home", func() string {
			link, _ := h.underWay()
			must2(h.store.AddSubmission(t.Context(), partnership.Submission{ID: "s1", PartnershipID: h.partnership, Task: "draft-1", URL: "https://drive.example/draft", Caption: "#ad Calm evenings", At: time.Now()}))(t)
			must2(h.store.AddInboundMessage(t.Context(), store.InboundMessage{MessageID: "m1", PartnershipID: h.partnership, Body: "Would Thursday be fine?", At: time.Now()}))(t)
			return link
		}},
		{"GET /t/{token}", "home-ja", in("ja", offer)},
		{"POST /t/{token}/write", "written", english(answer(func() string { return draft() + "/write" }, url.Values{"nonce": {"w"}, "words": {"Thursday instead?"}}))},
		{"POST /t/{token}/write", "written-wrong", answer(func() string { return draft() + "/write" }, url.Values{"words": {" "}})},
		{"GET /t/{token}", "wrong-link", func() string { return h.URL + "/t/wrong" }},
		{"GET /e/{token}/invoices", "invoices-asked", h.billed},
		{"GET /e/{token}/invoices", "invoices", func() string {
			h.policy(`gates = '{}'`)
			h.invoiced()
			return h.billed()
		}},
		{"GET /t/{token}", "payout-code", func() string { // they are paid at an account already
			h.post(payout(), url.Values{"action": {"payout_setup"}, "rail": {"paypal"}, "receiver": {"elsewhere@pay.example"}, "confirmed": {"yes"}})
			link := payout()
			wantIn(t, h.get(link).body, "one-time-code")
			return link
		}},
		{"GET /t/{token}", "over", func() string {
			must(t, h.store.SaveProjection(t.Context(), partnership.Projection{PartnershipID: h.partnership, Seq: 9, Stage: partnership.Closed, Outcome: partnership.Cancelled}))
			return draft()
		}},
		{"GET /u/{token}", "opt-out", func() string { return h.URL + "/u/" + h.store.OptOutToken(h.creator.ID) }},
		{"POST /u/{token}", "opted-out", answer(func() string { return h.URL + "/u/" + h.store.OptOutToken(h.creator.ID) }, nil)},
		{"GET /t/{token}", "ended", func() string {
			link := draft()
			must2(h.store.RevokeTaskLinks(t.Context(), h.creator.ID, "cli:ada", "a lost phone"))(t)
			return link
		}},
	}, moneyLooks(t)...)
}

// toMake is a partnership whose parcel is under way, and whose content is still to be made.
func (h *house) toMake() {
	h.t.Helper()
	ctx := h.t.Context()
	must2(h.store.EnsureKit(ctx, h.partnership))(h.t)
	must(h.t, h.store.SaveDelivery(ctx, partnership.Delivery{PartnershipID: h.partnership, ShipmentID: "s", Carrier: "USPS", TrackingCode: "EZ1000000001", Status: partnership.ParcelInTransit}))
	h.planned()
}

// moneyLooks are a creator's pages of a month with all that may stand in one.
func moneyLooks(t *testing.T) []look {
	t.Helper()
	d := openDated(t)
	d.november()
	line := d.earnings() + "/2026-11/" + d.row("1004")
	return []look{
		{"GET /e/{token}", "earnings", d.earnings},
		{"GET /e/{token}/{period}", "statement", func() string { return d.earnings() + "/2026-11" }},
		{"GET /e/{token}/{period}/{row}", "object", func() string { return line }},
		{"GET /e/{token}/{period}/{row}", "objected", func() string {
			if to := d.post(line, url.Values{"action": {"object"}, "words": {"that is too little"}}).Header.Get("Location"); !strings.HasPrefix(to, "/e/") {
				t.Errorf("an objection leads to %q", to)
			}
			return line
		}},
	}
}
