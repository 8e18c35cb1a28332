package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/app/launch"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/web"
)

func TestAnEndedLinkSaysWhatToDoAndAVisitChangesNothing(t *testing.T) {
	t.Parallel()
	h := open(t)
	link := h.task(partnership.TaskDraft, "draft-1")
	if _, err := h.store.RevokeTaskLinks(t.Context(), h.creator.ID, "cli:ada", "a lost phone"); err != nil {
		t.Fatal(err)
	}
	for range 3 { // mail scanners follow links
		res := h.get(link)
		want(t, "status", res.StatusCode, http.StatusGone)
		wantIn(t, res.body, "This link has ended", "Mail me a fresh link", `action="`+strings.TrimPrefix(link, h.URL)+`/fresh"`)
	}
	if open, _, err := h.store.OpenNotices(t.Context(), ""); err != nil || len(open) != 0 {
		t.Fatalf("a visit asked for %v, %v", open, err)
	}
	want(t, "an answer through it", h.post(link, nil).StatusCode, http.StatusGone)
	for range 2 {
		res := h.post(link+"/fresh", nil)
		want(t, "asked", res.StatusCode, http.StatusOK)
		wantIn(t, res.body, "A mail is on its way")
	}
	if open, _, err := h.store.OpenNotices(t.Context(), ""); err != nil || len(open) != 1 {
		t.Errorf("asked for twice, there are %v, %v", open, err)
	}
	want(t, "asking through no link", h.post(h.URL+"/t/"+strings.Repeat("A", 43)+"/fresh", nil).StatusCode, http.StatusNotFound)

	feed, err := h.store.CalendarURL(t.Context(), h.campaign)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.store.RevokeCalendar(t.Context(), h.campaign, "cli:ada", "gone"); err != nil {
		t.Fatal(err)
	}
	res := h.get(feed)
	want(t, "an old calendar", res.StatusCode, http.StatusGone)
	wantIn(t, res.body, "It was replaced", "campaign calendar")

	if _, err := h.store.EraseCreator(t.Context(), "instagram:"+h.creator.Handle, "cli:ada"); err != nil {
		t.Fatal(err)
	}
	res = h.get(link)
	want(t, "after an erasure", res.StatusCode, http.StatusGone)
	if strings.Contains(res.body, "/fresh") {
		t.Error("nobody is left to whom a fresh link could be sent")
	}
	want(t, "the opt-out is honoured all the same", h.get(h.URL+"/u/"+h.store.OptOutToken(h.creator.ID)).StatusCode, http.StatusOK)
}

func TestTheAPIAsksBeforeAFileChangesOpenWork(t *testing.T) {
	t.Parallel()
	ask := partnership.Unconfirmed([]partnership.PersonChange{{
		Row: 2, Platform: "instagram", Handle: "ada.scents", CreatorID: "cr1", Kind: partnership.PersonChanged, Open: []partnership.PartnershipID{"pa1"},
		Fields: []partnership.FieldChange{{Field: "email", Was: "old@mail.example", Is: "new@mail.example"}},
	}})
	var got []launch.Request
	h := open(t, func(d *web.Deps) {
		d.Launch = func(_ context.Context, r launch.Request) (launch.Launched, error) {
			if got = append(got, r); r.Confirm != ask.Hash {
				return launch.Launched{}, ask
			}
			return launch.Launched{ID: "c1", Created: true, Campaign: partnership.Campaign{Name: "Dreams"}}, nil
		}
	})
	res := h.call(managerToken, "POST", "/campaigns", `{"campaign":"c","creators":"x"}`, "Idempotency-Key", "k")
	want(t, "status", res.StatusCode, http.StatusConflict)
	wantIn(t, res.body, `"confirm": "`+ask.Hash+`"`, `"was": "old@mail.example"`, `"is": "new@mail.example"`, `"code": "conflict"`)
	if strings.Contains(h.log.String(), "@mail.example") {
		t.Error("the log quotes an address")
	}
	res = h.call(managerToken, "POST", "/campaigns", `{"campaign":"c","creators":"x","confirm":"`+ask.Hash+`","reason":"she said so"}`, "Idempotency-Key", "k2")
	want(t, "confirmed", res.StatusCode, http.StatusCreated)
	want(t, "the reason", got[len(got)-1].Reason, "she said so")
}
