package clockshift_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/internal/clockshift"
)

const program = `package main

import (
	"fmt"
	"time"
)

func main() {
	start := time.Now()
	<-time.After(10 * time.Millisecond)
	fmt.Println(start.Format(time.RFC3339), time.Since(start) < time.Minute, time.Until(start.Add(time.Hour)) > 59*time.Minute)
}
`

func TestAProgramsClockIsOffAndItsTimersAreNot(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds a program and the standard library under it")
	}
	dir := t.TempDir()
	overlay, err := clockshift.Overlay(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	source, binary := filepath.Join(dir, "main.go"), filepath.Join(dir, "clock")
	if err := os.WriteFile(source, []byte(program), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-overlay="+overlay, "-o", binary, source).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for text, ahead := range map[string]time.Duration{"": 0, "-2": -2 * time.Second, "61": 61 * time.Second, "31536000": 365 * 24 * time.Hour} {
		cmd := exec.CommandContext(t.Context(), binary)
		cmd.Env = append(os.Environ(), clockshift.Variable+"="+text)
		before := kernelTime(t).Truncate(time.Second)
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		words := strings.Fields(string(out))
		at, err := time.Parse(time.RFC3339, words[0])
		if err != nil || len(words) != 3 || words[1] != "true" || words[2] != "true" {
			t.Fatalf("%q says %s, %v", text, out, err)
		}
		if off := at.Sub(before); off < ahead-time.Second || off > ahead+30*time.Second {
			t.Errorf("%q is off by %s", text, off)
		}
	}
}

// kernelTime is what a new file is stamped with: this test's own clock may be off, by `make test-on`.
func kernelTime(t *testing.T) time.Time {
	t.Helper()
	file, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	return info.ModTime()
}
