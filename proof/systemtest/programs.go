// Package systemtest runs the whole of Rapport from outside, as people run it: the built programs, as processes of their own,
// with everything they start. Tests give orders on the command line, strike with kill -9 and fault plans, and read the report.
package systemtest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/rapport-dev/rapport/playground/stack"
	"github.com/rapport-dev/rapport/proof/clockshift"
)

// programs builds both programs once for a test process, into a folder that goes with it.
var programs = sync.OnceValues(func() (dir string, err error) {
	if dir, err = stack.SharedTempDir("", "rapport-programs-"); err != nil {
		return "", err
	}
	root, err := ModuleRoot()
	if err != nil {
		return "", err
	}
	build := exec.CommandContext(context.Background(), "go", "build", "-o", dir, "./starter", "./worker")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		return "", &buildError{string(out), err}
	}
	for from, to := range map[string]string{"starter": "rapport", "worker": "rapport-worker"} {
		if err := os.Rename(filepath.Join(dir, from), filepath.Join(dir, to)); err != nil {
			return "", err
		}
	}
	return dir, nil
})

// Main is for a package's TestMain: it runs the tests and removes the programs that they built.
func Main(m *testing.M) { os.Exit(run(m)) }

// MainBeside is Main for tests whose systems run beside each other: together they wait for those of other test processes.
func MainBeside(m *testing.M) {
	unlock, err := stack.LockFile(context.Background(), lockFile(), func() { fmt.Fprintln(os.Stderr, "another whole system runs: waiting for it") })
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	beside.Store(true)
	code := run(m)
	unlock()
	os.Exit(code)
}

// beside says that whoever runs the tests holds the lock that each system takes otherwise.
var beside atomic.Bool

func run(m *testing.M) (code int) {
	code = m.Run()
	if built.Load() {
		if dir, err := programs(); err == nil {
			_ = os.RemoveAll(dir)
		}
	}
	return code
}

var built atomic.Bool

type buildError struct {
	out string
	err error
}

func (e *buildError) Error() string { return e.err.Error() + "\n" + e.out }

// Rapport is the path of the built `rapport`; `rapport-worker` is beside it.
func Rapport(t testing.TB) string {
	t.Helper()
	built.Store(true)
	dir, err := programs()
	if err != nil {
		t.Fatalf("build the programs: %v", err)
	}
	return filepath.Join(dir, "rapport")
}

// withShiftedWorker puts rapport beside a worker whose clock can be set off. Every other process keeps the machine's time.
func withShiftedWorker(t testing.TB, rapport string) string {
	t.Helper()
	dir := t.TempDir()
	overlay, err := clockshift.Overlay(t.Context(), filepath.Join(dir, "overlay"))
	if err != nil {
		t.Fatal(err)
	}
	root, err := ModuleRoot()
	if err != nil {
		t.Fatal(err)
	}
	build := exec.CommandContext(t.Context(), "go", "build", "-overlay="+overlay, "-o", filepath.Join(dir, "rapport-worker"), "./worker")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build the worker: %v: %s", err, out)
	}
	beside := filepath.Join(dir, "rapport")
	if err := os.Link(rapport, beside); err != nil {
		t.Fatal(err)
	}
	return beside
}

// overlaid builds both programs as the overlay has them, and returns the path of rapport.
func overlaid(t testing.TB, overlay string) string {
	t.Helper()
	dir := t.TempDir()
	root, err := ModuleRoot()
	if err != nil {
		t.Fatal(err)
	}
	for from, to := range map[string]string{"./starter": "rapport", "./worker": "rapport-worker"} {
		build := exec.CommandContext(t.Context(), "go", "build", "-overlay="+overlay, "-o", filepath.Join(dir, to), from)
		build.Dir = root
		if out, err := build.CombinedOutput(); err != nil {
			t.Fatalf("build %s: %v: %s", to, err, out)
		}
	}
	return filepath.Join(dir, "rapport")
}

// withOwnWorker puts rapport beside a worker that reads one more file of settings whenever it starts, if it is there.
func withOwnWorker(t testing.TB, rapport, env string) string {
	t.Helper()
	dir := t.TempDir()
	script := fmt.Sprintf("#!/bin/sh\nif [ -f '%[1]s' ]; then set -a; . '%[1]s'; set +a; fi\nexec '%[2]s' \"$@\"\n", env, filepath.Join(filepath.Dir(rapport), "rapport-worker"))
	if err := os.WriteFile(filepath.Join(dir, "rapport-worker"), []byte(script), 0o700); err != nil { //nolint:gosec // G306: it has to be run
		t.Fatal(err)
	}
	beside := filepath.Join(dir, "rapport")
	if err := os.Link(rapport, beside); err != nil {
		t.Fatal(err)
	}
	return beside
}

// ModuleRoot walks up to go.mod.
func ModuleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", os.ErrNotExist
		}
		dir = parent
	}
}

// Environment is this process's own without the settings of Rapport, of Temporal and of the vendors: a person's settings must not
// lead a test to real servers.
func Environment(more ...string) []string {
	var kept []string
	for _, entry := range os.Environ() {
		if !isSetting(entry) {
			kept = append(kept, entry)
		}
	}
	return append(kept, more...)
}

func isSetting(entry string) bool {
	for _, prefix := range []string{"RAPPORT_", "TEMPORAL_", "SLACK_", "SENDGRID_", "DOCUSIGN_", "EASYPOST_", "SHOPIFY_", "STRIPE_", "PAYPAL_", "FILEBANK_"} {
		if strings.HasPrefix(entry, prefix) {
			return true
		}
	}
	return false
}
