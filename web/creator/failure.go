package creator

import (
	"net/http"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/locale"
	"github.com/rapport-dev/rapport/web/page"
)

// asked is the language that a reader's browser asks for: where no creator is known by the link, nothing else says how to speak to them.
func asked(r *http.Request) locale.Locale { return locale.Accepted(r.Header.Get("Accept-Language")) }

// spoken is the language of a creator, the browser's where they cannot be asked for it: nothing that a page does depends on it.
func (s *Pages) spoken(r *http.Request, id partnership.CreatorID) locale.Locale {
	c, err := s.Store.Creator(r.Context(), id)
	if err != nil {
		return asked(r)
	}
	return locale.Of(c.Language)
}

// failure says in a language what went wrong, and what to do.
func failure(w http.ResponseWriter, r *http.Request, l locale.Locale, status int, title, advice string) {
	page.Show(w, r, status, page.Failed(page.Head{Title: title, Lang: l.Name(), Dir: l.Dir()}, advice))
}

// notWhole refuses a form whose body could not be read.
func notWhole(w http.ResponseWriter, r *http.Request) {
	l := asked(r)
	failure(w, r, l, http.StatusBadRequest, l.T("That did not arrive whole"), l.T("Please go back, shorten what you wrote if it was very long, and send it again."))
}
