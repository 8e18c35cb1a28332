package timeline

import (
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/us"
)

// ReviewDue is when a review of something submitted then is due: business days (Monday to Friday without US federal
// holidays) when days are real, plain campaign days otherwise. What comes in on a day off counts from the next working day.
func ReviewDue(c Calendar, submitted time.Time, days float64) time.Time {
	if !c.Real() {
		return c.Add(submitted, days)
	}
	loc := location(c.Zone)
	t := submitted.In(loc)
	for !workday(t) {
		y, m, d := t.Date()
		t = FirstInstant(y, m, d+1, loc)
	}
	whole, share := split(max(days, 0))
	from := addWorkdays(t, whole, loc)
	if share == 0 {
		return from.UTC()
	}
	return interpolate(from, addWorkdays(t, whole+1, loc), share).UTC()
}

// holidays are rules, not dates. Their library computes in the machine's own zone unless told, which must not reach a plan;
// its calendar type keeps a cache that workflow code may not use.
var holidays = func() []*cal.Holiday {
	cal.DefaultLoc = time.UTC
	return us.Holidays
}()

func workday(t time.Time) bool {
	if t.Weekday() == time.Saturday || t.Weekday() == time.Sunday {
		return false
	}
	y, m, d := t.Date()
	date := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	for _, h := range holidays {
		for _, year := range [2]int{y, y + 1} { // New Year's Day on a Saturday is observed the year before
			if _, observed := h.Calc(year); observed.Equal(date) {
				return false
			}
		}
	}
	return true
}

func addWorkdays(t time.Time, n int, loc *time.Location) time.Time {
	moved := 0
	for n > 0 {
		moved++
		if workday(wallDays(t, moved, loc)) {
			n--
		}
	}
	return wallDays(t, moved, loc)
}
