package stack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/rapport-dev/rapport/playground/stack/temporalcli"
)

// EnsureTemporalCLI returns the path of a temporal program: the one on PATH, else the one in the user's
// cache folder, which it builds first when it is not there. progress gets a line of text now and then,
// because a build takes minutes on a small machine. Two processes never build at once.
func EnsureTemporalCLI(ctx context.Context, progress func(string)) (string, error) {
	if path, err := exec.LookPath("temporal"); err == nil && answers(ctx, path) {
		return path, nil
	}
	cache, err := cacheDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, "temporal-cli", temporalcli.Version)
	path := filepath.Join(dir, "temporal")
	if answers(ctx, path) {
		return path, nil
	}

	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	unlock, err := LockFile(ctx, filepath.Join(dir, "building.lock"), func() {
		progress("another process builds the Temporal CLI; waiting for it")
	})
	if err != nil {
		return "", err
	}
	defer unlock()
	if answers(ctx, path) { // built by the process that we waited for
		return path, nil
	}
	if err := buildTemporalCLI(ctx, path, progress); err != nil {
		return "", fmt.Errorf("build the Temporal CLI %s: %w (or install it yourself, so that `temporal` is on PATH: "+
			"https://docs.temporal.io/cli)", temporalcli.Version, err)
	}
	return path, nil
}

// answers reports whether path is a temporal program that runs on this machine.
func answers(ctx context.Context, path string) bool {
	output, err := exec.CommandContext(ctx, path, "--version").Output()
	return err == nil && bytes.Contains(output, []byte("temporal version"))
}

// buildTemporalCLI compiles beside the target and renames, so that a program is there whole or not at all.
func buildTemporalCLI(ctx context.Context, path string, progress func(string)) error {
	compiler, err := exec.LookPath("go")
	if err != nil {
		return errors.New("it needs Go, which is not on PATH")
	}
	module, err := os.MkdirTemp(filepath.Dir(path), "build-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(module) }()
	if err := errors.Join(
		os.WriteFile(filepath.Join(module, "go.mod"), temporalcli.GoMod, 0o644),
		os.WriteFile(filepath.Join(module, "go.sum"), temporalcli.GoSum, 0o644),
	); err != nil {
		return err
	}
	built := filepath.Join(module, "temporal")
	build := exec.CommandContext(ctx, compiler, "build", "-trimpath", "-ldflags=-s -w", "-o", built, temporalcli.Program)
	build.Dir = module
	build.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=readonly", "PWD="+module)
	var output bytes.Buffer
	build.Stdout, build.Stderr = &output, &output

	done := reportWhile(progress, "building the Temporal CLI "+temporalcli.Version+
		" (once for this machine; 3 to 4 minutes on two cores)")
	err = build.Run()
	done()
	if err != nil {
		return fmt.Errorf("%w: %s", err, lastLines(output.String(), 8))
	}
	progress("built the Temporal CLI " + temporalcli.Version)
	return os.Rename(built, path)
}

// reportWhile reports what goes on, at once and every 15 seconds, until the returned function is called.
func reportWhile(progress func(string), what string) (done func()) {
	started := time.Now()
	progress(what)
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		tick := time.NewTicker(15 * time.Second)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
				progress(fmt.Sprintf("%s: %s so far", what, time.Since(started).Round(time.Second)))
			}
		}
	}()
	return func() {
		close(stop)
		<-stopped
	}
}
