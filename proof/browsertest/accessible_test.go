package browsertest

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// What is wrong on a page is found, also where its own policy allows no script and where it is folded.
func TestWhatIsWrongIsFound(t *testing.T) {
	t.Parallel()
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
		_, _ = w.Write([]byte(`<!DOCTYPE html><html lang="en"><title>A page</title><style>:root { color-scheme: light dark }</style><h1>A page</h1><p style="color:#999;background:#fff">pale</p>
			<a href="/a" style="display:inline-block;width:9px;height:9px;overflow:hidden">a</a><a href="/b" style="display:inline-block;width:9px;height:9px;overflow:hidden">b</a>
			<details><summary>more</summary><form><input name="x"><button></button></form></details>`))
	}))
	defer site.Close()
	ctx := Desk(t, 3*time.Minute)
	if err := chromedp.Do(ctx, chromedp.Navigate(site.URL)); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, v := range violations(t, ctx, rules) {
		ids = append(ids, v.ID)
	}
	slices.Sort(ids)
	if want := []string{"button-name", "color-contrast", "label", "target-size"}; !slices.Equal(ids, want) {
		t.Errorf("found are %v, want %v", ids, want)
	}
}
