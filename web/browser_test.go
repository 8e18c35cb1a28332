package web_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/proof/browsertest"
	"github.com/rapport-dev/rapport/workflows"
)

// phone opens a browser of a phone's size.
func phone(t *testing.T) context.Context { return browsertest.Phone(t) }

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

// screenshot keeps the page where RAPPORT_SCREENSHOTS says, else with the test's own files.
func screenshot(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	dir := os.Getenv("RAPPORT_SCREENSHOTS")
	if dir == "" {
		dir = t.TempDir()
	}
	png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	must(t, err)
	must(t, os.WriteFile(filepath.Join(dir, name+".png"), png, 0o600))
}

// fits opens a page and fails the test when a phone would have to scroll it sideways.
func fits(t *testing.T, ctx context.Context, name, link string) {
	t.Helper()
	do(t, ctx, chromedp.Navigate(link), chromedp.WaitVisible(chromedp.CSS("h1")))
	wider, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`document.documentElement.scrollWidth > window.innerWidth`))
	must(t, err)
	want(t, name+" is wider than the phone", wider, false)
	screenshot(t, ctx, name)
}

func TestOfferOnAPhone(t *testing.T) {
	ctx := phone(t)
	h := open(t)
	offer := h.task(partnership.TaskOffer, "offer")
	must(t, chromedp.Do(ctx, chromedp.EmulateViewport(360, 780, chromedp.EmulateScale(2), chromedp.EmulateMobile)))
	fits(t, ctx, "offer", offer)
	// Each control is one tap at most, those that are optional or filled in already among them.
	taps, err := chromedp.Run(ctx, chromedp.Evaluate[int](`document.querySelectorAll("form:has(input[value=accept]) :is(input:not([type=hidden]), select, button)").length`))
	must(t, err)
	if taps > 12 {
		t.Errorf("accepting takes up to %d taps", taps)
	}
	for _, lang := range []string{"de", "ja"} {
		h.sql(`update creators set language = $1 where id = $2`, lang, h.creator.ID)
		fits(t, ctx, "offer-"+lang, offer)
	}
	h.sql(`update creators set language = 'en' where id = $1`, h.creator.ID)
	const accept = `form:has(input[value=accept]) button`
	do(t, ctx, chromedp.Navigate(offer),
		chromedp.SendKeys(`input[name=line1]`, canaryStreet), chromedp.SendKeys(`input[name=city]`, "Chicago"), chromedp.SendKeys(`input[name=postal_code]`, "60601"),
		chromedp.Click(`input[name=consent]`), chromedp.Click(accept), chromedp.WaitVisible(`.error`))
	screenshot(t, ctx, "offer-fault") // the state is missing: the rest is still there
	must(t, chromedp.Do(ctx, chromedp.SendKeys(`input[name=region]`, "IL"), chromedp.Click(accept), chromedp.WaitNotPresent(accept)))
	title, err := chromedp.Run(ctx, chromedp.Text(chromedp.CSS("h1")))
	must(t, err)
	want(t, "receipt", title, "Wonderful, you are in")
	screenshot(t, ctx, "receipt")
	told := h.temporal.messages()
	want(t, "answers", len(told), 1)
	want(t, "answer", told[0].Arg.(workflows.AnswerOffer).Answer, partnership.ChoiceAccept)
}

func TestOtherPagesOnAPhone(t *testing.T) {
	ctx := phone(t)
	h := open(t).as("U_MANAGER")
	_, err := h.store.EnsureKit(t.Context(), h.partnership)
	must(t, err)
	must(t, h.store.SavePayoutAccount(t.Context(), h.creator.ID, partnership.PayoutAccount{ID: "acct_1"}))
	must(t, h.store.SaveDelivery(t.Context(), partnership.Delivery{PartnershipID: h.partnership, ShipmentID: "s", Carrier: "USPS", TrackingCode: "EZ1000000001", Status: partnership.ParcelInTransit}))
	h.planned()
	must(t, h.store.SaveProjection(t.Context(), partnership.Projection{
		PartnershipID: h.partnership, Seq: 2, Stage: partnership.Content, WaitingFor: "the creator's draft", Deadline: time.Now().Add(50 * time.Hour), BufferDaysLeft: 3.5,
		Attention: "the creator went quiet", Events: []partnership.TimelineEvent{
			{At: time.Now().Add(-time.Hour), Kind: "accepted", Owner: "creator", Detail: "The creator accepted the offer."},
			{At: time.Now(), Kind: "slipped", Owner: "carrier", Detail: "The parcel was delivered.", Days: 2},
		},
	}))
	h.run()
	note := func(k *partnership.Task) { k.Note = "Lovely light. Please say what the scent is, early on." }
	for name, link := range map[string]string{
		"sign": h.task(partnership.TaskSign, "sign"), "receive": h.task(partnership.TaskReceive, "receive"), "draft": h.task(partnership.TaskDraft, "draft-2", note), "post": h.task(partnership.TaskPost, "post"),
		"payout": h.task(partnership.TaskPayoutSetup, "payout_setup"), "opt-out": h.URL + "/u/" + h.store.OptOutToken(h.creator.ID), "wrong": h.URL + "/t/wrong",
	} {
		fits(t, ctx, name, link)
	}
	h.underWay()
	fits(t, ctx, "home", h.task(partnership.TaskOffer, "offer"))
	h.sql(`update creators set language = 'ja' where id = $1`, h.creator.ID)
	fits(t, ctx, "home-ja", h.task(partnership.TaskOffer, "offer"))
	h.sql(`update creators set language = 'en' where id = $1`, h.creator.ID)
	// The way to the payout provider leads to another host, which the page's own policy must allow.
	do(t, ctx, chromedp.Navigate(h.task(partnership.TaskPayoutSetup, "payout_setup")), chromedp.Click(chromedp.CSS("form:has(input[name=rail]) button")), chromedp.WaitNotPresent(chromedp.CSS("form")))
	at, err := chromedp.Run(ctx, chromedp.Location())
	must(t, err)
	wantIn(t, at, "account=acct_1")
}
