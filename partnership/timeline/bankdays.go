package timeline

import (
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/ecb"
	"github.com/rickar/cal/v2/us"

	"github.com/rapport-dev/rapport/partnership/zones"
)

// Banks settle on days of their own: euros when TARGET is open, dollars when the Federal Reserve is.
var (
	target = &nation{states: [][]*cal.Holiday{ecb.Holidays}}
	fed    = &nation{states: [][]*cal.Holiday{us.Holidays}} // who is open on a Friday before a holiday on a Saturday is asked a day late
)

// NextTARGETDay is the first day after an instant's own on which euros are settled.
func NextTARGETDay(after time.Time) string { return nextBankDay(target, "Europe/Berlin", after) }

// NextFedDay is the first day after an instant's own on which dollars are settled.
func NextFedDay(after time.Time) string { return nextBankDay(fed, "America/New_York", after) }

func nextBankDay(n *nation, zone string, after time.Time) string {
	y, m, d := after.In(zones.Or(zone)).Date()
	for {
		d++
		day := time.Date(y, m, d, 12, 0, 0, 0, time.UTC)
		if weekday := day.Weekday(); weekday != time.Saturday && weekday != time.Sunday && !n.off(day) {
			return day.Format(time.DateOnly)
		}
	}
}
