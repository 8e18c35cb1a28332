package web_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web"
)

// endpoint adds one past the door, and returns its id.
func (h *house) endpoint(url string) string {
	h.t.Helper()
	e, err := h.store.AddEndpoint(h.t.Context(), partnership.Endpoint{URL: url, Types: []string{}}, "whsec_c2VjcmV0IG9mIHRoZXNlIHRlc3RzLi4u", partnership.Deed{Who: "rapport", Deed: "test"})
	must(h.t, err)
	return e.ID
}

// sent is the log of an endpoint, the newest first.
func (h *house) sent(endpoint string) []partnership.Announced {
	h.t.Helper()
	log, _, err := h.store.Events(h.t.Context(), endpoint, store.Page{Most: 100})
	must(h.t, err)
	return log
}

// heard is what a receiver was sent.
type heard struct {
	header http.Header
	body   string
}

func receiver(t *testing.T, status *atomic.Int64) (string, chan heard) {
	t.Helper()
	all := make(chan heard, 100)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		all <- heard{r.Header, string(body)}
		w.WriteHeader(int(status.Load()))
	}))
	t.Cleanup(server.Close)
	return server.URL, all
}

func inside(d *web.Deps) { d.WebhooksInside = true }

func TestWhatHappensIsAnnounced(t *testing.T) {
	t.Parallel()
	h := running(t, inside)
	var status atomic.Int64
	status.Store(http.StatusServiceUnavailable)
	url, all := receiver(t, &status)
	res := h.call(managerToken, "POST", "/webhooks", `{"url":"`+url+`/?key=of-theirs","types":["earning.booked"]}`)
	want(t, "added", res.StatusCode, http.StatusCreated)
	var made struct{ ID, Secret string }
	must(t, json.Unmarshal([]byte(res.body), &made))
	if strings.Contains(h.dump(), made.Secret) || strings.Contains(h.call(viewerToken, "GET", "/webhooks", "").body, made.Secret) {
		t.Error("the secret is kept or shown again")
	}
	if at := h.call(viewerToken, "GET", "/webhooks", "").body; strings.Contains(at, "key=of-theirs") || !strings.Contains(at, `/…"`) {
		t.Errorf("a viewer reads whoever listens' key: %s", at)
	}
	wantIn(t, h.call(managerToken, "GET", "/webhooks", "").body, "key=of-theirs")
	row := h.earning(true) // earning.changed is not asked for
	first := <-all
	key, err := standard.NewWebhook(made.Secret)
	must(t, err)
	must(t, key.Verify([]byte(first.body), first.header))
	wantIn(t, first.body, `"type":"earning.booked"`, `"version":1`, row, `"amount_minor":5000`)
	for _, personal := range []string{canaryMail, canaryName, "ada.scents"} {
		if strings.Contains(first.body, personal) {
			t.Errorf("it tells %s", personal)
		}
	}
	eventually(t, "it waits", func() bool {
		log := h.sent(made.ID)
		return len(log) == 1 && log[0].Status == 503 && log[0].State == "waiting"
	})
	wantIn(t, h.call(viewerToken, "GET", "/webhooks/events?endpoint="+made.ID, "").body, `"why": "answered 503"`, `"attempts": 1`)

	status.Store(http.StatusNoContent)
	h.sql("update webhook_deliveries set next_at = now()")
	again := <-all
	want(t, "the same id", again.header.Get(standard.HeaderWebhookID), first.header.Get(standard.HeaderWebhookID))
	eventually(t, "it is taken", func() bool { return h.sent(made.ID)[0].State == "sent" })
	event := h.sent(made.ID)[0].ID
	want(t, "once more", h.call(managerToken, "POST", strings.Replace("/webhooks/{id}/resend", "{id}", made.ID, 1), `{"event":"`+event+`"}`).StatusCode, http.StatusOK)
	want(t, "the same event", (<-all).header.Get(standard.HeaderWebhookID), event)

	status.Store(http.StatusInternalServerError)
	eventually(t, "it is settled", func() bool { return h.sent(made.ID)[0].State == "sent" })
	h.sql("update webhook_deliveries set state = 'waiting', attempts = 9, next_at = now()")
	eventually(t, "after the last attempt it is given up", func() bool { return h.sent(made.ID)[0].State == "given_up" })

	want(t, "removed", h.call(managerToken, "POST", strings.Replace("/webhooks/{id}/remove", "{id}", made.ID, 1), "").StatusCode, http.StatusOK)
	must(t, h.store.EarnFee(t.Context(), h.partnership, "reel/2", 100, day))
	want(t, "what is kept where nobody listens", len(h.sent(made.ID)), 1)
}

// A fact that is taken back is announced to nobody, and one that stands is.
func TestAnEventIsOfItsTransaction(t *testing.T) {
	t.Parallel()
	h := open(t)
	id := h.endpoint("https://hooks.example/x")
	must(t, h.store.SaveProjection(t.Context(), partnership.Projection{PartnershipID: h.partnership, Seq: 1, Stage: partnership.Contracting}))
	log := h.sent(id)
	if len(log) != 1 || log[0].Type != "partnership.changed" || !strings.Contains(string(log[0].Data), `"contracting"`) {
		t.Errorf("it hears %+v", log)
	}
	h.sql(`do $$ begin update partnerships set stage = 'content'; raise exception 'no'; exception when others then null; end $$`)
	want(t, "after a transaction that was taken back", len(h.sent(id)), 1)
}

// No name and no redirect leads a webhook inside.
func TestAWebhookNeverLeadsInside(t *testing.T) {
	t.Parallel()
	h := running(t)
	var status atomic.Int64
	status.Store(http.StatusOK)
	url, all := receiver(t, &status)
	for _, address := range []string{"http://hooks.example/", "https://ada:secret@hooks.example/", "ftp://hooks.example/", "/x", ""} {
		want(t, address, h.call(managerToken, "POST", "/webhooks", `{"url":"`+address+`"}`).StatusCode, http.StatusUnprocessableEntity)
	}
	var ids []string
	for _, address := range []string{url, strings.Replace(url, "127.0.0.1", "localhost", 1), strings.Replace(url, "127.0.0.1", "[::ffff:127.0.0.1]", 1), "https://169.254.169.254/latest", "https://10.1.2.3/", "https://[fd00::1]/"} {
		ids = append(ids, h.endpoint(address))
	}
	h.earning(false)
	for i, id := range ids {
		eventually(t, "it is refused", func() bool { log := h.sent(id); return len(log) == 1 && log[0].Attempts > 0 && log[0].Why != "" })
		if why := h.sent(id)[0].Why; !strings.Contains(why, "leads inside") {
			t.Errorf("%d: %s", i, why)
		}
	}
	want(t, "what arrived inside", len(all), 0)
}

// A receiver that does not answer keeps nothing from another.
func TestASlowReceiverHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	h := running(t, inside)
	hanging, over := make(chan bool, 100), make(chan bool, 100)
	slow := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.ReadAll(r.Body)
		hanging <- true
		<-r.Context().Done()
		over <- true
	}))
	t.Cleanup(func() { slow.CloseClientConnections(); slow.Close() })
	var status atomic.Int64
	status.Store(http.StatusNoContent)
	url, all := receiver(t, &status)
	h.endpoint(slow.URL)
	h.endpoint(url)
	for _, item := range []string{"reel/1", "reel/2"} {
		must(t, h.store.EarnFee(t.Context(), h.partnership, item, 100, day))
		eventually(t, "the other one hears of "+item, func() bool { return len(all) > 0 })
		<-all
	}
	<-hanging
	want(t, "requests that the slow one has lost", len(over), 0)
}

// An event has a line of the log for each address, and a page may end between two of them.
func TestTheLogOfEventsIsPaged(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.endpoint("https://hooks.example/a")
	h.endpoint("https://hooks.example/b")
	for _, item := range []string{"reel/1", "reel/2"} {
		must(t, h.store.EarnFee(t.Context(), h.partnership, item, 100, day))
	}
	seen, after := map[string]int{}, ""
	for range 10 {
		var doc struct {
			Events []struct{ ID, Endpoint string }
			Next   string
		}
		must(t, json.Unmarshal([]byte(h.call(viewerToken, "GET", "/webhooks/events?limit=1&after="+after, "").body), &doc))
		for _, e := range doc.Events {
			seen[e.ID+" "+e.Endpoint]++
		}
		if after = doc.Next; after == "" {
			break
		}
	}
	want(t, "lines", len(seen), 4)
	for line, n := range seen {
		want(t, line, n, 1)
	}
	want(t, "a place that is none", h.call(viewerToken, "GET", "/webhooks/events?after=x", "").StatusCode, http.StatusUnprocessableEntity)
}
