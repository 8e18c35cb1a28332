package web_test

import (
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/rapport-dev/rapport/proof/browsertest"
	"github.com/rapport-dev/rapport/web"
	"github.com/rapport-dev/rapport/workflows"
)

// chooses is a person who chooses a file: size bytes that begin like a film.
const chooses = `(() => {
	const bytes = new Uint8Array(5 << 20);
	bytes.set(new TextEncoder().encode("\x00\x00\x00\x18ftyp" + BRAND));
	const chosen = new DataTransfer(), input = document.querySelector("input[type=file]");
	chosen.items.add(new File([bytes], "clip.mp4", { type: "video/mp4", lastModified: 1 }));
	input.files = chosen.files;
	input.dispatchEvent(new Event("change"));
})()`

// A film goes in pieces while its sender looks, a lost connection is made good by itself, and the form names the file.
func TestAFilmFromThePhone(t *testing.T) {
	ctx := browsertest.Phone(t)
	h := open(t, func(d *web.Deps) { d.Uploads = t.TempDir() })
	_, draft := h.underWay()
	choose := func(brand string) chromedp.Action[chromedp.Void] {
		return chromedp.Evaluate[chromedp.Void]("const BRAND = '" + brand + "';" + chooses)
	}
	const send = `form:has(input[type=file]) button`
	said := `[data-says]`
	do(t, ctx, chromedp.Navigate(draft), chromedp.WaitVisible(chromedp.CSS(send)), choose("M4A "))
	eventually(t, "sound is refused", func() bool {
		words, err := chromedp.Run(ctx, chromedp.Text(chromedp.CSS(said)))
		return err == nil && len(words) > 30 && words[:26] == "This kind of file cannot b"
	})
	// One piece in the middle is lost once.
	do(t, ctx, chromedp.Navigate(draft), chromedp.WaitVisible(chromedp.CSS(send)),
		chromedp.Evaluate[chromedp.Void](`{ let n = 0; const real = window.fetch; window.fetch = (...all) => all[1].method === "PATCH" && ++n === 2 ? Promise.reject(new TypeError("lost")) : real(...all); }`),
		choose("isom"), chromedp.WaitVisible(chromedp.CSS(`form:has(input[name=upload]:not([value=""])) button:enabled`)), chromedp.Click(chromedp.CSS(send)), chromedp.WaitNotPresent(chromedp.CSS(send)))
	drafts, err := h.store.Drafts(t.Context(), h.partnership)
	must(t, err)
	if len(drafts) != 1 || drafts[0].File == nil || drafts[0].File.Bytes != 5<<20 {
		t.Fatalf("the drafts are %+v", drafts)
	}
	told := h.temporal.messages()
	want(t, "told", told[len(told)-1].Arg.(workflows.SubmitDraft).Task, "draft-1")
}
