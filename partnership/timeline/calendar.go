// Package timeline computes every date of a partnership from its schedule and the facts so far: milestones, the buffer that
// is left, check-ins and what moved between two plans. It is pure and total, and deterministic enough for workflow code:
// no clock, no environment. Dates are always recomputed, never patched.
package timeline

import (
	"cmp"
	"math"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/zones"
)

// realDay is the length at which a campaign day is a day of people: only then do zones, weekends, holidays and quiet hours
// apply. Demos and tests run with shorter days and plain durations.
const realDay = 24 * time.Hour

// maxDays bounds a single step, so that absurd input gives an absurd date and never an overflow.
const maxDays = 36_500

// Calendar is how a campaign counts its days. The zero value counts real days in UTC.
type Calendar struct {
	Day  time.Duration `json:"day"`  // the length of a campaign day (RAPPORT_DAY); 0 is 24h
	Zone string        `json:"zone"` // IANA zone of the campaign; "" or unknown is UTC

	// Holidays is the country whose holidays are no business days, one of Countries; "" is that of the zone, NoHolidays none.
	Holidays string `json:"holidays,omitempty"`
}

// For is the calendar of a campaign with that schedule, which may name a country.
func (c Calendar) For(s partnership.Schedule) Calendar {
	c.Holidays = cmp.Or(s.Holidays, c.Holidays)
	return c
}

// Real says whether campaign days are real days, so that business rules apply.
func (c Calendar) Real() bool { return c.day() == realDay }

func (c Calendar) day() time.Duration {
	if c.Day <= 0 {
		return realDay
	}
	return c.Day
}

// Add moves t by campaign days. Real days keep the wall clock of the campaign's zone across DST changes, a time that DST
// skips becomes the instant of the change, and a fraction of a day is a share of that day. Other lengths are plain durations.
func (c Calendar) Add(t time.Time, days float64) time.Time {
	whole, share := split(days)
	if !c.Real() {
		return t.Add(time.Duration(clampNanos((float64(whole) + share) * float64(c.day()))))
	}
	loc := zones.Or(c.Zone)
	from := wallDays(t, whole, loc)
	if share == 0 {
		return from.UTC()
	}
	return interpolate(from, wallDays(t, whole+1, loc), share).UTC()
}

// Days is the campaign days from a to b, the inverse of Add to a hundredth of a day.
func (c Calendar) Days(a, b time.Time) float64 {
	elapsed := b.Sub(a)
	if c.Real() {
		loc := zones.Or(c.Zone)
		elapsed = wall(b.In(loc)).Sub(wall(a.In(loc)))
	}
	return math.Round(100*float64(elapsed)/float64(c.day())) / 100
}

// Quiet is the first instant from t on that lies within 9-18 h of a creator's zone ("" is the campaign's), so that no mail
// comes at night. It changes nothing unless days are real.
func (c Calendar) Quiet(t time.Time, zone string) time.Time { return c.byDay(t, zone, 1, 9) }

// Daytime is the instant of t's own day, in a creator's zone, that is nearest to t within their hours: a mail planned for the
// night before nine comes at nine, one planned for the evening at five. So what is a day apart stays on days of its own, and a
// reminder of the due day comes on that day. It changes nothing unless days are real.
func (c Calendar) Daytime(t time.Time, zone string) time.Time { return c.byDay(t, zone, 0, 17) }

// byDay is t within 9-18 h of a zone: what falls into the night before comes at nine, what falls into the evening so many days later
// at that hour.
func (c Calendar) byDay(t time.Time, zone string, days, hour int) time.Time {
	if !c.Real() {
		return t
	}
	if zone == "" {
		zone = c.Zone
	}
	loc := zones.Or(zone)
	local := t.In(loc)
	y, m, d := local.Date()
	switch {
	case local.Hour() < 9:
		return at(y, m, d, 9, loc).UTC()
	case local.Hour() >= 18:
		return at(y, m, d+days, hour, loc).UTC()
	default:
		return t
	}
}

// split cuts days into whole days, rounded down, and the share of the next one. NaN is zero.
func split(days float64) (whole int, share float64) {
	if math.IsNaN(days) {
		return 0, 0
	}
	days = max(-maxDays, min(maxDays, days))
	floor := math.Floor(days)
	return int(floor), days - floor
}

func clampNanos(n float64) int64 {
	const limit = maxDays * float64(realDay)
	return int64(max(-limit, min(limit, n)))
}

func interpolate(a, b time.Time, share float64) time.Time {
	return a.Add(time.Duration(share * float64(b.Sub(a))).Round(time.Second)) // a third of a day is eight hours, not a hair less
}

// wallDays is the same wall clock n days later in loc.
func wallDays(t time.Time, n int, loc *time.Location) time.Time {
	t = t.In(loc)
	if n == 0 {
		return t
	}
	y, m, d := t.Date()
	return exact(time.Date(y, m, d+n, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC), loc)
}

func at(y int, m time.Month, d, hour int, loc *time.Location) time.Time {
	return exact(time.Date(y, m, d, hour, 0, 0, 0, time.UTC), loc)
}

// FirstInstant is the first instant of a day in loc: midnight, or where DST skips midnight the instant of the change. (Of a
// midnight that comes twice it is the first; time.Date alone gives 23:00 of the day before in Asuncion on 2023-10-01.)
func FirstInstant(y int, m time.Month, d int, loc *time.Location) time.Time {
	t := at(y, m, d, 0, loc)
	start, _ := t.ZoneBounds()
	if start.IsZero() {
		return t
	}
	_, before := start.Add(-1).Zone()
	_, now := t.Zone()
	if earlier := t.Add(time.Duration(now-before) * time.Second); before > now && earlier.Before(start) {
		return earlier
	}
	return t
}

// exact is the instant at which loc's clocks show the wall clock w (given as if it were UTC), or the instant of the change
// that skips it. time.Date picks a side of such a gap freely, which would make later inputs give earlier dates.
func exact(w time.Time, loc *time.Location) time.Time {
	y, m, d := w.Date()
	t := time.Date(y, m, d, w.Hour(), w.Minute(), w.Second(), w.Nanosecond(), loc)
	shown := wall(t)
	if shown.Equal(w) {
		return t
	}
	start, end := t.ZoneBounds()
	if shown.After(w) {
		return start
	}
	return end
}

// wall is the wall clock of t as if it were UTC.
func wall(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
}
