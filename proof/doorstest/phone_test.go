package doorstest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/playground/people"
	"github.com/rapport-dev/rapport/proof/browsertest"
	"github.com/rapport-dev/rapport/proof/judge"
	"github.com/rapport-dev/rapport/proof/systemtest"
)

// TestCreatorsOnTheirPhones goes with three creators, who read three languages, from the first mail to the money, on small phones. All that they
// have are the mails that come to them. The pictures of docs/creators.md are made by it: RAPPORT_PICTURES=DIR keeps one of each page.
func TestCreatorsOnTheirPhones(t *testing.T) {
	long(t)
	const (
		day   = 10 * time.Second // a parcel's three days are time enough for three browsers
		limit = 15 * time.Minute
	)
	var creators []*phone
	list := systemtest.Crowd(3) // in one country: a parcel that crosses a border is shipped by hand
	for i, reads := range []string{"en", "de", "ja"} {
		list[i].Language, list[i].Name = reads, []string{"Robin Hale", "Wiebke Harms", "Yuka Morinaga"}[i]
		creators = append(creators, &phone{seat: &seat{t: t, ctx: browsertest.PhoneOf(t, width, 740, limit)}, who: list[i], seen: map[string]bool{}})
	}
	s := systemtest.Start(t, systemtest.Options{Day: day, Alone: true, Campaign: phoneCampaign, Creators: systemtest.CSV(t, list)})
	s.Await("Launched Made Together")
	s.PlayTown(people.Options{Day: day, Seed: 1}) // of whom no creator is one: the office is at work
	for _, c := range creators {
		c.sys, c.base = s, fmt.Sprintf("http://127.0.0.1:%d", s.Ports().Front)
	}
	quiet := carrier{s, map[string]bool{}}
	// have reads on until every one of them has done what these mails ask for.
	have := func(kinds ...string) {
		s.Within(limit, fmt.Sprint("everybody to have done ", kinds), func() (all bool) {
			all = true
			for _, c := range creators {
				quiet.keep()
				c.reads()
				all = !slices.ContainsFunc(kinds, func(kind string) bool { return !c.seen[kind] }) && all
			}
			return all
		})
	}
	have("cleared_to_post", "payout_setup")
	pay(s, "makers")
	have("payout_paid")
	transfers := paid(t, s, len(creators))
	for _, c := range creators {
		c.foundPaid(transfers)
		t.Logf("%s: %d taps on %d pages", c.who.Language, c.taps, len(c.pages))
	}
}

// phoneCampaign asks for a tax form, so that there is a paper to be photographed.
var phoneCampaign = strings.NewReplacer("standby: 2", "standby: 0", "provider: stripe", "provider: stripe, gates: [tax_form]").Replace(
	systemtest.CrowdCampaign(3, `{publish_from: "+9", publish_to: "+60", outreach_days: 10, sign_days: 10, produce_days: 10, review_days: 3, buffer_days: 3, window_days: 8}`))

// carrier says late that a parcel has come: that would answer what the creator is asked who has it in their hands.
type carrier struct {
	sys  *systemtest.System
	kept map[string]bool // parcels by their code
}

func (k carrier) keep() {
	for _, parcel := range k.sys.Parcels() {
		if !k.kept[parcel.Code] && parcel.Status != "delivered" {
			k.sys.Carrier(parcel, map[string]any{"delay_days": 5})
			k.kept[parcel.Code] = true
		}
	}
}

// phone is a creator with nothing but a phone: they open what they are mailed, read, fill in and tap.
type phone struct {
	*seat
	sys    *systemtest.System
	who    partnership.Creator
	last   int64 // letter that came
	unread []systemtest.Mail
	seen   map[string]bool // kinds of mails
	first  string          // the link of the first mail
	ref    string          // of the payment, as the month's page tells it
	month  string          // what it says
	taps   int
	pages  []string
}

// reads opens the mail and does what the oldest one asks for.
func (c *phone) reads() {
	c.t.Helper()
	for _, m := range letters(c.sys, c.who.Email, c.last) {
		c.last = m.Seq
		c.unread = append(c.unread, m)
	}
	if len(c.unread) == 0 || !c.does(c.unread[0]) {
		return
	}
	c.seen[c.unread[0].Kind] = true
	c.unread = c.unread[1:]
}

// does is false where it is too early for it.
func (c *phone) does(m systemtest.Mail) bool {
	c.t.Helper()
	switch m.Kind {
	case "invitation":
		c.first = m.Link("/t/")
		c.follows(c.first, "offer")
		c.fills("accept", map[string]string{"name": c.who.Name, "line1": "12 Harbor St", "city": "Austin", "region": "TX", "postal_code": "78704"})
		c.ticks("accept", "consent")
		c.sends("accept", "offer-taken")
	case "docusign":
		c.follows(m.Link("/signing/"), "agreement")
		c.ticks("sign", "consent")
		c.sends("sign", "agreement-signed")
	case "gift_shipped":
		c.follows(m.Link("/t/"), "parcel")
		c.sends("received", "parcel-taken")
	case "draft_request", "draft_changes":
		c.follows(m.Link("/t/"), "draft")
		c.fills("draft", map[string]string{"url": "https://files.example/" + c.who.Handle + "/" + m.Task, "caption": "#ad 🕯"})
		c.sends("draft", "draft-taken")
	case "cleared_to_post":
		return c.posts(m)
	case "payout_setup":
		c.setsUpPayout(m)
	case "payout_paid":
		c.follows(m.Link("/e/"), "month")
		c.ref, c.month = ask[string](c.seat, `document.querySelector("code")?.innerText ?? ""`), ask[string](c.seat, `document.body.innerText`)
		c.taps++
		c.open(strings.Join(strings.Split(m.Link("/e/"), "/")[:5], "/")) // all their earnings, by the link at its top
		c.sees("earnings")
		c.follows(c.first, "home")
	}
	return true
}

// posts goes live once the window is open, and somebody buys.
func (c *phone) posts(m systemtest.Mail) bool {
	c.t.Helper()
	c.open(m.Link("/t/"))
	if ask[bool](c.seat, `!!document.querySelector(".notice.warn")`) {
		return false
	}
	c.follows(m.Link("/t/"), "post")
	code := ask[string](c.seat, `[...document.querySelectorAll(".copy code")].at(-1).innerText`)
	c.fills("post", map[string]string{"url": "https://instagram.example/" + c.who.Handle + "/1", "caption": "#ad 🕯 " + code})
	c.sends("post", "post-taken")
	c.sys.Tell("/sandbox/shop/checkout", map[string]any{
		"code": code, "currency": "USD", "customer_email": "buyer-of-" + c.who.Email, "items": []map[string]any{{"title": "Sunset sampler", "quantity": 1, "price_minor": 4200}},
	}, nil)
	return true
}

// setsUpPayout gives the paper that is asked for, and goes to the rail's page and back.
func (c *phone) setsUpPayout(m systemtest.Mail) {
	c.t.Helper()
	c.follows(m.Link("/t/"), "payout")
	c.fills("tax_form", map[string]string{"tax_kind": "W-9", "tax_name": c.who.Name, "tax_number": "2123456" + c.who.Handle[len(c.who.Handle)-2:]})
	c.taps++
	c.attach("tax_file", "w9.pdf", "%PDF-1.7 signed by "+c.who.Handle)
	c.sends("tax_form", "payout-paper-taken")
	c.sends("payout_setup", "rail")
	c.tap(`document.querySelector("form button")`, "payout-back")
}

// foundPaid holds what the page says against what the provider did.
func (c *phone) foundPaid(transfers []judge.Transfer) {
	c.t.Helper()
	at := slices.IndexFunc(transfers, func(one judge.Transfer) bool { return one.ID == c.ref })
	if at < 0 {
		c.t.Errorf("%s reads of a transfer %q, the provider made %v", c.who.Language, c.ref, transfers)
		return
	}
	amount := strings.TrimPrefix(money.Display(transfers[at].AmountMinor, "USD"), "$")
	if !strings.Contains(c.month, amount) && !strings.Contains(c.month, strings.Replace(amount, ".", ",", 1)) {
		c.t.Errorf("%s: the month does not say %s:\n%s", c.who.Language, amount, c.month)
	}
}

// follows opens a mail's link.
func (c *phone) follows(link, page string) {
	c.t.Helper()
	if link == "" {
		c.t.Fatalf("%s: the mail has no link to %s", c.who.Language, page)
	}
	c.taps++
	c.open(link)
	c.sees(page)
}

// form is the one that answers so.
func form(action string) string {
	return fmt.Sprintf(`[...document.forms].find(f => [...f.elements].some(e => e.name == "action" && e.value == %q))`, action)
}

// fills fills in what the form asks for and does not know yet.
func (c *phone) fills(action string, known map[string]string) {
	c.t.Helper()
	for name, text := range known {
		if ask[bool](c.seat, fmt.Sprintf(`(() => { const e = %s?.elements[%q]; if (!e || e.value) return false; e.value = %q; return true })()`, form(action), name, text)) {
			c.taps++
		}
	}
}

func (c *phone) ticks(action, name string) {
	c.t.Helper()
	c.taps++
	ask[bool](c.seat, fmt.Sprintf(`(() => { %s.elements[%q].click(); return true })()`, form(action), name))
}

// sends presses the form's button, if nothing is missing.
func (c *phone) sends(action, page string) {
	c.t.Helper()
	if missing := ask[string](c.seat, `[...(`+form(action)+`?.elements ?? [])].filter(e => !e.checkValidity()).map(e => e.name).join()`); missing != "" {
		c.t.Fatalf("%s: the form %s misses %s", c.who.Language, action, missing)
	}
	c.tap(form(action)+`?.querySelector("button")`, page)
}

// tap presses what a finger finds there, and waits for the page that says what came of it.
func (c *phone) tap(which, page string) {
	c.t.Helper()
	covered := ask[bool](c.seat, `(() => { const b = `+which+`; if (!b) return false; b.scrollIntoView({block: "center"}); const r = b.getBoundingClientRect();
		return !b.contains(document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2)) })()`)
	if covered {
		c.t.Errorf("%s: something covers the button to %s", c.who.Language, page)
	}
	c.taps++
	c.press(which)
	c.sys.Until("the answer to be confirmed", func() bool { return c.status() != http.StatusAccepted })
	if status := c.status(); status >= http.StatusBadRequest {
		c.t.Fatalf("%s: %s answers %d:\n%s", c.who.Language, page, status, ask[string](c.seat, `document.body.innerText`))
	}
	c.sees(page)
}
