package docscheck_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
	"github.com/rapport-dev/rapport/partnership/zones"
)

var draw = flag.Bool("draw", false, "draw the clocks of docs/lifecycle.md again")

var clocks = regexp.MustCompile("(?s)```mermaid\ngantt\n.*?```\n")

// The clocks of a partnership stand in docs/lifecycle.md as the plan function and the ladder draw them.
func TestTheClocksAreDrawnAsTheyRun(t *testing.T) {
	t.Parallel()
	text, want := read(t, lifecycle), drawClocks()
	if *draw {
		file := filepath.Join(root, filepath.FromSlash(lifecycle))
		if err := os.WriteFile(file, []byte(clocks.ReplaceAllLiteralString(text, want)), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, clocks.FindString(text)); diff != "" {
		t.Errorf("%s: draw it again with: go test ./proof/docscheck -run Clocks -draw (-code +page)\n%s", lifecycle, diff)
	}
}

// drawClocks is the calendar of a nano creator in a campaign of the sample's length who does everything on its last day, but for the
// draft, which never comes: its ladder stands behind it.
func drawClocks() string {
	start := time.Date(2026, 11, 30, 17, 0, 0, 0, time.UTC) // a Monday noon in New York
	s := partnership.Schedule{
		PublishFrom: start.AddDate(0, 0, 16), PublishTo: start.AddDate(0, 0, 60),
		OutreachDays: 6, SignDays: 4, ProduceDays: 8, ReviewDays: 3, BufferDays: 4, WindowDays: 30,
	}
	c := timeline.Calendar{Day: 24 * time.Hour, Zone: "America/New_York"}
	plan := timeline.Make(c.For(s), s, partnership.Nano, timeline.Facts{Start: start, InvitedAt: start, Gift: true})
	zone, err := zones.Load(c.Zone)
	if err != nil {
		panic(err) // the zone is written above
	}
	at := func(t time.Time) string { return t.In(zone).Format("2006-01-02 15:04") }
	var out strings.Builder
	out.WriteString("```mermaid\ngantt\n    dateFormat YYYY-MM-DD HH:mm\n    axisFormat %d %b\n")
	owner, from := "", start
	for _, m := range plan.Milestones {
		if o := m.Kind.Owner(); o != owner {
			owner = o
			section := o
			if o == "" {
				section = "sales"
			}
			fmt.Fprintf(&out, "    section %s\n", section)
		}
		fmt.Fprintf(&out, "    %s :%s, %s\n", m.Kind, at(from), at(m.Due))
		if m.BufferDays > 0 {
			fmt.Fprintf(&out, "    buffer :done, %s, %s\n", at(c.Add(m.Due, -m.BufferDays)), at(m.Due))
		}
		from = m.Due
	}
	out.WriteString("    section the draft's ladder\n")
	for _, rung := range timeline.Ladder(c, partnership.Nano, plan.Due(timeline.DeliverBy), plan.Due(timeline.DraftDue)) {
		fmt.Fprintf(&out, "    %s :milestone, %s, 0d\n", strings.ReplaceAll(rung.Step, "_", " "), at(rung.At))
	}
	out.WriteString("```\n")
	return out.String()
}
