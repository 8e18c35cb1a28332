package deeds_test

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
)

var update = flag.Bool("update", false, "write docs/deeds.md again")

// TestTheRegistryHoldsEveryDeed holds the registry against the names that the audit knows. That each of its ways is there, and no
// other, is held by the doors' own tests, and that each is played by TestEveryDeedHasARow.
func TestTheRegistryHoldsEveryDeed(t *testing.T) {
	t.Parallel()
	var names []string
	for _, d := range deeds.All {
		if slices.Contains(names, d.Name) {
			t.Errorf("%s has two rows", d.Name)
		}
		names = append(names, d.Name)
		if own := partnership.CreatorsOwn(d.Name); own != (d.Need == "") || own != (len(d.Ways[deeds.Pages]) > 0) {
			t.Errorf("%s: need %q, ways of the pages %v, and it is the creators' own: %v", d.Name, d.Need, d.Ways[deeds.Pages], own)
		}
		if len(d.Ways) == 0 || d.Does == "" {
			t.Errorf("%s has no door, or does not say what it does", d.Name)
		}
		for door, ways := range d.Ways {
			if !slices.Contains(deeds.Doors, door) || len(ways) == 0 {
				t.Errorf("%s: %q is no door with a way", d.Name, door)
			}
		}
	}
	file, err := parser.ParseFile(token.NewFileSet(), "../../partnership/deeds.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	known := 0
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || !strings.HasPrefix(spec.Names[0].Name, "Deed") {
			return true
		}
		known++
		if name, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value); err != nil || !slices.Contains(names, name) {
			t.Errorf("%s is not in the registry: say who may and by which doors (%v)", spec.Names[0].Name, err)
		}
		return true
	})
	if known != len(names) {
		t.Errorf("partnership/deeds.go names %d deeds, the registry %d", known, len(names))
	}
}

// TestTheTableOfDeedsIsCurrent holds docs/deeds.md against the registry.
func TestTheTableOfDeedsIsCurrent(t *testing.T) {
	const file = "../../docs/deeds.md"
	if *update {
		if err := os.WriteFile(file, []byte(table()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(text), table()); diff != "" {
		t.Errorf("docs/deeds.md is not what the registry says; write it with: go test ./app/deeds -update\n%s", diff)
	}
}

const preface = `# Deeds and doors

What people may ask Rapport to do, who may, and by which doors. Generated from [the registry](../app/deeds/registry.go); do not edit it here.

Each deed stands once, under [app/](../app/doc.go): it says who may, what is asked of workflows and store, and what came of it. Each leaves one line in the audit, under its name, by whatever door. The doors parse the question and word the answer.

Every way in the table is played through that door: those of Slack, console, API and pages by ` + "`TestEveryDeedByItsDoors`" + `, the commands by ` + "`TestEveryDeedByTheShell`" + ` (which names the tests of those that take more), and all of them once more on a whole system while no worker runs, by a row of
` + "`TestEveryDeedWhileNoWorkerRuns`" + ` (those that need no worker have a test of their own). A way without a play fails, and so does a route, a
command, a button or a form's answer that is not in the registry. The console's forms are those of the routes that it has; that somebody signs in or out is no deed. That creators opt out, ask for a fresh link or set up their payout account is nobody's to refuse, and no deed.

Agents come in by MCP with a tool for each route of the API: ` + "`prepare_...`" + ` shows what would come of it, and confirm does it. What has no tool is for people alone.

In Slack a word is what follows ` + "`/rapport`" + `, and ` + "`verb:choice`" + ` is a card's button; routes stand under ` + "`/api/v1`" + `; the page's words are the answers of its forms.

| deed | what it does | who may | Slack | console | API | command line | creator's page | agents |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
`

// table is docs/deeds.md.
func table() string {
	var b strings.Builder
	b.WriteString(preface)
	for _, d := range deeds.All {
		who := string(d.Need)
		if who == "" {
			who = "the creator"
		}
		if d.Money != "" {
			who += "; of payouts " + string(d.Money)
		}
		cells := []string{"`" + d.Name + "`", d.Does, who}
		for _, door := range deeds.Doors {
			var ways []string
			for _, way := range d.Ways[door] {
				if door == deeds.Shell {
					way = "rapport " + way
				}
				ways = append(ways, "`"+way+"`")
			}
			cells = append(cells, strings.Join(ways, ", "))
		}
		var tools []string
		for _, way := range d.Ways[deeds.API] {
			if tool := "`" + deeds.Tool(way) + "`"; tool != "``" && !slices.Contains(tools, tool) {
				tools = append(tools, tool)
			}
		}
		cells = append(cells, strings.Join(tools, ", "))
		fmt.Fprintf(&b, "| %s |\n", strings.Join(cells, " | "))
	}
	return b.String()
}
