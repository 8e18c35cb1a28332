package web_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/web"
	"github.com/rapport-dev/rapport/web/access"
)

// post is a mail vendor.
type postOffice struct {
	mu    sync.Mutex
	mails []partnership.Mail
}

func (p *postOffice) SendMail(_ context.Context, m partnership.Mail) (partnership.Receipt, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mails = append(p.mails, m)
	return partnership.Receipt{ID: "m"}, nil
}

func (p *postOffice) sent() []partnership.Mail {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]partnership.Mail(nil), p.mails...)
}

// knowing are people of whom some have addresses.
func knowing(t *testing.T, d *web.Deps) {
	t.Helper()
	known, err := access.ParsePeople("U_MANAGER, grace@acme.example: manager\nU_FINANCE: finance\nconsole:here: manager, finance\n")
	must(t, err)
	d.People = known
}

var signInLink = regexp.MustCompile(`http://\S+/signin/\w+`)

// A link is mailed to whoever has a role, opens once and for a quarter of an hour; what the page says tells nobody who that is.
func TestSigningInByMail(t *testing.T) {
	t.Parallel()
	office := &postOffice{}
	h := running(t, func(d *web.Deps) { knowing(t, d); d.Mailer = office })
	ask := func(mail string) answered {
		return h.post("/signin", url.Values{"mail": {mail}, "then": {"/payouts"}})
	}
	stranger, ours := ask("eve@acme.example"), ask(" Grace@ACME.example")
	want(t, "a stranger", stranger.StatusCode, ours.StatusCode)
	want(t, "what is said", strings.ReplaceAll(stranger.body, "eve@acme.example", "x"), strings.ReplaceAll(ours.body, "Grace@ACME.example", "x"))
	wantIn(t, ask("grace").body, "Write your whole address", `value="grace"`)
	for range 5 {
		want(t, "asked again", ask("grace@acme.example").StatusCode, http.StatusOK)
	}
	eventually(t, "the mails", func() bool { return len(office.sent()) == 3 }) // in a quarter of an hour
	for _, m := range office.sent() {
		want(t, "to", m.To, "grace@acme.example")
	}
	link := signInLink.FindString(office.sent()[0].Text)
	if strings.Contains(h.log.String(), "acme.example") || strings.Contains(h.dump(), link[strings.LastIndex(link, "/")+1:]) || strings.Contains(h.dump(), "grace@acme.example") {
		t.Error("the link or the address stands where a copy of it would open something")
	}
	for range 2 { // a mail scanner follows it
		wantIn(t, h.get(link).body, "Sign in as grace@acme.example?")
	}
	in := h.post(link, nil)
	want(t, "signed in", in.StatusCode, http.StatusSeeOther)
	want(t, "on their way to", in.Header.Get("Location"), "/payouts")
	cookie := in.Header.Get("Set-Cookie")
	wantIn(t, cookie, "HttpOnly", "SameSite=Lax", "Path=/")
	h.session, _, _ = strings.Cut(strings.TrimPrefix(cookie, "rapport="), ";")
	wantIn(t, h.get("/me").body, "grace@acme.example", "console:grace-", "(manager)")
	want(t, "the link once more", h.post(link, nil).StatusCode, http.StatusNotFound)
	wantIn(t, h.get(link).body, "opens nothing any more")
	h.sql("update signin_links set expires_at = now() - interval '1 second'")
	want(t, "a link that is over", h.post(signInLink.FindString(office.sent()[1].Text), nil).StatusCode, http.StatusNotFound)
}

// A session ends by itself, at a press, and everywhere; roles are looked up each time.
func TestASessionEnds(t *testing.T) {
	t.Parallel()
	h := open(t).as("U_MANAGER")
	other := h.session
	h.as("U_MANAGER")
	want(t, "signed in", h.get("/").StatusCode, http.StatusOK)
	for what, change := range map[string]string{"twelve hours idle": "seen_at = now() - interval '12 hours'", "seven days in all": "began_at = now() - interval '7 days'"} {
		h.as("U_MANAGER")
		h.sql("update console_sessions set " + change + " where ended_at is null and seen_at = (select max(seen_at) from console_sessions)")
		want(t, what, h.get("/").StatusCode, http.StatusSeeOther)
	}
	h.session = other
	want(t, "without its token", h.post("/signout", url.Values{"form": {"x"}}).StatusCode, http.StatusForbidden)
	want(t, "another one", h.get("/").StatusCode, http.StatusOK)
	form := h.form("/me")
	want(t, "everywhere", h.post("/signout/everywhere", url.Values{"form": {form}}).StatusCode, http.StatusSeeOther)
	want(t, "signed out", h.get("/").StatusCode, http.StatusSeeOther)
	h.as("U_NOBODY")
	want(t, "of no role", h.get("/").StatusCode, http.StatusForbidden)
}

// In dev whoever sits at the machine signs in by a button, and nobody else does.
func TestSigningInHereIsForThisMachineOnly(t *testing.T) {
	t.Parallel()
	h := open(t, func(d *web.Deps) { knowing(t, d); d.DevOpen = true })
	wantIn(t, h.get("/signin").body, "whoever sits at this machine")
	press := func(edit func(*http.Request)) int {
		r := h.request(http.MethodPost, "/signin/here", nil)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		edit(r)
		return h.do(r).StatusCode
	}
	want(t, "from here", press(func(*http.Request) {}), http.StatusSeeOther)
	want(t, "by another name", press(func(r *http.Request) { r.Host = "rebound.example" }), http.StatusForbidden) // a page elsewhere whose name points here
	want(t, "from another site", press(func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }), http.StatusForbidden)
	for _, header := range []string{"X-Forwarded-For", "Forwarded", "X-Real-Ip", "Via"} {
		want(t, "through a proxy that sets "+header, press(func(r *http.Request) { r.Header.Set(header, "203.0.113.9") }), http.StatusForbidden)
	}
	closed := open(t, func(d *web.Deps) { knowing(t, d) })
	want(t, "where it is not offered", closed.post("/signin/here", nil).StatusCode, http.StatusForbidden)
}

// abroad is another house's sign-in: whoever comes back with a code is who it names.
type abroad struct{ user, mail string }

func (a abroad) SignInURL(_ context.Context, redirect, state, nonce, verifier string) (string, error) {
	return "https://abroad.example/?" + url.Values{"redirect": {redirect}, "state": {state}, "nonce": {nonce}, "verifier": {verifier}}.Encode(), nil
}

func (a abroad) SignedIn(_ context.Context, _, code, nonce, verifier string) (user, mail string, err error) {
	if code != "code/"+nonce+"/"+verifier {
		return "", "", partnership.Errorf(partnership.Forbidden, "it is not of this sign-in")
	}
	return a.user, a.mail, nil
}

// Whoever went comes back, in the browser that they went with, and is let in by their user, or by their address where they have no other name.
func TestSigningInElsewhere(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from abroad
		lets int
	}{{abroad{"U_FINANCE", "any@mail.example"}, http.StatusSeeOther}, {abroad{"U_EVE", "grace@acme.example"}, http.StatusForbidden}, {abroad{"U_EVE", "eve@acme.example"}, http.StatusForbidden}} {
		h := open(t, func(d *web.Deps) { knowing(t, d); d.SignIn, d.SignInTitle = c.from, "Abroad" })
		wantIn(t, h.get("/signin").body, "Sign in with Abroad")
		away := h.get("/signin/with")
		to, err := url.Parse(away.Header.Get("Location"))
		must(t, err)
		q := to.Query()
		want(t, "the way back", q.Get("redirect"), h.URL+"/signin/back")
		back := func(state, code string, cookie bool) answered {
			r := h.request(http.MethodGet, "/signin/back?"+url.Values{"state": {state}, "code": {code}}.Encode(), nil)
			if cookie {
				r.Header.Set("Cookie", strings.Split(away.Header.Get("Set-Cookie"), ";")[0])
			}
			return h.do(r)
		}
		code := "code/" + q.Get("nonce") + "/" + q.Get("verifier")
		want(t, "another browser", back(q.Get("state"), code, false).StatusCode, http.StatusForbidden)
		want(t, "another state", back("x", code, true).StatusCode, http.StatusForbidden)
		want(t, "another code", back(q.Get("state"), "x", true).StatusCode, http.StatusForbidden)
		in := back(q.Get("state"), code, true)
		want(t, c.from.user, in.StatusCode, c.lets)
		if c.lets == http.StatusSeeOther {
			wantIn(t, strings.Join(in.Header.Values("Set-Cookie"), "\n"), "rapport_profile_zone=Europe/Berlin;")
		}
	}
}

var formToken = regexp.MustCompile(`name="form" value="([^"]+)"`)

// form is the token of the session's forms, as a page shows it.
func (h *house) form(path string) string {
	h.t.Helper()
	found := formToken.FindStringSubmatch(h.get(path).body)
	if found == nil {
		h.t.Fatalf("%s has no form", path)
	}
	return found[1]
}

// send sends a form of the console, with its token and under a key.
func (h *house) send(path, key string, fields url.Values) answered {
	h.t.Helper()
	sent := url.Values{"form": {h.form("/me")}, "key": {key}}
	for name, values := range fields {
		sent[name] = values
	}
	return h.post(path, sent)
}

// A form that is sent twice is done once, and says both times what came of it; under its key nothing else is done.
func TestAFormCountsOnce(t *testing.T) {
	t.Parallel()
	h := open(t).as("U_MANAGER")
	path := "/campaigns/" + string(h.campaign) + "/pause"
	first := h.send(path, "k1", url.Values{"reason": {"out of stock"}})
	want(t, "first", first.StatusCode, http.StatusSeeOther)
	again := h.send(path, "k1", url.Values{"reason": {"out of stock"}})
	want(t, "again", again.Header.Get("Location"), first.Header.Get("Location"))
	want(t, "told", len(h.temporal.messages()), 1)
	wantIn(t, h.get(first.Header.Get("Location")).body, `role="status"`, "Paused: no invitations")
	want(t, "with other words", h.send(path, "k1", url.Values{"reason": {"another"}}).StatusCode, http.StatusUnprocessableEntity)
	want(t, "told", len(h.temporal.messages()), 1)
	other := h.as("U_FINANCE").get(first.Header.Get("Location")).body
	if strings.Contains(other, "Paused: no invitations") {
		t.Error("somebody else is told what came of it")
	}
}

// What is wrong keeps what was typed and names the field; who may not is told so; and while no worker answers that is said.
func TestAFormThatCannotBeDone(t *testing.T) {
	t.Parallel()
	h := open(t).as("U_MANAGER")
	note := "/partnerships/" + string(h.partnership) + "/note"
	long := strings.Repeat("words ", 400)
	res := h.send(note, "k1", url.Values{"text": {long}})
	want(t, "too long", res.StatusCode, http.StatusUnprocessableEntity)
	wantIn(t, res.body, "at most 2000 are kept", strings.TrimSpace(long)[:200], `<details class="deed" id="note" open>`)
	want(t, "the same key, mended", h.send(note, "k1", url.Values{"text": {"we spoke"}}).StatusCode, http.StatusSeeOther)
	h.temporal.refuse = func(m message) error { return &partnership.Taken{ID: m.UpdateID} }
	taken := h.send("/campaigns/"+string(h.campaign)+"/pause", "k2", url.Values{"reason": {"x"}})
	wantIn(t, h.get(taken.Header.Get("Location")).body, "Taken, not yet confirmed")
	h.as("U_FINANCE")
	no := h.send("/campaigns/"+string(h.campaign)+"/pause", "k3", url.Values{"reason": {"x"}})
	want(t, "finance", no.StatusCode, http.StatusForbidden)
}
