package calendar

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/zones"
)

// Write writes a campaign's calendar as iCalendar (RFC 5545). Dates are instants in UTC, so that every program shows them in
// its reader's zone; the publish window is whole days in the campaign's. The same calendar gives the same bytes: the stamps
// are when a date was last written, not when it is read. publicURL is where the events lead, without a slash at its end.
func Write(w io.Writer, doc board.Calendar, publicURL string) error {
	f := &file{}
	f.line("BEGIN", "VCALENDAR")
	f.line("VERSION", "2.0")
	f.line("PRODID", "-//Rapport//Campaign calendar//EN")
	f.line("CALSCALE", "GREGORIAN")
	f.text("NAME", doc.Name)
	f.text("X-WR-CALNAME", doc.Name)
	f.line("REFRESH-INTERVAL;VALUE=DURATION", "PT1H")
	f.line("X-PUBLISHED-TTL", "PT1H")
	for _, e := range doc.Entries {
		f.event(doc, e, publicURL)
	}
	f.line("END", "VCALENDAR")
	_, err := io.WriteString(w, f.String())
	return err
}

const stamp = "20060102T150405Z"

// file is the text of a calendar as it grows.
type file struct{ strings.Builder }

func (f *file) event(doc board.Calendar, e board.CalendarEntry, publicURL string) {
	link := publicURL + "/campaigns/" + string(doc.CampaignID) + "/calendar"
	if e.PartnershipID != "" {
		link = publicURL + "/partnerships/" + string(e.PartnershipID)
	}
	f.line("BEGIN", "VEVENT")
	f.text("UID", uid(doc, e))
	f.line("DTSTAMP", e.Changed.UTC().Format(stamp))
	f.line("LAST-MODIFIED", e.Changed.UTC().Format(stamp))
	f.line("SEQUENCE", strconv.Itoa(e.Revision))
	switch e.Kind {
	case board.DatePublishFrom:
		f.line("DTSTART;VALUE=DATE", strings.ReplaceAll(e.Day, "-", ""))
	case board.DatePublishTo: // its instant ends the window: the last live day is the one before
		f.line("DTSTART;VALUE=DATE", lastDay(doc.Timezone, e.Due))
	default:
		f.line("DTSTART", e.Due.UTC().Format(stamp))
	}
	f.text("SUMMARY", summary(e))
	f.text("DESCRIPTION", description(e, link))
	f.line("URL", link)
	f.text("CATEGORIES", e.Owner)
	f.line("TRANSP", "TRANSPARENT") // a due date keeps nobody busy
	f.line("END", "VEVENT")
}

// uid is the same for a date however often it moves, so that programs move it too.
func uid(doc board.Calendar, e board.CalendarEntry) string {
	of := string(e.PartnershipID)
	if of == "" {
		of = string(doc.CampaignID)
	}
	return of + "-" + e.Kind + "@rapport"
}

func lastDay(timezone string, end time.Time) string {
	zone := zones.Or(timezone)
	return end.Add(-time.Nanosecond).In(zone).Format("20060102")
}

func summary(e board.CalendarEntry) string {
	what := e.What
	if e.Creator != nil {
		what = "@" + e.Creator.Handle + ": " + what
	}
	switch {
	case e.Paused:
		what += " (paused)"
	case e.HeldUp:
		what += " (held up)"
	}
	return what
}

func description(e board.CalendarEntry, link string) string {
	if e.Creator == nil {
		return link
	}
	lines := []string{fmt.Sprintf("%s creator, in %s", e.Creator.Tier, e.Stage)}
	if e.WaitingFor != "" {
		lines = append(lines, "Waiting for: "+e.WaitingFor)
	}
	lines = append(lines, "Buffer left: "+strconv.FormatFloat(e.BufferDaysLeft, 'f', -1, 64)+" days", link)
	return strings.Join(lines, "\n")
}

// escapes of a TEXT value (RFC 5545, 3.3.11).
var escapes = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`)

// text writes a property whose value is people's text.
func (f *file) text(name, value string) { f.line(name, printable(escapes.Replace(value))) }

// printable leaves out what no content line may hold: control characters, and bytes that are no UTF-8.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r == utf8.RuneError || r < ' ' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, s)
}

// maxLine is the length of a line in bytes, its end excluded (RFC 5545, 3.1).
const maxLine = 75

// line writes a content line, folded between characters: a continuation begins with a space, which counts.
func (f *file) line(name, value string) {
	rest, room := name+":"+value, maxLine
	for len(rest) > room {
		cut := room
		for !utf8.RuneStart(rest[cut]) {
			cut--
		}
		f.WriteString(rest[:cut] + "\r\n ")
		rest, room = rest[cut:], maxLine-1
	}
	f.WriteString(rest + "\r\n")
}
