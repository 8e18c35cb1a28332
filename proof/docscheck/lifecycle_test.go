package docscheck_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.temporal.io/sdk/client"

	"github.com/rapport-dev/rapport/partnership/ledger"
)

const lifecycle = "docs/lifecycle.md"

// The tables of docs/lifecycle.md and the constants that they list: every one of them, and nothing else.
func TestTheLifecycleNamesWhatIsThere(t *testing.T) {
	t.Parallel()
	text := read(t, lifecycle)
	rules, messages := constants(t, "partnership/partnership.go"), constants(t, "workflows/messages.go")
	for section, want := range map[string][]string{
		"Stages":         ofType(rules, "Stage"),
		"Outcomes":       ofType(rules, "Outcome"),
		"Updates":        withPrefix(messages, "Update"),
		"Signals":        withPrefix(messages, "Signal"),
		"Milestones":     ofType(constants(t, "partnership/timeline/plan.go"), "Kind"),
		"What goes back": withPrefix(constants(t, "workflows/undo.go"), "undo"),
		"Letters":        letters(t),
	} {
		got := firstColumn(text, section)
		slices.Sort(got)
		slices.Sort(want)
		if diff := cmp.Diff(want, slices.Compact(got)); diff != "" {
			t.Errorf("%s, section %q against the code (-code +page):\n%s", lifecycle, section, diff)
		}
	}
}

// constant is a string constant of a Go file.
type constant struct{ name, kind, value string }

func constants(t *testing.T, file string) []constant {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, file), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var all []constant
	for _, decl := range parsed.Decls {
		group, ok := decl.(*ast.GenDecl)
		if !ok || group.Tok != token.CONST {
			continue
		}
		for _, spec := range group.Specs {
			v, ok := spec.(*ast.ValueSpec)
			if !ok || len(v.Values) != 1 {
				continue
			}
			if named, ok := v.Values[0].(*ast.SelectorExpr); ok { // an update is named as the deed that it is
				all = append(all, constant{name: v.Names[0].Name, value: deedNamed(t, named.Sel.Name)})
				continue
			}
			literal, ok := v.Values[0].(*ast.BasicLit)
			if !ok || literal.Kind != token.STRING {
				continue
			}
			value, err := strconv.Unquote(literal.Value)
			if err != nil {
				t.Fatal(err)
			}
			kind, _ := v.Type.(*ast.Ident)
			c := constant{name: v.Names[0].Name, value: value}
			if kind != nil {
				c.kind = kind.Name
			}
			all = append(all, c)
		}
	}
	return all
}

// deedNamed is the value of a constant of the deeds.
func deedNamed(t *testing.T, name string) string {
	t.Helper()
	for _, c := range constants(t, "partnership/deeds.go") {
		if c.name == name {
			return c.value
		}
	}
	t.Fatalf("partnership/deeds.go has no %s", name)
	return ""
}

func ofType(all []constant, kind string) (values []string) {
	for _, c := range all {
		if c.kind == kind {
			values = append(values, c.value)
		}
	}
	return values
}

func withPrefix(all []constant, prefix string) (values []string) {
	for _, c := range all {
		if strings.HasPrefix(c.name, prefix) {
			values = append(values, c.value)
		}
	}
	return values
}

// letters are the templates of mails.
func letters(t *testing.T) (names []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, "activities", "letters", "en", "*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		names = append(names, strings.TrimSuffix(path.Base(filepath.ToSlash(file)), ".txt"))
	}
	return names
}

var firstCell = regexp.MustCompile("(?m)^\\| `([a-z_]+)`")

// firstColumn is the code in the first column of the tables below a heading.
func firstColumn(text, section string) (names []string) {
	_, rest, found := strings.Cut(text, "\n## "+section+"\n")
	if !found {
		return nil
	}
	body, _, _ := strings.Cut(rest, "\n## ")
	for _, m := range firstCell.FindAllStringSubmatch(body, -1) {
		names = append(names, m[1])
	}
	return names
}

var (
	diagram = regexp.MustCompile("(?ms)^```mermaid\nstateDiagram-v2\n(.*?)^```")
	arrow   = regexp.MustCompile(`(?m)^\s*(\[\*\]|\w+) --> (\[\*\]|\w+)`)
)

// The drawing has the arrows that partnerships took when their histories were recorded, and stages that exist.
func TestTheLifecycleIsDrawnAsItRuns(t *testing.T) {
	t.Parallel()
	drawing := diagram.FindString(read(t, lifecycle))
	arrows := map[[2]string]bool{}
	drawn := map[string]bool{}
	for _, m := range arrow.FindAllStringSubmatch(drawing, -1) {
		arrows[[2]string{m[1], m[2]}] = true
		drawn[m[1]], drawn[m[2]] = true, true
	}
	delete(drawn, "[*]")
	stages := ofType(constants(t, "partnership/partnership.go"), "Stage")
	for stage := range maps.Keys(drawn) {
		if !slices.Contains(stages, stage) {
			t.Errorf("%s draws %q, which is no stage", lifecycle, stage)
		}
	}
	files, err := filepath.Glob(filepath.Join(root, "workflows", "testdata", "replay", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	moves := 0
	for _, file := range files {
		way := walked(t, file)
		for i := 1; i < len(way); i++ {
			moves++
			if !arrows[[2]string{way[i-1], way[i]}] {
				t.Errorf("%s: a partnership went from %s to %s, and no arrow is drawn", path.Base(filepath.ToSlash(file)), way[i-1], way[i])
			}
		}
	}
	if moves < 8 {
		t.Errorf("only %d moves were found in the recorded histories", moves)
	}
}

// walked are the stages of a recorded partnership in their order, from its search attributes, which are never encrypted.
func walked(t *testing.T, file string) (stages []string) {
	t.Helper()
	text := read(t, strings.TrimPrefix(filepath.ToSlash(file), root+"/"))
	recorded, err := client.HistoryFromJSON(strings.NewReader(text), client.HistoryJSONOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for i, event := range recorded.Events {
		fields := event.GetUpsertWorkflowSearchAttributesEventAttributes().GetSearchAttributes().GetIndexedFields()
		if i == 0 && event.GetWorkflowExecutionStartedEventAttributes().GetWorkflowType().GetName() != "Partnership" {
			return nil
		}
		if start := event.GetWorkflowExecutionStartedEventAttributes(); start != nil {
			stages = append(stages, "outreach")
			if at := plain(start.GetSearchAttributes().GetIndexedFields()["RapportStage"].GetData()); at != "" { // it goes on where another run ended
				stages[0] = at
			}
		}
		stage := plain(fields["RapportStage"].GetData())
		if stage != "" && stage != stages[len(stages)-1] {
			stages = append(stages, stage)
		}
	}
	return stages
}

// plain reads a search attribute's JSON string, "" when it is none.
func plain(data []byte) string {
	var text string
	if json.Unmarshal(data, &text) != nil {
		return ""
	}
	return text
}

// The drawing of docs/money.md has every move that there is of an earning, and no other.
func TestTheStatesOfAnEarningAreDrawnAsTheyMove(t *testing.T) {
	t.Parallel()
	all := constants(t, "partnership/ledger/state.go")
	want := map[string]bool{}
	for _, from := range ofType(all, "State") {
		for _, event := range ofType(all, "Event") {
			if to, err := ledger.Next(ledger.State(from), ledger.Event(event)); err == nil {
				want[from+" --> "+string(to)] = true
			}
		}
	}
	got := map[string]bool{}
	for _, m := range arrow.FindAllStringSubmatch(diagram.FindString(read(t, "docs/money.md")), -1) {
		if m[1] != "[*]" {
			got[m[1]+" --> "+m[2]] = true
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("docs/money.md (-code +page):\n%s", diff)
	}
}
