package people

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// creator is one simulated creator. They do one thing at a time.
type creator struct {
	town *town
	who  partnership.Creator
	nth  int // of the list, from 0
	web  *browser

	mu       sync.Mutex
	busy     sync.Mutex // held while on an errand
	rounds   []string   // partnerships in the order of their first mail: a creator behaves differently in each round
	promised map[string]bool
	signing  map[string]string // partnership -> the signing page
	told     map[string]int    // partnership -> posts told
}

func newCreator(t *town, who partnership.Creator, nth int) *creator {
	return &creator{town: t, who: who, nth: nth, web: newBrowser(), promised: map[string]bool{}, signing: map[string]string{}, told: map[string]int{}}
}

// receive reads a mail and decides whether and when to act on it.
func (c *creator) receive(ctx context.Context, m letter) {
	about := subjectOf(m.Kind)
	link := c.linkOf(m, about)
	if about == aboutOther || link == "" {
		return
	}
	round, first := c.note(m, link)
	mood := c.town.personas(round)[c.who.Handle]
	if until, bound := c.town.until[c.who.Handle]; bound {
		if mood = prompt; slices.Index(tasks, about) >= slices.Index(tasks, until) {
			return
		}
	}
	d := dice(c.town.seed, c.who.Handle, fmt.Sprint(round), m.Kind, m.Task, m.Step)
	days, acts := mood.reacts(about, !first, m.Step, d)
	if !acts || !c.promise(m.PartnershipID, about, m.Task) {
		return
	}
	at := time.Now().Add(c.town.days(days))
	if about == aboutPost && at.Before(c.town.publishFrom) {
		at = c.town.publishFrom.Add(c.town.days(days / 4)) // cleared early: the content goes live with the others
	}
	c.town.later(ctx, at, func(ctx context.Context) { c.errand(ctx, m, about, link, mood, round) })
}

// linkOf is where a mail leads: the signing vendor's page, or our task page.
func (c *creator) linkOf(m letter, about subject) string {
	want := "/t/"
	if m.Kind == fromSigner {
		want = "/signing/"
	}
	for _, link := range m.Links {
		if strings.Contains(link, want) {
			return link
		}
	}
	if about == aboutSign { // a reminder points at the vendor's mail
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.signing[m.PartnershipID]
	}
	return ""
}

// note keeps what a mail tells: which of the creator's rounds it belongs to, and whether it is the first about its subject.
func (c *creator) note(m letter, link string) (round int, first bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if m.Kind == fromSigner {
		c.signing[m.PartnershipID] = link
	}
	for i, id := range c.rounds {
		if id == m.PartnershipID {
			round = i + 1
		}
	}
	if round == 0 {
		c.rounds = append(c.rounds, m.PartnershipID)
		round = len(c.rounds)
	}
	return round, m.Step == "request" || m.Kind == fromSigner
}

// promise takes on a task once: further mails about it change nothing.
func (c *creator) promise(partnership string, about subject, task string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if about == aboutSign {
		task = ""
	}
	key := partnership + "/" + string(about) + "/" + task
	if c.promised[key] {
		return false
	}
	c.promised[key] = true
	return true
}

// errand opens the page and does what it asks. A front door that is down is tried again; a page that says no is not.
func (c *creator) errand(ctx context.Context, m letter, about subject, link string, mood persona, round int) {
	c.busy.Lock()
	defer c.busy.Unlock()
	for wait := 200 * time.Millisecond; ctx.Err() == nil; wait = min(2*wait, 2*time.Second) {
		err := c.act(ctx, m, about, link, mood, round)
		if err == nil {
			return
		}
		no, refusedIt := errors.AsType[*refused](err)
		if refusedIt && no.status < http.StatusInternalServerError && no.status != http.StatusTooManyRequests {
			if no.status != http.StatusConflict && no.status != http.StatusNotFound && no.status != http.StatusGone {
				c.town.log.Warn("a creator is stuck", "task", m.Task, "kind", m.Kind, "error", err)
			}
			return
		}
		if _, stuck := errors.AsType[*stuckError](err); stuck {
			c.town.log.Warn("a creator is stuck", "task", m.Task, "kind", m.Kind, "error", err)
			return
		}
		sleep(ctx, wait)
	}
}

// stuckError is a page that a person could not use.
type stuckError struct{ why string }

func (e *stuckError) Error() string { return e.why }

func (c *creator) act(ctx context.Context, m letter, about subject, link string, mood persona, round int) error {
	shown, err := c.web.open(ctx, link)
	if err != nil {
		return err
	}
	switch about {
	case aboutOffer:
		return c.answerOffer(ctx, m, shown, mood)
	case aboutSign:
		return c.submit(ctx, shown, "sign", map[string]string{"consent": tick})
	case aboutParcel:
		return c.confirmParcel(ctx, shown, link)
	case aboutDraft:
		return c.sendDraft(ctx, m, shown, mood, link, round)
	case aboutPost:
		return c.tellPost(ctx, m, shown, mood, link)
	case aboutPayout:
		return c.setUpPayout(ctx, shown)
	default:
		return nil
	}
}

// submit answers the form that offers an action. A page without it has been answered or has closed, which is no fault.
func (c *creator) submit(ctx context.Context, shown page, action string, values map[string]string) error {
	_, err := c.submitted(ctx, shown, action, values)
	return err
}

func (c *creator) submitted(ctx context.Context, shown page, action string, values map[string]string) (page, error) {
	f, open := shown.find(action)
	if !open {
		return shown, nil
	}
	known := map[string]string{}
	for name, value := range values {
		if f.has(name) {
			known[name] = value
		}
	}
	button := action
	if f.fixed("action") {
		button = ""
	}
	after, err := c.web.send(ctx, f, known, button)
	if err == nil {
		return after, nil
	}
	if _, isPage := errors.AsType[*refused](err); !isPage && ctx.Err() == nil && !isNetwork(err) {
		return after, &stuckError{err.Error()}
	}
	return after, err
}

var offeredFee = regexp.MustCompile(`(?:[$€£¥]|[A-Z]{3} )\s?([0-9][0-9,]*(?:\.[0-9]+)?)\s+flat fee`)

func (c *creator) answerOffer(ctx context.Context, m letter, shown page, mood persona) error {
	d := dice(c.town.seed, c.who.Handle, m.PartnershipID, m.Task)
	if mood == decliner {
		return c.submit(ctx, shown, "decline", map[string]string{
			"reason": "I have no time in that window", "note": "Lovely idea, though. Ask me again in spring?",
		})
	}
	home := addressOf(c.who, c.town.seed)
	values := map[string]string{
		"consent": tick, "name": c.who.Name, "line1": home.Line1, "city": home.City, "region": home.Region,
		"postal_code": home.PostalCode, "country": home.Country, "phone": home.Phone,
	}
	_, mayCounter := shown.find("counter")
	fee := offeredFee.FindStringSubmatch(shown.text)
	if (mood == haggler || mood == bold) && mayCounter && fee != nil && m.Kind != "counter_refused" {
		share := between(d, 1.08, 1.18)
		if mood == bold {
			share = between(d, 1.4, 1.8)
		}
		offered := strings.ReplaceAll(fee[1], ",", "")
		var units float64
		if _, err := fmt.Sscanf(offered, "%f", &units); err != nil {
			return &stuckError{"the offer's fee cannot be read"}
		}
		_, decimals, _ := strings.Cut(offered, ".")
		values["fee"], values["note"] = fmt.Sprintf("%.*f", len(decimals), units*share), "My videos take two days each, I hope that works."
		asked, err := c.submitted(ctx, shown, "counter", values)
		if err != nil {
			return err
		}
		return c.submit(ctx, asked, "counter", nil) // it is read back, and is what was meant
	}
	if mood == bold && m.Kind == "counter_refused" && d.Float64() < 0.3 {
		return c.submit(ctx, shown, "decline", map[string]string{"reason": "The fee is too low"})
	}
	return c.submit(ctx, shown, "accept", values)
}

// confirmParcel says "I have it" once the carrier has delivered; until then there is nothing to say.
func (c *creator) confirmParcel(ctx context.Context, shown page, link string) error {
	for ctx.Err() == nil {
		if _, open := shown.find("received"); !open {
			return nil
		}
		if strings.Contains(strings.ToLower(shown.text), "delivered") {
			return c.submit(ctx, shown, "received", nil)
		}
		sleep(ctx, c.town.days(0.3))
		var err error
		if shown, err = c.web.open(ctx, link); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (c *creator) sendDraft(ctx context.Context, m letter, shown page, mood persona, link string, round int) error {
	d := dice(c.town.seed, c.who.Handle, m.PartnershipID, m.Task)
	if mood == slow && d.Float64() < 0.5 {
		if err := c.submit(ctx, shown, "extend", map[string]string{"days": "2"}); err != nil {
			return err
		}
		sleep(ctx, c.town.days(between(d, 0.5, 1.5)))
		var err error
		if shown, err = c.web.open(ctx, link); err != nil {
			return err
		}
	}
	return c.submit(ctx, shown, "draft", map[string]string{
		"url":     fmt.Sprintf("https://files.example/%s/%s-%d", strings.ReplaceAll(c.who.Handle, ".", "-"), m.Task, round),
		"caption": "#ad Slow evening, one small flame. My code is in the link.",
		"note":    "Raw cut, the sound is not final.",
	})
}

// tellPost goes live and tells where, once the page says no more that the publish window is still to open. The forgetful one
// forgets the disclosure the first time.
func (c *creator) tellPost(ctx context.Context, m letter, shown page, mood persona, link string) error {
	for strings.Contains(shown.text, "The publish window opens on") {
		sleep(ctx, c.town.days(0.3))
		var err error
		if shown, err = c.web.open(ctx, link); err != nil {
			return err
		}
	}
	caption := "#ad Slow evenings start here. My code saves you something."
	if mood == forgetful && m.Kind != "disclosure_fix" {
		caption = "Slow evenings start here. My code saves you something."
	}
	kit := kitOf(shown)
	c.mu.Lock()
	c.told[m.PartnershipID]++
	n := c.told[m.PartnershipID]
	c.mu.Unlock()
	after, err := c.submitted(ctx, shown, "post", map[string]string{
		"url":     fmt.Sprintf("https://%s.example/%s/%d-%d", c.who.Platform, strings.ReplaceAll(c.who.Handle, ".", "-"), number(c.town.seed, m.PartnershipID)%1_000_000, n),
		"caption": caption,
	})
	if err != nil || after.url.String() == shown.url.String() {
		return err
	}
	if strings.HasPrefix(caption, "#ad") && kit.code != "" {
		c.town.live(ctx, published{partnership: m.PartnershipID, creator: c.who, link: kit.linkOf(n), code: kit.code})
	}
	return nil
}

// wayOf is the page with the one way to be paid that this creator takes: where there are several, they take them in turn.
func (c *creator) wayOf(shown page) page {
	var ways []form
	for _, f := range shown.forms {
		if f.offers("action", "payout_setup") {
			ways = append(ways, f)
		}
	}
	if len(ways) > 1 {
		shown.forms = []form{ways[c.nth%len(ways)]}
	}
	return shown
}

// setUpPayout goes from our page to the payout vendor's and answers the form there.
func (c *creator) setUpPayout(ctx context.Context, shown page) error {
	shown, err := c.givePapers(ctx, shown)
	if err != nil {
		return err
	}
	iban := germanAccount(number(c.town.seed, c.who.Handle, "account"))
	at, err := c.submitted(ctx, c.wayOf(shown), "payout_setup", map[string]string{"receiver": c.who.Email, "iban": iban, "routing": "011401533", "account": iban[12:], "confirmed": tick})
	if err != nil || at.url.Host == shown.url.Host && strings.HasPrefix(at.url.Path, "/t/") {
		return err
	}
	for _, f := range at.forms {
		if f.method != http.MethodPost {
			continue
		}
		button := ""
		for _, field := range f.fields {
			if field.kind == "submit" && button == "" {
				button = field.value
			}
		}
		_, err := c.web.send(ctx, f, nil, button)
		return err
	}
	return nil // set up before
}

// germanAccount is an IBAN with its check digits.
func germanAccount(n uint64) string {
	bban := fmt.Sprintf("37040044%010d", n%10_000_000_000)
	rest := 0
	for _, r := range bban + "131400" { // D, E and no check digits yet
		rest = (rest*10 + int(r-'0')) % 97
	}
	return fmt.Sprintf("DE%02d%s", 98-rest, bban)
}

// kit is what a post carries, as the task's page shows it.
type kit struct {
	links []string // of each deliverable, in their order
	code  string
}

// linkOf is the link of the nth post.
func (k kit) linkOf(n int) string {
	if len(k.links) == 0 {
		return ""
	}
	return k.links[min(n, len(k.links))-1]
}

func kitOf(shown page) kit {
	var k kit
	for _, text := range shown.codes {
		switch {
		case strings.Contains(text, "/c/"):
			k.links = append(k.links, text)
		case k.code == "":
			k.code = text
		}
	}
	return k
}
