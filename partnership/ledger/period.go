package ledger

import (
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
	"github.com/rapport-dev/rapport/partnership/zones"
)

const monthLayout = "2006-01"

// Period is a program's month as two instants, to exclusive: from the first instant of its first day in zone to the first
// instant of the next month's. Months tile in every zone, also where DST skips midnight of the first.
func Period(zone, month string) (from, to time.Time, err error) {
	first, err := time.Parse(monthLayout, month)
	if err != nil {
		return from, to, partnership.FieldErrorf("period", "%q is not a month; write it like 2026-11", month)
	}
	loc, err := zones.Load(zone)
	if err != nil {
		return from, to, partnership.FieldErrorf("timezone", "%q is not an IANA time zone such as America/New_York", zone)
	}
	y, m, _ := first.Date()
	return timeline.FirstInstant(y, m, 1, loc).UTC(), timeline.FirstInstant(y, m+1, 1, loc).UTC(), nil
}

// Day is the first instant in zone of a day such as 2026-11-28. field is where a person has said it.
func Day(zone, field, day string) (time.Time, error) {
	of, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return of, partnership.FieldErrorf(field, "%q is no day such as 2026-11-28", day)
	}
	loc, err := zones.Load(zone)
	if err != nil {
		return of, partnership.FieldErrorf("timezone", "%q is not an IANA time zone such as America/New_York", zone)
	}
	y, m, d := of.Date()
	return timeline.FirstInstant(y, m, d, loc).UTC(), nil
}

// Cutoff is until when a run of a month that ends at to takes rows, exclusive: its end, or now where the run is opened before it.
func Cutoff(to, now time.Time) time.Time {
	if now.Before(to) {
		return now
	}
	return to
}

// PeriodOf is the month in zone that an instant belongs to, as Period takes it.
func PeriodOf(zone string, t time.Time) (string, error) {
	loc, err := zones.Load(zone)
	if err != nil {
		return "", partnership.FieldErrorf("timezone", "%q is not an IANA time zone such as America/New_York", zone)
	}
	// Clocks that are set back over midnight of the first show the old month once more; the instant is in the new one.
	y, m, _ := t.In(loc).Date()
	if next := timeline.FirstInstant(y, m+1, 1, loc); !t.Before(next) {
		m++
	}
	return time.Date(y, m, 1, 0, 0, 0, 0, time.UTC).Format(monthLayout), nil
}

// RunHour is the hour of the first of a month, in the program's zone, at which the month before is paid.
const RunHour = 6

// NextRun is when the next payouts of a program are prepared by themselves, and of which month.
func NextRun(zone string, now time.Time) (at time.Time, period string, err error) {
	this, err := PeriodOf(zone, now)
	if err != nil {
		return at, "", err
	}
	from, next, err := Period(zone, this)
	if err != nil {
		return at, "", err
	}
	if at = from.Add(RunHour * time.Hour); now.Before(at) {
		before, err := PeriodOf(zone, from.Add(-time.Hour))
		return at, before, err
	}
	return next.Add(RunHour * time.Hour), this, nil
}
