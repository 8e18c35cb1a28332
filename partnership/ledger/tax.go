package ledger

import (
	"fmt"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
)

// necThresholds say from how much in a year, in US cents, payments for services are reported on Form 1099-NEC, by the first year for
// which it holds (RULES, money 13): $600 (26 U.S.C. § 6041(a), as it stood), and $2,000 for payments made after December 31, 2025
// (Pub. L. 119-21, § 70433). From 2027 it is indexed by the IRS each year: such a year gets its line here once it is published.
var necThresholds = []struct {
	year  int
	minor int64
}{{2020, 600_00}, {2026, 2000_00}}

// lastThreshold is the last year of the table that is known as it is.
const lastThreshold = 2026

// NECThreshold is the year's threshold in US cents. known is false where it is indexed and this build has the one of the year before.
func NECThreshold(year int) (minor int64, known bool, err error) {
	if year < necThresholds[0].year {
		return 0, false, partnership.FieldErrorf("year", "%d: Form 1099-NEC is filed for payments from %d on", year, necThresholds[0].year)
	}
	for _, t := range necThresholds {
		if t.year <= year {
			minor = t.minor
		}
	}
	return minor, year <= lastThreshold, nil
}

// taxCurrency is the one in which the thresholds are.
const taxCurrency = "USD"

// NECStanding is how somebody's payments of a year stand to its threshold: paid by other ways than a network that reports its own 1099-K.
type NECStanding string

// The standings.
const (
	NECBelow   NECStanding = "below"
	NECNear    NECStanding = "near" // 80 % of it: time to ask for the form
	NECReached NECStanding = "reached"
	NECOther   NECStanding = "other currency" // no rate is known here
)

// Stands says how an amount that was paid in a year stands.
func Stands(paidMinor int64, currency string, thresholdMinor int64) NECStanding {
	switch {
	case currency != taxCurrency:
		return NECOther
	case paidMinor >= thresholdMinor:
		return NECReached
	case paidMinor*10 >= thresholdMinor*8:
		return NECNear
	}
	return NECBelow
}

// NECWarning says that what somebody is paid in a year, with what is about to be paid, comes to 80 % of its threshold or more; "" where it
// does not.
func NECWarning(year int, paidMinor int64, currency string, thresholdMinor int64) string {
	words, warns := map[NECStanding]string{NECNear: "80 % or more of", NECReached: "at or above"}[Stands(paidMinor, currency, thresholdMinor)]
	if !warns {
		return ""
	}
	return fmt.Sprintf("%s in %d, %s the %s of Form 1099-NEC", money.Display(paidMinor, currency), year, words, money.Display(thresholdMinor, currency))
}

// Year is a calendar year in a payer's zone as two instants, to exclusive.
func Year(zone string, year int) (from, to time.Time, err error) {
	if from, _, err = Period(zone, fmt.Sprintf("%04d-01", year)); err != nil {
		return from, to, err
	}
	to, _, err = Period(zone, fmt.Sprintf("%04d-01", year+1))
	return from, to, err
}

// YearOf is the calendar year in zone that an instant belongs to.
func YearOf(zone string, t time.Time) (int, error) {
	month, err := PeriodOf(zone, t)
	if err != nil {
		return 0, err
	}
	first, err := time.Parse(monthLayout, month)
	return first.Year(), err
}
