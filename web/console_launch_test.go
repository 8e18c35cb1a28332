package web_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/app/launch"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/rehearsal"
	"github.com/rapport-dev/rapport/web"
)

// twoFilesTyped is the form that begins a campaign with both files.
func twoFilesTyped() url.Values {
	return url.Values{"campaign_kept": {"dmVyc2lvbjogMQpuYW1lOiBEcmVhbXMK"}, "creators_kept": {"aGFuZGxlCmFkYQo="}}
}

// looked waits for the look that a launch's form leads to.
func (h *house) looked(sent answered) (page answered) {
	h.t.Helper()
	want(h.t, "the form is answered", sent.StatusCode, http.StatusSeeOther)
	eventually(h.t, "the rehearsal's end", func() bool {
		page = h.get(sent.Header.Get("Location"))
		return page.Header.Get("Refresh") == ""
	})
	return page
}

var hidden = map[string]*regexp.Regexp{"prepared": regexp.MustCompile(`name="prepared" value="([^"]+)"`), "hash": regexp.MustCompile(`name="hash" value="([^"]+)"`)}

// wordOf is what the form of a look holds.
func wordOf(t *testing.T, page answered) url.Values {
	t.Helper()
	word := url.Values{}
	for name, stands := range hidden {
		found := stands.FindStringSubmatch(page.body)
		if found == nil {
			t.Fatalf("the look holds no %s: %s", name, page.body)
		}
		word.Set(name, found[1])
	}
	return word
}

// word gives the word to what a launch's form leads to.
func (h *house) word(sent answered, reason string) answered {
	h.t.Helper()
	word := wordOf(h.t, h.looked(sent))
	word.Set("reason", reason)
	return h.send("/campaigns", "the word", word)
}

// On the console too nothing is launched but what was shown: whom, for how much, how it would go. Whoever is left out, and whatever has changed since, is
// shown anew first.
func TestTheConsoleLaunchesWhatItHasShown(t *testing.T) {
	t.Parallel()
	h, l := launcher(t, open)
	h.as("U_MANAGER")
	sent := h.send("/campaigns", "k1", twoFilesTyped())
	look := h.looked(sent)
	wantIn(t, look.body, "Likely to hold: in 90 % of 60 rehearsals", "$600.00", "$900.00", "$21,000.00", "@ada", "8.4 % engagement", "@bo", "Standing by", "@cy: said no", "the fee is &lt;low&gt;", "Send 1 invitation")
	want(t, "launched by looking", len(l.launches()), 0)
	want(t, "the same form again leads to the same look", h.send("/campaigns", "k1", twoFilesTyped()).Header.Get("Location"), sent.Header.Get("Location"))

	word := wordOf(t, look)
	word.Set("without", "instagram:ada")
	look = h.looked(h.send("/campaigns", "k2", word))
	wantIn(t, look.body, "Nothing was sent", "without whom you left out", `value="instagram:ada" checked`)
	want(t, "launched without a second look", len(l.launches()), 0)

	l.set(func() { l.hash = "something has changed" })
	word = wordOf(t, look)
	word.Set("without", "instagram:ada")
	look = h.looked(h.send("/campaigns", "k3", word))
	wantIn(t, look.body, "something has changed since")
	want(t, "launched what was not shown", len(l.launches()), 0)

	stale := word
	word = wordOf(t, look)
	stale.Set("prepared", word.Get("prepared"))
	look = h.looked(h.send("/campaigns", "k4", stale)) // of a page that showed it as it was
	want(t, "launched by an older page", len(l.launches()), 0)

	word = wordOf(t, look)
	word.Set("without", "instagram:ada")
	for range 2 {
		done := h.send("/campaigns", "k5", word)
		wantIn(t, done.Header.Get("Location"), "/campaigns/c1?")
	}
	asked := l.launches()
	if len(asked) != 1 || strings.Join(asked[0].Without, ",") != "instagram:ada" {
		t.Fatalf("launched %v, want once without ada", asked)
	}
	want(t, "a launch that is done", h.get("/launches/"+word.Get("prepared")).StatusCode, http.StatusNotFound)
}

func TestALaunchInPreparationIsItsOwners(t *testing.T) {
	t.Parallel()
	h, l := launcher(t, open)
	h.as("U_MANAGER")
	word := wordOf(t, h.looked(h.send("/campaigns", "k1", twoFilesTyped())))
	path := "/launches/" + word.Get("prepared")
	h.as("U_BOTH")
	want(t, "another's look", h.get(path).StatusCode, http.StatusNotFound)
	want(t, "another's form", h.get("/campaigns/new?prepared="+word.Get("prepared")).StatusCode, http.StatusNotFound)
	want(t, "another's word", h.send("/campaigns", "k2", word).StatusCode, http.StatusNotFound)
	h.as("U_FINANCE")
	want(t, "who may not launch", h.send("/campaigns", "k3", twoFilesTyped()).StatusCode, http.StatusForbidden)
	want(t, "launched", len(l.launches()), 0)
}

// Whatever is wrong stands where it can be mended, with what was typed; and from the look one gets back to the form as it was.
func TestALaunchFormKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	h, _ := launcher(t, open)
	h.as("U_MANAGER")
	fields := url.Values{"from": {"blank"}, "name": {"Winter <Glow>"}, "gift": {"SAMPLER, one"}, "creators_kept": {"aGFuZGxlCmFkYQo="}}
	res := h.send("/campaigns", "k1", fields)
	want(t, "status", res.StatusCode, http.StatusUnprocessableEntity)
	wantIn(t, res.body, `value="Winter &lt;Glow&gt;"`, "has 2 parts", `name="creators_kept" value="aGFuZGxlCmFkYQo="`, "The file that you chose is kept")

	fields.Set("gift", "")
	page := h.looked(h.send("/campaigns", "k2", fields))
	back := h.get("/campaigns/new?prepared=" + wordOf(t, page).Get("prepared"))
	wantIn(t, back.body, `value="Winter &lt;Glow&gt;"`, `name="creators_kept" value="aGFuZGxlCmFkYQo="`)

	files := twoFilesTyped()
	files.Set("campaign_kept", "bmFtZTogRHJlYW1z")
	res = h.send("/campaigns", "k3", files)
	want(t, "status", res.StatusCode, http.StatusUnprocessableEntity)
	wantIn(t, res.body, "budget", "is missing", `name="campaign_kept" value="bmFtZTogRHJlYW1z"`, `name="creators_kept"`)
}

// While it is rehearsed the page says how far that is and asks again by itself; what comes of it is shown there too when it is nothing.
func TestARehearsalShowsHowFarItIs(t *testing.T) {
	t.Parallel()
	began, over := make(chan struct{}), make(chan error)
	h := open(t, realDeeds, func(d *web.Deps) {
		d.Look = func(_ context.Context, r launch.Request) (launch.Look, error) {
			r.Played()
			close(began)
			return launch.Look{}, <-over
		}
	}).as("U_MANAGER")
	at := h.send("/campaigns", "k1", h.filesFields(partnership.DeedLaunch, true)).Header.Get("Location")
	<-began
	page := h.get(at)
	wantIn(t, page.body, "Rehearsing", "1 of 60")
	want(t, "asked again after", page.Header.Get("Refresh"), "2")
	over <- partnership.FieldErrorf("selection", "nobody of the file can be invited")
	eventually(t, "its end", func() bool { page = h.get(at); return page.Header.Get("Refresh") == "" })
	wantIn(t, page.body, "It was not rehearsed, and nothing was launched", "nobody of the file can be invited", "Rehearse it again")
}

// unrehearsed looks at a launch without playing it, which on a busy machine takes longer than what is tried here.
func unrehearsed(d *web.Deps) {
	plan := d.Plan
	d.Look = func(ctx context.Context, r launch.Request) (launch.Look, error) {
		p, err := plan(ctx, r)
		return launch.Look{Plan: p, At: time.Now(), Forecast: launch.Forecast{Runs: launch.LookRuns, Wanted: 16, Chance: 0.7, Posts: rehearsal.Range{P10: 12, P50: 17}, Spend: rehearsal.Range{P50: 2_400_000, P90: 2_900_000}, Worst: 3_500_000}}, err
	}
}
