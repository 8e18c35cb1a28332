package web_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

// planned gives the partnership a plan whose draft is due in three days.
func (h *house) planned() timeline.Plan {
	h.t.Helper()
	start := time.Now().UTC().Truncate(time.Second).Add(-8 * 24 * time.Hour)
	plan := timeline.Make(timeline.Calendar{}, partnership.Schedule{OutreachDays: 1, SignDays: 1, ProduceDays: 10, ReviewDays: 3, BufferDays: 4, WindowDays: 30}, partnership.Nano,
		timeline.Facts{Start: start, InvitedAt: start, AcceptedAt: start, SignedAt: start.Add(24 * time.Hour)})
	must(h.t, h.store.SaveProjection(h.t.Context(), partnership.Projection{
		PartnershipID: h.partnership, Seq: 1, Stage: partnership.Content, WaitingFor: "the creator's draft", Deadline: plan.Due(timeline.DraftDue),
		BufferDaysLeft: plan.BufferLeft, Plan: plan.Record(),
	}))
	return plan
}

// windowAhead moves the publish window ahead of today, after the plan's dates, and returns its last day in the campaign's zone.
func (h *house) windowAhead() string {
	h.t.Helper()
	opens := time.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, 60).Add(12 * time.Hour) // noon is the same day in New York
	h.sql(`update campaigns set spec = jsonb_set(jsonb_set(spec, '{schedule,publish_from}', to_jsonb($1::text)), '{schedule,publish_to}', to_jsonb($2::text))`,
		opens.Format(time.RFC3339), opens.AddDate(0, 0, 20).Format(time.RFC3339))
	return opens.AddDate(0, 0, 20).Format("20060102")
}

func TestTheCalendarIsOneInAllItsForms(t *testing.T) {
	t.Parallel()
	h := open(t).as("U_MANAGER")
	due := h.planned().Due(timeline.DraftDue)
	closes := h.windowAhead()
	res := h.call(viewerToken, "GET", "/campaigns/"+string(h.campaign)+"/calendar", "")
	want(t, "status", res.StatusCode, http.StatusOK)
	var doc board.Calendar
	must(t, json.Unmarshal([]byte(res.body), &doc))
	if len(doc.Entries) != 6 || doc.Entries[0].Kind != "draft_due" || !doc.Entries[0].Due.Equal(due) || !doc.Entries[0].Awaited || doc.Entries[0].Creator.Handle != "ada.scents" {
		t.Errorf("entries are %+v", doc.Entries)
	}
	want(t, "of no campaign", h.call(viewerToken, "GET", "/campaigns/nothing/calendar", "").StatusCode, http.StatusNotFound)

	feed := h.get(doc.FeedURL)
	want(t, "feed", feed.StatusCode, http.StatusOK)
	want(t, "type", feed.Header.Get("Content-Type"), "text/calendar; charset=utf-8")
	want(t, "caching", feed.Header.Get("Cache-Control"), "no-store")
	wantIn(t, feed.body, "BEGIN:VCALENDAR\r\n", "DTSTART:"+due.Format("20060102T150405Z")+"\r\n", "SUMMARY:@ada.scents: the creator's draft\r\n",
		"UID:"+string(h.partnership)+"-draft_due@rapport\r\n", "DTSTART;VALUE=DATE:"+closes+"\r\n")
	want(t, "events", strings.Count(feed.body, "BEGIN:VEVENT"), len(doc.Entries))
	want(t, "the feed read again", h.get(doc.FeedURL).body, feed.body)

	page := h.get("/campaigns/" + string(h.campaign) + "/calendar")
	want(t, "page", page.StatusCode, http.StatusOK)
	wantIn(t, page.body, "@ada.scents", "the creator&#39;s draft", doc.FeedURL, "awaited now", "the publish window opens")
	want(t, "the page of no campaign", h.get("/campaigns/nothing/calendar").StatusCode, http.StatusNotFound)
	wantIn(t, h.get("/campaigns/"+string(h.campaign)).body, `href="/campaigns/`+string(h.campaign)+`/calendar"`)
	if strings.Contains(h.log.String(), strings.TrimPrefix(doc.FeedURL, h.URL+"/calendar/")) {
		t.Error("the log holds the secret link")
	}
}

func TestAFeedOpensToItsLinkOnly(t *testing.T) {
	t.Parallel()
	h := open(t)
	link, err := h.store.CalendarURL(t.Context(), h.campaign)
	if err != nil {
		t.Fatal(err)
	}
	for _, wrong := range []string{strings.TrimSuffix(link, ".ics"), strings.Replace(link, ".ics", "x.ics", 1), h.URL + "/calendar/.ics", h.URL + "/calendar/" + string(h.campaign) + ".ics"} {
		res := h.get(wrong)
		want(t, "status", res.StatusCode, http.StatusNotFound)
		want(t, "caching", res.Header.Get("Cache-Control"), "no-store")
	}
	want(t, "the page of nobody", h.get("/campaigns/"+string(h.campaign)+"/calendar").StatusCode, http.StatusSeeOther) // to sign in
	want(t, "writing", h.post(link, nil).StatusCode, http.StatusNotFound)
	for range 100 {
		h.get("/calendar/guess.ics")
	}
	want(t, "after a hundred guesses", h.get("/calendar/guess.ics").StatusCode, http.StatusTooManyRequests)
}

func TestThePartnershipPageSaysWhyTheRiskIsWhatItIs(t *testing.T) {
	t.Parallel()
	h := open(t).as("U_MANAGER")
	h.planned()
	path := "/partnerships/" + string(h.partnership)
	wantIn(t, h.get(path).body, "the creator is asked for nothing now")
	h.task(partnership.TaskDraft, "draft-1")
	wantIn(t, h.get(path).body, "Ghost risk", "silent for 0 days, asked 0 days ago; their habit is not known", "nano creators have day jobs", "+5 %", "at most 5 %")
	wantIn(t, h.call(viewerToken, "GET", path, "").body, `"ghost_risk_parts": [`, `"name": "silence"`)
}
