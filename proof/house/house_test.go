package house_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rapport-dev/rapport/proof/house"
)

const root = "../.."

var draw = flag.Bool("draw", false, "draw the pictures of docs/architecture.md again")

// The tree is read once for all tests.
var readPackages = sync.OnceValues(func() (house.Graph, error) { return house.Packages(context.Background(), root) })

func packages(t *testing.T) house.Graph {
	t.Helper()
	all, err := readPackages()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 40 {
		t.Fatalf("only %d packages were found", len(all))
	}
	return all
}

// The house has the arrows that Rooms allows and no other.
func TestTheArrowsAreThoseOfTheHouse(t *testing.T) {
	t.Parallel()
	all := packages(t)
	for _, fault := range house.Faults(all) {
		t.Error(fault)
	}
	rooms := house.Between(all)
	if circles := rooms.Circles(); len(circles) > 0 {
		t.Errorf("rooms that lead to each other: %v", circles)
	}
	if up, arrows := rooms.Up(house.FloorOf), rooms.Arrows(); 10*len(up) > len(arrows) {
		t.Errorf("%d of %d arrows between rooms go up, at most a tenth may: %v", len(up), len(arrows), up)
	}
}

// Each kind of arrow that the house does not have is found.
func TestAFaultIsFound(t *testing.T) {
	t.Parallel()
	for name, g := range map[string]house.Graph{
		"a room that may not":   {"partnership/ledger": {"store": 1}, "store": {}},
		"a vendor uses another": {"integrations/stripe": {"integrations/slack": 1}, "integrations/slack": {}},
		"an imitated one too":   {"playground/sandbox/slack": {"playground/sandbox/stripe": 1}, "playground/sandbox/stripe": {}},
		"in no room":            {"internal/things": {}},
		"proof in the product":  {"worker": {"proof/judge": 1}, "proof/judge": {}},
	} {
		if len(house.Faults(g)) != 1 {
			t.Errorf("%s: %q", name, house.Faults(g))
		}
	}
	for name, g := range map[string]house.Graph{
		"down":                  {"workflows": {"partnership/timeline": 1}, "partnership/timeline": {}},
		"inside a room":         {"web": {"web/console": 1}, "web/console": {}},
		"the vendors' own room": {"integrations/stripe": {"integrations/httpx": 1}, "integrations/httpx": {}},
	} {
		if faults := house.Faults(g); len(faults) > 0 {
			t.Errorf("%s: %q", name, faults)
		}
	}
}

func TestCirclesAndArrowsUp(t *testing.T) {
	t.Parallel()
	straight := house.Graph{"a": {"b": 1, "c": 1}, "b": {"c": 1}, "c": {"d": 1}, "d": {}}
	if circles := straight.Circles(); circles != nil {
		t.Errorf("circles where there are none: %v", circles)
	}
	if boxed := straight.Boxed(); len(boxed.Arrows()) != 4 {
		t.Errorf("a box where there is no circle: %v", boxed)
	}
	if order := straight.Order(); !slices.Equal(order, []string{"a", "b", "c", "d"}) {
		t.Errorf("order is %v", order)
	}
	round := house.Graph{"main": {"x": 1}, "x": {"y": 1, "z": 1}, "y": {"z": 1}, "z": {"x": 1, "leaf": 1}, "leaf": {}}
	if diff := cmp.Diff([][]string{{"x", "y", "z"}}, round.Circles()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]house.Arrow{{From: "main", To: "x<br/>y<br/>z"}, {From: "x<br/>y<br/>z", To: "leaf"}}, round.Boxed().Arrows()); diff != "" {
		t.Error(diff)
	}
	order := round.Order()
	if up := round.Up(house.Rank(order)); len(up) != 1 || up[0] != (house.Arrow{From: "z", To: "x"}) {
		t.Errorf("in the order %v the arrows up are %v", order, up)
	}
}

// inside are the folders whose files are drawn, by the section of the page in which they stand. All of them call downwards only: whoever
// reads a file never has to read who uses it.
var inside = []drawn{
	{"workflows", "workflows", reading("workflows")},
	{"activities", "activities", reading("activities")},
	{"playground/sandbox", "sandbox", reading("playground/sandbox")},
}

type drawn struct {
	folder, section string
	read            func() (house.Graph, error)
}

func reading(folder string) func() (house.Graph, error) {
	return sync.OnceValues(func() (house.Graph, error) { return house.Files(context.Background(), root, folder) })
}

func TestFilesCallDownwards(t *testing.T) {
	t.Parallel()
	for _, c := range inside {
		if circles := files(t, c.folder).Circles(); len(circles) > 0 {
			t.Errorf("%s: files that lead to each other: %v: move what they share below them, into a file that both may use, or what calls up into its caller", c.folder, circles)
		}
	}
}

func files(t *testing.T, folder string) house.Graph {
	t.Helper()
	files, err := inside[slices.IndexFunc(inside, func(c drawn) bool { return c.folder == folder })].read()
	if err != nil {
		t.Fatal(err)
	}
	if len(files.Arrows()) < 20 {
		t.Fatalf("only %d arrows were found in %s", len(files.Arrows()), folder)
	}
	return files
}

const architecture = "docs/architecture.md"

// The pictures of docs/architecture.md are the code's own. Arrows up and files in circles may only become fewer: -draw refuses more.
func TestArchitectureIsDrawnFromTheCode(t *testing.T) {
	t.Parallel()
	name := filepath.Join(root, filepath.FromSlash(architecture))
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	want := insert(t, string(text), "house", drawHouse(t))
	for _, c := range inside {
		want = insert(t, want, c.section, drawFiles(t, c.folder))
	}
	if t.Failed() {
		return
	}
	if *draw {
		if err := os.WriteFile(name, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(text), want); diff != "" {
		t.Errorf("%s: draw it again with: go test ./proof/house -draw (-page +code)\n%s", architecture, diff)
	}
}

// against counts what goes the wrong way in a picture.
var against = regexp.MustCompile(`arrows[^,]*, (\d+) of them up; (\d+) `)

// insert puts a picture into its section, unless more in it goes the wrong way than in the one that stands there.
func insert(t *testing.T, page, section, picture string) string {
	t.Helper()
	place := regexp.MustCompile(`(?s)<!-- drawn: ` + section + ` -->\n(.*?)<!-- /drawn -->`).FindStringSubmatchIndex(page)
	if place == nil {
		t.Fatalf("%s has no place for the picture of %s", architecture, section)
	}
	before, now := against.FindStringSubmatch(page[place[2]:place[3]]), against.FindStringSubmatch(picture)
	for i, what := range []string{"arrows up", "in circles"} {
		if before == nil {
			break // the first picture
		}
		was, _ := strconv.Atoi(before[i+1])
		is, _ := strconv.Atoi(now[i+1])
		if is > was {
			t.Errorf("%s: %s in the picture of %s were %d and would be %d", architecture, what, section, was, is)
		}
	}
	return page[:place[2]] + picture + page[place[3]:]
}

func drawHouse(t *testing.T) string {
	t.Helper()
	all := packages(t)
	rooms := house.Between(all)
	var out strings.Builder
	out.WriteString(house.Draw(rooms, house.FloorOf))
	fmt.Fprintf(&out, "\n%d packages; %d rooms with %d arrows, %d of them up; %d in circles.\n\n", len(all), len(rooms), len(rooms.Arrows()), len(rooms.Up(house.FloorOf)), inCircles(rooms))
	out.WriteString("| room | uses |\n| --- | --- |\n")
	for _, room := range house.Rooms {
		var uses []string
		for _, to := range house.Rooms {
			if rooms[room.Folder][to.Folder] > 0 {
				uses = append(uses, to.Folder)
			}
		}
		fmt.Fprintf(&out, "| `%s` | %s |\n", room.Folder, strings.Join(uses, ", "))
	}
	return out.String()
}

// drawFiles draws a folder of one package by its files, those of a circle in one box, and one of several by its packages.
func drawFiles(t *testing.T, folder string) string {
	t.Helper()
	g := files(t, folder)
	picture, within := g.Boxed(), house.Graph{}
	for path, uses := range packages(t) {
		if path == folder || strings.HasPrefix(path, folder+"/") {
			within[path] = uses
		}
	}
	if len(within) > 1 {
		picture = within
	}
	return house.Draw(picture, house.Rank(picture.Order())) +
		fmt.Sprintf("\n%d files with %d arrows, %d of them up; %d in circles.\n", len(g), len(g.Arrows()), len(g.Up(house.Rank(g.Order()))), inCircles(g))
}

func inCircles(g house.Graph) (n int) {
	for _, circle := range g.Circles() {
		n += len(circle)
	}
	return n
}

// tooLong are files above the limit, with their lines: they may only shrink, and none is added.
var tooLong = map[string]int{}

const longest = 400 // lines of a file, as CONTRIBUTING.md has it

func TestFilesAreShort(t *testing.T) {
	t.Parallel()
	all, err := house.Sources(root)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 400 {
		t.Fatalf("only %d files were found", len(all))
	}
	lines := map[string]int{}
	for _, s := range all {
		lines[s.Name] = s.Lines
		if allowed, known := tooLong[s.Name]; s.Lines > max(longest, allowed) {
			t.Errorf("%s has %d lines: split it into one idea a file", s.Name, s.Lines)
		} else if known && s.Lines <= longest {
			t.Errorf("%s has %d lines: take it from the list", s.Name, s.Lines)
		} else if known && s.Lines < allowed {
			t.Errorf("%s has %d lines: write that into the list", s.Name, s.Lines)
		}
	}
	for name := range tooLong {
		if lines[name] == 0 {
			t.Errorf("%s is gone: take it from the list", name)
		}
	}
}
