package mutants

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// mutant is a bug to be planted.
type mutant struct {
	name string
	file string // from the module's root
	old  string // occurs exactly once in file
	new  string
	pkg  string // the nearest package, whose tests have to notice
	run  string // which of them, "" all: for packages that take long
	why  string // what it would do to people
}

// fewest is how many bugs at least are planted: a table that shrinks proves less.
const fewest = 30

// patience bounds one run of tests. A bug that makes them hang is noticed too, by this.
const patience = 3 * time.Minute

// every is the whole table.
func every() []mutant {
	return slices.Concat(money, restores, incentives, reports, worlds, proofs, books, orders, earners, effects, stories, doors, facts, upkeep, people, gates, paper, banked, agents)
}

func TestTheTableFitsTheCode(t *testing.T) {
	t.Parallel()
	inPlace(t, moduleRoot(t), every())
}

func TestMutants(t *testing.T) {
	only := os.Getenv("RAPPORT_MUTANTS")
	if only == "" {
		t.Skip("bugs are planted by `make mutants`")
	}
	all, root := every(), moduleRoot(t)
	inPlace(t, root, all)
	if only != "all" {
		all = slices.DeleteFunc(all, func(m mutant) bool { return !strings.Contains(m.file+" "+m.name, only) })
	}
	healthy(t, root, all)

	var mu sync.Mutex
	var survived []string
	caught := 0
	t.Run("planted", func(t *testing.T) {
		for _, m := range all {
			t.Run(m.name, func(t *testing.T) {
				t.Parallel()
				by := m.plant(t, root)
				mu.Lock()
				defer mu.Unlock()
				if by == "" {
					survived = append(survived, m.name+" ("+m.file+")")
					t.Errorf("no test of %s notices: %s\n%s: %q\n  -> %q", m.pkg, m.why, m.file, m.old, m.new)
					return
				}
				caught++
				t.Logf("%s: caught by %s", m.name, by)
			})
		}
	})
	if len(survived) > 0 {
		slices.Sort(survived)
		t.Logf("survived:\n  %s", strings.Join(survived, "\n  "))
	}
	t.Logf("%d planted, %d caught", len(all), caught)
}

// inPlace holds that the table fits the code, and names all that has moved at once.
func inPlace(t *testing.T, root string, all []mutant) {
	t.Helper()
	if len(all) < fewest {
		t.Errorf("%d bugs are in the table; at least %d are wanted", len(all), fewest)
	}
	names := map[string]bool{}
	for _, m := range all {
		if names[m.name] {
			t.Errorf("%q stands in the table twice", m.name)
		}
		names[m.name] = true
		text, err := os.ReadFile(filepath.Join(root, m.file))
		if err != nil {
			t.Errorf("%s: %v: move the bug with the code", m.name, err)
			continue
		}
		if n := strings.Count(string(text), m.old); n != 1 {
			t.Errorf("%s: its text occurs %d times in %s, and has to occur once: move the bug with the code\n  %q", m.name, n, m.file, m.old)
		}
	}
	if t.Failed() {
		t.FailNow()
	}
}

// healthy holds that the tests pass without a bug: else they would notice anything.
func healthy(t *testing.T, root string, all []mutant) {
	t.Helper()
	runs := map[string][]string{} // by package: what is run of it
	for _, m := range all {
		runs[m.pkg] = append(runs[m.pkg], m.run)
	}
	for pkg, which := range runs {
		m := mutant{pkg: pkg}
		if !slices.Contains(which, "") {
			slices.Sort(which)
			m.run = strings.Join(slices.Compact(which), "|")
		}
		if out, err := m.test(t, root); err != nil {
			t.Errorf("the tests of %s (%s) fail without any bug:\n%s", m.pkg, m.run, tail(out))
		}
	}
	if t.Failed() {
		t.FailNow()
	}
}

// plant runs the tests over a copy with the bug, and returns which of them noticed, "" none.
func (m mutant) plant(t *testing.T, root string) (by string) {
	t.Helper()
	file := filepath.Join(root, m.file)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	buggy, overlay := filepath.Join(dir, filepath.Base(file)), filepath.Join(dir, "overlay.json")
	instead, err := json.Marshal(map[string]any{"Replace": map[string]string{file: buggy}})
	if err != nil {
		t.Fatal(err)
	}
	write(t, buggy, strings.Replace(string(text), m.old, m.new, 1))
	write(t, overlay, string(instead))
	out, err := m.test(t, root, "-overlay="+overlay)
	if err == nil {
		return ""
	}
	switch failed := failing.FindStringSubmatch(out); {
	case failed != nil:
		return failed[1]
	case strings.Contains(out, "panic: test timed out"):
		return "the tests' time limit"
	case strings.Contains(out, "[build failed]"), strings.Contains(out, "[setup failed]"):
		t.Fatalf("the bug does not compile, which proves nothing:\n%s", tail(out))
	default:
		t.Fatalf("the tests failed without naming one: %v\n%s", err, tail(out))
	}
	return ""
}

// failing is how a test that failed is named in the output; the innermost comes last, the outermost is enough.
var failing = regexp.MustCompile(`(?m)^\s*--- FAIL: (\S+)`)

// test runs the tests. Their result is Go's to cache when nothing is planted.
func (m mutant) test(t *testing.T, root string, flags ...string) (string, error) {
	t.Helper()
	args := append([]string{"test", "-vet=off", "-failfast", "-ldflags=-s -w", "-timeout=" + patience.String()}, flags...)
	if m.run != "" {
		args = append(args, "-run="+m.run)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 4*patience) // compiling included
	defer cancel()
	cmd := exec.CommandContext(ctx, "go", append(args, "./"+m.pkg)...)
	cmd.Dir = root
	out, err := cmd.CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if err == nil && strings.Contains(string(out), "[no tests to run]") {
		t.Errorf("%s: no test of %s is named %q", m.name, m.pkg, m.run)
	}
	return string(out), err
}

func tail(out string) string {
	lines := strings.Split(strings.TrimSpace(out), "\n")
	return strings.Join(lines[max(0, len(lines)-25):], "\n")
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func moduleRoot(t *testing.T) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}
