package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"github.com/rapport-dev/rapport/app/launch"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/web"
	"github.com/rapport-dev/rapport/workflows"
)

// call calls the API and holds the answer against its own description.
func (h *house) call(token, method, path, body string, headers ...string) answered {
	h.t.Helper()
	r := h.request(method, "/api/v1"+path, strings.NewReader(body))
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	res := h.do(r)
	h.described(method, path, res)
	return res
}

// description is what openapi.json says, read once: reading it for each answer was most of what this package's tests cost. That the door
// serves that file is looked at by TestEveryRouteAnswersAsDescribed.
var description = sync.OnceValues(func() (routers.Router, error) {
	doc, err := openapi3.NewLoader().LoadFromFile("api/openapi.json")
	if err != nil {
		return nil, err
	}
	if err := doc.Validate(context.Background()); err != nil {
		return nil, err
	}
	return gorillamux.NewRouter(doc)
})

// described fails the test when openapi.json does not know the route, the status or the shape of the answer.
func (h *house) described(method, path string, res answered) {
	h.t.Helper()
	router, err := description()
	must(h.t, err)
	r := h.request(method, "http://rapport.example/api/v1"+path, nil)
	r.URL.Scheme, r.URL.Host = "", ""
	route, params, err := router.FindRoute(r)
	if err != nil {
		h.t.Errorf("%s %s is not in openapi.json: %v", method, path, err)
		return
	}
	err = openapi3filter.ValidateResponse(h.t.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route},
		Status:                 res.StatusCode, Header: res.Header, Body: io.NopCloser(strings.NewReader(res.body)),
	})
	if err != nil {
		h.t.Errorf("%s %s answers %d otherwise than described: %v\n%s", method, path, res.StatusCode, err, res.body)
	}
}

func TestAPIReads(t *testing.T) {
	t.Parallel()
	h := open(t)
	_, err := h.store.EnsureKit(t.Context(), h.partnership)
	must(t, err)
	must(t, h.store.SaveDelivery(t.Context(), partnership.Delivery{PartnershipID: h.partnership, ShipmentID: "shp", Status: partnership.ParcelInTransit}))
	must(t, h.store.SaveContract(t.Context(), partnership.Contract{PartnershipID: h.partnership, Version: 1, EnvelopeID: "env", Status: partnership.EnvelopeSent}))
	must(t, h.store.SaveProjection(t.Context(), partnership.Projection{
		PartnershipID: h.partnership, Seq: 1, Stage: partnership.Contracting, WaitingFor: "the creator's signature", Deadline: day, Attention: "look",
		Events: []partnership.TimelineEvent{{At: day, Kind: "slipped", Owner: "carrier", Detail: "The parcel was late.", Days: 2}},
	}))
	must(t, h.store.EarnFee(t.Context(), h.partnership, "reel-1", 50_000, day))
	id := string(h.partnership)
	wantIn(t, h.call(viewerToken, "GET", "/campaigns", "").body, `"name": "Dreams Sunset"`)
	wantIn(t, h.call(viewerToken, "GET", "/campaigns/"+string(h.campaign), "").body, `"waiting_for": "the creator's signature"`, `"handle": "ada.scents"`)
	wantIn(t, h.call(viewerToken, "GET", "/partnerships/"+id, "").body, `"envelope_id": "env"`, `"in_transit"`, `"utm_content"`)
	wantIn(t, h.call(viewerToken, "GET", "/partnerships/"+id+"/timeline", "").body, "The parcel was late.")
	wantIn(t, h.call(viewerToken, "GET", "/ledger?creator=ada.scents", "").body, `"amount_minor": 50000`)
	wantIn(t, h.call(viewerToken, "GET", "/payouts?program=dreams", "").body, `"payouts": []`)
	wantIn(t, h.call(viewerToken, "GET", "/pending", "").body, `"what": "@ada.scents: look"`)
	for _, path := range []string{"/campaigns/nothing", "/partnerships/nothing", "/partnerships/nothing/timeline", "/ledger?creator=nobody"} {
		res := h.call(viewerToken, "GET", path, "")
		want(t, path, res.StatusCode, http.StatusNotFound)
		want(t, "kind of answer", res.Header.Get("Content-Type"), "application/problem+json")
	}
}

func TestAPITokensAndRoles(t *testing.T) {
	t.Parallel()
	h := open(t)
	for _, token := range []string{"", "wrong-token-0123456789", managerToken + "x"} {
		want(t, "status", h.call(token, "GET", "/campaigns", "").StatusCode, http.StatusUnauthorized)
	}
	for path, tokens := range map[string][]string{
		"/campaigns": {viewerToken, financeToken}, "/campaigns/x/cancel": {viewerToken, financeToken}, "/payouts/run": {viewerToken, managerToken},
		"/payouts/approve": {viewerToken, managerToken}, "/payouts/x/resolve": {viewerToken, managerToken}, "/effects/x/resolve": {viewerToken, financeToken},
	} {
		for _, token := range tokens {
			want(t, path, h.call(token, "POST", path, "{}").StatusCode, http.StatusForbidden)
		}
	}
	want(t, "workflow messages", len(h.temporal.messages()), 0)
	want(t, "an unknown route", h.get("/api/v1/nothing").StatusCode, http.StatusNotFound)
}

func TestAPIDecisions(t *testing.T) {
	t.Parallel()
	h := open(t)
	for _, c := range []struct {
		token, path, body string
		flow              string
		want              any
	}{
		{managerToken, "/partnerships/p1/cancel", `{"reason":"they moved away"}`, "partnership/p1", workflows.Stop{Reason: "they moved away", By: "api:manager"}},
		{managerToken, "/campaigns/c1/pause", `{"reason":"late"}`, "campaign/c1", workflows.Stop{Reason: "late", By: "api:manager"}},
		{managerToken, "/campaigns/c1/resume", ``, "campaign/c1", workflows.Stop{By: "api:manager"}},
		{managerToken, "/campaigns/c1/cancel", `{"reason":"over"}`, "campaign/c1", workflows.Stop{Reason: "over", By: "api:manager"}},
		{financeToken, "/payouts/approve", `{"program":"dreams","period":"2026-11","hash":"h"}`, "payout-run/dreams/2026-11", workflows.ApproveRun{By: "api:finance", Hash: "h"}},
		{financeToken, "/payouts/approve", `{"program":"dreams","period":"2026-11","hash":"h","reject":"wrong"}`, "payout-run/dreams/2026-11", workflows.RejectRun{By: "api:finance", Reason: "wrong", Hash: "h"}},
		{financeToken, "/payouts/po_1/resolve", `{"decision":"paid","transfer_id":"tr_1"}`, "payout/po_1", workflows.ResolvePayout{By: "api:finance", Decision: "paid", TransferID: "tr_1"}},
	} {
		res := h.call(c.token, "POST", c.path, c.body)
		want(t, c.path, res.StatusCode, http.StatusOK)
		told := h.temporal.messages()
		m := told[len(told)-1]
		want(t, "workflow", m.WorkflowID, c.flow)
		want(t, "argument", asJSON(t, m.Arg), asJSON(t, c.want))
	}
	run := h.call(financeToken, "POST", "/payouts/run", `{"program":"dreams","period":"2026-11"}`)
	want(t, "status", run.StatusCode, http.StatusAccepted)
	wantIn(t, run.body, "payout-run/dreams/2026-11")

	n := len(h.temporal.messages())
	for range 3 {
		h.call(managerToken, "POST", "/campaigns/c1/pause", `{"reason":"once"}`, "Idempotency-Key", "k1")
	}
	want(t, "messages under one key", len(h.temporal.messages()), n+1)
	for _, other := range []string{"/campaigns/c2/pause", "/campaigns/c1/cancel", "/campaigns/c1/resume", "/campaigns", "/effects/partnership%2Fx%2Foutreach%2Foffer%2F1/resolve"} {
		res := h.call(managerToken, "POST", other, `{"reason":"once"}`, "Idempotency-Key", "k1")
		want(t, "the key on "+other, res.StatusCode, http.StatusUnprocessableEntity)
		wantIn(t, res.body, `"field": "Idempotency-Key"`, "belongs to POST /api/v1/campaigns/c1/pause of ", "this is POST /api/v1"+strings.ReplaceAll(other, "%2F", "/"))
	}
	res := h.call(managerToken, "POST", "/campaigns/c1/pause", `{"reason":"another"}`, "Idempotency-Key", "k1")
	want(t, "the key with another body", res.StatusCode, http.StatusUnprocessableEntity)
	wantIn(t, res.body, "belongs to POST /api/v1/campaigns/c1/pause with another body")
	want(t, "messages under one key on other routes", len(h.temporal.messages()), n+1)
}

// Somebody who tries tokens is slowed down, whatever route they try, and those who have one are not, even behind the same proxy.
func TestWrongTokensAreSlowedDown(t *testing.T) {
	t.Parallel()
	h := open(t)
	refused := 0
	for i := range 200 {
		path := []string{"/campaigns", "/audit", "/payouts"}[i%3]
		r := h.request(http.MethodGet, "/api/v1"+path, nil)
		r.Header.Set("Authorization", fmt.Sprintf("Bearer a-wrong-token-%08d", i))
		switch res := h.do(r); res.StatusCode {
		case http.StatusOK:
			t.Fatalf("%s opened to a wrong token", path)
		case http.StatusTooManyRequests:
			refused++
			want(t, "when to come again", res.Header.Get("Retry-After"), "60")
			want(t, "in the API's own shape", res.Header.Get("Content-Type"), "application/problem+json")
		}
	}
	if refused < 50 {
		t.Errorf("%d of 200 wrong tokens were refused unlooked", refused)
	}
	r := h.request(http.MethodGet, "/api/v1/campaigns", nil)
	r.Header.Set("Authorization", "Bearer "+viewerToken)
	r.Header.Set("X-Forwarded-For", "203.0.113.9")
	want(t, "somebody with a token, from elsewhere", h.do(r).StatusCode, http.StatusOK)
	wantIn(t, h.log.String(), "a token that nobody has was sent")
	if strings.Contains(h.log.String(), "a-wrong-token-") {
		t.Error("the log quotes a token")
	}
}

func TestAPIWrongInput(t *testing.T) {
	t.Parallel()
	h := open(t)
	for _, c := range []struct{ token, path, body, says string }{
		{managerToken, "/campaigns/c1/pause", `{}`, `"field": "reason"`},
		{managerToken, "/partnerships/p1/cancel", `{"reason":" "}`, `"field": "reason"`},
		{managerToken, "/campaigns/c1/pause", `{"why":"x"}`, "not the JSON"},
		{managerToken, "/campaigns", `{"campaign":"x"}`, `"field": "creators"`},
		{financeToken, "/payouts/run", `{"program":"dreams","period":"November"}`, `"field": "period"`},
		{financeToken, "/payouts/approve", `{"program":"dreams","period":"2026-11"}`, `"field": "hash"`},
		{financeToken, "/payouts/po/resolve", `{"decision":"maybe"}`, `"field": "decision"`},
		{managerToken, "/effects/partnership%2Fx%2Foutreach%2Foffer%2F1/resolve", `{"resolution":"maybe"}`, `"field": "resolution"`},
	} {
		res := h.call(c.token, "POST", c.path, c.body)
		want(t, c.path, res.StatusCode, http.StatusUnprocessableEntity)
		wantIn(t, res.body, c.says)
	}
	h.temporal.refuse = func(message) error {
		return partnership.Errorf(partnership.Conflict, "this campaign is being cancelled")
	}
	want(t, "a refusal", h.call(managerToken, "POST", "/campaigns/c1/pause", `{"reason":"x"}`).StatusCode, http.StatusConflict)
	h.temporal.refuse = func(message) error { return io.ErrUnexpectedEOF }
	want(t, "Temporal away", h.call(managerToken, "POST", "/campaigns/c1/pause", `{"reason":"x"}`).StatusCode, http.StatusServiceUnavailable)
}

func TestAPIResolvesAnEffectByItsKey(t *testing.T) {
	t.Parallel()
	h := open(t)
	key := partnership.Key(h.partnership, partnership.Outreach, "offer/request", 1)
	_, err := h.store.BeginEffect(t.Context(), key, "mail")
	must(t, err)
	must(t, h.store.ParkEffect(t.Context(), key, "nobody knows"))
	res := h.call(managerToken, "POST", "/effects/"+strings.ReplaceAll(string(key), "/", "%2F")+"/resolve", `{"resolution":"sent"}`)
	want(t, "status", res.StatusCode, http.StatusOK)
	e, err := h.store.Effect(t.Context(), key)
	must(t, err)
	want(t, "state", e.State, partnership.EffectConfirmed)
}

func TestAPILaunch(t *testing.T) {
	t.Parallel()
	n := 0
	h := open(t, func(d *web.Deps) {
		d.Launch = func(_ context.Context, r launch.Request) (launch.Launched, error) {
			if string(r.Campaign) == "bad" {
				return launch.Launched{}, &launch.Faulty{Faults: []launch.Fault{{File: launch.CampaignFile, Line: 1, Field: "version", Message: "is missing"}}}
			}
			n++
			return launch.Launched{ID: "c1", Campaign: partnership.Campaign{Name: "Dreams"}, Creators: len(r.Creators), Created: n == 1}, nil
		}
	})
	bad := h.call(managerToken, "POST", "/campaigns", `{"campaign":"bad","creators":"x"}`)
	want(t, "status", bad.StatusCode, http.StatusUnprocessableEntity)
	wantIn(t, bad.body, `"line": 1`, `"field": "version"`)
	good := `{"campaign":"good","creators":"abc"}`
	want(t, "first", h.call(managerToken, "POST", "/campaigns", good, "Idempotency-Key", "k").StatusCode, http.StatusCreated)
	want(t, "again", h.call(managerToken, "POST", "/campaigns", good, "Idempotency-Key", "k").StatusCode, http.StatusOK)
	want(t, "launches", n, 1)
	want(t, "other files under the key", h.call(managerToken, "POST", "/campaigns", `{"campaign":"good2","creators":"abc"}`, "Idempotency-Key", "k").StatusCode, http.StatusUnprocessableEntity)

	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	for _, name := range []string{"campaign", "creators"} {
		part, err := w.CreateFormFile(name, name+".txt")
		must(t, err)
		_, _ = part.Write([]byte("file of " + name))
	}
	must(t, w.Close())
	res := h.call(managerToken, "POST", "/campaigns", form.String(), "Content-Type", w.FormDataContentType())
	want(t, "files", res.StatusCode, http.StatusOK)
	var got struct{ Creators int }
	must(t, json.Unmarshal([]byte(res.body), &got))
	want(t, "creators' bytes", got.Creators, len("file of creators"))
}
