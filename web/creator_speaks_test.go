package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/partnership"
)

// A page of a known creator's link that can only say what went wrong says it in their language, and not in their browser's; a link that is nobody's in
// the browser's.
func TestAFailurePageSpeaksItsCreatorsLanguage(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.sql(`update creators set language = 'de'`)
	task := h.task(partnership.TaskDraft, "draft-1")
	earnings, err := h.store.EarningsURL(t.Context(), h.creator.ID, "dreams")
	must(t, err)
	optOut := h.URL + "/u/" + h.store.OptOutToken(h.creator.ID)
	says := func(method, link, lang string, status int) {
		t.Helper()
		r := h.request(method, link, strings.NewReader("a=%zz"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		r.Header.Set("Accept-Language", "fr")
		res := h.do(r)
		want(t, method+" "+link, res.StatusCode, status)
		wantIn(t, res.body, `<html lang="`+lang+`"`)
	}
	says("POST", task, "de", http.StatusBadRequest)
	says("POST", task+"/write", "de", http.StatusBadRequest)
	says("GET", task+"/agreement", "de", http.StatusNotFound)
	says("GET", earnings+"/never", "de", http.StatusNotFound)
	says("GET", optOut, "de", http.StatusOK)
	_, err = h.store.RevokeTaskLinks(t.Context(), h.creator.ID, "cli:ada", "she lost her phone")
	must(t, err)
	says("GET", task, "de", http.StatusGone)
	says("GET", earnings, "de", http.StatusGone)
	says("GET", "/t/nonsense", "fr", http.StatusNotFound)
	h.sql(`update creators set erased_at = now()`)
	says("GET", task, "fr", http.StatusGone)
}
