package calendar_test

import (
	"strings"
	"testing"
	"time"
	_ "time/tzdata"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/web/calendar"
)

func document() board.Calendar {
	changed := time.Date(2026, 11, 10, 15, 4, 5, 999, time.UTC)
	return board.Calendar{
		CampaignID: "c1", Name: "Dreams; Sunset, part 1", Timezone: "America/New_York",
		Entries: []board.CalendarEntry{
			{
				Due: time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC), Day: "2026-11-20", Kind: "draft_due", What: "the creator's draft", Owner: "creator", Awaited: true,
				WaitingFor: "the creator's draft", PartnershipID: "pa1", Creator: &board.CreatorOfDate{Handle: "lena.schläft", Tier: partnership.Nano}, Stage: partnership.Content,
				BufferDaysLeft: 2.5, Changed: changed, Revision: 7,
			},
			{Due: time.Date(2026, 12, 1, 5, 0, 0, 0, time.UTC), Day: "2026-12-01", Kind: board.DatePublishFrom, What: "the publish window opens", Owner: "brand", Changed: changed},
			{Due: time.Date(2026, 12, 21, 5, 0, 0, 0, time.UTC), Day: "2026-12-21", Kind: board.DatePublishTo, What: "the publish window closes", Owner: "brand", Changed: changed},
		},
	}
}

func write(t rapid.TB, doc board.Calendar) string {
	t.Helper()
	var b strings.Builder
	if err := calendar.Write(&b, doc, "https://rapport.example"); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestAFeedToTheLetter(t *testing.T) {
	t.Parallel()
	want := strings.ReplaceAll(`BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Rapport//Campaign calendar//EN
CALSCALE:GREGORIAN
NAME:Dreams\; Sunset\, part 1
X-WR-CALNAME:Dreams\; Sunset\, part 1
REFRESH-INTERVAL;VALUE=DURATION:PT1H
X-PUBLISHED-TTL:PT1H
BEGIN:VEVENT
UID:pa1-draft_due@rapport
DTSTAMP:20261110T150405Z
LAST-MODIFIED:20261110T150405Z
SEQUENCE:7
DTSTART:20261120T150000Z
SUMMARY:@lena.schläft: the creator's draft
DESCRIPTION:nano creator\, in content\nWaiting for: the creator's draft\nBu
 ffer left: 2.5 days\nhttps://rapport.example/partnerships/pa1
URL:https://rapport.example/partnerships/pa1
CATEGORIES:creator
TRANSP:TRANSPARENT
END:VEVENT
BEGIN:VEVENT
UID:c1-publish_from@rapport
DTSTAMP:20261110T150405Z
LAST-MODIFIED:20261110T150405Z
SEQUENCE:0
DTSTART;VALUE=DATE:20261201
SUMMARY:the publish window opens
DESCRIPTION:https://rapport.example/campaigns/c1/calendar
URL:https://rapport.example/campaigns/c1/calendar
CATEGORIES:brand
TRANSP:TRANSPARENT
END:VEVENT
BEGIN:VEVENT
UID:c1-publish_to@rapport
DTSTAMP:20261110T150405Z
LAST-MODIFIED:20261110T150405Z
SEQUENCE:0
DTSTART;VALUE=DATE:20261220
SUMMARY:the publish window closes
DESCRIPTION:https://rapport.example/campaigns/c1/calendar
URL:https://rapport.example/campaigns/c1/calendar
CATEGORIES:brand
TRANSP:TRANSPARENT
END:VEVENT
END:VCALENDAR
`, "\n", "\r\n")
	if diff := cmp.Diff(want, write(t, document())); diff != "" {
		t.Error(diff)
	}
}

// unescape reads a TEXT value as a calendar program does.
func unescape(s string) string {
	return strings.NewReplacer(`\\`, `\`, `\;`, ";", `\,`, ",", `\n`, "\n").Replace(s)
}

func TestAnyNameComesThrough(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		doc := document()
		handle := rapid.String().Draw(t, "handle")
		doc.Entries[0].Creator.Handle = handle
		text := write(t, doc)
		for _, line := range strings.Split(strings.TrimSuffix(text, "\r\n"), "\r\n") {
			if len(line) > 75 || strings.ContainsAny(line, "\r\n\x00") || !utf8.ValidString(line) {
				t.Fatalf("line %q", line)
			}
		}
		if n := strings.Count(strings.ReplaceAll(text, "\r\n", ""), "\n"); n > 0 {
			t.Fatal("a line ends without a carriage return")
		}
		whole := strings.ReplaceAll(text, "\r\n ", "")
		_, rest, _ := strings.Cut(whole, "\r\nSUMMARY:")
		value, _, _ := strings.Cut(rest, "\r\n")
		want := strings.Map(func(r rune) rune {
			if r < ' ' && r != '\t' && r != '\n' || r == 0x7f || r == utf8.RuneError {
				return -1
			}
			return r
		}, "@"+strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(handle)+": the creator's draft")
		if got := unescape(value); got != want {
			t.Fatalf("read as %q, want %q", got, want)
		}
		if strings.Count(whole, "BEGIN:VEVENT\r\n") != 3 {
			t.Fatal("a name makes or hides an event")
		}
	})
}
