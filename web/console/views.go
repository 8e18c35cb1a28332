package console

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web/page"
)

// A view is a sieve that somebody keeps for themselves, under a name: it opens on whatever list of partnerships they are at. It changes nothing
// that anybody else sees, and so is no deed.

func allViews(*http.Request) string { return "/views" }

func sieveOfView(v store.View) sieve { return sieve{v.Search, v.Stage, v.Waits, v.Sort} }

// keptIn says whether one of the views is this sieve.
func (s sieve) keptIn(views []store.View) bool {
	return slices.ContainsFunc(views, func(v store.View) bool { return sieveOfView(v) == s })
}

// words are a sieve for its reader.
func (s sieve) words() string {
	said := "Everybody"
	switch s.Waits {
	case waitsOpen:
		said = "Open"
	case waitsAttention:
		said = "Needs a look"
	case waitsPaused:
		said = "Paused"
	}
	if s.Stage != "" {
		said += ", in " + title(s.Stage)
	}
	if s.Q != "" {
		said += ", with “" + s.Q + "”"
	}
	if s.Sort == sortDue {
		said += ", due first"
	}
	return said
}

// views is where somebody renames and removes theirs.
func (c *Console) views(w http.ResponseWriter, r *http.Request, v visitor) {
	all, err := c.Store.Views(r.Context(), v.Who)
	if err != nil {
		c.fail(w, r, err)
		return
	}
	page.Show(w, r, http.StatusOK, viewsPage(v, all))
}

// ofViews is the way of a form about somebody's own views.
func (c *Console) ofViews(do func(r *http.Request, v visitor) error, back func(r *http.Request) string) show {
	return func(w http.ResponseWriter, r *http.Request, v visitor) {
		err := v.Has(deeds.Viewer)
		if err == nil {
			err = do(r, v)
		}
		if err != nil {
			c.refuse(w, r, v, deed{stands: c.views}, err)
			return
		}
		http.Redirect(w, r, back(r), http.StatusSeeOther)
	}
}

// longestSieve bounds what is looked for in a view.
const longestSieve = 300

func (c *Console) saveView(r *http.Request, v visitor) error {
	s := sieveOf(r.PostForm)
	if len(s.query().Encode()) > longestSieve {
		return partnership.FieldErrorf("name", "what it looks for is too long to be kept")
	}
	return c.Store.SaveView(r.Context(), v.Who, store.View{Name: r.PostFormValue("name"), Search: s.Q, Stage: s.Stage, Waits: s.Waits, Sort: s.Sort})
}

func (c *Console) renameView(r *http.Request, v visitor) error {
	return c.Store.RenameView(r.Context(), v.Who, r.PathValue("id"), r.PostFormValue("name"))
}

func (c *Console) removeView(r *http.Request, v visitor) error {
	return c.Store.RemoveView(r.Context(), v.Who, r.PathValue("id"))
}

// at is where a sieve is opened on a list.
func (s sieve) at(list string) string {
	return (&url.URL{Path: list, RawQuery: s.query().Encode()}).String()
}
