package web_test

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/proof/browsertest"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/workflows"
)

// of are the partnerships of the other campaign, by their creators' handles.
func (h *house) of(handles ...string) (ids []string) {
	h.t.Helper()
	doc := must2(h.store.CampaignDocument(h.t.Context(), h.other))(h.t)
	for _, handle := range handles {
		for _, one := range doc.Partnerships {
			if one.Creator.Handle == handle {
				ids = append(ids, string(one.ID))
			}
		}
	}
	want(h.t, "partnerships", len(ids), len(handles))
	return ids
}

// TestManyAreReachedByOnePress: the first press says whom it reaches and whom not, the second does it for just those, each under a key of its
// own; whoever refuses says so in their own words, and the same form again is the same deed.
func TestManyAreReachedByOnePress(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.other = h.more()
	h.as("U_MANAGER")
	board := "/campaigns/" + string(h.other)
	all := url.Values{"all": {"yes"}, "back": {board}}
	seen := h.send("/many/extend", "k1", all)
	want(t, "a look", seen.StatusCode, http.StatusOK)
	wantIn(t, seen.body, "It reaches 2", "@paloma.reads", "It does not reach 6", "is over: declined", "is in gifting: no draft or post is asked for now")
	want(t, "told by a look", len(h.temporal.messages())+h.temporal.keptDeeds(), 0)

	sieved := url.Values{"all": {"yes"}, "back": {board + "?stage=content&q=paloma"}}
	wantIn(t, h.send("/many/extend", "k2", sieved).body, "It reaches 1", "@paloma.reads")

	two := url.Values{"of": h.of("paloma.reads", "kit.afterdark"), "back": {board}, "sure": {"yes"}, "days": {"many"}}
	wrong := h.send("/many/extend", "k3", two)
	want(t, "no days", wrong.StatusCode, http.StatusUnprocessableEntity)
	wantIn(t, html.UnescapeString(wrong.body), `"many" is no number of days`, "It reaches 2", `value="many"`)
	want(t, "kept", h.temporal.keptDeeds(), 0)

	two.Set("days", "3")
	paloma := workflows.PartnershipWorkflowID(partnership.PartnershipID(two["of"][0]))
	h.temporal.refuse = func(m message) error {
		if m.WorkflowID == paloma {
			return partnership.Errorf(partnership.Conflict, "the creator has answered: nothing waits for them")
		}
		return nil
	}
	first := h.send("/many/extend", "k3", two)
	want(t, "done", first.StatusCode, http.StatusSeeOther)
	wantIn(t, h.get(first.Header.Get("Location")).body, "Done for 1. The dates move", "Not for 1:\n@paloma.reads: the creator has answered", "notice wrap warn")
	want(t, "again", h.send("/many/extend", "k3", two).Header.Get("Location"), first.Header.Get("Location"))
	want(t, "told", len(h.temporal.messages()), 1)
	want(t, "days", h.temporal.messages()[0].Arg.(workflows.GiveTime).Days, 3.0)

	h.temporal.refuse = func(m message) error {
		if m.WorkflowID == paloma {
			return &partnership.Taken{ID: m.UpdateID}
		}
		return nil
	}
	pause := url.Values{"of": h.of("paloma.reads", "kit.afterdark", "noor.linen"), "back": {"/partnerships"}, "sure": {"yes"}, "reason": {"out of stock"}}
	wantIn(t, h.get(h.send("/many/pause", "k4", pause).Header.Get("Location")).body, "Done for 2.", "For 1: Taken, not yet confirmed")
	keys := map[string]bool{}
	for _, m := range h.temporal.messages() {
		keys[m.UpdateID] = true
	}
	want(t, "keys of three that were told", len(keys), 3)
}

// What is written to many is a mail and a line of the audit for each; what is over meanwhile is said, and gets none.
func TestManyAreWrittenTo(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.other = h.more()
	h.as("U_MANAGER")
	form := url.Values{"of": h.of("paloma.reads", "kit.afterdark", "noor.linen"), "back": {"/partnerships"}, "sure": {"yes"}, "words": {"We are closed\r\non Monday."}}
	ended := partnership.PartnershipID(form["of"][2])
	must(t, h.store.SaveProjection(t.Context(), partnership.Projection{PartnershipID: ended, Seq: 2, Stage: partnership.Closed, Outcome: partnership.OptedOut}))
	for range 2 {
		res := h.send("/many/messages", "k1", form)
		wantIn(t, h.get(res.Header.Get("Location")).body, "Done for 2. Kept, and mailed in a moment", "@noor.linen: is over: opted out")
	}
	lines := must2(h.store.Audit(t.Context(), store.AuditFilter{Who: "console:U_MANAGER", Deed: partnership.DeedAnswerCreator}))(t)
	want(t, "lines of the audit", len(lines), 2)
	mails := must2(h.store.Conversation(t.Context(), partnership.PartnershipID(form["of"][0])))(t)
	want(t, "mails", len(mails), 1)
	want(t, "its words", mails[0].Words, "We are closed\non Monday.")
	want(t, "to whom it is over", len(must2(h.store.Conversation(t.Context(), ended))(t)), 0)
}

// What cannot be asked of many: nobody, more than can be looked through, somebody who is not there; and not by whoever may not.
func TestWhatIsNotAskedOfMany(t *testing.T) {
	t.Parallel()
	h := open(t).as("U_MANAGER")
	crowd := url.Values{"back": {"/partnerships"}}
	for n := range 101 {
		crowd.Add("of", fmt.Sprint("p", n))
	}
	for what, form := range map[string]struct {
		fields url.Values
		says   string
	}{
		"nobody": {url.Values{"back": {"/partnerships"}}, "Nobody is chosen"}, "a crowd": {crowd, "101 are chosen, and at most 100 are reached at once"},
		"a stranger": {url.Values{"of": {"p1"}, "back": {"/partnerships"}}, "1 partnership of those chosen is not there"},
	} {
		res := h.send("/many/pause", what, form.fields)
		if res.StatusCode < 400 || !strings.Contains(res.body, form.says) {
			t.Errorf("%s is answered %d: %s", what, res.StatusCode, res.body)
		}
	}
	one := url.Values{"of": {string(h.partnership)}, "back": {"/partnerships"}}
	wantIn(t, h.send("/many/resume", "k", one).body, "It reaches nobody", "is not paused")
	wantIn(t, h.get("/partnerships").body, `form="many"`, `formaction="/many/note"`)
	h.as("U_FINANCE")
	want(t, "finance", h.send("/many/pause", "k", one).StatusCode, http.StatusForbidden)
	if strings.Contains(h.get("/partnerships").body, "many") {
		t.Error("whoever may ask for nothing is offered to choose")
	}
}

// A sieve is kept under a name, opens on any list by one click, and is its keeper's alone.
func TestAViewIsKept(t *testing.T) {
	t.Parallel()
	h := open(t).as("U_FINANCE")
	board := "/campaigns/" + string(h.campaign)
	wantIn(t, h.get(board+"?waits=attention&sort=due").body, "Keep as a view", "Needs a look, due first")
	late := url.Values{"name": {"Late"}, "waits": {"attention"}, "sort": {"due"}, "back": {board + "?waits=attention&sort=due"}}
	res := h.send("/views", "k", late)
	want(t, "back", res.Header.Get("Location"), board+"?waits=attention&sort=due")
	page := html.UnescapeString(h.get(res.Header.Get("Location")).body)
	wantIn(t, page, `href="`+board+`?sort=due&waits=attention" aria-current="page">Late</a>`)
	if strings.Contains(page, "Keep as a view") {
		t.Error("what is kept is offered to be kept")
	}
	wantIn(t, html.UnescapeString(h.get("/partnerships").body), `href="/partnerships?sort=due&waits=attention">Late</a>`)
	again := h.send("/views", "k", url.Values{"name": {"late"}, "q": {"ada"}, "back": {"/partnerships?q=ada"}})
	want(t, "a name that is taken", again.StatusCode, http.StatusUnprocessableEntity)
	wantIn(t, html.UnescapeString(again.body), `you have a view named "Late" already`, `name="q" value="ada"`)
	id := must2(h.store.Views(t.Context(), "console:U_FINANCE"))(t)[0].ID
	want(t, "no name", h.send("/views/"+id+"/rename", "k", url.Values{"name": {" "}}).StatusCode, http.StatusUnprocessableEntity)

	h.as("U_MANAGER")
	if strings.Contains(h.get("/views").body, "Late") {
		t.Error("somebody else sees it")
	}
	want(t, "somebody else's", h.send("/views/"+id+"/rename", "k", url.Values{"name": {"Mine"}}).StatusCode, http.StatusNotFound)
	h.send("/views/"+id+"/remove", "k", nil)
	h.as("U_FINANCE")
	want(t, "renamed", h.send("/views/"+id+"/rename", "k", url.Values{"name": {"Urgent"}}).StatusCode, http.StatusSeeOther)
	wantIn(t, h.get("/views").body, "Urgent", "Needs a look, due first")
	want(t, "removed", h.send("/views/"+id+"/remove", "k", nil).StatusCode, http.StatusSeeOther)
	wantIn(t, h.get("/views").body, "You keep no view yet")
}

// Those of a board are chosen without a mouse, and what is chosen is said; the page looks well with it, on each screen.
func TestManyAreChosenByTheKeyboard(t *testing.T) {
	t.Parallel()
	h := open(t).as("U_BOTH")
	h.other = h.more()
	k := keyboard{t, browsertest.Desk(t, 5*time.Minute)}
	k.opens(h.URL + "/signin")
	must(t, chromedp.Do(k.ctx, chromedp.Evaluate[chromedp.Void](`document.cookie = "rapport=`+h.session+`; path=/"`)))
	k.opens(h.URL + "/campaigns/" + string(h.other))
	const shown = `document.querySelector("#many button").checkVisibility()`
	k.shows("!" + shown)
	k.press("j")
	k.press(" ")
	k.press("j")
	k.press(" ")
	k.shows(shown + ` && document.getElementById("chosen").textContent === "2 chosen"`)
	regard(t, k.ctx, "campaign-chosen")
	k.press(" ")
	k.shows(`document.getElementById("chosen").textContent === "1 chosen"`)
	must(t, chromedp.Do(k.ctx, chromedp.Evaluate[chromedp.Void](`document.querySelector("#many [name=all]").focus()`)))
	k.press(" ")
	k.shows(`document.getElementById("chosen").textContent === "8 chosen"`)
	k.to(`#many [formaction="/many/note"]`)
	k.press("\r")
	k.shows(`document.querySelector("h1").textContent === "Keep a note with each" && document.body.textContent.includes("It reaches 7")`)
}
