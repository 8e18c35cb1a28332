package stack

import (
	"context"
	"fmt"
	"os/exec"
	"strconv"
	"sync"
	"syscall"
)

// Guard starts a watcher that outlives this process: when we end, in whatever way, it kills pid and
// removes dir. Tests use it: nobody stops a server that belongs to a whole test process, on any system.
// The watcher waits for the end of a pipe that only we hold open.
func Guard(pid int, dir string) error {
	const script = `cat >/dev/null; kill -QUIT "$1" 2>/dev/null
n=0; while kill -0 "$1" 2>/dev/null && [ $n -lt 50 ]; do n=$((n+1)); sleep 0.1; done
kill -KILL "$1" 2>/dev/null; rm -rf -- "$2"; exit 0`
	watcher := exec.CommandContext(context.Background(), "/bin/sh", "-c", script, "guard", strconv.Itoa(pid), dir)
	watcher.Dir = "/"
	watcher.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C is for the tests, not for it
	pipe, err := watcher.StdinPipe()
	if err != nil {
		return fmt.Errorf("guard: %w", err)
	}
	if err := watcher.Start(); err != nil {
		return fmt.Errorf("guard: %w", err)
	}
	guards.Store(pid, pipe)
	return nil
}

// guards keeps the pipes from being collected, which would close them.
var guards sync.Map
