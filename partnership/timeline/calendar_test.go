package timeline_test

import (
	"testing"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/partnership/timeline"
	"github.com/rapport-dev/rapport/partnership/zones"
)

var manyZones = []string{
	"", "UTC", "America/New_York", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "America/Asuncion", "America/Havana",
	"Asia/Beirut", "Pacific/Apia", "America/Santiago", "Asia/Kathmandu", "Africa/Casablanca", "Pacific/Chatham", "America/St_Johns",
}

func daily(zone string) timeline.Calendar { return timeline.Calendar{Day: 24 * time.Hour, Zone: zone} }

func in(t testing.TB, zone, text string) time.Time {
	t.Helper()
	loc, err := zones.Load(zone)
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", text, loc)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestAddKeepsTheWallClock(t *testing.T) {
	t.Parallel()
	const ny = "America/New_York"
	for _, c := range []struct {
		zone, from string
		days       float64
		want       string // in the zone
	}{
		{ny, "2026-03-07 10:00", 1, "2026-03-08 10:00"},   // the clocks go forward: 23 hours
		{ny, "2026-10-31 10:00", 1, "2026-11-01 10:00"},   // and back: 25 hours
		{ny, "2026-03-07 02:30", 1, "2026-03-08 03:00"},   // 02:30 does not exist: the instant of the change
		{ny, "2026-03-09 10:00", -2, "2026-03-07 10:00"},  // backwards
		{ny, "2028-02-28 09:00", 1, "2028-02-29 09:00"},   // leap day
		{ny, "2026-06-01 12:00", 0.5, "2026-06-02 00:00"}, // half a day
		{ny, "2026-06-01 12:00", -0.5, "2026-06-01 00:00"},
		{"Pacific/Apia", "2011-12-29 08:00", 1, "2011-12-31 00:00"}, // Samoa had no 30 December 2011
		{"", "2026-06-01 12:00", 30, "2026-07-01 12:00"},
	} {
		got := daily(c.zone).Add(in(t, c.zone, c.from), c.days)
		if want := in(t, c.zone, c.want); !got.Equal(want) {
			t.Errorf("%s %s + %g days = %s, want %s", c.zone, c.from, c.days, got, want)
		}
	}
}

func TestShortDaysArePlainDurations(t *testing.T) {
	t.Parallel()
	c := timeline.Calendar{Day: 2 * time.Second, Zone: "America/New_York"}
	from := in(t, "America/New_York", "2026-03-07 23:59")
	if got := c.Add(from, 2.5); got.Sub(from) != 5*time.Second {
		t.Errorf("2.5 days of 2 s are %s", got.Sub(from))
	}
	if got := c.Quiet(from, "Asia/Tokyo"); !got.Equal(from) {
		t.Error("quiet hours apply to days that are not real")
	}
	if got := timeline.ReviewDue(c, from, 3); got.Sub(from) != 6*time.Second {
		t.Errorf("3 business days of 2 s are %s", got.Sub(from))
	}
	if got := c.Days(from, from.Add(7*time.Second)); got != 3.5 {
		t.Errorf("7 s are %g days of 2 s", got)
	}
}

func TestQuietHours(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zone, at, want string }{
		{"Europe/Berlin", "2026-06-01 08:59", "2026-06-01 09:00"},
		{"Europe/Berlin", "2026-06-01 09:00", "2026-06-01 09:00"},
		{"Europe/Berlin", "2026-06-01 17:59", "2026-06-01 17:59"},
		{"Europe/Berlin", "2026-06-01 18:00", "2026-06-02 09:00"},
		{"America/New_York", "2026-03-07 20:00", "2026-03-08 09:00"}, // over a DST change
		{"Pacific/Apia", "2011-12-29 19:00", "2011-12-31 00:00"},     // the next day did not happen: its first instant
	} {
		got := daily("UTC").Quiet(in(t, c.zone, c.at), c.zone)
		if want := in(t, c.zone, c.want); !got.Equal(want) {
			t.Errorf("Quiet(%s %s) = %s, want %s", c.zone, c.at, got, want)
		}
	}
	at := in(t, "America/New_York", "2026-06-01 03:00")
	if got, want := daily("America/New_York").Quiet(at, ""), in(t, "America/New_York", "2026-06-01 09:00"); !got.Equal(want) {
		t.Errorf("a creator without a zone is written to at %s, want the campaign's hours: %s", got, want)
	}
}

func TestAMailOfTheNightOrTheEveningComesByDayOnThatDay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zone, at, want string }{
		{"Europe/Berlin", "2026-06-01 00:00", "2026-06-01 09:00"},
		{"Europe/Berlin", "2026-06-01 09:00", "2026-06-01 09:00"},
		{"Europe/Berlin", "2026-06-01 17:59", "2026-06-01 17:59"},
		{"Europe/Berlin", "2026-06-01 18:00", "2026-06-01 17:00"},
		{"America/New_York", "2026-03-08 23:30", "2026-03-08 17:00"}, // a day of 23 hours
	} {
		got := daily("UTC").Daytime(in(t, c.zone, c.at), c.zone)
		if want := in(t, c.zone, c.want); !got.Equal(want) {
			t.Errorf("Daytime(%s %s) = %s, want %s", c.zone, c.at, got, want)
		}
	}
	short := timeline.Calendar{Day: 2 * time.Second}
	if at := in(t, "Asia/Tokyo", "2026-06-01 03:00"); !short.Daytime(at, "Asia/Tokyo").Equal(at) {
		t.Error("the hours of a day apply to days that are not real")
	}
}

func TestDaytimeKeepsTheDayAndTheOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		zone := rapid.SampledFrom(manyZones[1:]).Draw(t, "zone")
		loc, _ := zones.Load(zone)
		at := drawTime(t, "at")
		got := daily("UTC").Daytime(at, zone).In(loc)
		if got.Format(time.DateOnly) != at.In(loc).Format(time.DateOnly) || got.Hour() < 9 || got.Hour() >= 18 {
			t.Fatalf("%s becomes %s", at.In(loc), got)
		}
		if next := daily("UTC").Daytime(at.AddDate(0, 0, 2), zone); !next.After(got) {
			t.Fatalf("two days later than %s comes %s", got, next)
		}
	})
}

func TestReviewCountsBusinessDays(t *testing.T) {
	t.Parallel()
	const ny = "America/New_York"
	for _, c := range []struct {
		submitted string
		days      float64
		want      string
	}{
		{"2026-06-01 15:00", 3, "2026-06-04 15:00"}, // Monday to Thursday
		{"2026-06-04 15:00", 3, "2026-06-09 15:00"}, // over a weekend
		{"2026-06-06 15:00", 1, "2026-06-09 00:00"}, // a Saturday counts from Monday's first instant
		{"2026-07-02 15:00", 1, "2026-07-06 15:00"}, // Friday 3 July 2026 is Independence Day observed
		{"2026-11-25 12:00", 1, "2026-11-27 12:00"}, // Thanksgiving
		{"2026-12-24 12:00", 2, "2026-12-29 12:00"}, // Christmas on a Friday
		{"2027-12-30 12:00", 1, "2028-01-03 12:00"}, // New Year's Day 2028 is a Saturday, observed on 31 December
		{"2026-06-01 12:00", 0, "2026-06-01 12:00"},
		{"2026-06-05 12:00", 0.5, "2026-06-07 00:00"}, // half of the way to the next business day
	} {
		got := timeline.ReviewDue(daily(ny), in(t, ny, c.submitted), c.days)
		if want := in(t, ny, c.want); !got.Equal(want) {
			t.Errorf("submitted %s, %g business days: %s, want %s", c.submitted, c.days, got.In(want.Location()), want)
		}
	}
}

func TestFirstInstantWhereMidnightIsSkipped(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		zone    string
		y, m, d int
		want    string
	}{
		{"America/Asuncion", 2023, 10, 1, "2023-10-01 01:00"},
		{"America/Havana", 2012, 4, 1, "2012-04-01 01:00"},
		{"America/New_York", 2026, 11, 1, "2026-11-01 00:00"},
		{"Pacific/Apia", 2011, 12, 30, "2011-12-31 00:00"},
	} {
		loc, _ := zones.Load(c.zone)
		got := timeline.FirstInstant(c.y, time.Month(c.m), c.d, loc)
		if want := in(t, c.zone, c.want); !got.Equal(want) {
			t.Errorf("%s %d-%d-%d begins at %s, want %s", c.zone, c.y, c.m, c.d, got, want)
		}
	}
	// Havana sets its clocks back from 01:00 to 00:00: midnight comes twice, the day begins at the first.
	loc, _ := zones.Load("America/Havana")
	first := timeline.FirstInstant(2026, 11, 1, loc)
	if second := first.Add(time.Hour); second.In(loc).Hour() != 0 || first.Add(-1).In(loc).Day() != 31 {
		t.Errorf("1 November 2026 begins at %s in Havana", first)
	}
}

func drawTime(t *rapid.T, name string) time.Time {
	return time.Unix(rapid.Int64Range(1_300_000_000, 2_000_000_000).Draw(t, name), 0).UTC()
}

func TestAddIsMonotoneInDays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := daily(rapid.SampledFrom(manyZones).Draw(t, "zone"))
		from := drawTime(t, "from")
		a, b := rapid.Float64Range(-400, 400).Draw(t, "a"), rapid.Float64Range(-400, 400).Draw(t, "b")
		if a > b {
			a, b = b, a
		}
		if c.Add(from, a).After(c.Add(from, b)) {
			t.Fatalf("%s + %g is after + %g", from, a, b)
		}
	})
}

func TestDaysInvertsAdd(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := daily(rapid.SampledFrom(manyZones).Draw(t, "zone"))
		from, n := drawTime(t, "from"), rapid.IntRange(-400, 400).Draw(t, "days")
		got := c.Days(from, c.Add(from, float64(n)))
		if got < float64(n)-1.01 || got > float64(n)+1.01 {
			t.Fatalf("%d days from %s are %g", n, from, got)
		}
	})
}

func TestQuietIsWithinTheDayAndAtMostADayLater(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		zone := rapid.SampledFrom(manyZones[1:]).Draw(t, "zone")
		loc, _ := zones.Load(zone)
		at := drawTime(t, "at")
		got := daily("UTC").Quiet(at, zone)
		if got.Before(at) || got.Sub(at) > 40*time.Hour {
			t.Fatalf("%s becomes %s", at, got)
		}
		if h := got.In(loc).Hour(); zone != "Pacific/Apia" && (h < 9 || h >= 18) {
			t.Fatalf("%s becomes %s", at, got.In(loc))
		}
		if again := daily("UTC").Quiet(got, zone); zone != "Pacific/Apia" && !again.Equal(got) {
			t.Fatalf("%s is quiet once and %s again", got, again)
		}
	})
}

func TestReviewDueIsMonotone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := daily(rapid.SampledFrom([]string{"UTC", "America/New_York", "Europe/Berlin"}).Draw(t, "zone"))
		c.Holidays = rapid.SampledFrom(append(timeline.Countries(), "", timeline.NoHolidays)).Draw(t, "holidays")
		a := drawTime(t, "a")
		// Two hours or more apart, so that a clock set back in between cannot swap them.
		b := a.Add(time.Duration(rapid.Int64Range(2*3600, 20*86400).Draw(t, "gap")) * time.Second)
		days := rapid.Float64Range(0, 15).Draw(t, "days")
		if timeline.ReviewDue(c, a, days).After(timeline.ReviewDue(c, b, days)) {
			t.Fatalf("submitted at %s is due after submitted at %s", a, b)
		}
		if timeline.ReviewDue(c, a, days).Before(a) {
			t.Fatal("due before it was submitted")
		}
	})
}

func TestAbsurdInputGivesSomeDate(t *testing.T) {
	t.Parallel()
	nan := func() float64 { var z float64; return z / z }()
	for _, days := range []float64{nan, 1e300, -1e300, 1e18} {
		for _, c := range []timeline.Calendar{{}, {Day: 24 * time.Hour, Zone: "No/Where"}, {Day: time.Nanosecond}, {Day: 1 << 62}} {
			c.Add(time.Unix(0, 0), days)
			timeline.ReviewDue(c, time.Unix(0, 0), min(days, 100))
		}
	}
}
