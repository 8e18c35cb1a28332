package browsertest

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// Wanted says whether pictures are to be kept: RAPPORT_PICTURES says where.
func Wanted() bool { return os.Getenv("RAPPORT_PICTURES") != "" }

// Views keeps how a page looks at a desk by day and by night and on a phone of 360 px: what a reader sees of it before they scroll. The
// browser stands as at a desk by day afterwards.
func Views(t testing.TB, ctx context.Context, link, name string) {
	t.Helper()
	for _, as := range []struct {
		name, scheme  string
		width, height int64
	}{{"phone", "light", 360, 780}, {"dark", "dark", 1440, 900}, {"light", "light", 1440, 900}} {
		size := chromedp.EmulateViewport(as.width, as.height)
		if as.name == "phone" {
			size = chromedp.EmulateViewport(as.width, as.height, chromedp.EmulateScale(2), chromedp.EmulateMobile)
		}
		if err := chromedp.Do(ctx, size, Prefers(as.scheme), chromedp.Navigate(link)); err != nil {
			t.Fatal(name, err)
		}
		png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
		if err == nil {
			err = os.WriteFile(filepath.Join(os.Getenv("RAPPORT_PICTURES"), name+"-"+as.name+".png"), png, 0o600)
		}
		if err != nil {
			t.Fatal(name, err)
		}
	}
}
