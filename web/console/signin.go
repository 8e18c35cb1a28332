package console

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/web/page"
)

// Sessions keep who is signed in, and the links by which they come in. *partnership.Error NotFound for what is over or never was.
type Sessions interface {
	AskSignIn(ctx context.Context, mail, who, leadsTo string) error
	ClaimSignIns(ctx context.Context) ([]partnership.SignIn, error)
	SignInSent(ctx context.Context, id string) error
	SignIn(ctx context.Context, secret string) (partnership.SignIn, error)
	UseSignIn(ctx context.Context, secret string) (in partnership.SignIn, session string, err error)
	BeginSession(ctx context.Context, who, how string) (session string, err error)
	Session(ctx context.Context, secret string) (partnership.Session, error)
	EndSession(ctx context.Context, secret string) error
	EndSessions(ctx context.Context, who string) (ended int, err error)
	Sessions(ctx context.Context, who string) (int, error)
}

// here is who signs in from this machine, where that is allowed and the file of roles has them.
const here = "console:here"

// entrance is what is open to strangers. Its forms hold no token: nobody is signed in, and another site's are refused before (web/chain.go).
func (c *Console) entrance() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"GET /signin": c.signIn, "POST /signin": c.askLink, "POST /signin/here": c.signInHere,
		"GET /signin/with": c.signInElsewhere, "GET /signin/back": c.cameBack,
		"GET /signin/{secret}": c.showLink, "POST /signin/{secret}": c.useLink,
	}
}

// ownForms are about whoever sends them alone: nobody's to refuse, and so no deeds.
func (c *Console) ownForms() map[string]show {
	return map[string]show{
		"POST /signout": c.signOut, "POST /signout/everywhere": c.signOutEverywhere,
		"POST /views": c.ofViews(c.saveView, backTo), "POST /views/{id}/rename": c.ofViews(c.renameView, allViews), "POST /views/{id}/remove": c.ofViews(c.removeView, allViews),
	}
}

// signInData is what the page of the entrance offers.
type signInData struct {
	then      string
	mail      bool
	elsewhere string // what people know the other house by, "" none
	here      bool
	wrong     string // what is wrong with what was typed
	typed     string
}

func (c *Console) offers(r *http.Request, then string) signInData {
	d := signInData{then: local(then), mail: c.Mailer != nil, here: c.DevOpen && fromHere(r) && len(c.Directory.People.Of(here)) > 0}
	if c.Elsewhere != nil {
		d.elsewhere = c.ElsewhereTitle
	}
	return d
}

func (c *Console) signIn(w http.ResponseWriter, r *http.Request) {
	page.Show(w, r, http.StatusOK, signInPage(c.offers(r, r.URL.Query().Get("then"))))
}

// askLink says the same to everybody, and nobody learns from it who is in the file of roles.
func (c *Console) askLink(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	mail := strings.TrimSpace(r.PostFormValue("mail"))
	d := c.offers(r, r.PostFormValue("then"))
	if d.typed = mail; !strings.Contains(mail, "@") || len(mail) > maxMail {
		d.wrong = "Write your whole address, such as ada@acme.example."
		page.Show(w, r, http.StatusUnprocessableEntity, signInPage(d))
		return
	}
	if c.Mailer != nil {
		if err := c.Store.AskSignIn(r.Context(), strings.ToLower(mail), c.Directory.People.Console(mail), d.then); err != nil {
			c.fail(w, r, err)
			return
		}
	}
	page.Show(w, r, http.StatusOK, linkAskedPage(mail))
}

const maxForm, maxMail = 64 << 10, 254

// showLink asks for a press: mail scanners follow links.
func (c *Console) showLink(w http.ResponseWriter, r *http.Request) {
	in, err := c.Store.SignIn(r.Context(), r.PathValue("secret"))
	if c.linkOver(w, r, err) {
		return
	}
	page.Show(w, r, http.StatusOK, useLinkPage(c.Directory.People.Called(in.Who)))
}

func (c *Console) useLink(w http.ResponseWriter, r *http.Request) {
	in, session, err := c.Store.UseSignIn(r.Context(), r.PathValue("secret"))
	if c.linkOver(w, r, err) {
		return
	}
	c.enter(w, r, session, "", in.LeadsTo)
}

func (c *Console) linkOver(w http.ResponseWriter, r *http.Request, err error) bool {
	switch {
	case partnership.CodeOf(err) == partnership.NotFound:
		page.Show(w, r, http.StatusNotFound, linkOverPage())
	case err != nil:
		c.fail(w, r, err)
	}
	return err != nil
}

func (c *Console) signInHere(w http.ResponseWriter, r *http.Request) {
	d := c.offers(r, r.PostFormValue("then"))
	if !d.here {
		page.Failure(w, r, http.StatusForbidden, "Not from here", "This button is for the machine on which Rapport was started with `rapport dev`.")
		return
	}
	session, err := c.Store.BeginSession(r.Context(), here, "here")
	if err != nil {
		c.fail(w, r, err)
		return
	}
	c.enter(w, r, session, "", d.then)
}

// enter gives the browser its session, with the zone that the profile says, "" none, and leads it on.
func (c *Console) enter(w http.ResponseWriter, r *http.Request, session, zone, then string) {
	http.SetCookie(w, c.cookieOf(c.cookie(), session, int(partnership.SessionLife.Seconds())))
	if zone != "" {
		http.SetCookie(w, c.cookieOf(c.host(profileZone), zone, int(partnership.SessionLife.Seconds())))
	} else if _, err := r.Cookie(c.host(profileZone)); err == nil { // of whoever was here before
		http.SetCookie(w, c.cookieOf(c.host(profileZone), "", -1))
	}
	http.Redirect(w, r, local(then), http.StatusSeeOther)
}

func (c *Console) signOut(w http.ResponseWriter, r *http.Request, _ visitor) {
	c.left(w, r, c.Store.EndSession(r.Context(), c.sessionOf(r)))
}

func (c *Console) signOutEverywhere(w http.ResponseWriter, r *http.Request, v visitor) {
	_, err := c.Store.EndSessions(r.Context(), v.Who)
	c.left(w, r, err)
}

func (c *Console) left(w http.ResponseWriter, r *http.Request, err error) {
	if err != nil {
		c.fail(w, r, err)
		return
	}
	http.SetCookie(w, c.cookieOf(c.cookie(), "", -1))
	http.Redirect(w, r, "/signin", http.StatusSeeOther)
}

// guarded is for a form of whoever is signed in, with a role or without: it holds their token.
func (c *Console) guarded(next show) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxUpload)
		_, large := errors.AsType[*http.MaxBytesError](r.ParseMultipartForm(maxUpload)) //nolint:gosec // G120: its body is bounded
		v, known, err := c.visitor(r)
		w.Header().Set("Content-Security-Policy", page.ConsolePolicy())
		switch {
		case err != nil:
			c.fail(w, r, err)
		case large:
			page.Failure(w, r, http.StatusRequestEntityTooLarge, "The files are too large", "Nothing was done. At most 8 MiB are taken together; longer lists go by the command line.")
		case !known:
			page.Failure(w, r, http.StatusUnauthorized, "You are signed out", "Nothing was done. Sign in in another tab, go back here and send it again: what you typed is still in the form.")
		case subtle.ConstantTimeCompare([]byte(r.PostFormValue("form")), []byte(v.form)) != 1:
			page.Failure(w, r, http.StatusForbidden, "This form is not of this page", "Nothing was done. Go back, reload the page and send it again.")
		default:
			next(w, c.inReadersZone(r), v)
		}
	}
}

// maxUpload bounds a form with files, in bytes, as the API's.
const maxUpload = 8 << 20

// me is who is signed in, with what roles, and in how many places.
func (c *Console) me(w http.ResponseWriter, r *http.Request, v visitor) {
	n, err := c.Store.Sessions(r.Context(), v.Who)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	page.Show(w, r, http.StatusOK, mePage(v, n))
}

// formOf is what stands in each form of a session. It tells nothing of the session's secret.
func formOf(session string) string {
	sum := sha256.Sum256([]byte("form|" + session))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// secure says whether browsers reach the console by https alone.
func (c *Console) secure() bool { return strings.HasPrefix(c.PublicURL, "https://") }

// cookie is the name of a session's cookie: by https one that no other host may set, and that is sent to this one alone.
func (c *Console) cookie() string { return c.host("rapport") }

// sessionOf is the secret that a browser sends, "" for none.
func (c *Console) sessionOf(r *http.Request) string {
	cookie, err := r.Cookie(c.cookie())
	if err != nil {
		return ""
	}
	return cookie.Value
}

func (c *Console) host(name string) string {
	if c.secure() {
		return "__Host-" + name
	}
	return name
}

func (c *Console) cookieOf(name, value string, seconds int) *http.Cookie {
	//nolint:gosec // G124: by http, which is for one machine alone, no browser would send a secure one
	return &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: seconds, Secure: c.secure(), HttpOnly: true, SameSite: http.SameSiteLaxMode}
}

// local is a path of this console, "/" for whatever leads elsewhere.
func local(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n\t") || strings.HasPrefix(to, "/signin") {
		return "/"
	}
	return to
}

// forwarders are the headers that a proxy adds: behind one everybody comes from this machine.
var forwarders = []string{"Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip"}

// fromHere is true for this machine's own browser, and false for a page elsewhere that made a name of its own point here and for
// whatever a proxy brings.
func fromHere(r *http.Request) bool {
	if slices.ContainsFunc(forwarders, func(name string) bool { return r.Header.Get(name) != "" }) {
		return false
	}
	peer, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil || !isLoopback(peer) {
		return false
	}
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	return host == "localhost" || isLoopback(host)
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
