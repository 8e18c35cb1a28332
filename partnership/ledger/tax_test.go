package ledger_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/partnership/zones"
)

// RULE 13: $600 to 2025, $2,000 for payments after December 31, 2025, indexed from 2027.
func TestTheThresholdOfAYear(t *testing.T) {
	t.Parallel()
	for year, want := range map[int]struct {
		minor int64
		known bool
	}{2020: {60_000, true}, 2025: {60_000, true}, 2026: {200_000, true}, 2027: {200_000, false}} {
		if minor, known, err := ledger.NECThreshold(year); minor != want.minor || known != want.known || err != nil {
			t.Errorf("%d: %d, %v, %v", year, minor, known, err)
		}
	}
	if _, _, err := ledger.NECThreshold(2019); partnership.CodeOf(err) != partnership.Invalid {
		t.Errorf("2019: %v", err)
	}
	for _, c := range []struct {
		minor    int64
		currency string
		want     ledger.NECStanding
	}{
		{159_999, "USD", ledger.NECBelow}, {160_000, "USD", ledger.NECNear}, {199_999, "USD", ledger.NECNear}, {200_000, "USD", ledger.NECReached}, {900_000, "JPY", ledger.NECOther},
	} {
		if got := ledger.Stands(c.minor, c.currency, 200_000); got != c.want {
			t.Errorf("%d %s is %s, want %s", c.minor, c.currency, got, c.want)
		}
	}
}

// Years tile in every zone, and each instant is in the year that its zone's calendar shows.
func TestAnInstantIsInOneYear(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		zone := rapid.SampledFrom([]string{"America/New_York", "Pacific/Kiritimati", "Pacific/Niue", "Europe/Berlin", "Asia/Kolkata"}).Draw(t, "zone")
		at := time.Unix(rapid.Int64Range(1_577_836_800, 1_900_000_000).Draw(t, "at"), 0)
		year, err := ledger.YearOf(zone, at)
		if err != nil {
			t.Fatal(err)
		}
		from, to, err := ledger.Year(zone, year)
		if err != nil || at.Before(from) || !at.Before(to) {
			t.Fatalf("%s is not in %s to %s, %v", at, from, to, err)
		}
		if next, _, err := ledger.Year(zone, year+1); err != nil || !next.Equal(to) {
			t.Fatalf("%d ends at %s, the next begins at %s", year, to, next)
		}
		loc, err := zones.Load(zone)
		if err != nil || at.In(loc).Year() != year {
			t.Fatalf("%s is in %d there, not in %d (%v)", at, at.In(loc).Year(), year, err)
		}
	})
}

// What is said of a year names it, the amount and the threshold, and nothing is said below 80 % of it, or where no threshold is known.
func TestAYearThatComesNearItsThresholdIsSaid(t *testing.T) {
	t.Parallel()
	for minor, want := range map[int64]string{
		159_999: "", 160_000: "$1,600.00 in 2026, 80 % or more of the $2,000.00 of Form 1099-NEC", 200_000: "$2,000.00 in 2026, at or above the $2,000.00 of Form 1099-NEC",
	} {
		if got := ledger.NECWarning(2026, minor, "USD", 200_000); got != want {
			t.Errorf("%d: %q, want %q", minor, got, want)
		}
		if got := ledger.NECWarning(2026, minor, "EUR", 200_000); got != "" {
			t.Errorf("%d in euros: %q", minor, got)
		}
	}
}
