package console

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"net/http"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/web/page"
)

// Elsewhere is another house at which people prove who they are, by OpenID Connect.
type Elsewhere interface {
	// SignInURL is where somebody signs in who comes back to redirect.
	SignInURL(ctx context.Context, redirect, state, nonce, verifier string) (string, error)
	// SignedIn is who came back with a code, and the address that the house vouches for. *partnership.Error Forbidden for others.
	SignedIn(ctx context.Context, redirect, code, nonce, verifier string) (user, mail string, err error)
}

// awayFor is how long somebody may take there, in seconds.
const awayFor = 600

// away is what the browser keeps meanwhile, in a cookie of its own: only who went comes back.
const away = "rapport_away"

func (c *Console) wayBack() string { return c.PublicURL + "/signin/back" }

func (c *Console) signInElsewhere(w http.ResponseWriter, r *http.Request) {
	if c.Elsewhere == nil {
		page.Failure(w, r, http.StatusNotFound, "Nothing here", "Sign in by mail.")
		return
	}
	state, nonce, verifier := rand.Text(), rand.Text(), rand.Text()+rand.Text()
	to, err := c.Elsewhere.SignInURL(r.Context(), c.wayBack(), state, nonce, verifier)
	if err != nil {
		c.Log.ErrorContext(r.Context(), "console", "route", r.Pattern, "error", err)
		page.Failure(w, r, http.StatusServiceUnavailable, c.ElsewhereTitle+" does not answer", "Sign in by mail, or try again in a minute.")
		return
	}
	http.SetCookie(w, c.cookieOf(c.host(away), strings.Join([]string{state, nonce, verifier}, "."), awayFor))
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// cameBack takes somebody in who went from this browser, and whom the file of roles knows.
func (c *Console) cameBack(w http.ResponseWriter, r *http.Request) {
	cookie, err := r.Cookie(c.host(away))
	if c.Elsewhere == nil || err != nil {
		page.Failure(w, r, http.StatusForbidden, "That took too long", "Go back to the page to sign in, and begin again.")
		return
	}
	http.SetCookie(w, c.cookieOf(c.host(away), "", -1))
	kept, q := strings.Split(cookie.Value, "."), r.URL.Query()
	if len(kept) != 3 || subtle.ConstantTimeCompare([]byte(kept[0]), []byte(q.Get("state"))) != 1 || q.Get("code") == "" {
		page.Failure(w, r, http.StatusForbidden, "You were not signed in", "You came back from another sign-in than the one that began here, or said no there. Begin again.")
		return
	}
	user, mail, err := c.Elsewhere.SignedIn(r.Context(), c.wayBack(), q.Get("code"), kept[1], kept[2])
	if partnership.CodeOf(err) == partnership.Forbidden {
		page.Failure(w, r, http.StatusForbidden, "You were not signed in", err.Error())
		return
	}
	if err != nil {
		c.Log.ErrorContext(r.Context(), "console", "route", r.Pattern, "error", err)
		page.Failure(w, r, http.StatusServiceUnavailable, c.ElsewhereTitle+" does not answer", "Sign in by mail, or try again in a minute.")
		return
	}
	who := c.Directory.People.ConsoleOfUser(user, mail)
	if who == "" {
		page.Failure(w, r, http.StatusForbidden, "You have no role here", "You are who you say, and nobody has given you a role: an administrator writes your user id, "+user+", into RAPPORT_ROLES.")
		return
	}
	session, err := c.Store.BeginSession(r.Context(), who, "chat")
	if err != nil {
		c.fail(w, r, err)
		return
	}
	c.enter(w, r, session, c.zoneThere(r, user), "/")
}

// zoneThere is where the clock of a user of the other house stands, "" where it does not say so just now.
func (c *Console) zoneThere(r *http.Request, user string) string {
	if c.ZoneOf == nil {
		return ""
	}
	zone, err := c.ZoneOf(r.Context(), user)
	if err != nil {
		c.Log.WarnContext(r.Context(), "console: nobody's zone is known from the chat", "error", err)
	}
	return zone
}
