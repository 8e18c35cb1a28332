package doorstest

import (
	"regexp"
	"strings"

	"github.com/rapport-dev/rapport/partnership/locale"
	"github.com/rapport-dev/rapport/proof/browsertest"
)

// What is asked of every page that a creator sees on a phone.

const width = 360

// sees looks at the page that is open.
func (c *phone) sees(page string) {
	c.t.Helper()
	c.pages = append(c.pages, page)
	name := page + "-" + c.who.Language
	browsertest.Picture(c.t, c.ctx, "phone-"+name)
	ask[bool](c.seat, `(() => { for (const d of document.querySelectorAll("details:not([open])")) { d.open = d.dataset.folded = true } return true })()`)
	if wide := ask[int](c.seat, `document.documentElement.scrollWidth`); wide > width {
		c.t.Errorf("%s is %d px wide", name, wide)
	}
	for _, small := range ask[[]string](c.seat, tooSmall) {
		c.t.Errorf("%s: too small for a finger: %s", name, small)
	}
	if strings.HasPrefix(ask[string](c.seat, `location.href`), c.base) {
		c.speaks(name)
	}
	ask[bool](c.seat, `(() => { for (const d of document.querySelectorAll("details[data-folded]")) { d.open = false } return true })()`)
}

// tooSmall are what is to be tapped and lower than 44 px. A box is ticked by its label, and a link in a text is as high as its line.
const tooSmall = `[...document.querySelectorAll("a[href], button, summary, input:not([type=hidden]), select, textarea")].filter(e => e.checkVisibility()).map(e => e.type == "checkbox" && e.closest("label") || e)
	.filter(e => getComputedStyle(e).display != "inline" && e.getBoundingClientRect().height < 44).map(e => Math.round(e.getBoundingClientRect().height) + " px " + e.outerHTML.slice(0, 160))`

// said is what the page says of itself, to eyes and ears; what people wrote, and what is copied, is marked in the page.
const said = `(() => {
	const said = [document.title], all = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (all.nextNode()) if (!all.currentNode.parentElement.closest("[dir=auto], code, address, script, style, [hidden]")) said.push(all.currentNode.data);
	for (const e of document.querySelectorAll("[placeholder], [aria-label], input[type=submit]")) said.push(e.placeholder ?? "", e.ariaLabel ?? "", e.type == "submit" ? e.value : "");
	return said.map(s => s.replace(/\s+/g, " ").trim()).filter(s => s) })()`

// names are nobody's language.
var names = regexp.MustCompile(`Acme Scents|Made Together|Sunset sampler|1 Main St, Austin TX 78701, US|Robin Hale|Wiebke Harms|Yuka Morinaga|Instagram Reel|instagram reel|DocuSign|Stripe|W-8BEN-E|W-8BEN|W-9|USPS|America/New_York|Isle of Man|https?://\S*|\S+@\S+`)

// speaks holds a page against its reader's language.
func (c *phone) speaks(name string) {
	c.t.Helper()
	reads := locale.Of(c.who.Language)
	if lang := ask[string](c.seat, `document.documentElement.lang`); lang != reads.Name() {
		c.t.Errorf("%s says that it is in %q", name, lang)
	}
	for _, text := range ask[[]string](c.seat, said) {
		if inEnglish(reads, text) {
			c.t.Errorf("%s says in English: %q", name, text)
		}
	}
}

var (
	plainEnglish = regexp.MustCompile(`(?i)\b(the|you|your|and|of|to|is|are|we|our|it|with|this|that|from|please|have|when|how|here)\b`)
	latin        = regexp.MustCompile(`[A-Za-z]{2}`)
	japanese     = regexp.MustCompile(`\p{Hiragana}|\p{Katakana}|\p{Han}`)
)

// inEnglish says whether words are English to somebody who reads another language.
func inEnglish(reads locale.Locale, text string) bool {
	if reads.IsEnglish() {
		return false
	}
	own := names.ReplaceAllString(text, "")
	return reads.Knows(text) && reads.T(text) != text || plainEnglish.MatchString(own) ||
		reads.Name() == "ja" && latin.MatchString(own) && !japanese.MatchString(own)
}
