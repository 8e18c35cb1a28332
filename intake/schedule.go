package intake

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
	"github.com/rapport-dev/rapport/partnership/zones"
)

func schedule(o object, zone string, now time.Time, day time.Duration) partnership.Schedule {
	s := partnership.Schedule{
		OutreachDays: o.number("outreach_days", defaultOutreachDays, 0.1, maxDays),
		SignDays:     o.number("sign_days", defaultSignDays, 0.1, maxDays),
		ProduceDays:  o.number("produce_days", defaultProduceDays, 0.1, maxDays),
		ReviewDays:   o.number("review_days", defaultReviewDays, 0.1, maxDays),
		BufferDays:   o.number("buffer_days", defaultBufferDays, 0, maxDays),
		WindowDays:   o.number("window_days", defaultWindowDays, 0.1, maxDays),
		Holidays:     holidays(o),
	}
	loc := zones.Or(zone)
	calendar := timeline.Calendar{Day: day, Zone: zone}
	from, fromOK := publishDate(o, "publish_from", now.In(loc), true)
	to, toOK := publishDate(o, "publish_to", now.In(loc), true)
	if fromOK {
		s.PublishFrom = instant(calendar, now, from, loc)
	}
	if toOK {
		s.PublishTo = instant(calendar, now, to+1, loc) // the last day belongs to the window
	}
	switch {
	case toOK && to < 0:
		o.fault("publish_to", "the date is in the past; a date from today on, or \"+40\" for 40 days after launch")
	case fromOK && toOK && from > to:
		o.fault("publish_to", "is before publish_from; the window needs at least one day")
	}
	return s
}

// holidays is the country whose holidays the brand keeps, "" when it is to follow from the time zone.
func holidays(o object) string {
	wanted := "a country of two capitals out of " + strings.Join(timeline.Countries(), ", ") + ", or " + timeline.NoHolidays
	text, _, ok := o.scalar("holidays", wanted)
	if !ok || text == timeline.NoHolidays || timeline.KnowsHolidays(text) {
		return text
	}
	o.fault("holidays", "%q is not allowed; %s", text, wanted)
	return ""
}

var relativeDate = regexp.MustCompile(`^\+(\d{1,4})d?$`)

// publishDate reads a date as days from today: "2026-12-01", or "+18" (also "+18d") for 18 campaign days after launch.
func publishDate(o object, key string, now time.Time, required bool) (days int, ok bool) {
	const wanted = `a date such as 2026-12-01, or "+18" for 18 campaign days after launch`
	text, _, found := o.scalar(key, wanted)
	if !found {
		if required && !o.has(key) {
			o.missing(key, wanted)
		}
		return 0, false
	}
	if m := relativeDate.FindStringSubmatch(text); m != nil {
		days, _ = strconv.Atoi(m[1])
		return days, true
	}
	date, err := time.Parse(time.DateOnly, text)
	if err != nil {
		o.fault(key, "%q is not allowed; %s is wanted", text, wanted)
		return 0, false
	}
	y, m, d := now.Date()
	today := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	return int(date.Sub(today) / (24 * time.Hour)), true
}

// instant is the beginning of the day that is so many days after today. When a campaign day is shorter or longer than a real
// one, launch counts as the beginning of today and days have that length.
func instant(c timeline.Calendar, now time.Time, days int, loc *time.Location) time.Time {
	if !c.Real() {
		return c.Add(now, float64(days)).UTC()
	}
	y, m, d := now.In(loc).Date()
	return timeline.FirstInstant(y, m, d+days, loc).UTC()
}
