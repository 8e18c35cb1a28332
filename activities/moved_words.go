package activities

import (
	"regexp"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership/locale"
)

// What a workflow says of dates that moved comes in English, a line each (timeline.Words), already in the creator's zone: "your draft: Fri 4
// Dec 2026 instead of Tue 1 Dec 2026 (3 days later)". Here it is said in their language.

var (
	movedLine = regexp.MustCompile(`^([^:]+): (.+) instead of (.+) \(([\d.]+) days? (later|earlier)\)$`)
	sentLate  = regexp.MustCompile(`^Your package went out ([\d.]+) days late$`)
	// movedLayouts are those of timeline.Words; the clock stands behind the day where a day is short.
	movedLayouts = []string{"Mon 2 Jan 2006", "Mon 2 Jan 2006 15:04", "Mon 2 Jan 2006 15:04:05"}
)

// The milestones as timeline.Words names them, and why dates move, as workflows say it.
var _ = []string{
	locale.Words("your answer"), locale.Words("your signature"), locale.Words("shipping your gift"), locale.Words("the delivery"), locale.Words("your draft"),
	locale.Words("our review"), locale.Words("your post"), locale.Words("the end of the sales window"),
	locale.Words("The creator came back and has more time"), locale.Words("You have more time"), locale.Words("We have changed the dates of the campaign"),
	locale.Words("The campaign was paused and goes on"), locale.Words("The carrier is late with your package"), locale.Words("Your package went out %s days late"),
}

// causeIn is why dates moved, in a language. ok is false where it is not known there.
func causeIn(l locale.Locale, cause string) (said string, ok bool) {
	const notOnYou = ". That is not on you"
	if l.IsEnglish() {
		return cause, true
	}
	if base, ours := strings.CutSuffix(cause, notOnYou); ours {
		said, ok = causeIn(l, base)
		return l.T("%s. That is not on you", said), ok
	}
	if m := sentLate.FindStringSubmatch(cause); m != nil {
		return l.T("Your package went out %s days late", m[1]), true
	}
	return l.T(cause), cause == "" || l.Knows(cause)
}

// movedIn are such lines in a language. A line of another form stays as it is: see movedKnown.
func movedIn(l locale.Locale, lines []string) []string {
	if l.IsEnglish() {
		return lines
	}
	said := make([]string, len(lines))
	for i, line := range lines {
		said[i], _ = movedOne(l, line)
	}
	return said
}

// movedKnown says whether all lines can be said in a language.
func movedKnown(l locale.Locale, lines []string) bool {
	if l.IsEnglish() {
		return true
	}
	for _, line := range lines {
		if _, ok := movedOne(l, line); !ok {
			return false
		}
	}
	return true
}

func movedOne(l locale.Locale, line string) (string, bool) {
	m := movedLine.FindStringSubmatch(line)
	if len(m) == 0 || !l.Knows(m[1]) {
		return line, false
	}
	to, ok := movedDate(l, m[2])
	from, wasOK := movedDate(l, m[3])
	if !ok || !wasOK {
		return line, false
	}
	if m[5] == "earlier" {
		return l.T("%s: %s instead of %s (earlier)", l.T(m[1]), to, from), true
	}
	return l.T("%s: %s instead of %s (later)", l.T(m[1]), to, from), true
}

func movedDate(l locale.Locale, date string) (string, bool) {
	for _, layout := range movedLayouts {
		if t, err := time.Parse(layout, date); err == nil {
			said := l.ShortDate(t)
			if _, clock, ok := strings.Cut(layout, "2006 "); ok {
				said += " " + t.Format(clock)
			}
			return said, true
		}
	}
	return "", false
}
