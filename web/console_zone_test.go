package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// zoned is a page as whoever's browser says such a zone sees it.
func (h *house) zoned(path, zone string) string {
	h.t.Helper()
	r := h.request(http.MethodGet, path, nil)
	if zone != "" {
		r.AddCookie(&http.Cookie{Name: "rapport_zone", Value: zone})
	}
	return h.do(r).body
}

// Every time stands in its reader's zone, which the page says once, with the exact instant beside it; what a browser says that is no zone is none.
func TestTimesStandInTheReadersZone(t *testing.T) {
	t.Parallel()
	h := open(t).as("U_MANAGER")
	due := time.Date(2026, 12, 2, 23, 30, 0, 0, time.UTC)
	must(t, h.store.SaveProjection(t.Context(), partnership.Projection{PartnershipID: h.partnership, Seq: 1, Stage: partnership.Content, WaitingFor: "the draft", Deadline: due}))
	_, err := h.store.AddSubmission(t.Context(), partnership.Submission{ID: "s1", PartnershipID: h.partnership, Task: "draft-1", URL: "https://drive.example/draft", At: due})
	must(t, err)
	page := "/partnerships/" + string(h.partnership)
	for zone, time := range map[string]string{
		"Europe/Berlin": "Thu 3 Dec 00:30", "Asia/Tokyo": "Thu 3 Dec 08:30", "UTC": "Wed 2 Dec 23:30",
		"": "Wed 2 Dec 18:30", "Mars/Olympus": "Wed 2 Dec 18:30", "../../etc/passwd": "Wed 2 Dec 18:30", // the campaign's
	} {
		body := h.zoned(page, zone)
		wantIn(t, body, `<time datetime="2026-12-02T23:30:00Z"`, ">"+time+"</time>")
		said := zone
		if strings.HasPrefix(time, "Wed 2 Dec 18") {
			said = "America/New_York"
		}
		want(t, "how often the page says the zone "+said, strings.Count(body, "Times are those of "+said), 1)
	}
	wantIn(t, h.zoned("/audit", ""), "Times are those of UTC")
	board := "/campaigns/" + string(h.campaign)
	wantIn(t, h.zoned(board, "Asia/Tokyo"), `datetime="2026-12-02T23:30:00Z" title="3 December 2026 08:30:00 JST"`)
	wantIn(t, h.zoned(board+"/calendar", ""), "Times are those of America/New_York")
}

// What is due this evening in one zone is due tomorrow in another.
func TestTheInboxCountsDaysInTheReadersZone(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 10, 22, 30, 0, 0, time.UTC)
	h := openBy(t, func() time.Time { return now }).as("U_MANAGER")
	h.asks(1, partnership.Question{Kind: partnership.AsksDraft, Of: "draft-1", At: now, Due: now.Add(2 * time.Hour)})
	wantIn(t, h.zoned("/", "UTC"), "Tomorrow, Wed 11 November", ">Wed 11 Nov 00:30</time>")
	wantIn(t, h.zoned("/", "Pacific/Auckland"), "Today, Wed 11 November", ">Wed 11 Nov 13:30</time>")
	wantIn(t, h.zoned("/", "America/New_York"), "Today, Tue 10 November", ">Tue 10 Nov 19:30</time>")
}

// Whoever signs in by the chat reads times where their profile says that their clock stands, whatever the browser says.
func TestAProfilesZoneComesFirst(t *testing.T) {
	t.Parallel()
	h := open(t).as("U_MANAGER")
	r := h.request(http.MethodGet, "/audit", nil)
	r.AddCookie(&http.Cookie{Name: "rapport_zone", Value: "Asia/Tokyo"})
	r.AddCookie(&http.Cookie{Name: "rapport_profile_zone", Value: "Europe/Berlin"})
	wantIn(t, h.do(r).body, "Times are those of Europe/Berlin")
}
