package web_test

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/rapport-dev/rapport/partnership"
)

// full is a house with something on every page of the console.
func (h *house) full() {
	h.t.Helper()
	ctx := h.t.Context()
	_, err := h.store.EnsureKit(ctx, h.partnership)
	must(h.t, err)
	must(h.t, h.store.SaveDelivery(ctx, partnership.Delivery{PartnershipID: h.partnership, ShipmentID: "s", Carrier: "USPS", TrackingCode: "EZ1000000001", Status: partnership.ParcelInTransit}))
	h.planned()
	_, err = h.store.AddSubmission(ctx, partnership.Submission{ID: "s1", PartnershipID: h.partnership, Task: "draft-1", URL: "https://drive.example/draft", Caption: "#ad Calm evenings", At: time.Now().Add(-time.Hour)})
	must(h.t, err)
	now := time.Now()
	must(h.t, h.store.SaveProjection(ctx, partnership.Projection{
		PartnershipID: h.partnership, Seq: 2, RunID: "run", HistoryLength: 2, Stage: partnership.Content, WaitingFor: "the review of the draft", Deadline: now.Add(50 * time.Hour), BufferDaysLeft: 2,
		Attention: "the creator went quiet", Asks: []partnership.Question{
			counterAsked(h), {Kind: partnership.AsksDraft, Of: "draft-1", At: now, Due: now.Add(3 * time.Hour)}, {Kind: partnership.AsksSilence, Of: "draft-1:escalate", At: now, Due: now.Add(26 * time.Hour), What: "the creator's draft"},
		},
		Events: []partnership.TimelineEvent{{At: now.Add(-time.Hour), Kind: "accepted", Owner: "creator", Detail: "The creator accepted the offer."}, {At: now, Kind: "slipped", Owner: "carrier", Detail: "The parcel was delivered.", Days: 2}},
	}))
	h.run()
	_, err = h.store.NoteTrouble(ctx, "easypost", partnership.RefusesAll, "The key is refused: set EASYPOST_API_KEY to a live one.", now.Add(time.Hour))
	must(h.t, err)
}

// TestTheConsoleFitsAScreenAndAPhone opens every page of the console as finance and a manager see it: nothing is cut off, nothing scrolls
// sideways, no page is over 100 KB, and what its policy forbids is not asked for.
func TestTheConsoleFitsAScreenAndAPhone(t *testing.T) {
	ctx := phone(t)
	h := open(t).as("U_BOTH")
	h.full()
	must(t, chromedp.Do(ctx, chromedp.Navigate(h.URL+"/signin")))
	_, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.cookie = "rapport=`+h.session+`; path=/"`))
	must(t, err)
	dark := os.Getenv("RAPPORT_SCREENSHOTS") != ""
	for name, path := range map[string]string{
		"inbox": "/", "campaigns": "/campaigns", "campaign": "/campaigns/" + string(h.campaign), "calendar": "/campaigns/" + string(h.campaign) + "/calendar", "amend": "/campaigns/" + string(h.campaign) + "/amend",
		"launch": "/campaigns/new", "partnerships": "/partnerships", "partnership": "/partnerships/" + string(h.partnership), "creators": "/creators", "creator": "/creators/instagram:ada.scents",
		"payouts": "/payouts", "audit": "/audit", "vendors": "/health", "me": "/me", "signin": "/signin",
	} {
		if n := len(h.get(path).body); n > 100<<10 {
			t.Errorf("%s has %d bytes", path, n)
		}
		for _, width := range []int64{360, 1440} {
			must(t, chromedp.Do(ctx, chromedp.EmulateViewport(width, 900)))
			fits(t, ctx, name+map[int64]string{360: "-phone", 1440: ""}[width], h.URL+path)
			if dark {
				scheme(t, ctx, "dark")
				screenshot(t, ctx, name+map[int64]string{360: "-phone", 1440: ""}[width]+"-dark")
				scheme(t, ctx, "light")
			}
		}
	}
}

// scheme makes the browser prefer light or dark pages.
func scheme(t *testing.T, ctx context.Context, prefers string) {
	t.Helper()
	must(t, chromedp.Do(ctx, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: prefers}}})
		return err
	})))
}
