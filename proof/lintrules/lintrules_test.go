// Package lintrules proves that the linters refuse what the project forbids. A rule that never fires looks
// the same as a rule that is kept; so each is broken here on purpose, in a small copy of the project's
// folders, and the linter has to say so. `make lint` runs it.
package lintrules_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/rapport-dev/rapport"

// Each file imports one package. Refused says whether depguard has to object. A path that ends in $ is imported itself,
// not a stub below it.
type importCase struct {
	file, path string
	refused    bool
}

// imports are those that no table of rooms gives: packages from outside, and single files and folders that may more than their room.
var imports = []importCase{
	{"partnership/a.go", module + "/store", true},
	{"partnership/b.go", "go.temporal.io/sdk/workflow", true},
	{"partnership/c.go", "net/http", true},
	{"partnership/d.go", "database/sql", true},
	{"partnership/e.go", "os", true},
	{"partnership/f.go", "example.com/other", true},
	{"partnership/ledger/a.go", module + "/partnership", false},
	{"partnership/ledger/b.go", module + "/workflows", true},
	{"partnership/ledger/c.go", "sort", false},
	{"partnership/timeline/a.go", "github.com/rickar/cal/v2", false},
	{"partnership/paper/a.go", "github.com/go-text/typesetting/shaping", false},

	{"workflows/a.go", module + "/partnership/ledger", false},
	{"workflows/b.go", module + "/activities", false},
	{"workflows/c.go", "go.temporal.io/sdk/workflow", false},
	{"workflows/d.go", "go.temporal.io/sdk/client", true},
	{"workflows/e.go", module + "/store", true},
	{"workflows/f.go", module + "/integrations/stripe", true},
	{"workflows/g.go", module + "/engine", true},
	{"workflows/h.go", "net/http", true},

	{"activities/a.go", module + "/partnership", false},
	{"activities/b.go", "go.temporal.io/sdk/activity", false},
	{"activities/c.go", "go.temporal.io/sdk/workflow", true},
	{"activities/d.go", module + "/workflows", true},
	{"activities/e.go", module + "/integrations/stripe", true},
	{"activities/f.go", module + "/store", true},
	{"activities/g.go", "database/sql", true},
	{"activities/h_test.go", module + "/store", false},

	{"store/a.go", module + "/partnership/ledger", false},
	{"store/b.go", "example.com/other", false},
	{"store/c.go", "go.temporal.io/sdk/temporal", true},
	{"store/d.go", module + "/activities", true},
	{"store/e.go", module + "/integrations/stripe", true},

	{"store/f.go", module + "/partnership/board", false},

	{"partnership/facts/a.go", module + "/partnership", false},
	{"partnership/facts/b.go", "net/http", true},
	{"partnership/facts/c.go", module + "/integrations/httpx", true},
	{"integrations/stripe/h.go", module + "/partnership/facts", false},

	{"partnership/board/a.go", module + "/partnership/ledger", false},
	{"partnership/board/b.go", module + "/store", true},
	{"partnership/board/c.go", "database/sql", true},
	{"partnership/board/d.go", "net/http", true},
	{"partnership/board/e.go", "example.com/other", true},
	{"partnership/board/f.go", module + "/web/page", true},
	{"workflows/i.go", module + "/partnership/board", true},
	{"activities/i.go", module + "/partnership/board", true},

	{"integrations/stripe/a.go", module + "/partnership", false},
	{"integrations/stripe/b.go", module + "/integrations/httpx", false},
	{"integrations/stripe/c.go", module + "/integrations/slack", true},
	{"integrations/stripe/d.go", module + "/store", true},
	{"integrations/stripe/e.go", "go.temporal.io/sdk/temporal", true},
	{"integrations/stripe/f.go", module + "/activities", true},
	{"integrations/stripe/g.go", module + "/integrations$", false},
	{"integrations/slack/a.go", module + "/integrations/stripe", true},
	{"integrations/newcomer/a.go", module + "/integrations/slack", true}, // one rule for all: a new vendor needs none
	{"integrations/httpx/a.go", module + "/integrations/slack", true},
	{"integrations/a.go", module + "/integrations/slack", true},
	{"playground/sandbox/a.go", module + "/integrations/slack", true},
	{"playground/sandbox/b.go", module + "/store", true},
	{"playground/sandbox/c.go", "go.temporal.io/sdk/client", true},
	{"playground/sandbox/d.go", module + "/playground/sandbox/slack", true},
	{"playground/sandbox/slack/a.go", module + "/playground/sandbox$", false},
	{"playground/sandbox/slack/b.go", module + "/playground/sandbox/stripe", true},
	{"playground/sandbox/slack/c.go", module + "/integrations/slack", true},
	{"playground/sandbox/slack/d.go", "go.temporal.io/sdk/client", true},
	{"playground/sandbox/slack/e_test.go", module + "/integrations/slack", false},
	{"playground/sandbox/vendors/a.go", module + "/playground/sandbox/slack", false},
	{"playground/sandbox/vendors/b.go", module + "/integrations/slack", true},

	{"web/console/a.go", module + "/workflows", true},
	{"web/console/b.go", module + "/store", false},
	{"web/console/c.go", module + "/web/page", false},
	{"web/console/d.go", module + "/integrations/slack", true},
	{"web/console/h.go", module + "/partnership/board", false},
	{"web/console/e.go", module + "/activities", true},
	{"web/console/f.go", module + "/engine", true},
	{"web/console/g.go", "go.temporal.io/sdk/client", true},
	{"web/console/i.go", module + "/integrations$", true},
	{"web/console/j.go", "github.com/jackc/pgx/v5", true},
	{"web/console/k.go", "database/sql", true},
	{"web/webhooks/a.go", module + "/integrations/stripe", true},
	{"web/webhooks/c.go", module + "/integrations$", true},
	{"web/webhooks/d.go", module + "/integrations/httpx", true},
	{"web/webhooks/e.go", module + "/partnership/facts", false},
	{"web/webhooks/b.go", module + "/activities", true},
	{"web/slackapp/a.go", module + "/integrations/slack", true},
	{"web/slackapp/c.go", module + "/integrations/httpx", true},
	{"web/slackapp/d.go", "example.com/other", false},

	{"engine/a.go", "go.temporal.io/sdk/client", false},
	{"engine/b.go", module + "/partnership", true},
	{"engine/c.go", module + "/workflows", true},

	{"worker/a.go", module + "/engine", false},
	{"worker/b.go", module + "/activities", false},
	{"worker/c.go", "testing", true},
	{"starter/dev.go", module + "/playground/dev", false},
	{"starter/a.go", module + "/playground/sandbox", true},
	{"starter/b.go", module + "/proof/judge", true},
	{"starter/dev_test.go", module + "/proof/judge", false},
	{"wiring/front/a.go", module + "/web", false},
	{"wiring/front/b.go", module + "/playground/people", true},
	{"wiring/front/c.go", module + "/proof/pgtest", true},
	{"playground/dev/a.go", module + "/wiring/front", false},
	{"playground/dev/b.go", module + "/proof/judge", true},
	{"proof/systemtest/a.go", module + "/playground/stack", false},
	{"proof/systemtest/b.go", "testing", false},

	{"app/launch/a.go", module + "/intake", false},
	{"app/launch/b.go", module + "/workflows", false},
	{"app/launch/c.go", module + "/wiring/settings", true},
	{"app/launch/d.go", module + "/integrations/slack", true},
	{"app/launch/e.go", "go.temporal.io/sdk/client", true},
	{"app/launch/f.go", module + "/web/slackapp", true},
	{"app/launch/g.go", module + "/activities", true},
	{"app/launch/h.go", module + "/store", true},
	{"app/launch/i.go", module + "/partnership/board", false},
	{"app/launch/j_test.go", module + "/store", false},
	{"app/launch/k.go", "net/http", true},
	{"app/launch/l.go", "database/sql", true},
	{"app/launch/m.go", "net", true},
	{"app/launch/n.go", "os/exec", true},
	{"app/launch/o.go", "log/slog", true},
	{"app/launch/m.go", "os", true},
	{"app/launch/n.go", "example.com/other", true},
	{"app/launch/o.go", module + "/app/deeds", false},
	{"app/launch/p.go", module + "/rehearsal", false},
	{"app/launch/q.go", module + "/partnership/ledger", false},
	{"app/launch/r_test.go", module + "/activities", false},
	{"web/slackapp/b.go", module + "/app/launch", false},
	{"intake/a.go", module + "/partnership/roster", false},
	{"intake/b.go", module + "/store", true},
	{"rehearsal/a.go", module + "/workflows", false},
	{"rehearsal/b.go", module + "/store", true},
	{"rehearsal/c.go", module + "/playground/people", true},
	{"rehearsal/d_test.go", module + "/playground/people", false},
}

// Each file holds one statement that forbidigo has to find or to leave alone.
var statements = []struct {
	file, statement string
	refused         bool
}{
	{"worker/sleep_test.go", `time.Sleep(1)`, true},
	{"worker/sleep.go", `time.Sleep(1)`, false},
	{"store/print.go", `fmt.Println()`, true},
	{"starter/print.go", `fmt.Println()`, false},
	{"partnership/now.go", `_ = time.Now()`, true},
	{"activities/now.go", `_ = time.Now()`, true},
	{"app/deeds/now.go", `_ = time.Now()`, true},
	{"web/console/zone.go", `_, _ = time.LoadLocation("UTC")`, true},
	{"workflows/zone_test.go", `_, _ = time.LoadLocation("UTC")`, true},
	{"engine/now.go", `_ = time.Now()`, false},
}

func TestLintersRefuseWhatIsForbidden(t *testing.T) {
	if os.Getenv("RAPPORT_LINT_RULES") == "" {
		t.Skip("set RAPPORT_LINT_RULES=1, as `make lint` does: it runs golangci-lint, which may have to be built first")
	}
	root := projectRoot(t)
	cases := append(arrows(t, root), imports...)
	tree := newTree(t, root, cases)
	want := map[string]bool{}
	for _, c := range cases {
		tree.write(c.file, "import _ \""+stubOf(c.path)+"\"\n")
		want[c.file] = c.refused
	}
	for _, c := range statements {
		name, _, _ := strings.Cut(c.statement[strings.LastIndex(c.statement, " ")+1:], ".")
		tree.write(c.file, "import \""+name+"\"\n\nfunc init() { "+c.statement+" }\n")
		want[c.file] = c.refused
	}

	found := tree.lint(root)
	for file, refused := range want {
		if got := len(found[file]) > 0; got != refused {
			t.Errorf("%s: refused = %v, want %v %v", file, got, refused, found[file])
		}
	}
	for file, messages := range found {
		if _, ours := want[file]; !ours {
			t.Errorf("unexpected: %s: %v", file, messages)
		}
	}
}

// What differs between a run and its replay, three calls below a workflow.
const nondeterministic = `package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"
)

func Broken(workflow.Context) error { return one() }

func one() error { two(); return nil }

func two() { _ = time.Now() }
`

func TestWorkflowcheckFindsTheClockBelowAWorkflow(t *testing.T) {
	if os.Getenv("RAPPORT_LINT_RULES") == "" {
		t.Skip("set RAPPORT_LINT_RULES=1, as `make lint` does: it runs workflowcheck, which may have to be built first")
	}
	root := projectRoot(t)
	tr := &tree{t: t, dir: t.TempDir()}
	for _, name := range []string{"go.mod", "go.sum"} {
		content, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		tr.put(name, string(content))
	}
	tr.put("workflows/broken.go", nondeterministic)
	program, err := toolPath(root, "workflowcheck")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program, "./...")
	cmd.Dir = tr.dir
	output, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(output), "calls non-deterministic function time.Now") {
		t.Errorf("workflowcheck: %v\n%s", err, output)
	}
}

// tree is a module with the project's name and folders, and with stubs of the packages that are imported.
type tree struct {
	t   *testing.T
	dir string
}

func newTree(t *testing.T, root string, cases []importCase) *tree {
	config, err := os.ReadFile(filepath.Join(root, ".golangci.yml"))
	if err != nil {
		t.Fatal(err)
	}
	tr := &tree{t: t, dir: t.TempDir()}
	tr.put(".golangci.yml", string(config))
	outside := map[string][]string{
		"go.temporal.io/sdk":             {"workflow", "activity", "temporal", "client", "log"},
		"github.com/rickar/cal/v2":       {"."},
		"github.com/jackc/pgx/v5":        {"."},
		"example.com/other":              {"."},
		"github.com/go-text/typesetting": {"shaping"},
	}
	var mod strings.Builder
	mod.WriteString("module " + module + "\n\ngo 1.26.0\n\n")
	for path, packages := range outside {
		version := "v1.0.0"
		if major := filepath.Base(path); major == "v2" || major == "v5" {
			version = major + ".0.0"
		}
		stubs := "stubs/" + path
		mod.WriteString("require " + path + " " + version + "\nreplace " + path + " => ./" + stubs + "\n")
		tr.put(stubs+"/go.mod", "module "+path+"\n")
		for _, name := range packages {
			tr.put(filepath.Join(stubs, name, "stub.go"), "package stub\n")
		}
	}
	tr.put("go.mod", mod.String())
	for _, c := range cases {
		if rest, ours := strings.CutPrefix(stubOf(c.path), module+"/"); ours && strings.HasSuffix(rest, "/stub") {
			tr.put(rest+"/stub.go", "package stub\n")
		}
	}
	return tr
}

// stubOf is an empty package below one of ours: importing ours itself would make cycles, but where that is meant.
func stubOf(path string) string {
	if itself, ok := strings.CutSuffix(path, "$"); ok {
		return itself
	}
	if strings.HasPrefix(path, module+"/") {
		return path + "/stub"
	}
	return path
}

func packageOf(file string) string { return filepath.Base(filepath.Dir(file)) }

func (tr *tree) write(file, body string) {
	name := packageOf(file)
	if strings.HasSuffix(file, "_test.go") {
		name += "_test"
	}
	tr.put(file, "package "+name+"\n\n"+body)
}

func (tr *tree) put(file, content string) {
	tr.t.Helper()
	path := filepath.Join(tr.dir, file)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		tr.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		tr.t.Fatal(err)
	}
}

// lint returns the messages of depguard and forbidigo by file.
func (tr *tree) lint(root string) map[string][]string {
	tr.t.Helper()
	program, err := toolPath(root, "golangci-lint")
	if err != nil {
		tr.t.Fatal(err)
	}
	cmd := exec.CommandContext(tr.t.Context(), program, "run", "--enable-only=depguard,forbidigo",
		"--issues-exit-code=0", "--output.json.path=stdout", "--show-stats=false", "--allow-parallel-runners", "./...")
	cmd.Dir = tr.dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off", "GOPROXY=off", "GOLANGCI_LINT_CACHE="+tr.t.TempDir())
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		tr.t.Fatalf("golangci-lint: %v\n%s%s", err, stdout.Bytes(), stderr.Bytes())
	}
	var report struct {
		Issues []struct {
			FromLinter, Text string
			Pos              struct{ Filename string }
		}
	}
	if err := json.NewDecoder(&stdout).Decode(&report); err != nil {
		tr.t.Fatalf("golangci-lint's report: %v\n%s", err, stderr.Bytes())
	}
	found := map[string][]string{}
	for _, issue := range report.Issues {
		found[issue.Pos.Filename] = append(found[issue.Pos.Filename], issue.FromLinter+": "+issue.Text)
	}
	return found
}

// toolPath builds a pinned tool if needed and says where it is.
func toolPath(root, name string) (string, error) {
	cmd := exec.Command("go", "tool", "-n", "-modfile=tools/go.mod", name)
	cmd.Dir = root
	output, err := cmd.Output()
	return strings.TrimSpace(string(output)), err
}

func projectRoot(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if entries, err := os.ReadDir(dir); err == nil &&
			slices.ContainsFunc(entries, func(e os.DirEntry) bool { return e.Name() == "go.mod" }) {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
}
