package doorstest

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/rapport-dev/rapport/proof/systemtest"
)

// seat is somebody before a browser of their own.
type seat struct {
	t        testing.TB
	ctx      context.Context
	base     string
	answered map[string]int
}

func ask[T any](s *seat, js string) T {
	s.t.Helper()
	got, err := chromedp.Run(s.ctx, chromedp.Evaluate[T](js))
	if err != nil {
		s.t.Fatalf("%v in %s", err, js)
	}
	return got
}

func (s *seat) goTo(path string) {
	s.t.Helper()
	s.open(s.base + path)
}

func (s *seat) open(link string) {
	s.t.Helper()
	if err := chromedp.Do(s.ctx, chromedp.Navigate(link)); err != nil {
		s.t.Fatal(link, err)
	}
}

// status is how the page that is open was answered.
func (s *seat) status() int {
	s.t.Helper()
	return ask[int](s, `performance.getEntriesByType("navigation")[0].responseStatus`)
}

// button is the one that says so.
func button(label string) string {
	return fmt.Sprintf(`[...document.querySelectorAll("button")].find(b => b.textContent.trim() == %q)`, label)
}

// press presses a button and waits for the page that it leads to.
func (s *seat) press(which string) {
	s.t.Helper()
	if !ask[bool](s, `(() => { const b = `+which+`; if (!b) return false; window.left = false; b.click(); return true })()`) {
		s.t.Fatalf("no button %s on\n%s", which, ask[string](s, `document.body.innerText`))
	}
	for {
		leaving, err := chromedp.Run(s.ctx, chromedp.Evaluate[bool](`window.left === false || document.readyState != "complete"`))
		switch {
		case s.ctx.Err() != nil:
			s.t.Fatal(s.ctx.Err())
		case err == nil && !leaving: // an error is a question that the next page, on another host, has cut off
			return
		}
	}
}

// attach puts a file into a field, as somebody does who chooses it.
func (s *seat) attach(field, name, text string) {
	s.t.Helper()
	content, _ := json.Marshal(text)
	ask[bool](s, fmt.Sprintf(`(() => { const all = new DataTransfer(); all.items.add(new File([%s], %q)); document.querySelector('input[type=file][name=%s]').files = all.files; return true })()`, content, name, field))
}

func (s *seat) fill(form, field, text string) {
	s.t.Helper()
	ask[bool](s, fmt.Sprintf(`(() => { const f = [...document.forms].find(f => f.getAttribute("action") == %q); f.elements[%q].value = %q; return true })()`, form, field, text))
}

// byMail signs in by the link of a mail.
func (s *seat) byMail(sys *systemtest.System, address string) {
	s.t.Helper()
	s.goTo("/signin")
	ask[bool](s, fmt.Sprintf(`(() => { document.querySelector("input[name=mail]").value = %q; return true })()`, address))
	s.press(`document.querySelector("input[name=mail]").form.querySelector("button")`)
	var link string
	sys.Until("the mail with the link", func() bool {
		for _, m := range letters(sys, address, 0) {
			link = cmp.Or(m.Link("/signin/"), link)
		}
		return link != ""
	})
	s.open(link)
	s.press(`document.querySelector('form[method="post"] button')`)
	if status := s.status(); status != http.StatusOK {
		s.t.Fatalf("signing in by mail answers %d", status)
	}
}

// letters are those that came to an address after one.
func letters(sys *systemtest.System, address string, after int64) []systemtest.Mail {
	var all struct{ Mails []systemtest.Mail }
	sys.Sandbox(fmt.Sprintf("/sandbox/mails?after=%d&to=%s", after, url.QueryEscape(address)), &all)
	return all.Mails
}
