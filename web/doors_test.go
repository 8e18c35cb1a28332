package web_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web"
)

// browser is a person's user agent.
const browser = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1"

func TestClicks(t *testing.T) {
	t.Parallel()
	h := running(t)
	kit, err := h.store.EnsureKit(t.Context(), h.partnership)
	must(t, err)
	visit := func(method, agent string) answered {
		r := h.request(method, kit.Link, nil)
		r.Header.Set("User-Agent", agent)
		return h.do(r)
	}
	res := visit(http.MethodGet, browser)
	want(t, "status", res.StatusCode, http.StatusFound)
	want(t, "where", res.Header.Get("Location"), kit.Destination)
	wantIn(t, kit.Destination, "utm_content=", "https://shop.example/products/sampler")
	want(t, "cache", res.Header.Get("Cache-Control"), "no-store")
	visit(http.MethodGet, "facebookexternalhit/1.1")
	visit(http.MethodHead, browser)
	eventually(t, "both visits written", func() bool {
		return strings.Contains(h.dump(), ",t,"+kit.Links[0].Deliverable+")") && clicksOf(t, h) == 1
	})

	h.store.Close() // a link once known works on
	want(t, "without a database", visit(http.MethodGet, browser).StatusCode, http.StatusFound)
	want(t, "an unknown one without a database", h.get("/c/unheardof").StatusCode, http.StatusServiceUnavailable)
}

// clicksOf is how many people's clicks are on the partnership.
func clicksOf(t *testing.T, h *house) int {
	t.Helper()
	results, err := h.store.Performance(t.Context(), h.partnership)
	must(t, err)
	return results.Clicks
}

func TestGuessingIsSlowedDown(t *testing.T) {
	t.Parallel()
	h := open(t)
	link := h.task(partnership.TaskOffer, "offer")
	limited := 0
	for range 200 {
		if h.get("/t/guess").StatusCode == http.StatusTooManyRequests {
			limited++
		}
	}
	if limited < 100 {
		t.Errorf("%d of 200 guesses were refused, want most after the first 60", limited)
	}
	r := h.request(http.MethodGet, link, nil)
	r.Header.Set("X-Forwarded-For", "203.0.113.9") // somebody else behind the same proxy
	want(t, "somebody else", h.do(r).StatusCode, http.StatusOK)
}

func TestConsoleShowsTheBoard(t *testing.T) {
	t.Parallel()
	h := open(t)
	_, err := h.store.EnsureKit(t.Context(), h.partnership)
	must(t, err)
	must(t, h.store.SaveProjection(t.Context(), partnership.Projection{
		PartnershipID: h.partnership, Seq: 1, Stage: partnership.Contracting, WaitingFor: "the creator's signature", Deadline: day, Attention: "<b>look</b>",
		Events: []partnership.TimelineEvent{{At: day, Kind: "accepted", Owner: "creator", Detail: "The creator accepted."}},
	}))
	h.as("U_MANAGER")
	board := h.get
	wantIn(t, board("/").body, "Dreams Sunset", "contracting", "No date decides these", "&lt;b&gt;look", "data-live=")
	wantIn(t, board("/campaigns/"+string(h.campaign)).body, "@ada.scents", "the creator&#39;s signature", "workflows/campaign%2F")
	wantIn(t, board("/partnerships/"+string(h.partnership)).body, "The creator accepted.", "not verified yet", "workflows/partnership%2F")
	for version, status := range map[int]partnership.EnvelopeStatus{1: partnership.EnvelopeCompleted, 2: partnership.EnvelopeVoided} {
		must(t, h.store.SaveContract(t.Context(), partnership.Contract{PartnershipID: h.partnership, Version: version, EnvelopeID: fmt.Sprintf("env-%d", version), Status: status}))
	}
	wantIn(t, board("/partnerships/"+string(h.partnership)).body, "<dd>completed <code>env-1", "Contract amendment", "<dd>voided <code>env-2", "what was signed before stands")
	wantIn(t, board("/payouts").body, "No run yet")
	must(t, h.store.EarnFee(t.Context(), h.partnership, "post", 12_300, day))
	books, err := h.store.LedgerDocument(t.Context(), store.LedgerFilter{})
	must(t, err)
	must(t, h.store.HoldRow(t.Context(), books.Rows[0].ID, "rapport", "<b>odd</b>"))
	wantIn(t, board("/payouts").body, "Held until a person decides", "@ada.scents", "$123.00", "&lt;b&gt;odd", books.Rows[0].ID)
	want(t, "nothing there", board("/campaigns/nothing").StatusCode, http.StatusNotFound)
	h.session = ""
	for _, path := range []string{"/", "/payouts", "/campaigns/x", "/partnerships/x"} {
		res := h.get(path)
		want(t, path+" by nobody", res.StatusCode, http.StatusSeeOther)
		wantIn(t, res.Header.Get("Location"), "/signin?then=")
	}
}

// run prepares a payout run over the partnership's fee, and returns its plan.
func (h *house) run() partnership.PayoutPlan {
	h.t.Helper()
	ctx, now := h.t.Context(), time.Now()
	must(h.t, h.store.SavePayoutAccount(ctx, h.creator.ID, partnership.PayoutAccount{ID: "acct_1", Ready: true}))
	must(h.t, h.store.EarnFee(ctx, h.partnership, "instagram_reel/1", 50_000, now.Add(-time.Hour)))
	run, err := h.store.OpenPayoutRun(ctx, "dreams", now.Format("2006-01"), "schedule", now)
	must(h.t, err)
	plan, err := h.store.PlanPayouts(ctx, run.ID, now)
	must(h.t, err)
	return plan
}

func TestThePayoutsPageShowsWhoAnswersForARun(t *testing.T) {
	t.Parallel()
	h := open(t).as("U_MANAGER")
	decided, err := h.store.Time(t.Context()) // by the clock that says whether a decision still counts
	must(t, err)
	plan := h.run()
	wantIn(t, h.get("/payouts").body, plan.RunID, "the monthly schedule", "nobody yet", plan.LinesHash, "@ada.scents", "$500.00", "to 1 creator <small>")
	for _, who := range []string{"slack:U_FINANCE", "cli:<ana>"} {
		_, err := h.store.ApprovePayoutRun(t.Context(), plan.RunID, plan.LinesHash, partnership.Deed{ID: who, Who: who, Deed: partnership.DeedApproveRun, At: decided}, "run", []string{who})
		must(t, err)
	}
	wantIn(t, h.get("/payouts").body, "slack:U_FINANCE", "cli:&lt;ana&gt;")

	h.sql("update payout_runs set state = 'reconciled'")
	now := time.Now()
	empty, err := h.store.OpenPayoutRun(t.Context(), "dreams", now.Format("2006-01"), "api:ops", now)
	must(t, err)
	wantIn(t, h.get("/payouts").body, empty.ID, "api:ops", "Its lines are not drawn up yet")
	_, err = h.store.PlanPayouts(t.Context(), empty.ID, now)
	must(t, err)
	wantIn(t, h.get("/payouts").body, "Nothing was payable", "nobody: there is nothing to pay")
}

var regexpStyle = regexp.MustCompile(`rel="stylesheet" href="([^"]+)"`)

func TestHealthAndHeaders(t *testing.T) {
	t.Parallel()
	h := open(t, func(d *web.Deps) {
		d.Ready["temporal"] = func(context.Context) error { return errors.New("dial tcp 10.0.0.1: refused") }
	})
	want(t, "healthz", h.get("/healthz").body, "ok\n")
	ready := h.get("/readyz")
	want(t, "readyz", ready.StatusCode, http.StatusServiceUnavailable)
	wantIn(t, ready.body, "postgres: ok", "temporal: does not answer")
	if strings.Contains(ready.body, "10.0.0.1") {
		t.Error("readyz tells strangers where the servers are")
	}
	h.get(h.task(partnership.TaskOffer, "offer"))
	wantIn(t, h.get("/metrics").body, `rapport_http_request_seconds_count{route="GET /t/{token}",status="200"} 1`)

	page := h.get(h.task(partnership.TaskOffer, "offer"))
	wantIn(t, page.Header.Get("Content-Security-Policy"), "default-src 'none'", "form-action 'self'", "frame-ancestors 'none'")
	want(t, "sniffing", page.Header.Get("X-Content-Type-Options"), "nosniff")
	want(t, "referrer", page.Header.Get("Referrer-Policy"), "same-origin")
	style := regexpStyle.FindStringSubmatch(page.body)
	if style == nil {
		t.Fatal("the page has no stylesheet")
	}
	wantIn(t, h.get(style[1]).Header.Get("Cache-Control"), "immutable")
	want(t, "nothing there", h.get("/nothing").StatusCode, http.StatusNotFound)
}

func TestPanicsAreAnsweredAndNotQuoted(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.temporal.refuse = func(message) error { panic("secret " + canaryMail) }
	link := h.task(partnership.TaskReceive, "receive")
	res := h.post(link, map[string][]string{"action": {"received"}, "nonce": {"n"}})
	want(t, "status", res.StatusCode, http.StatusInternalServerError)
	wantIn(t, res.body, "Something broke on our side")
	program := h.call(managerToken, "POST", "/campaigns/"+string(h.campaign)+"/pause", `{"reason":"x"}`)
	want(t, "a program's status", program.StatusCode, http.StatusInternalServerError)
	want(t, "a program's document", program.Header.Get("Content-Type"), "application/problem+json")
	wantIn(t, program.body, `"code": "broken"`, "Idempotency-Key")
	wantIn(t, h.log.String(), `"msg":"panic"`)
	if strings.Contains(h.log.String(), canaryMail) {
		t.Error("the panic's value is in the log")
	}
}
