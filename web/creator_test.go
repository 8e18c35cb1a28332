package web_test

import (
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/proof/long"
	"github.com/rapport-dev/rapport/web"
	"github.com/rapport-dev/rapport/workflows"
)

var nonceField = regexp.MustCompile(`name="nonce" value="([^"]+)"`)

// nonceOf is what the page's form carries.
func nonceOf(t *testing.T, page string) string {
	t.Helper()
	m := nonceField.FindStringSubmatch(page)
	if m == nil {
		t.Fatal("the page has no form")
	}
	return m[1]
}

func acceptance(nonce string) url.Values {
	return url.Values{
		"action": {"accept"}, "nonce": {nonce}, "name": {canaryName}, "line1": {canaryStreet}, "city": {"Chicago"}, "region": {"IL"},
		"postal_code": {"60601"}, "country": {"US"}, "consent": {"yes"},
	}
}

// countering is acceptance for another fee: the agreement may follow at once, so it asks for the same.
func countering(fee, note string) url.Values {
	form := acceptance("n")
	form.Set("action", "counter")
	form.Set("fee", fee)
	form.Set("note", note)
	return form
}

func TestOfferIsSaidInPlainWords(t *testing.T) {
	t.Parallel()
	h := open(t)
	page := h.get(h.task(partnership.TaskOffer, "offer"))
	want(t, "status", page.StatusCode, http.StatusOK)
	wantIn(t, page.body, "Ada, we would love to work with you", "$500.00 flat fee", "10 % of every sale", "Sampler, worth $36.00",
		"1 Instagram reel", "between 1 December and 20 December", "paid social and email for 180 days", "Show how an evening slows down",
		"partners@acme.example", "1 Main St, Austin TX 78701, US", "/u/"+h.store.OptOutToken(h.creator.ID))
	want(t, "cache", page.Header.Get("Cache-Control"), "no-store")
	if strings.Contains(page.body, "<script") || strings.Contains(page.body, " style=") || strings.Contains(page.body, "onclick") {
		t.Error("the page has a script or an inline style, which its own policy forbids")
	}
}

func TestAcceptTellsTheWorkflowOnceAndLeadsToAReceipt(t *testing.T) {
	t.Parallel()
	h := open(t)
	link := h.task(partnership.TaskOffer, "offer")
	form := acceptance(nonceOf(t, h.get(link).body))
	for range 2 { // a double press
		res := h.post(link, form)
		want(t, "status", res.StatusCode, http.StatusSeeOther)
		receipt := h.get(res.Header.Get("Location"))
		wantIn(t, receipt.body, "you are in", "DocuSign")
	}
	told := h.temporal.messages()
	if len(told) != 1 {
		t.Fatalf("told %d times, want once: %+v", len(told), told)
	}
	want(t, "workflow", told[0].WorkflowID, workflows.PartnershipWorkflowID(h.partnership))
	want(t, "update", told[0].Name, workflows.UpdateAnswerOffer)
	want(t, "answer", told[0].Arg.(workflows.AnswerOffer), workflows.AnswerOffer{Task: "offer", Answer: partnership.ChoiceAccept})
	v, err := h.store.View(t.Context(), h.partnership)
	must(t, err)
	if v.Address == nil || v.Address.Line1 != canaryStreet {
		t.Errorf("the address was not kept: %+v", v.Address)
	}
	doc, err := h.store.PartnershipDocument(t.Context(), h.partnership)
	must(t, err)
	if len(doc.Timeline) != 1 || doc.Timeline[0].Kind != "esign_consent" {
		t.Errorf("the consent is not in the timeline once: %+v", doc.Timeline)
	}
	if sent := asJSON(t, told); strings.Contains(sent, link[strings.LastIndex(link, "/")+1:]) || strings.Contains(sent, "Canary") {
		t.Error("a link's token or personal data went to the workflow")
	}
}

func TestFaultsStandNextToTheirFieldsAndValuesStay(t *testing.T) {
	t.Parallel()
	h := open(t)
	link := h.task(partnership.TaskOffer, "offer")
	form := acceptance("n")
	form.Set("city", "")
	form.Del("consent")
	form.Set("country", "XX")
	res := h.post(link, form)
	want(t, "status", res.StatusCode, http.StatusUnprocessableEntity)
	wantIn(t, res.body, `id="city-error"`, `id="consent-error"`, `id="country-error"`, canaryStreet, `aria-invalid="true"`,
		"This is not sent yet. Please look at the town or city, the country and the box to tick again")
	want(t, "workflow messages", len(h.temporal.messages()), 0)

	counter := h.post(link, countering("lots", "I film twice"))
	want(t, "status", counter.StatusCode, http.StatusUnprocessableEntity)
	wantIn(t, counter.body, `id="fee-error"`, "I film twice", `value="lots"`, "<details class=\"card\" open")

	low := h.post(link, countering("$400", ""))
	wantIn(t, low.body, "more than the offer of $500.00")
}

// TestEveryAnswer goes through all tasks and what each of their buttons becomes.
func TestEveryAnswer(t *testing.T) {
	t.Parallel()
	h := open(t, inWindow)
	must(t, h.store.SavePayoutAccount(t.Context(), h.creator.ID, partnership.PayoutAccount{ID: "acct_1"}))
	for _, c := range []struct {
		name string
		kind partnership.TaskKind
		form url.Values
		want any // the update's argument; submissions' ids are filled in below
		sub  partnership.Submission
	}{
		{
			"counter", partnership.TaskOffer, meaning(countering("1,250.50", "Two shoots"), "125050"),
			workflows.AnswerOffer{Task: "counter", Answer: partnership.ChoiceCounter, FeeMinor: 125_050},
			partnership.Submission{Note: "Two shoots"},
		},
		{
			"decline", partnership.TaskOffer,
			url.Values{"action": {"decline"}, "reason": {"The fee is too low"}, "note": {"Sorry"}},
			workflows.AnswerOffer{Task: "decline", Answer: partnership.ChoiceDecline},
			partnership.Submission{Note: "The fee is too low: Sorry"},
		},
		{"received", partnership.TaskReceive, url.Values{"action": {"received"}}, workflows.ConfirmDelivery{Condition: partnership.ChoiceReceived}, partnership.Submission{}},
		{"damaged", partnership.TaskReceive, url.Values{"action": {"damaged"}}, workflows.ConfirmDelivery{Condition: partnership.ChoiceDamaged}, partnership.Submission{}},
		{
			"draft-1", partnership.TaskDraft,
			url.Values{"action": {"draft"}, "url": {"drive.example/draft"}, "caption": {"#ad Calm"}, "note": {"Take two"}},
			workflows.SubmitDraft{Task: "draft-1"},
			partnership.Submission{URL: "https://drive.example/draft", Caption: "#ad Calm", Note: "Take two"},
		},
		{
			"post", partnership.TaskPost,
			url.Values{"action": {"post"}, "url": {"https://instagram.example/p/1"}, "caption": {"#ad Calm evenings"}},
			workflows.SubmitPost{Task: "post"},
			partnership.Submission{URL: "https://instagram.example/p/1", Caption: "#ad Calm evenings"},
		},
		{"draft-2", partnership.TaskDraft, url.Values{"action": {"extend"}, "days": {"3"}}, workflows.RequestExtension{Task: "draft-2", Days: 3}, partnership.Submission{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			link := h.task(c.kind, c.name)
			c.form.Set("nonce", nonceOf(t, h.get(link).body))
			res := h.post(link, c.form)
			want(t, "status", res.StatusCode, http.StatusSeeOther)
			want(t, "receipt", h.get(res.Header.Get("Location")).StatusCode, http.StatusOK)
			told := h.temporal.messages()
			m := told[len(told)-1]
			id := m.UpdateID
			switch arg := c.want.(type) {
			case workflows.AnswerOffer:
				arg.SubmissionID = id
				c.want = arg
			case workflows.SubmitDraft:
				arg.SubmissionID = id
				c.want = arg
			case workflows.SubmitPost:
				arg.SubmissionID = id
				c.want = arg
			}
			want(t, "argument", asJSON(t, m.Arg), asJSON(t, c.want))
			if c.sub == (partnership.Submission{}) {
				return
			}
			kept, err := h.store.Submission(t.Context(), id)
			must(t, err)
			c.sub.ID, c.sub.PartnershipID, c.sub.Task, c.sub.At = id, h.partnership, c.name, kept.At
			want(t, "submission", kept, c.sub)
		})
	}

	t.Run("payout_setup", func(t *testing.T) {
		link := h.task(partnership.TaskPayoutSetup, "payout_setup")
		res := h.post(link, url.Values{"action": {"payout_setup"}})
		want(t, "status", res.StatusCode, http.StatusSeeOther)
		wantIn(t, res.Header.Get("Location"), "account=acct_1")
	})
}

// Once for each task: what was used up is not offered again, and the next task has its own.
func TestMoreTimeIsOfferedOnceForEachTask(t *testing.T) {
	t.Parallel()
	h := open(t)
	link := h.task(partnership.TaskDraft, "draft-1")
	wantIn(t, h.get(link).body, "I need more time")
	asks := func(id, task string, refusal *partnership.Error) {
		deed := partnership.Deed{ID: id, Who: partnership.ByCreator(h.creator.ID), Deed: partnership.DeedRequestExtension, Subject: workflows.PartnershipWorkflowID(h.partnership)}
		message := []byte(asJSON(t, workflows.RequestExtension{Task: task, Days: 3}))
		asked, err := h.store.Ask(t.Context(), deed, "hash", message, nil, time.Minute, func(id string, at time.Time) partnership.Proof { return partnership.Proof{ID: id, At: at} })
		must(t, err)
		_, err = h.store.SettleAsked(t.Context(), asked, []byte("{}"), refusal)
		must(t, err)
	}
	asks("form-1", "draft-1", partnership.Errorf(partnership.Conflict, "somebody is being recorded"))
	wantIn(t, h.get(link).body, "I need more time")
	asks("form-2", "draft-1", nil)
	due := time.Date(2026, 12, 24, 12, 0, 0, 0, time.UTC)
	must(t, h.store.SaveProjection(t.Context(), partnership.Projection{PartnershipID: h.partnership, Seq: 1, Stage: partnership.Content, OpenTask: "draft-1", OpenDue: due}))
	after := h.get(link).body
	wantIn(t, after, "24 December", "You have had more time for this one")
	if strings.Contains(after, "I need more time") {
		t.Error("the page offers what is used up")
	}
	wantIn(t, h.get(h.task(partnership.TaskDraft, "draft-2")).body, "I need more time")
}

// inWindow is when the campaign's creators may post.
func inWindow(d *web.Deps) { d.Now = func() time.Time { return campaign().Schedule.PublishFrom } }

func TestAPostBeforeTheWindowIsRefusedAndNothingIsLost(t *testing.T) {
	t.Parallel()
	var now atomic.Int64 // Unix seconds
	now.Store(campaign().Schedule.PublishFrom.Unix() - 1)
	h := open(t, func(d *web.Deps) { d.Now = func() time.Time { return time.Unix(now.Load(), 0) } })
	const opens = "The publish window opens on Monday 30 November, 23:00 CST" // where the creator lives
	link := h.task(partnership.TaskPost, "post-1")
	wantIn(t, h.get(link).body, opens, "keep the post back")
	form := url.Values{"action": {"post"}, "url": {"https://instagram.example/p/1"}, "caption": {"Calm evenings"}}
	early := h.post(link, form)
	want(t, "status", early.StatusCode, http.StatusUnprocessableEntity)
	wantIn(t, early.body, opens, "we cannot take a post yet", `value="https://instagram.example/p/1"`, ">Calm evenings</textarea>")
	want(t, "workflow messages", len(h.temporal.messages()), 0)

	now.Add(1)
	want(t, "in the window", h.post(link, form).StatusCode, http.StatusSeeOther)
	if page := h.get(link); strings.Contains(page.body, "window opens") {
		t.Error("the page still asks to wait")
	}

	h.sql(`update campaigns set spec = jsonb_set(spec, '{schedule,publish_from}', '"2027-01-04T05:00:00Z"')`) // the window moves, and the post lacks its disclosure
	now.Add(3600)
	form.Set("caption", "#ad Calm evenings")
	cure := h.task(partnership.TaskPost, "post-2")
	if page := h.get(cure); strings.Contains(page.body, "window opens") {
		t.Error("a post that is live is asked to wait")
	}
	want(t, "its cure", h.post(cure, form).StatusCode, http.StatusSeeOther)
	now.Add(3600)
	want(t, "a further one", h.post(h.task(partnership.TaskPost, "post-3"), form).StatusCode, http.StatusUnprocessableEntity)
}

func TestRefusalsOfTheWorkflow(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		err    error
		status int
		words  string
	}{
		{"answered already", partnership.Errorf(partnership.Conflict, "this offer has been answered already"), http.StatusConflict, "Nothing more to do here"},
		{"ended", partnership.Errorf(partnership.NotFound, "there is no such workflow"), http.StatusConflict, "Nothing more to do here"},
		{"a field", partnership.FieldErrorf("fee", "must be more than zero"), http.StatusUnprocessableEntity, `id="fee-error">Must be more than zero.`},
		{"Temporal is away", errors.New("connection refused"), http.StatusServiceUnavailable, "What you typed is still here"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := open(t)
			h.temporal.refuse = func(message) error { return c.err }
			res := h.post(h.task(partnership.TaskOffer, "offer"), meaning(countering("700", "my words"), "70000"))
			want(t, "status", res.StatusCode, c.status)
			wantIn(t, res.body, c.words)
		})
	}
}

func TestWrongAndClosedLinks(t *testing.T) {
	t.Parallel()
	h := open(t)
	for _, path := range []string{"/t/nothing", "/t/" + strings.Repeat("A", 43), "/u/nothing", "/c/nothing"} {
		want(t, path, h.get(path).StatusCode, http.StatusNotFound)
	}
	want(t, "a wrong link's POST", h.post("/t/nothing", acceptance("n")).StatusCode, http.StatusNotFound)

	link := h.task(partnership.TaskOffer, "offer")
	must(t, h.store.SaveProjection(t.Context(), partnership.Projection{PartnershipID: h.partnership, Seq: 1, Stage: partnership.Contracting, ClosedTasks: []string{"offer"}}))
	closed := h.get(link)
	want(t, "status", closed.StatusCode, http.StatusOK)
	wantIn(t, closed.body, "You have accepted this offer", "agreement comes by mail from DocuSign", "Answered or closed on")

	must(t, h.store.SaveContract(t.Context(), partnership.Contract{PartnershipID: h.partnership, Version: 1, EnvelopeID: "env", Status: partnership.EnvelopeCompleted}))
	wantIn(t, h.get(link).body, "You are in", "the agreement is signed")

	must(t, h.store.SaveProjection(t.Context(), partnership.Projection{PartnershipID: h.partnership, Seq: 2, Stage: partnership.Closed, Outcome: partnership.Declined}))
	wantIn(t, h.get(link).body, "You said no to this offer")
	wantIn(t, h.get(h.task(partnership.TaskDraft, "draft-1")).body, "Nothing more to do here")
	wantIn(t, h.get(h.task(partnership.TaskPayoutSetup, "payout_setup")).body, "Set up how you get paid")
}

func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	h := open(t)
	link := h.task(partnership.TaskOffer, "offer")
	for name, headers := range map[string]map[string]string{
		"cross-site":   {"Sec-Fetch-Site": "cross-site"},
		"same-site":    {"Sec-Fetch-Site": "same-site"},
		"other origin": {"Origin": "https://evil.example"},
		"null origin":  {"Origin": "null"},
	} {
		r := h.request(http.MethodPost, link, strings.NewReader(acceptance("n").Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for k, v := range headers {
			r.Header.Set(k, v)
		}
		want(t, name, h.do(r).StatusCode, http.StatusForbidden)
	}
	want(t, "workflow messages", len(h.temporal.messages()), 0)
}

func TestOptOut(t *testing.T) {
	t.Parallel()
	h := open(t)
	link := "/u/" + h.store.OptOutToken(h.creator.ID)
	wantIn(t, h.get(link).body, "Stop all mails?", "An agreement that you have signed stands")
	suppressed := func() bool {
		yes, err := h.store.Suppressed(t.Context(), canaryMail)
		must(t, err)
		return yes
	}
	want(t, "suppressed by looking", suppressed(), false)

	// A mail program's one click comes from nowhere that a browser would name (RFC 8058).
	r := h.request(http.MethodPost, link, strings.NewReader("List-Unsubscribe=One-Click"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", "https://mail.example")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	res := h.do(r)
	want(t, "status", res.StatusCode, http.StatusOK)
	wantIn(t, res.body, "no more mails", "it stands")
	want(t, "suppressed", suppressed(), true)
	told := h.temporal.messages()
	if len(told) != 1 || told[0].Name != workflows.SignalOptedOut || told[0].WorkflowID != workflows.PartnershipWorkflowID(h.partnership) {
		t.Errorf("told %+v, want opted_out to the open partnership", told)
	}

	h.temporal.refuse = func(message) error { return errors.New("Temporal is away") }
	want(t, "status while Temporal is away", h.post(link, nil).StatusCode, http.StatusOK)
}

// TestScannersChangeNothing follows every link that a mail can carry fifty times, as mail scanners do.
func TestScannersChangeNothing(t *testing.T) {
	t.Parallel()
	h := open(t)
	kit, err := h.store.EnsureKit(t.Context(), h.partnership)
	must(t, err)
	links := []string{"/u/" + h.store.OptOutToken(h.creator.ID)}
	for _, kind := range []partnership.TaskKind{partnership.TaskOffer, partnership.TaskSign, partnership.TaskReceive, partnership.TaskDraft, partnership.TaskPost, partnership.TaskPayoutSetup} {
		link := h.task(kind, string(kind))
		links = append(links, link, link+"?done=accept", link+"?done=nonsense", link+"?action=accept&nonce=1")
	}
	before := h.dump()
	for _, link := range links {
		for range long.Rounds(5, 50) {
			want(t, link, h.get(link).StatusCode, http.StatusOK)
		}
		want(t, "HEAD", h.do(h.request(http.MethodHead, link, nil)).StatusCode, http.StatusOK)
	}
	want(t, "HEAD of a tracking link", h.do(h.request(http.MethodHead, kit.Link, nil)).StatusCode, http.StatusFound)
	if after := h.dump(); after != before {
		t.Error("looking has changed the database")
	}
	want(t, "workflow messages", len(h.temporal.messages()), 0)
}

func TestLogsHoldNoPersonalDataAndNoTokens(t *testing.T) {
	t.Parallel()
	h := open(t)
	link := h.task(partnership.TaskOffer, "offer")
	h.get(link)
	h.post(link, acceptance("n"))
	h.temporal.refuse = func(message) error { return errors.New("away") }
	h.post(link, meaning(countering("700", canaryName), "70000"))
	h.post("/u/"+h.store.OptOutToken(h.creator.ID), nil)
	r := h.request(http.MethodGet, "/api/v1/ledger?creator="+url.QueryEscape(canaryMail), nil)
	r.Header.Set("Authorization", "Bearer "+managerToken)
	h.do(r)
	log := h.log.String()
	wantIn(t, log, `"route":"POST /t/{token}"`, `"route":"GET /api/v1/ledger"`)
	for _, canary := range []string{"Canary", "canary", "ada.scents", link[strings.LastIndex(link, "/")+1:], h.store.OptOutToken(h.creator.ID), managerToken} {
		if strings.Contains(log, canary) {
			t.Errorf("the log holds %q", canary)
		}
	}
}
