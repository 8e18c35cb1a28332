package faulttest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/playground/stack"
	"github.com/rapport-dev/rapport/proof/systemtest"
)

// diskSize is enough for a whole campaign, and little enough to be filled at once.
const diskSize = "512m"

// smallDisk makes a data folder whose database lies on a disk of its own. It takes the right to mount one.
func smallDisk(t *testing.T) (dir string) {
	t.Helper()
	dir = systemtest.NewDir(t)
	data := filepath.Join(dir, "postgres")
	server, err := stack.StartPostgres(t.Context(), stack.PostgresOptions{DataDir: data, LogFile: filepath.Join(dir, "log", "postgres-first.log")})
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Stop(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
	whole := data + ".whole"
	if err := errors.Join(os.Rename(data, whole), os.Mkdir(data, 0o700)); err != nil {
		t.Fatal(err)
	}
	if out, err := command(t, "mount", "-t", "tmpfs", "-o", "size="+diskSize, "rapport-small-disk", data); err != nil {
		t.Skipf("a full disk takes a disk of its own, and this account may not mount one: %s", out)
	}
	t.Cleanup(func() {
		if out, err := exec.CommandContext(context.Background(), "umount", data).CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, out)
		}
	})
	for _, line := range [][]string{
		{"cp", "-a", whole + "/.", data}, {"chown", "--reference=" + whole, data}, {"chmod", "700", data},
	} {
		if out, err := command(t, line[0], line[1:]...); err != nil {
			t.Fatalf("%v: %v: %s", line, err, out)
		}
	}
	return dir
}

func command(t *testing.T, name string, args ...string) (string, error) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput()
	return string(out), err
}

// fillDisk takes the last byte of the database's disk for a while, in the middle of the story and once more later.
func fillDisk(howLong time.Duration) func(*systemtest.System) map[string]int {
	return func(s *systemtest.System) map[string]int {
		file, hits, refused := filepath.Join(s.Dir, "postgres", "filler"), 0, 0
		s.Await(": content")
		for range 2 {
			full, err := fill(file)
			if err != nil {
				return map[string]int{"the disk was filled (" + err.Error() + ")": 0}
			}
			hits++
			if full {
				refused++
			}
			pause(s, howLong)
			if err := os.Remove(file); err != nil {
				return map[string]int{"the disk was freed (" + err.Error() + ")": 0}
			}
			if !pause(s, howLong) {
				break
			}
		}
		return map[string]int{fmt.Sprintf("the disk was full for %s", howLong): min(hits, refused)}
	}
}

// pause lets the story go on for a while, and says whether it still does.
func pause(s *systemtest.System, howLong time.Duration) bool {
	over := time.NewTimer(howLong)
	defer over.Stop()
	select {
	case <-over.C:
		return true
	case <-s.Ended():
		return false
	}
}

// fill writes until nothing more fits, and reports that it came to that.
func fill(path string) (full bool, err error) {
	f, err := os.Create(path)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	_, err = io.Copy(f, zeros{})
	if errors.Is(err, syscall.ENOSPC) {
		return true, nil
	}
	return false, err
}

// zeros are without an end.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }
