package workflows_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/partnership"
)

// scene is a named story on the virtual clock. Its whole diary (who did what, and every mail and card with its date) lies in
// testdata/timetable; says is why those are the right dates, and want are the lines that matter most, in their order, so that
// writing the diaries again cannot hide a change of them.
type scene struct {
	name    string
	says    string
	start   time.Time // zero is Monday 30 November 2026, noon in New York
	plot    func(*tale)
	want    []string
	lost    string              // days booked, "carrier 4"; empty is not looked at
	outcome partnership.Outcome // empty is completed
}

func TestTimetable(t *testing.T) {
	seen := map[string]bool{}
	for _, sc := range timetable() {
		file := filepath.Join("testdata", "timetable", strings.NewReplacer(" ", "-", ",", "", "'", "").Replace(sc.name)+".txt")
		require.False(t, seen[file], "%s stands twice in the table", sc.name)
		seen[file] = true
		t.Run(sc.name, func(t *testing.T) {
			got := sc.play(t)
			text := sc.says + "\n\n" + strings.Join(got, "\n") + "\n"
			if *update {
				require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
			}
			golden, err := os.ReadFile(file)
			require.NoError(t, err, "write it with: go test ./workflows -run Timetable -update, and read what it says")
			require.Equal(t, string(golden), text)
			at := 0
			for _, line := range got {
				if at < len(sc.want) && strings.TrimSpace(line) == sc.want[at] {
					at++
				}
			}
			require.Equal(t, len(sc.want), at, "not in the diary, or not in this order: %v", sc.want[at:])
		})
	}
	files, err := filepath.Glob(filepath.Join("testdata", "timetable", "*.txt"))
	require.NoError(t, err)
	require.Len(t, files, len(seen), "a diary whose scene is gone")
}

// play tells the scene and gives its diary back.
func (sc scene) play(t *testing.T) []string {
	start := sc.start
	if start.IsZero() {
		start = monday
	}
	ta := begin(newPlay(t), start)
	if sc.plot != nil {
		sc.plot(ta)
	}
	r := ta.runWith(ta.in)
	outcome := sc.outcome
	if outcome == "" {
		outcome = partnership.Completed
	}
	diary := ta.diary(r)
	require.Equal(t, outcome, r.Outcome, strings.Join(diary, "\n"))
	if sc.lost != "" {
		require.Equal(t, sc.lost, ta.lost())
	}
	ta.holdsManners()
	return diary
}
