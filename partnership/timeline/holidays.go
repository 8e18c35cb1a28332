package timeline

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/ar"
	austria "github.com/rickar/cal/v2/at" // at is taken
	"github.com/rickar/cal/v2/au"
	"github.com/rickar/cal/v2/be"
	"github.com/rickar/cal/v2/bg"
	"github.com/rickar/cal/v2/br"
	"github.com/rickar/cal/v2/ca"
	"github.com/rickar/cal/v2/ch"
	"github.com/rickar/cal/v2/cz"
	"github.com/rickar/cal/v2/de"
	"github.com/rickar/cal/v2/dk"
	"github.com/rickar/cal/v2/es"
	"github.com/rickar/cal/v2/fr"
	"github.com/rickar/cal/v2/gb"
	"github.com/rickar/cal/v2/gr"
	"github.com/rickar/cal/v2/hr"
	"github.com/rickar/cal/v2/ie"
	"github.com/rickar/cal/v2/it"
	"github.com/rickar/cal/v2/jp"
	"github.com/rickar/cal/v2/lt"
	"github.com/rickar/cal/v2/lv"
	"github.com/rickar/cal/v2/mw"
	"github.com/rickar/cal/v2/nc"
	"github.com/rickar/cal/v2/nl"
	"github.com/rickar/cal/v2/no"
	"github.com/rickar/cal/v2/nz"
	"github.com/rickar/cal/v2/pl"
	"github.com/rickar/cal/v2/ro"
	"github.com/rickar/cal/v2/ru"
	"github.com/rickar/cal/v2/se"
	"github.com/rickar/cal/v2/si"
	"github.com/rickar/cal/v2/sk"
	"github.com/rickar/cal/v2/ua"
	"github.com/rickar/cal/v2/us"
	"github.com/rickar/cal/v2/za"
)

// NoHolidays as a Calendar's Holidays leaves business days with weekends alone.
const NoHolidays = "none"

// Countries are those whose holidays are known, as ISO 3166 codes of two letters.
func Countries() []string { return slices.Clone(countries) }

// KnowsHolidays says whether a country is one of Countries.
func KnowsHolidays(country string) bool { return nations[country] != nil }

// Country is whose holidays the brand keeps: the one that the campaign names, else that of its zone. "" is nobody's: then
// business days are Monday to Friday.
func (c Calendar) Country() string {
	switch {
	case c.Holidays == "":
		return countryOf[c.Zone]
	case KnowsHolidays(c.Holidays):
		return c.Holidays
	default: // none, or one that intake would have refused
		return ""
	}
}

// nation is a country's rules and what they gave. Of a federal country without rules of its own only the days count that all its
// states keep.
type nation struct {
	states [][]*cal.Holiday
	years  [lastYear - firstYear + 1]atomic.Pointer[yearDays] // nil until asked for
}

// Years outside are computed each time, so that the memory is bounded whatever a plan is asked about.
const firstYear, lastYear = 1990, 2150

// yearDays has a bit for each day of a year.
type yearDays [6]uint64

func (y *yearDays) has(day int) bool { return y[day/64]&(1<<(day%64)) != 0 }

// calculating is held while the library computes: its calendar type keeps a cache that only one goroutine may use, and so do the rules of
// some countries.
var calculating sync.Mutex

// off says whether a date is a holiday.
func (n *nation) off(t time.Time) bool {
	year := t.Year()
	if year < firstYear || year > lastYear {
		return n.holidays(year).has(t.YearDay())
	}
	slot := &n.years[year-firstYear]
	days := slot.Load()
	if days == nil {
		days = n.holidays(year)
		slot.Store(days) // whoever else computes it computes the same
	}
	return days.has(t.YearDay())
}

// holidays are the days of a year on which nobody works. A holiday on a weekend may be observed in the year beside it.
func (n *nation) holidays(year int) *yearDays {
	calculating.Lock()
	defer calculating.Unlock()
	var all yearDays
	for i, rules := range n.states {
		var days yearDays
		for _, h := range rules {
			for y := year - 1; y <= year+1; y++ {
				if _, observed := h.Calc(y); observed.Year() == year {
					days[observed.YearDay()/64] |= 1 << (observed.YearDay() % 64)
				}
			}
		}
		for word := range all {
			if i == 0 {
				all[word] = days[word]
			}
			all[word] &= days[word]
		}
	}
	return &all
}

// nations hold rules, not dates. Their library computes in the machine's own zone unless told, which must not reach a plan.
var nations = func() map[string]*nation {
	cal.DefaultLoc = time.UTC
	m := map[string]*nation{
		"AU": {states: [][]*cal.Holiday{
			au.HolidaysACT, au.HolidaysNSW, au.HolidaysNT, au.HolidaysQLD, au.HolidaysSA, au.HolidaysTAS, au.HolidaysVIC, au.HolidaysWA,
		}},
		"CH": {states: [][]*cal.Holiday{
			ch.HolidaysZH, ch.HolidaysBE, ch.HolidaysLU, ch.HolidaysUR, ch.HolidaysSZ, ch.HolidaysOW, ch.HolidaysNW, ch.HolidaysGL,
			ch.HolidaysZG, ch.HolidaysFR, ch.HolidaysSO, ch.HolidaysBS, ch.HolidaysBL, ch.HolidaysSH, ch.HolidaysAR, ch.HolidaysAI,
			ch.HolidaysSG, ch.HolidaysGR, ch.HolidaysAG, ch.HolidaysTG, ch.HolidaysVD, ch.HolidaysTI, ch.HolidaysVS, ch.HolidaysNE,
			ch.HolidaysGE, ch.HolidaysJU,
		}},
	}
	for country, rules := range map[string][]*cal.Holiday{
		"AR": ar.Holidays, "AT": austria.Holidays, "BE": be.Holidays, "BG": bg.Holidays, "BR": br.Holidays, "CA": ca.Holidays,
		"CZ": cz.Holidays, "DE": de.Holidays, "DK": dk.Holidays, "ES": es.Holidays, "FR": fr.Holidays, "GB": gb.Holidays,
		"GR": gr.Holidays, "HR": hr.Holidays, "IE": ie.Holidays, "IT": it.Holidays, "JP": jp.Holidays, "LT": lt.Holidays,
		"LV": lv.Holidays, "MW": mw.Holidays, "NC": nc.Holidays, "NL": nl.Holidays, "NO": no.Holidays, "NZ": nz.Holidays,
		"PL": pl.Holidays, "RO": ro.Holidays, "RU": ru.Holidays, "SE": se.Holidays, "SI": si.Holidays, "SK": sk.Holidays,
		"UA": ua.Holidays, "US": us.Holidays, "ZA": za.Holidays,
	} {
		m[country] = &nation{states: [][]*cal.Holiday{rules}}
	}
	return m
}()

var countries = func() []string {
	var codes []string
	for code := range zonesOf {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	return codes
}()
