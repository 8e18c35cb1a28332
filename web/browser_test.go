package web_test

import (
	"context"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/proof/browsertest"
	"github.com/rapport-dev/rapport/workflows"
)

// do does what begins with opening a page. A browser on a machine with no time to spare may lose a press: then it is all done once
// more, and the second time it has to succeed.
func do(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	for again := range 2 {
		limited, cancel := context.WithTimeout(ctx, 40*time.Second)
		err := chromedp.Do(limited, steps...)
		cancel()
		if err == nil {
			return
		}
		page, unread := chromedp.Run(ctx, chromedp.Evaluate[string](`location.pathname.slice(0, 3) + " " + document.readyState + " " + document.body.innerText`))
		t.Logf("try %d: %v; the page: %s, %v", again+1, err, page, unread)
	}
	t.Fatal("in vain")
}

// The way to the payout provider leads to another host, which the page's own policy must allow.
func TestTheWayToThePayoutProviderIsOpen(t *testing.T) {
	ctx := browsertest.Phone(t)
	h := open(t)
	must(t, h.store.SavePayoutAccount(t.Context(), h.creator.ID, partnership.PayoutAccount{ID: "acct_1"}))
	do(t, ctx, chromedp.Navigate(h.task(partnership.TaskPayoutSetup, "payout_setup")), chromedp.Click(chromedp.CSS("form:has(input[name=rail]) button")), chromedp.WaitNotPresent(chromedp.CSS("form")))
	at, err := chromedp.Run(ctx, chromedp.Location())
	must(t, err)
	wantIn(t, at, "account=acct_1")
}

// An offer is accepted, address and consent included, by at most twelve taps on a small phone; what is missing is said, and all else stays.
func TestOfferOnAPhone(t *testing.T) {
	ctx := browsertest.PhoneOf(t, 360, 780, 3*time.Minute)
	h := open(t)
	offer := h.task(partnership.TaskOffer, "offer")
	if n := len(h.get(offer).body); n > 50_000 {
		t.Errorf("the page has %d bytes", n)
	}
	const accept = `form:has(input[value=accept]) button`
	do(t, ctx, chromedp.Navigate(offer), chromedp.WaitVisible(accept))
	// Each control is one tap at most, those that are optional or filled in already among them.
	taps, err := chromedp.Run(ctx, chromedp.Evaluate[int](`document.querySelectorAll("form:has(input[value=accept]) :is(input:not([type=hidden]), select, button)").length`))
	must(t, err)
	if taps > 12 {
		t.Errorf("accepting takes up to %d taps", taps)
	}
	do(t, ctx, chromedp.Navigate(offer),
		chromedp.SendKeys(`input[name=line1]`, canaryStreet), chromedp.SendKeys(`input[name=city]`, "Chicago"), chromedp.SendKeys(`input[name=postal_code]`, "60601"),
		chromedp.Click(`input[name=consent]`), chromedp.Click(accept), chromedp.WaitVisible(`.error`))
	must(t, chromedp.Do(ctx, chromedp.SendKeys(`input[name=region]`, "IL"), chromedp.Click(accept), chromedp.WaitNotPresent(accept)))
	title, err := chromedp.Run(ctx, chromedp.Text(chromedp.CSS("h1")))
	must(t, err)
	want(t, "receipt", title, "Wonderful, you are in")
	told := h.temporal.messages()
	want(t, "answers", len(told), 1)
	want(t, "answer", told[0].Arg.(workflows.AnswerOffer).Answer, partnership.ChoiceAccept)
}
