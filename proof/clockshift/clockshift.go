// Package clockshift builds programs whose clock is off: Go programs ask the kernel without the C library, so nothing from outside
// can tell them another time. The compiler is given a copy of the standard library's time.go in place of its own (go build -overlay)
// whose Now adds as many seconds as an environment variable says. The copy is made at run time from the Go that builds, and no program
// that is released holds it. Durations, timers and the monotonic clock stay as they are.
package clockshift

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Variable is what a program built with the overlay reads, once, when it starts: by how many seconds its clock is ahead. A negative
// number is behind, "" not at all.
const Variable = "TEST_CLOCK_SHIFT"

const (
	nowInGo = `	sec, nsec, mono := runtimeNow()
	if mono == 0 {`
	nowShifted = `	sec, nsec, mono := runtimeNow()
	sec += clockShift
	if mono == 0 {`
	shift = `
// clockShift is how many seconds this program's clock is ahead: a test's doing.
var clockShift = func() (n int64) {
	text, _ := syscall.Getenv("` + Variable + `")
	behind := len(text) > 0 && text[0] == '-'
	if behind {
		text = text[1:]
	}
	for i := 0; i < len(text); i++ {
		n = 10*n + int64(text[i]-'0')
	}
	if behind {
		return -n
	}
	return n
}()
`
)

// Overlay writes the copy and the file that names it into dir, and returns that file's path, for -overlay.
func Overlay(ctx context.Context, dir string) (string, error) {
	root, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
	if err != nil {
		return "", fmt.Errorf("clockshift: go env GOROOT: %w", err)
	}
	source := filepath.Join(strings.TrimSpace(string(root)), "src", "time", "time.go")
	text, err := os.ReadFile(source)
	if err != nil {
		return "", err
	}
	if strings.Count(string(text), nowInGo) != 1 || strings.Count(string(text), "import (\n") != 1 {
		return "", errors.New("clockshift: time.Now of this Go is written in another way: look at " + source)
	}
	shifted := strings.Replace(string(text), nowInGo, nowShifted, 1)
	shifted = strings.Replace(shifted, "import (\n", "import (\n\t\"syscall\"\n", 1) + shift
	copied, overlay := filepath.Join(dir, "time.go"), filepath.Join(dir, "overlay.json")
	instead, err := json.Marshal(map[string]any{"Replace": map[string]string{source: copied}})
	if err != nil {
		return "", err
	}
	return overlay, errors.Join(os.MkdirAll(dir, 0o750), write(copied, shifted), write(overlay, string(instead)))
}

// write leaves a file alone that says the same: the build cache looks at it.
func write(path, text string) error {
	if before, err := os.ReadFile(path); err == nil && string(before) == text {
		return nil
	}
	return os.WriteFile(path, []byte(text), 0o644) //nolint:gosec // G306: a copy of the standard library
}
