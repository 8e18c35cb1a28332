package locale

import (
	"strconv"
	"strings"
	"time"
)

// The dates of a page or a mail. Their order stands in the catalogs: a translator moves day, month and weekday as the language does.

// Months and Weekdays are the English names, which are keys too.
var (
	months   = []string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"}
	weekdays = []string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"}
	shortDay = []string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"}
	shortMon = []string{"Jan", "Feb", "Mar", "Apr", "May (short)", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}
)

// The patterns in which dates are written.
const (
	dayMonth     = "{day} {month}"
	dayMonthYear = "{day} {month} {year}"
	weekdayTime  = "{weekday} {day} {month}, {time}"
	weekdayDay   = "{weekday} {day} {month}"
	shortTime    = "{wd} {day} {mon} {time}"
	shortYear    = "{wd} {day} {mon} {year}"
	monthYear    = "{month} {year}"
)

func (l Locale) written(pattern string, t time.Time, zone *time.Location) string {
	t = t.In(zone)
	mon := l.T(shortMon[t.Month()-1])
	return strings.NewReplacer(
		"{day}", strconv.Itoa(t.Day()), "{month}", l.T(months[t.Month()-1]), "{mon}", strings.TrimSuffix(mon, " (short)"), "{year}", strconv.Itoa(t.Year()),
		"{weekday}", l.T(weekdays[t.Weekday()]), "{wd}", l.T(shortDay[t.Weekday()]), "{time}", t.Format("15:04 MST"),
	).Replace(l.T(pattern))
}

// Day is "2 January".
func (l Locale) Day(t time.Time, zone *time.Location) string { return l.written(dayMonth, t, zone) }

// Date is "2 January 2006".
func (l Locale) Date(t time.Time, zone *time.Location) string {
	return l.written(dayMonthYear, t, zone)
}

// Weekday is "Monday 2 January".
func (l Locale) Weekday(t time.Time, zone *time.Location) string {
	return l.written(weekdayDay, t, zone)
}

// When is "Monday 2 January, 15:04 CET": an instant, with its zone.
func (l Locale) When(t time.Time, zone *time.Location) string {
	return l.written(weekdayTime, t, zone)
}

// Short is "Mon 2 Jan 15:04 CET", as mails have it; a missing date says so.
func (l Locale) Short(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return l.T("no date")
	}
	return l.written(shortTime, t, zone)
}

// ShortDate is "Fri 4 Dec 2026", of a date that is in its reader's zone already.
func (l Locale) ShortDate(t time.Time) string { return l.written(shortYear, t, t.Location()) }

// Month is a month of payouts, "2026-11", as "November 2026".
func (l Locale) Month(period string) string {
	t, err := time.Parse("2006-01", period)
	if err != nil {
		return period
	}
	return l.written(monthYear, t, time.UTC)
}
