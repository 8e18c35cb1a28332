package slackapp

import (
	"fmt"
	"time"
	"unicode/utf16"
)

// cut keeps a text within Slack's limits, which count UTF-16 units.
func cut(s string, most int) string {
	units := 0
	for _, r := range s {
		units += max(utf16.RuneLen(r), 1)
	}
	if units <= most {
		return s
	}
	units = 1 // the ellipsis
	for i, r := range s {
		if units += max(utf16.RuneLen(r), 1); units > most {
			return s[:i] + "…"
		}
	}
	return s
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return thousands(n) + " " + word + "s"
}

func isAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

func days(n float64) string {
	if n == 1 {
		return "1 day"
	}
	return fmt.Sprintf("%g days", n)
}

// day is a date in its reader's own zone.
func day(t time.Time) string {
	return fmt.Sprintf("<!date^%d^{date_short_pretty}|%s>", t.Unix(), t.UTC().Format("2 Jan 2006"))
}
