package web_test

import (
	"context"
	"net/url"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/proof/browsertest"
	"github.com/rapport-dev/rapport/workflows"
)

// keyboard is somebody with no mouse. Wherever a key leads them, they see where they are.
type keyboard struct {
	t   *testing.T
	ctx context.Context
}

func (k keyboard) opens(link string) {
	k.t.Helper()
	do(k.t, k.ctx, chromedp.Navigate(link), chromedp.WaitVisible(chromedp.CSS("h1")))
}

func (k keyboard) press(key string, with ...chromedp.Modifier) {
	k.t.Helper()
	must(k.t, chromedp.Do(k.ctx, chromedp.KeyEvent(key, chromedp.KeyModifiers(with...))))
}

// stop is what has the focus.
type stop struct {
	What  string // what it is, "" where nothing has it
	Wrong string // what is wrong with where it is, or how it looks
	Round bool   // it is the first one again
}

// focused is what has the focus now. It has to be seen and to look otherwise than without the focus, as a twin beside it does; and where Tab led there, to come after
// what had the focus before, and not above it.
const focused = `(() => {
	const e = document.activeElement, was = window.was;
	window.was = e;
	if (!e || e === document.body) return { What: "", Wrong: "", Round: false };
	const round = window.first === e && was !== e;
	window.first ??= e;
	const box = e.getBoundingClientRect(), wrong = [];
	if (box.width < 1 || box.height < 1 || box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth) wrong.push("it is not on the screen");
	const look = (one) => {
		const { outlineStyle, outlineWidth, outlineColor, boxShadow } = getComputedStyle(one);
		return [boxShadow, ...(outlineStyle === "none" ? [] : [outlineWidth, outlineColor])].join();
	};
	const twin = e.cloneNode(true);
	e.after(twin);
	if (look(twin) === look(e)) wrong.push("it looks as without the focus");
	twin.remove();
	if (window.forth && !round && was?.isConnected && was !== e && was !== document.body) {
		const before = was.getBoundingClientRect();
		if (!(was.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING)) wrong.push("it stands before what had the focus");
		if (box.bottom <= before.top && box.left < before.right && before.left < box.right && !was.matches(".skip")) wrong.push("it is above what had the focus");
	}
	return { What: e.outerHTML.slice(0, 160), Wrong: wrong.join(", "), Round: round };
})()`

// at reads what has the focus. forth says that it came there by Tab.
func (k keyboard) at(forth bool) stop {
	k.t.Helper()
	here, err := chromedp.Run(k.ctx, chromedp.Evaluate[stop](`window.forth = `+map[bool]string{true: "true", false: "false"}[forth]+`, `+focused))
	must(k.t, err)
	if here.Wrong != "" {
		k.t.Errorf("%s: %s", here.What, here.Wrong)
	}
	return here
}

// to goes on by Tab until it is where the selector says.
func (k keyboard) to(selector string) {
	k.t.Helper()
	const most = 150
	for range most {
		k.press(kb.Tab)
		k.at(true)
		there, err := chromedp.Run(k.ctx, chromedp.Evaluate[bool](`document.activeElement.matches(`+quoted(selector)+`)`))
		must(k.t, err)
		if there {
			return
		}
	}
	k.t.Fatalf("%d presses of Tab do not lead to %s", most, selector)
}

// tours goes through the whole page and back to its beginning: nothing is left out, and nothing holds the focus.
func (k keyboard) tours() {
	k.t.Helper()
	all, err := chromedp.Run(k.ctx, chromedp.Evaluate[int](`
		[...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")].filter((e) => e.checkVisibility() && !e.disabled).length`))
	must(k.t, err)
	stops := 0
	for ; stops <= all; stops++ {
		k.press(kb.Tab)
		if here := k.at(true); here.What == "" || here.Round {
			break
		}
	}
	want(k.t, "places where Tab stops until the beginning comes again", stops, all)
	k.press(kb.Tab, chromedp.ModifierShift)
	if k.at(false).What == "" {
		k.t.Error("Shift and Tab do not lead back into the page")
	}
}

func quoted(text string) string { return "`" + text + "`" }

// An offer is taken without a mouse: what is missing is said, what was typed stays, and the receipt comes.
func TestAnOfferIsTakenByTheKeyboard(t *testing.T) {
	t.Parallel()
	h := open(t)
	k := keyboard{t, browsertest.Desk(t, 5*time.Minute)}
	offer := h.task(partnership.TaskOffer, "offer")
	k.opens(offer)
	k.tours()

	k.opens(offer)
	k.to("select[name=country]")
	k.press(kb.ArrowDown)
	k.shows(`document.activeElement.value !== "US"`)
	k.press(kb.ArrowUp)
	k.shows(`document.activeElement.value === "US"`)
	k.types("line1", canaryStreet)
	k.types("city", "Chicago")
	k.types("postal_code", "60601")
	k.to("input[name=consent]")
	k.press(" ")
	k.shows(`document.activeElement.checked`)
	k.to("form:has(input[value=accept]) button")
	k.press(kb.Enter)
	k.shows(`document.querySelector(".error") !== null`) // the state is missing: the rest is still there
	k.types("region", "IL")
	k.to("form:has(input[value=accept]) button")
	k.press(kb.Enter)
	k.shows(`document.querySelector("h1").textContent === "Wonderful, you are in"`)
	told := h.temporal.messages()
	want(t, "answers", len(told), 1)
	want(t, "answer", told[0].Arg.(workflows.AnswerOffer).Answer, partnership.ChoiceAccept)
}

// types goes to a field of the form of acceptance and types.
func (k keyboard) types(name, words string) {
	k.t.Helper()
	k.to("form:has(input[value=accept]) input[name=" + name + "]")
	k.press(words)
	k.shows(`document.activeElement.value.endsWith(` + quoted(words) + `)`)
}

// shows waits until something is so, over whatever page comes, and until all of that page has come: what a page does with keys comes last.
func (k keyboard) shows(expression string) {
	k.t.Helper()
	eventually(k.t, expression, func() bool {
		is, err := chromedp.Run(k.ctx, chromedp.Evaluate[bool](`document.readyState === "complete" && (`+expression+`)`))
		return err == nil && is
	})
}

// answerForm is where a question is answered.
func answerForm(id string) string { return `form[action="/decisions/` + url.PathEscape(id) + `"]` }

// The console without a mouse: past the places to the inbox, a decision answered, a search, and back.
func TestTheConsoleByTheKeyboard(t *testing.T) {
	t.Parallel()
	h := open(t).as("U_BOTH")
	h.full()
	k := keyboard{t, browsertest.Desk(t, 5*time.Minute)}
	k.opens(h.URL + "/signin")
	must(t, chromedp.Do(k.ctx, chromedp.Evaluate[chromedp.Void](`document.cookie = "rapport=`+h.session+`; path=/"`)))
	k.opens(h.URL + "/")
	k.tours()

	k.opens(h.URL + "/")
	k.press(kb.Tab)
	k.at(true)
	k.shows(`document.activeElement.matches(".skip")`)
	k.press(kb.Enter)
	k.press(kb.Tab)
	k.shows(`document.activeElement.closest("main") !== null`) // past the places
	k.press("j")
	k.at(false)
	k.shows(`document.activeElement === document.querySelector("[data-row] a")`)

	draft := answerForm(partnership.AsksDraft.ID(string(h.partnership), "draft-1"))
	k.to(draft + ":has(input[value=approve]) button")
	k.press(kb.Enter)
	k.shows(`document.querySelector("[role=status]") !== null`)
	said := h.temporal.messages()
	want(t, "told", len(said), 1)
	want(t, "of", said[0].Name, partnership.DeedReviewDraft)

	k.press("/")
	k.at(false)
	k.shows(`document.activeElement.matches("input[type=search]")`)
	k.press("a", chromedp.ModifierCtrl) // a driver types the / although the page did not let it through
	k.press("ada")
	k.shows(`document.activeElement.value === "ada"`)
	k.press(kb.Enter)
	k.shows(`location.pathname === "/partnerships" && document.querySelectorAll("tbody tr").length === 1`)
	k.press(kb.Escape)
	k.to(`a.at[href="/"]`)
	k.press(kb.Enter)
	k.shows(`location.pathname === "/" && document.querySelector("article") !== null`)
}
