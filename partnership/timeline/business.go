package timeline

import (
	"time"

	"github.com/rapport-dev/rapport/partnership/zones"
)

// ReviewDue is when a review of something submitted then is due: business days (Monday to Friday without the holidays of the
// calendar's country) when days are real, plain campaign days otherwise. What comes in on a day off counts from the next
// working day.
func ReviewDue(c Calendar, submitted time.Time, days float64) time.Time {
	if !c.Real() {
		return c.Add(submitted, days)
	}
	loc, country := zones.Or(c.Zone), nations[c.Country()]
	t := submitted.In(loc)
	for !country.works(t) {
		y, m, d := t.Date()
		t = FirstInstant(y, m, d+1, loc)
	}
	whole, share := split(max(days, 0))
	from := country.addWorkdays(t, whole, loc)
	if share == 0 {
		return from.UTC()
	}
	return interpolate(from, country.addWorkdays(t, whole+1, loc), share).UTC()
}

// works says whether t's date is a business day. Without a country there are only weekends.
func (n *nation) works(t time.Time) bool {
	weekend := t.Weekday() == time.Saturday || t.Weekday() == time.Sunday
	return !weekend && (n == nil || !n.off(t))
}

func (n *nation) addWorkdays(t time.Time, days int, loc *time.Location) time.Time {
	moved := 0
	for days > 0 {
		moved++
		if n.works(wallDays(t, moved, loc)) {
			days--
		}
	}
	return wallDays(t, moved, loc)
}
