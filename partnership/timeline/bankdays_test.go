package timeline_test

import (
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership/timeline"
)

// The next day on which banks settle, by the calendars that the ECB and the Federal Reserve publish, in their own zones.
func TestTheNextDayOnWhichBanksSettle(t *testing.T) {
	t.Parallel()
	for at, want := range map[string][2]string{
		"2026-12-01T06:30:00Z": {"2026-12-02", "2026-12-02"},
		"2026-12-04T12:00:00Z": {"2026-12-07", "2026-12-07"}, // a Friday
		"2026-12-24T12:00:00Z": {"2026-12-28", "2026-12-28"}, // Christmas, and a weekend
		"2026-12-31T12:00:00Z": {"2027-01-04", "2027-01-04"}, // New Year, and a weekend
		"2027-03-25T12:00:00Z": {"2027-03-30", "2027-03-26"}, // Good Friday and Easter Monday are TARGET's alone
		"2026-11-25T12:00:00Z": {"2026-11-26", "2026-11-27"}, // Thanksgiving
		"2027-05-28T12:00:00Z": {"2027-05-31", "2027-06-01"}, // Memorial Day
		"2026-12-01T23:30:00Z": {"2026-12-03", "2026-12-02"}, // it is the 2nd in Frankfurt already
		"2026-12-02T03:00:00Z": {"2026-12-03", "2026-12-02"}, // and the 1st in New York still
	} {
		from, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := [2]string{timeline.NextTARGETDay(from), timeline.NextFedDay(from)}; got != want {
			t.Errorf("after %s: %v, want %v", at, got, want)
		}
	}
}
