package doorstest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/rapport-dev/rapport/playground/people"
	"github.com/rapport-dev/rapport/proof/browsertest"
	"github.com/rapport-dev/rapport/proof/systemtest"
)

// TestACampaignByTheConsoleAlone does the same in browsers, on the console: a manager launches, answers what stands in the inbox and starts the run, and
// a person of finance, who comes in by a mailed link, approves it. Nobody looks into Slack.
func TestACampaignByTheConsoleAlone(t *testing.T) {
	long(t)
	const limit = 10 * time.Minute
	manager, finance := &seat{t: t, ctx: browsertest.Desk(t, limit)}, &seat{t: t, ctx: browsertest.Desk(t, limit)}
	s := systemtest.Start(t, systemtest.Options{Day: day, Empty: true, Timeout: limit})
	s.Await("Nothing is launched")
	base := fmt.Sprintf("http://127.0.0.1:%d", s.Ports().Front)
	manager.base, finance.base = base, base
	creators := crowd(wanted + 10)
	s.PlayTown(people.Options{Creators: creators, Day: day, WindowDays: 8, PublishFrom: time.Now().Add(9 * day), Seed: 1, OfficeAway: true})

	manager.goTo("/signin")
	manager.press(`[...document.forms].find(f => f.getAttribute("action") == "/signin/here").querySelector("button")`)
	manager.goTo("/campaigns/new")
	manager.attach("campaign", "campaign.yaml", campaign(t))
	manager.attach("creators", "creators.csv", list(creators))
	manager.press(button("Look at what they would do"))
	manager.press(button("Launch it"))
	s.Within(8*time.Minute, "the campaign's end", func() bool {
		manager.answer("/", "Approve run")
		return s.Board().State == "finished"
	})

	holdsOver(s)
	manager.goTo("/payouts")
	manager.fill("/payouts/run", "program", "dreams")
	manager.fill("/payouts/run", "period", time.Now().UTC().Format("2006-01"))
	manager.press(button("Start the run"))
	finance.byMail(s, "finance2@acme.example")
	s.Until("the run's end", func() bool {
		finance.answer("/payouts", "")
		return reconciled(s)
	})
	byWhom(t, s, "console")
	paid(t, s)
}

// seat is somebody before the console, in a browser of their own.
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
	if err := chromedp.Do(s.ctx, chromedp.Navigate(s.base+path)); err != nil {
		s.t.Fatal(path, err)
	}
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
	for ask[bool](s, `window.left === false || document.readyState != "complete"`) {
		if s.ctx.Err() != nil {
			s.t.Fatal(s.ctx.Err())
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

// answer answers the first decision of a page that may be answered, but of a kind that is for somebody else; it may be that nobody waits for one.
func (s *seat) answer(page, not string) {
	s.t.Helper()
	s.goTo(page)
	type card struct {
		Question, Kind string
		Answers        []struct {
			Style string
			Words bool
		}
	}
	cards := ask[[]card](s, `[...document.querySelectorAll("article.dec")].map(a => ({Question: a.querySelector("h3").innerText, Kind: a.querySelector(".tag").innerText,
		Answers: [...a.querySelectorAll("form")].map(f => ({Style: f.querySelector("button").className, Words: !!f.querySelector("textarea")}))}))`)
	for i, c := range cards {
		if len(c.Answers) == 0 || not != "" && strings.EqualFold(c.Kind, not) {
			continue
		}
		if s.answered == nil {
			s.answered = map[string]int{}
		}
		s.answered[c.Question]++
		at := 0
		for j, a := range c.Answers {
			if want := map[bool]string{true: "danger", false: "pri"}[s.answered[c.Question] > 2]; strings.Contains(a.Style, want) { // who has asked for patience twice gives up
				at = j
			}
		}
		form := fmt.Sprintf(`document.querySelectorAll("article.dec")[%d].querySelectorAll("form")[%d]`, i, at)
		if c.Answers[at].Words {
			ask[bool](s, `(() => { `+form+`.querySelector("textarea").value = "Lovely light. Please say what it is made of."; return true })()`)
		}
		s.press(form + `.querySelector("button")`)
		return
	}
}

// byMail signs in by the link of a mail.
func (s *seat) byMail(sys *systemtest.System, address string) {
	s.t.Helper()
	s.goTo("/signin")
	ask[bool](s, fmt.Sprintf(`(() => { document.querySelector("input[name=mail]").value = %q; return true })()`, address))
	s.press(`document.querySelector("input[name=mail]").form.querySelector("button")`)
	var link string
	sys.Until("the mail with the link", func() bool {
		var all struct {
			Mails []struct {
				To    string
				Links []string
			}
		}
		sys.Sandbox("/sandbox/mails?after=0", &all)
		for _, m := range all.Mails {
			for _, one := range m.Links {
				if m.To == address && strings.Contains(one, "/signin/") {
					link = one
				}
			}
		}
		return link != ""
	})
	s.goTo(strings.TrimPrefix(link, s.base))
	s.press(`document.querySelector('form[method="post"] button')`)
	if status := ask[int](s, `performance.getEntriesByType("navigation")[0].responseStatus`); status != http.StatusOK {
		s.t.Fatalf("signing in by mail answers %d", status)
	}
}
