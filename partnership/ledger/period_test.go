package ledger_test

import (
	"archive/zip"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/partnership/zones"
)

func TestPeriod(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zone, month, from, to string }{
		{"UTC", "2026-11", "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"},
		{"America/New_York", "2026-11", "2026-11-01T04:00:00Z", "2026-12-01T05:00:00Z"}, // over the end of DST
		{"Asia/Tokyo", "2026-12", "2026-11-30T15:00:00Z", "2026-12-31T15:00:00Z"},
		{"America/Asuncion", "2023-10", "2023-10-01T04:00:00Z", "2023-11-01T03:00:00Z"}, // midnight skipped: 01:00 there, not 23:00 of September
		{"America/Havana", "2012-04", "2012-04-01T05:00:00Z", "2012-05-01T04:00:00Z"},
		{"America/Havana", "2026-11", "2026-11-01T04:00:00Z", "2026-12-01T05:00:00Z"}, // midnight twice: the first
	} {
		from, to, err := ledger.Period(c.zone, c.month)
		if err != nil || from.Format(time.RFC3339) != c.from || to.Format(time.RFC3339) != c.to {
			t.Errorf("Period(%s, %s) = %s, %s, %v; want %s, %s", c.zone, c.month, from.Format(time.RFC3339), to.Format(time.RFC3339), err, c.from, c.to)
		}
	}
	for _, c := range [][2]string{{"UTC", "2026-13"}, {"UTC", "2026"}, {"UTC", "11-2026"}, {"UTC", ""}, {"No/Where", "2026-11"}} {
		if _, _, err := ledger.Period(c[0], c[1]); err == nil {
			t.Errorf("Period(%q, %q) has no error", c[0], c[1])
		}
	}
}

func TestMonthsTileInEveryZone(t *testing.T) {
	t.Parallel()
	names := allZones(t)
	if len(names) < 400 {
		t.Fatalf("only %d zones found", len(names))
	}
	for _, zone := range names {
		loc, err := zones.Load(zone)
		if err != nil {
			t.Fatal(err)
		}
		var last time.Time
		starts := []time.Time{date(2026, 1)}
		if slices.Contains([]string{"America/Asuncion", "America/Havana", "Pacific/Apia", "Asia/Amman"}, zone) {
			starts = append(starts, date(2011, 1), date(2023, 1)) // years with a first of the month without midnight
		}
		for _, first := range starts {
			last = time.Time{}
			for m := range 24 {
				month := first.AddDate(0, m, 0).Format("2006-01")
				from, to, err := ledger.Period(zone, month)
				if err != nil {
					t.Fatal(err)
				}
				if !last.IsZero() && !from.Equal(last) {
					t.Fatalf("%s %s begins at %s, the month before ends at %s", zone, month, from, last)
				}
				last = to
				if got := from.In(loc); got.Format("2006-01") != month || got.Day() != 1 {
					t.Fatalf("%s %s begins at %s", zone, month, got)
				}
				if got := to.Sub(from); got < 27*24*time.Hour || got > 32*24*time.Hour {
					t.Fatalf("%s %s lasts %s", zone, month, got)
				}
				for at, want := range map[time.Time]string{
					from: month, to.Add(-1): month, from.Add(-1): first.AddDate(0, m-1, 0).Format("2006-01"), to: first.AddDate(0, m+1, 0).Format("2006-01"),
				} {
					if got, err := ledger.PeriodOf(zone, at); err != nil || got != want {
						t.Fatalf("%s: %s belongs to %s, %v; want %s", zone, at, got, err, want)
					}
				}
			}
		}
	}
}

func date(y, m int) time.Time { return time.Date(y, time.Month(m), 1, 0, 0, 0, 0, time.UTC) }

// allZones are the names in the Go distribution's zoneinfo.zip, or in the system's database.
func allZones(t *testing.T) []string {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	if r, err := zip.OpenReader(filepath.Join(strings.TrimSpace(string(root)), "lib", "time", "zoneinfo.zip")); err == nil {
		defer r.Close()
		for _, f := range r.File {
			names = append(names, f.Name)
		}
	} else {
		root := os.DirFS("/usr/share/zoneinfo")
		_ = fs.WalkDir(root, ".", func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && !strings.HasPrefix(path, "posix") && !strings.HasPrefix(path, "right") {
				names = append(names, path)
			}
			return nil
		})
	}
	return slices.DeleteFunc(names, func(name string) bool {
		_, err := zones.Load(name)
		return err != nil || strings.HasSuffix(name, "/") || name == "localtime" || name == "Factory"
	})
}

func TestNextRun(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zone, now, at, period string }{
		{"UTC", "2026-11-29T20:00:00Z", "2026-12-01T06:00:00Z", "2026-11"},
		{"UTC", "2026-12-01T05:59:59Z", "2026-12-01T06:00:00Z", "2026-11"}, // on the day itself, before its hour
		{"UTC", "2026-12-01T06:00:00Z", "2027-01-01T06:00:00Z", "2026-12"},
		{"America/New_York", "2026-12-01T04:30:00Z", "2026-12-01T11:00:00Z", "2026-11"}, // November still, there
		{"Asia/Tokyo", "2026-11-30T16:00:00Z", "2026-11-30T21:00:00Z", "2026-11"},       // December already
	} {
		now, err := time.Parse(time.RFC3339, c.now)
		if err != nil {
			t.Fatal(err)
		}
		at, period, err := ledger.NextRun(c.zone, now)
		if err != nil || at.Format(time.RFC3339) != c.at || period != c.period {
			t.Errorf("after %s in %s the next run is at %s, of %s, %v; want %s, %s", c.now, c.zone, at.Format(time.RFC3339), period, err, c.at, c.period)
		}
	}
	if _, _, err := ledger.NextRun("No/Where", time.Now()); err == nil {
		t.Error("no zone, no run")
	}
}
