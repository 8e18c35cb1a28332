package web_test

import (
	"context"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// TestEarningsInABrowser opens a creator's pages of their money on the smallest phones and on a desk, by day and by night. The pictures
// of docs/money.md are made by it: RAPPORT_SCREENSHOTS=DIR go test ./web -run TestEarningsInABrowser
func TestEarningsInABrowser(t *testing.T) {
	ctx := phone(t)
	d := openDated(t)
	d.november()
	for _, screen := range []struct {
		name   string
		width  int64
		scheme string
		mobile []chromedp.EmulateViewportOption
	}{
		{"phone", 360, "light", []chromedp.EmulateViewportOption{chromedp.EmulateScale(1), chromedp.EmulateMobile}},
		{"phone-dark", 360, "dark", []chromedp.EmulateViewportOption{chromedp.EmulateScale(1), chromedp.EmulateMobile}},
		{"desk", 1280, "light", nil},
		{"desk-dark", 1280, "dark", nil},
	} {
		must(t, chromedp.Do(ctx, chromedp.EmulateViewport(screen.width, 780, screen.mobile...), colours(screen.scheme)))
		fits(t, ctx, "earnings-"+screen.name, d.earnings())
		fits(t, ctx, "statement-"+screen.name, d.earnings()+"/2026-11")
	}
}

// colours is what the reader's own system prefers: light or dark.
func colours(scheme string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return err
	})
}
