package timeline_test

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

// works says whether a date is a business day of a country: then something submitted at its noon is due right away.
func works(country, date string) bool {
	noon, err := time.Parse(time.DateOnly, date)
	if err != nil {
		panic(err) // the dates are written below
	}
	noon = noon.Add(12 * time.Hour)
	return timeline.ReviewDue(timeline.Calendar{Holidays: country}, noon, 0).Equal(noon)
}

// Each country has a day off on which another one works.
func TestEachCountryKeepsItsOwnHolidays(t *testing.T) {
	t.Parallel()
	covered := map[string]bool{}
	for _, c := range []struct{ country, off, name, atWork string }{
		{"AR", "2026-07-09", "Independence Day", "BR"},
		{"AT", "2026-10-26", "National Day", "DE"},
		{"AU", "2026-01-26", "Australia Day", "NZ"},
		{"BE", "2026-07-21", "National Day", "NL"},
		{"BG", "2026-03-03", "Liberation Day", "GR"},
		{"BR", "2026-09-07", "Independence Day", "AR"},
		{"CA", "2026-07-01", "Canada Day", "US"},
		{"CH", "2028-08-01", "National Day", "DE"},
		{"CZ", "2026-07-06", "Jan Hus Day", "SK"},
		{"DE", "2028-10-03", "Day of German Unity", "FR"},
		{"DK", "2026-06-05", "Constitution Day", "SE"},
		{"ES", "2026-10-12", "National Day", "FR"},
		{"FR", "2026-07-14", "Bastille Day", "GB"},
		{"GB", "2026-08-31", "Summer Bank Holiday", "US"},
		{"GR", "2026-03-25", "Independence Day", "IT"},
		{"HR", "2026-08-05", "Victory Day", "SI"},
		{"IE", "2026-03-17", "Saint Patrick's Day", "GB"},
		{"IT", "2026-06-02", "Republic Day", "AT"},
		{"JP", "2026-11-03", "Culture Day", "US"},
		{"LT", "2026-02-16", "Restoration of the State", "LV"},
		{"LV", "2026-11-18", "Proclamation Day", "LT"},
		{"MW", "2026-03-03", "Martyrs' Day", "ZA"},
		{"NC", "2026-09-24", "Citizenship Day", "FR"},
		{"NL", "2026-04-27", "King's Day", "BE"},
		{"NO", "2027-05-17", "Whit Monday and Constitution Day", "GB"},
		{"NZ", "2026-02-06", "Waitangi Day", "AU"},
		{"PL", "2026-11-11", "Independence Day", "DE"},
		{"RO", "2026-12-01", "Great Union Day", "BG"},
		{"RU", "2026-06-12", "Russia Day", "PL"},
		{"SE", "2025-06-06", "National Day", "NO"},
		{"SI", "2026-06-25", "Statehood Day", "HR"},
		{"SK", "2026-09-01", "Constitution Day", "CZ"},
		{"UA", "2026-08-24", "Independence Day", "PL"},
		{"US", "2026-11-26", "Thanksgiving", "CA"},
		{"ZA", "2026-06-16", "Youth Day", "MW"},
	} {
		if works(c.country, c.off) {
			t.Errorf("%s works on its %s (%s)", c.country, c.name, c.off)
		}
		if !works(c.atWork, c.off) || !works(timeline.NoHolidays, c.off) {
			t.Errorf("%s keeps the %s of %s (%s), or nobody works then", c.atWork, c.name, c.country, c.off)
		}
		covered[c.country] = true
	}
	for _, country := range timeline.Countries() {
		if !covered[country] || !timeline.KnowsHolidays(country) {
			t.Errorf("%s: no holiday of it stands above, or it has no rules", country)
		}
	}
}

// A federal country rests when all of it rests: Labour Day is in March in Perth and in October in Sydney.
func TestAFederalCountryKeepsWhatAllItsStatesKeep(t *testing.T) {
	t.Parallel()
	for date, want := range map[string]bool{"2026-03-02": true, "2026-10-05": true, "2026-04-03": false, "2026-12-25": false} {
		if got := works("AU", date); got != want {
			t.Errorf("AU works on %s: %t", date, got)
		}
	}
	if !works("CH", "2026-06-04") || works("CH", "2026-05-14") {
		t.Error("Corpus Christi is a day off in some cantons, Ascension Day in all")
	}
}

func TestTheCountryFollowsFromTheZone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zone, named, want string }{
		{"America/New_York", "", "US"},
		{"US/Pacific", "", "US"},
		{"Europe/London", "", "GB"},
		{"Europe/Berlin", "", "DE"},
		{"America/Toronto", "", "CA"},
		{"Europe/Paris", "", "FR"},
		{"Australia/Sydney", "", "AU"},
		{"Europe/Berlin", "AT", "AT"},
		{"Europe/Berlin", timeline.NoHolidays, ""},
		{"Europe/Berlin", "Atlantis", ""},
		{"Asia/Kolkata", "", ""}, // no rules
		{"UTC", "", ""},
		{"", "", ""},
	} {
		if got := (timeline.Calendar{Zone: c.zone, Holidays: c.named}).Country(); got != c.want {
			t.Errorf("%q with %q keeps the holidays of %q, want %q", c.zone, c.named, got, c.want)
		}
	}
}

func TestEveryZoneOfACountryIsKnown(t *testing.T) {
	t.Parallel()
	table, err := os.ReadFile("/usr/share/zoneinfo/zone.tab")
	if err != nil {
		t.Skip("this machine has no zone.tab to compare with")
	}
	for line := range strings.Lines(string(table)) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		if strings.HasPrefix(line, "#") || len(f) < 3 || !timeline.KnowsHolidays(f[0]) {
			continue
		}
		if got := (timeline.Calendar{Zone: f[2]}).Country(); got != f[0] {
			t.Errorf("%s is in %s, not in %q", f[2], f[0], got)
		}
	}
}

// The same story has other dates where other days are off: the draft comes on the Wednesday before Thanksgiving.
func TestTheSamePlanInAnotherCountry(t *testing.T) {
	t.Parallel()
	const ny = "America/New_York"
	f := timeline.Facts{Start: in(t, ny, "2026-11-02 10:00"), SignedAt: in(t, ny, "2026-11-09 10:00"), DraftAt: in(t, ny, "2026-11-25 10:00")}
	for country, want := range map[string]string{"": "2026-12-01 10:00", "US": "2026-12-01 10:00", "GB": "2026-11-30 10:00", timeline.NoHolidays: "2026-11-30 10:00"} {
		s := partnership.Schedule{ProduceDays: 10, ReviewDays: 3, Holidays: country}
		if got := timeline.Make(daily(ny), s, partnership.Micro, f).Due(timeline.ReviewBy); !got.Equal(in(t, ny, want)) {
			t.Errorf("holidays %q: the review is due %s, want %s", country, got, want)
		}
	}
	german := timeline.Calendar{Day: 24 * time.Hour, Zone: ny}.For(partnership.Schedule{Holidays: "DE"})
	if got := timeline.ReviewDue(german, in(t, ny, "2026-11-25 10:00"), 1); !got.Equal(in(t, ny, "2026-11-26 10:00")) {
		t.Errorf("Thanksgiving is a business day of Germany: %s", got)
	}
}

func TestHolidaysAreTheSameForeverAndForAll(t *testing.T) {
	t.Parallel()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for year := 1980; year <= 2180; year += 4 { // beyond the years that are kept, too
				date := time.Date(year, 7, 14, 12, 0, 0, 0, time.UTC)
				weekend := date.Weekday() == time.Saturday || date.Weekday() == time.Sunday
				if works("FR", date.Format(time.DateOnly)) || !weekend && !works("US", date.Format(time.DateOnly)) {
					t.Errorf("Bastille Day %d", year)
				}
			}
		})
	}
	wg.Wait()
}

func BenchmarkMake(b *testing.B) {
	const ny = "America/New_York"
	c, s := daily(ny), partnership.Schedule{OutreachDays: 10, SignDays: 5, ProduceDays: 10, ReviewDays: 3, BufferDays: 4, WindowDays: 30}
	f := timeline.Facts{Start: in(b, ny, "2026-11-02 10:00"), Gift: true}
	for b.Loop() {
		timeline.Make(c, s, partnership.Nano, f)
	}
}

// Workers plan many stories at once, and some rules of the library keep what they compute. Each year is asked for the first time here.
func TestHolidaysAreComputedByManyAtOnce(t *testing.T) {
	t.Parallel()
	var all sync.WaitGroup
	for _, country := range timeline.Countries() {
		for year := 2101; year < 2111; year++ {
			all.Go(func() { works(country, fmt.Sprint(year)+"-05-05") })
		}
	}
	all.Wait()
}
