package timeline

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership/zones"
)

// Change is a milestone that moved between two plans. From and To are in the campaign's zone.
type Change struct {
	Kind Kind      `json:"kind"`
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
	Days float64   `json:"days"` // campaign days later; negative is earlier
}

// Diff is what moved from one plan to the next, in the order of the story. What has happened no longer moves.
func Diff(old, new Plan, c Calendar) []Change {
	loc := zones.Or(c.Zone)
	var changes []Change
	for _, m := range new.Milestones {
		from := old.Due(m.Kind)
		if m.Fact || from.IsZero() || from.Equal(m.Due) {
			continue
		}
		changes = append(changes, Change{m.Kind, from.In(loc), m.Due.In(loc), c.Days(from, m.Due)})
	}
	return changes
}

// In is the same changes for somebody in a zone of their own ("" is the campaign's).
func In(zone string, changes []Change) []Change {
	out := slices.Clone(changes)
	if zone == "" {
		return out
	}
	for i := range out {
		out[i].From, out[i].To = out[i].From.In(zones.Or(zone)), out[i].To.In(zones.Or(zone))
	}
	return out
}

// words of each milestone, for a creator.
var words = map[Kind]string{
	OfferDue: "your answer", SignDue: "your signature", ShipBy: "shipping your gift", DeliverBy: "the delivery", DraftDue: "your draft",
	ReviewBy: "our review", PublishDue: "your post", WindowEnd: "the end of the sales window",
}

// Words tells changes to a person, one line each: "your draft: Fri 4 Dec 2026 instead of Tue 1 Dec 2026 (3 days later)".
// Where both fall on one date, as with short campaign days, they are told with the time of day.
func Words(changes []Change) string {
	lines := make([]string, len(changes))
	for i, ch := range changes {
		layout := apart(ch.From, ch.To)
		lines[i] = fmt.Sprintf("%s: %s instead of %s (%s)", words[ch.Kind], ch.To.Format(layout), ch.From.Format(layout), shift(ch.Days))
	}
	return strings.Join(lines, "\n")
}

// apart is the shortest layout in which two dates differ, to the second.
func apart(a, b time.Time) string {
	const date, minute, second = "Mon 2 Jan 2006", "Mon 2 Jan 2006 15:04", "Mon 2 Jan 2006 15:04:05"
	for _, layout := range []string{date, minute} {
		if a.Format(layout) != b.Format(layout) {
			return layout
		}
	}
	return second
}

func shift(days float64) string {
	direction := "later"
	if days < 0 {
		direction = "earlier"
	}
	n := math.Round(10*math.Abs(days)) / 10
	unit := "days"
	if n == 1 {
		unit = "day"
	}
	if n == 0 {
		return "less than a day " + direction
	}
	return strconv.FormatFloat(n, 'f', -1, 64) + " " + unit + " " + direction
}
