package web_test

import (
	"context"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/proof/browsertest"
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
