// Package browsertest opens a real browser for tests of pages.
package browsertest

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/rapport-dev/rapport/partnership/paper"
)

// Phone opens a browser of a usual phone's size that reaches nothing but this machine, or skips.
func Phone(t *testing.T) context.Context {
	t.Helper()
	return PhoneOf(t, 390, 844, 3*time.Minute)
}

// PhoneOf is Phone of another size, for as long as it is needed.
func PhoneOf(t *testing.T, width, height int64, limit time.Duration) context.Context {
	t.Helper()
	ctx := open(t, limit)
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, height, chromedp.EmulateScale(2), chromedp.EmulateMobile)); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// Desk opens one of a desk's size for as long as a campaign takes.
func Desk(t *testing.T, limit time.Duration) context.Context {
	t.Helper()
	ctx := open(t, limit)
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1440, 900)); err != nil {
		t.Fatal(err)
	}
	return ctx
}

func open(t *testing.T, limit time.Duration) context.Context {
	t.Helper()
	const chromium = "/usr/bin/chromium"
	if _, err := os.Stat(chromium); err != nil {
		t.Skip("no " + chromium + " here: the pages are not tried in a browser (apt-get install chromium)")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(chromium), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()), chromedp.WindowSize(390, 844),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"),
		chromedp.Env("LD_PRELOAD=", "XDG_DATA_HOME="+signs(t)), // make test-on tells Postgres another time by LD_PRELOAD, and a browser stands still
	)
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	return ctx
}

// Prefers makes the browser prefer light or dark pages, as its reader's system does.
func Prefers(scheme string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return err
	})
}

// Picture keeps the page that is open where RAPPORT_PICTURES says, for people to look at.
func Picture(t testing.TB, ctx context.Context, name string) {
	t.Helper()
	dir := os.Getenv("RAPPORT_PICTURES")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(name, err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o600); err != nil {
		t.Fatal(err)
	}
}

// signs is a folder with a font of Japanese where a browser looks for fonts: the machine may have none.
func signs(t *testing.T) string {
	t.Helper()
	const name = "DroidSansFallbackFull.ttf"
	dir := t.TempDir()
	file, err := fs.ReadFile(paper.Files(), name)
	if err == nil {
		err = os.Mkdir(filepath.Join(dir, "fonts"), 0o700)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "fonts", name), file, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}
