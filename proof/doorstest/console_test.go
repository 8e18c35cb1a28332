package doorstest

import (
	"fmt"
	"strings"
	"testing"
	"time"

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
	pictures := newAlbum(t, manager.ctx)
	base := fmt.Sprintf("http://127.0.0.1:%d", s.Ports().Front)
	manager.base, finance.base = base, base
	creators := crowd(wanted + 10)
	s.PlayTown(people.Options{Creators: creators, Day: day, WindowDays: 8, PublishFrom: time.Now().Add(9 * day), Seed: 1, OfficeAway: true})

	manager.goTo("/signin")
	manager.press(`[...document.forms].find(f => f.getAttribute("action") == "/signin/here").querySelector("button")`)
	manager.goTo("/campaigns/new")
	manager.attach("campaign", "campaign.yaml", campaign(t))
	manager.attach("creators", "creators.csv", list(creators))
	manager.press(button("Rehearse it"))
	manager.press(button("Send "))
	s.Within(8*time.Minute, "the campaign's end", func() bool {
		manager.answer("/", "Approve run")
		now := s.Board()
		pictures.midway(now, "door-console", func() string { return base + "/campaigns/" + string(now.ID) })
		return now.State == "finished"
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
	pictures.of("door-console-end", base+"/payouts")
	byWhom(t, s, "console")
	paid(t, s, wanted/3)
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
