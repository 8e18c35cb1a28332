// Command on runs a command of Go's as if today were another day:
//
//	go run ./proof/clockshift/on 2027-03-14 go test ./...
//
// What it builds, and what that builds in turn, has the shifted clock. An hour may be given too: 2027-03-14T06:59:00Z.
package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/proof/clockshift"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	err := run(ctx, os.Args[1:])
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		os.Exit(exit.ExitCode()) //nolint:gocritic // exitAfterDefer: the process ends
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) < 2 {
		return errors.New("usage: on 2027-03-14 go test PACKAGES")
	}
	to, err := when(args[0], time.Now())
	if err != nil {
		return err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return err
	}
	overlay, err := clockshift.Overlay(ctx, filepath.Join(cache, "rapport", "clockshift"))
	if err != nil {
		return err
	}
	seconds := int64(math.Round(time.Until(to).Seconds()))
	_, _ = fmt.Fprintf(os.Stderr, "as if it were %s\n", to.Format(time.RFC1123))
	cmd := exec.CommandContext(ctx, args[1], args[2:]...) //nolint:gosec // G702: running what a developer names is what it is for
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(),
		"GOFLAGS="+strings.TrimSpace(os.Getenv("GOFLAGS")+" -overlay="+overlay), clockshift.Variable+"="+strconv.FormatInt(seconds, 10))
	libraries, _ := filepath.Glob("/usr/lib/*/faketime/libfaketime.so.1")
	if len(libraries) == 0 {
		_, _ = fmt.Fprintln(os.Stderr, "Postgres keeps the machine's own time, and tests that ask it for today fail: install libfaketime (apt-get install libfaketime)")
		return cmd.Run()
	}
	// Postgres is no program of Go's. What is of Go's takes no notice of the library.
	cmd.Env = append(cmd.Env, "LD_PRELOAD="+libraries[0], fmt.Sprintf("FAKETIME=%+ds", seconds), "FAKETIME_DONT_FAKE_MONOTONIC=1")
	return cmd.Run()
}

// when reads a day, at this hour, or an instant.
func when(text string, now time.Time) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t, nil
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return day, fmt.Errorf("day: %q is not a day; write it like 2027-03-14 or 2027-03-14T06:59:00Z", text)
	}
	now = now.UTC()
	return day.Add(now.Sub(now.Truncate(24 * time.Hour))), nil
}
