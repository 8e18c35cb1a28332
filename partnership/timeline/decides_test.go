package timeline_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/partnership/timeline"
	"github.com/rapport-dev/rapport/partnership/zones"
)

var update = flag.Bool("update", false, "write the golden files again")

// What decides dates without standing in any history is the zone data and the holiday tables of the build. A change of either
// moves dates of stories that run: it has to be looked at, here and in the replay of real days, before it ships.
func TestWhatDecidesDates(t *testing.T) {
	t.Parallel()
	const golden = "testdata/decides.golden"
	got := whatDecides(t)
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(got), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), got, `the rules by which dates are counted have changed. Stories that run keep the timers that they have set and
count everything later by the new rules. See what differs above, run TestReplay (its real-* stories have days of 24 h), then write
the golden file again: go test ./partnership/timeline -run WhatDecidesDates -update`)
}

// Years that are summed up, and the nearest of them that are written out.
const firstSummed, lastSummed, firstShown, lastShown = 2020, 2045, 2026, 2028

// written are the zones whose changes are written out: those of most campaigns, and those whose rules politics likes to move.
var written = []string{
	"America/New_York", "America/Los_Angeles", "America/Phoenix", "America/Sao_Paulo", "America/Santiago", "America/Havana", "Europe/London",
	"Europe/Dublin", "Europe/Berlin", "Europe/Moscow", "Africa/Cairo", "Africa/Casablanca", "Asia/Gaza", "Asia/Kolkata", "Asia/Tokyo",
	"Australia/Sydney", "Australia/Lord_Howe",
}

// names are all zones of the archive.
func names(t *testing.T, archive []byte) []string {
	r, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	require.NoError(t, err)
	var all []string
	for _, f := range r.File {
		if !f.FileInfo().IsDir() {
			all = append(all, f.Name)
		}
	}
	slices.Sort(all)
	return all
}

func whatDecides(t *testing.T) string {
	var b strings.Builder
	data, err := os.ReadFile("../zones/zoneinfo.zip")
	require.NoError(t, err)
	fmt.Fprintf(&b, "zone data %s, archive %.8x\n", zones.Version, sha256.Sum256(data))
	for _, zone := range names(t, data) {
		fmt.Fprintf(&b, "zone %s %d-%d %.4x\n", zone, firstSummed, lastSummed, sha256.Sum256([]byte(changes(t, zone, firstSummed, lastSummed))))
	}
	for _, zone := range written {
		fmt.Fprintf(&b, "zone %s%s\n", zone, changes(t, zone, firstShown, lastShown))
	}
	module, err := os.ReadFile("../../go.mod")
	require.NoError(t, err)
	fmt.Fprintf(&b, "holiday tables %s\n", regexp.MustCompile(`github\.com/rickar/cal/v2 (v\S+)`).FindSubmatch(module)[1])
	for _, country := range timeline.Countries() {
		fmt.Fprintf(&b, "holidays %s %d-%d %.6x%s\n", country, firstSummed, lastSummed, sha256.Sum256([]byte(holidays(country, firstSummed, lastSummed))), holidays(country, firstShown, lastShown))
	}
	return b.String()
}

// changes are the offsets of a zone, with the instants at which they begin.
func changes(t *testing.T, zone string, from, to int) string {
	loc, err := zones.Load(zone)
	require.NoError(t, err)
	var b strings.Builder
	end := time.Date(to+1, 1, 1, 0, 0, 0, 0, time.UTC)
	shown := ""
	for at := time.Date(from, 1, 1, 0, 0, 0, 0, time.UTC); at.Before(end); {
		if offset := at.In(loc).Format("Z0700"); offset != shown {
			fmt.Fprintf(&b, " %s", at.In(loc).Format("20060102T1504Z0700"))
			shown = offset
		}
		_, next := at.In(loc).ZoneBounds()
		switch {
		case next.IsZero():
			return b.String()
		case !next.After(at): // at the seam between a zone's table and its rule for the years after
			next = at.AddDate(0, 0, 1)
		}
		at = next
	}
	return b.String()
}

// holidays are the weekdays from Monday to Friday that are no business days.
func holidays(country string, from, to int) string {
	c := timeline.Calendar{Zone: "UTC", Holidays: country}
	var b strings.Builder
	for at := time.Date(from, 1, 1, 12, 0, 0, 0, time.UTC); at.Year() <= to; at = at.AddDate(0, 0, 1) {
		if weekday := at.Weekday(); weekday != time.Saturday && weekday != time.Sunday && !timeline.ReviewDue(c, at, 0).Equal(at) {
			fmt.Fprintf(&b, " %s", at.Format("20060102"))
		}
	}
	return b.String()
}
