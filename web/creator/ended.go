package creator

import (
	"net/http"

	"github.com/rapport-dev/rapport/partnership/locale"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web/page"
)

// freshLink has a fresh link mailed to the address that is known. Whoever holds an old link learns nothing by it.
func (s *Pages) freshLink(w http.ResponseWriter, r *http.Request) {
	if _, err := s.Store.AskFreshLink(r.Context(), r.PathValue("token")); err != nil {
		s.fail(w, r, err)
		return
	}
	page.Show(w, r, http.StatusOK, endedPage(s.spoken(r), "", store.LinkExpired, true))
}

// endedWords say why a link has ended.
var endedWords = map[string]string{
	store.LinkExpired: locale.Words("What it was about is over, and links end some time after that."),
	store.LinkRevoked: locale.Words("It was replaced, so that an old mail opens nothing any more."),
	store.LinkErased:  locale.Words("What was kept behind it has been erased, as was asked."),
}
