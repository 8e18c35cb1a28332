package creator

import (
	"net/http"

	"github.com/rapport-dev/rapport/partnership/locale"
	"github.com/rapport-dev/rapport/web/page"
)

// asked is the language that a reader's browser asks for: where no creator is known by the link, nothing else says how to speak to them.
func asked(r *http.Request) locale.Locale { return locale.Accepted(r.Header.Get("Accept-Language")) }

// spoken is the language of whoever the link of a page is or was for, the browser's where that is nobody, or cannot be said just now: nothing that a
// page does depends on it.
func (s *Pages) spoken(r *http.Request) locale.Locale {
	c, err := s.Store.LinkOwner(r.Context(), r.PathValue("token"))
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
func (s *Pages) notWhole(w http.ResponseWriter, r *http.Request) {
	l := s.spoken(r)
	failure(w, r, l, http.StatusBadRequest, l.T("That did not arrive whole"), l.T("Please go back, shorten what you wrote if it was very long, and send it again."))
}
