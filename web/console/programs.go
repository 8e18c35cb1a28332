package console

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web/page"
)

// What programs come in with, and which addresses hear of what happens here. Both have a secret, which is shown once.

// programsShown is how many of each the page has; all of them are read by the API.
const programsShown = 200

type programsData struct {
	Tokens    []partnership.Token
	Endpoints []partnership.Endpoint
	Sent      []partnership.Announced // the newest first
}

func (c *Console) programs(w http.ResponseWriter, r *http.Request, v visitor) {
	if v.Has(deeds.Manager) != nil { // addresses inside, and who has which token
		page.Show(w, r, http.StatusOK, noProgramsPage(v))
		return
	}
	var d programsData
	var err error
	ctx, most := r.Context(), store.Page{Most: programsShown}
	if d.Tokens, _, err = c.Store.Tokens(ctx, most); err == nil {
		if d.Endpoints, _, err = c.Store.Endpoints(ctx, most); err == nil {
			d.Sent, _, err = c.Store.Events(ctx, "", store.Page{Most: 50})
		}
	}
	if err != nil {
		c.fail(w, r, err)
		return
	}
	page.Show(w, r, http.StatusOK, programsPage(v, d, c.Now()))
}

func programsOf(*http.Request) string { return "/programs" }

func (c *Console) createToken(r *http.Request, v visitor) (string, error) {
	in := deeds.NewToken{Name: strings.TrimSpace(r.PostFormValue("name")), Person: strings.TrimSpace(r.PostFormValue("person")), Agent: r.PostFormValue("agent") != "", Scopes: listOf(r.PostFormValue("scopes"))}
	for _, role := range r.PostForm["roles"] {
		in.Roles = append(in.Roles, deeds.Role(role))
	}
	if days := strings.TrimSpace(r.PostFormValue("days")); days != "" {
		n, err := strconv.Atoi(days)
		if err != nil || n == 0 {
			return "", partnership.FieldErrorf("days", "%q is no number of days", days)
		}
		in.Days = n
	}
	made, secret, err := deeds.CreateToken(r.Context(), c.Store, v.By, in, c.Directory.Tokens.Has)
	if err != nil {
		return "", err
	}
	showOnce(r, secret)
	return "The token " + made.Name + " is made, until " + dateOf(r.Context(), made.ExpiresAt) + ".", nil
}

func (c *Console) revokeToken(r *http.Request, v visitor) (string, error) {
	return "The token " + r.PathValue("name") + " opens nothing any more.", deeds.RevokeToken(r.Context(), c.Store, v.By, r.PathValue("name"))
}

func (c *Console) addWebhook(r *http.Request, v visitor) (string, error) {
	e, secret, err := deeds.AddWebhook(r.Context(), c.Store, v.By, strings.TrimSpace(r.PostFormValue("url")), r.PostForm["types"], c.WebhooksInside)
	if err != nil {
		return "", err
	}
	showOnce(r, secret)
	return "From now on " + e.URL + " hears of what happens. Each message is signed with this secret, by the scheme of Standard Webhooks.", nil
}

func (c *Console) removeWebhook(r *http.Request, v visitor) (string, error) {
	return "It hears nothing any more; what was on its way to it is not sent.", deeds.RemoveWebhook(r.Context(), c.Store, v.By, r.PathValue("id"))
}

func (c *Console) resendEvent(r *http.Request, v visitor) (string, error) {
	return "It is sent once more, in a moment.", deeds.ResendEvent(r.Context(), c.Store, v.By, r.PostFormValue("event"), r.PathValue("id"))
}

// listOf are words with commas, spaces or lines between them.
func listOf(text string) []string {
	return slices.Compact(strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(", \t\r\n;", r) }))
}

// onceAs is where a deed leaves a secret that is shown on the page which answers its form, and kept nowhere.
const onceAs = "once"

func showOnce(r *http.Request, secret string) { r.SetPathValue(onceAs, secret) }
