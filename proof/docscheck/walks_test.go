package docscheck_test

import (
	"cmp"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/proof/house"
)

const architecture = "docs/architecture.md"

// aStep is one step of a walk: "1. [`answer`](../web/creator/creator.go) reads the form". It begins with what it is about.
var aStep = regexp.MustCompile("^(\\d+)\\. \\[`(\\w+)`\\]\\(\\.\\./([^)]+\\.go)\\)")

type step struct{ name, file string }

// walks are the lists of steps of the page, each begun by a step with the number 1.
func walks(t *testing.T) [][]step {
	t.Helper()
	_, text, found := strings.Cut(read(t, architecture), "\n## Four walks\n")
	if !found {
		t.Fatalf("%s has no walks", architecture)
	}
	var all [][]step
	for line := range strings.Lines(text) {
		m := aStep.FindStringSubmatch(line)
		switch {
		case m == nil && regexp.MustCompile(`^\d+\. `).MatchString(line):
			t.Errorf("%s: a step that does not begin with a name and its file: %s", architecture, line)
		case m == nil:
		case m[1] == "1":
			all = append(all, []step{{m[2], m[3]}})
		default:
			all[len(all)-1] = append(all[len(all)-1], step{m[2], m[3]})
		}
	}
	if headings := strings.Count(text, "\n### "); headings != 4 || len(all) < headings {
		t.Fatalf("%d walks under %d headings", len(all), headings)
	}
	return all
}

func TestWalksNameWhatIsThere(t *testing.T) {
	t.Parallel()
	for _, walk := range walks(t) {
		for _, s := range walk {
			declared := regexp.MustCompile(`(?m)^(func (\([^)]*\) )?|type )` + s.name + `\b`)
			if !declared.MatchString(read(t, s.file)) {
				t.Errorf("%s: there is no function, method or type %s in %s", architecture, s.name, s.file)
			}
		}
	}
}

// A walk goes down the floors of the house to its lowest step, and from there up again: nothing that was left is come back to before.
func TestWalksGoDownOnceAndComeBackOnce(t *testing.T) {
	t.Parallel()
	for _, walk := range walks(t) {
		if words := wrongWay(walk); words != "" {
			t.Errorf("%s: the walk from %s in %s %s", architecture, walk[0].name, walk[0].file, words)
		}
	}
	for name, wrong := range map[string][]step{
		"down twice": {{"a", "web/a.go"}, {"b", "store/b.go"}, {"c", "workflows/c.go"}, {"d", "store/d.go"}},
		"flat":       {{"a", "web/a.go"}, {"b", "web/b.go"}},
		"only down":  {{"a", "web/a.go"}, {"b", "store/b.go"}},
	} {
		if wrongWay(wrong) == "" {
			t.Errorf("%s is not noticed", name)
		}
	}
}

func wrongWay(walk []step) string {
	floors := make([]int, len(walk))
	for i, s := range walk {
		floors[i] = house.FloorOf(house.RoomOf(path.Dir(s.file)))
	}
	bottom := slices.Index(floors, slices.Max(floors))
	down, back := floors[:bottom+1], floors[bottom:]
	up := func(a, b int) int { return cmp.Compare(b, a) }
	switch {
	case !slices.IsSorted(down):
		return "comes up on its way down"
	case !slices.IsSortedFunc(back, up):
		return "goes down again on its way back"
	case floors[0] == floors[bottom]:
		return "stays on one floor"
	case floors[0] != floors[len(floors)-1]:
		return "does not come back to where it began"
	}
	return ""
}
