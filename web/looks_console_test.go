package web_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/app/launch"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web"
	"github.com/rapport-dev/rapport/web/access"
)

// disputed is all that a person of the money has to decide, and what vendors and agents left to people.
func (h *house) disputed() {
	h.t.Helper()
	ctx := h.t.Context()
	h.hit()
	h.objection()
	h.taxPaper()
	h.waiting()
	h.parked()
	must2(h.store.AddInboundMessage(ctx, store.InboundMessage{MessageID: "m1", PartnershipID: h.partnership, Subject: "Re: Your draft", Body: "Would Thursday be fine?\n\nIt rains until then.", At: time.Now(), NeedsAnswer: true}))(h.t)
	must2(h.store.Receive(ctx, "easypost", "d1", nil, []byte("{}")))(h.t)
	const first = 1
	must(h.t, h.store.InboxDead(ctx, first, errors.New("72 h without the engine")))
	sub, err := h.store.AddSubmission(ctx, partnership.Submission{PartnershipID: h.partnership, Task: "post-1", URL: "https://www.instagram.com/reel/C1a2b3c4d5e6f7g8h9/", Caption: "#ad An evening", At: time.Now()})
	must(h.t, err)
	must(h.t, h.store.SavePost(ctx, h.partnership, sub, "instagram_reel-1", false, ""))
}

// consoleLooks are the pages of the console and of its entrance, in a house where all of them have something, and the line by which a browser
// takes the session's cookie at the first of them.
func consoleLooks(t *testing.T) (looks []look, cookie string) {
	t.Helper()
	h := open(t, realDeeds, unrehearsed, amends, func(d *web.Deps) {
		known, err := access.ParsePeople("U_MANAGER, grace@acme.example: manager\nU_BOTH, console:here: manager, finance\nU_FINANCE: finance\n")
		must(t, err)
		d.People, d.DevOpen, d.Mailer, d.Templates = known, true, &postOffice{}, []launch.Template{launch.Blank}
	}).as("U_BOTH")
	h.disputed()
	h.full()
	h.writeOff()
	h.difference("tr_listed")
	h.endpoint("https://hooks.example/rapport")
	h.token(`{"name":"reads","roles":["viewer"]}`)
	h.earning(false)
	st := &stage{door: h.door}
	shown := httptest.NewServer(st)
	t.Cleanup(shown.Close)

	at := func(path string) func() string { return func() string { return h.URL + path } }
	answer := func(path string, form url.Values) func() string {
		return func() string { return shown.URL + st.keep(h.send(path, "k"+path, form)) }
	}
	one, two := "/campaigns/"+string(h.campaign), "/campaigns/"+string(h.other)
	files := h.filesFields(partnership.DeedLaunch, true)
	return []look{
		{"GET /signin", "signin", at("/signin")},
		{"POST /signin", "signin-wrong", answer("/signin", url.Values{"mail": {"grace"}})},
		{"POST /signin", "signin-asked", answer("/signin", url.Values{"mail": {"grace@acme.example"}})},
		{"POST /signin", "signin-mail", func() string { return shown.URL + st.keep(answered{body: signInMail(t).HTML}) }},
		{"GET /signin/{secret}", "signin-link", func() string {
			asked := must2(h.store.ClaimSignIns(t.Context()))(t)
			return h.URL + "/signin/" + asked[0].Secret
		}},
		{"GET /signin/{secret}", "signin-over", at("/signin/nothing")},
		{"GET /{$}", "inbox", at("/")},
		{"GET /decisions/{id}", "decision", at("/decisions/" + url.PathEscape(partnership.AsksDraft.ID(string(h.partnership), "draft-1")))},
		{"POST /decisions/{id}", "decision-wrong", answer("/decisions/"+url.PathEscape(partnership.AsksDraft.ID(string(h.partnership), "draft-1")), url.Values{"choice": {string(partnership.ChoiceChanges)}})},
		{"GET /campaigns", "campaigns", at("/campaigns")},
		{"GET /campaigns/new", "launch", at("/campaigns/new")},
		{"GET /campaigns/new", "launch-form", at("/campaigns/new?from=blank")},
		{"GET /launches/{id}", "launch-rehearsed", func() string {
			return shown.URL + st.keep(h.get(h.send("/campaigns", "k1", files).Header.Get("Location")))
		}},
		{"POST /campaigns", "launch-look", func() string {
			return h.URL + h.looked(h.send("/campaigns", "k2", files)).Request.URL.RequestURI()
		}},
		{"POST /campaigns", "launch-wrong", answer("/campaigns", url.Values{"campaign_kept": {"bmFtZTog"}, "creators_kept": {"aGFuZGxl"}})},
		{"GET /campaigns/{id}", "campaign", at(one)},
		{"GET /campaigns/{id}", "slow-evenings", at(two)},
		{"GET /campaigns/{id}", "campaign-nobody", at(two + "?q=nobody")},
		{"GET /campaigns/{id}", "campaign-view", func() string {
			want(t, "kept", h.send("/views", "k", url.Values{"name": {"Late drafts"}, "stage": {"content"}, "sort": {"due"}, "back": {two}}).StatusCode, http.StatusSeeOther)
			return h.URL + two + "?waits=open"
		}},
		{"GET /views", "views", at("/views")},
		{"POST /views", "views-wrong", answer("/views", url.Values{"name": {"late drafts"}, "q": {"ada"}})},
		{"POST /many/messages", "many-look", answer("/many/messages", url.Values{"all": {"yes"}, "back": {two}})},
		{"POST /many/pause", "many-wrong", answer("/many/pause", url.Values{"all": {"yes"}, "sure": {"yes"}, "back": {two}})},
		{"POST /many/resume", "many-nobody", answer("/many/resume", url.Values{"back": {two}})},
		{"GET /campaigns/{id}/amend", "amend", at(one + "/amend")},
		{"POST /campaigns/{id}/amend", "amend-look", answer(one+"/amend", url.Values{"campaign_kept": {"bmFtZTogRHJlYW1z"}})},
		{"POST /campaigns/{id}/invite", "invite-look", func() string {
			h.standsBy("bo.sleeps")
			return answer(one+"/invite", url.Values{"creator": {"@bo.sleeps"}})()
		}},
		{"GET /campaigns/{id}/calendar", "calendar", at(one + "/calendar")},
		{"GET /partnerships", "partnerships", at("/partnerships")},
		{"GET /partnerships/{id}", "partnership", at("/partnerships/" + string(h.partnership))},
		{"POST /partnerships/{id}/extend", "extend-wrong", answer("/partnerships/"+string(h.partnership)+"/extend", url.Values{"days": {"many"}})},
		{"POST /partnerships/{id}/note", "note-kept", func() string {
			return h.URL + h.send("/partnerships/"+string(h.partnership)+"/note", "n", url.Values{"text": {"We spoke by phone."}}).Header.Get("Location")
		}},
		{"GET /creators", "creators", at("/creators")},
		{"GET /creators/{id}", "creator", at("/creators/instagram:ada.scents")},
		{"GET /payouts", "payouts", at("/payouts")},
		{"GET /tax", "tax", at("/tax")},
		{"POST /tax/papers", "tax-wrong", answer("/tax/papers", url.Values{"creator": {"@ada.scents"}, "form_kind": {"W-9"}, "last4": {"12345"}, "reference": {"Track1099 77"}})},
		{"GET /programs", "programs", at("/programs")},
		{"POST /tokens", "token-once", answer("/tokens", url.Values{"name": {"ci"}, "roles": {"viewer"}})},
		{"POST /creators/{id}/erase", "erase-look", answer("/creators/instagram:ada.scents/erase", url.Values{})},
		{"GET /audit", "audit", at("/audit")},
		{"GET /health", "vendors", at("/health")},
		{"GET /me", "me", at("/me")},
		{"GET /campaigns/{id}/report", "report", func() string { return h.URL + "/campaigns/" + string(h.soldFor()) + "/report" }}, // last: its sales would fill the inbox
		{"GET /{$}", "nothing-here", at("/nothing")},
		{"GET /{$}", "roleless", func() string {
			h.as("U_NOBODY")
			return shown.URL + st.keep(h.get("/"))
		}},
	}, `document.cookie = "rapport=` + h.session + `; path=/"`
}

// signInMail is the mail with a link to sign in.
func signInMail(t *testing.T) partnership.Mail {
	t.Helper()
	office := &postOffice{}
	h := running(t, func(d *web.Deps) { knowing(t, d); d.Mailer = office })
	want(t, "asked", h.post("/signin", url.Values{"mail": {"grace@acme.example"}}).StatusCode, http.StatusOK)
	eventually(t, "the mail", func() bool { return len(office.sent()) > 0 })
	return office.sent()[0]
}
