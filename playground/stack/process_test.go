package stack_test

import (
	"bufio"
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/playground/stack"
)

func TestStopKillsAProcessThatDoesNotEndWhenAsked(t *testing.T) {
	log := filepath.Join(t.TempDir(), "log")
	process := startShell(t, log, `trap 'echo asked' TERM; echo ready; while :; do sleep 0.1; done`)
	await(t, func() bool { return strings.Contains(read(t, log), "ready") })
	if err := process.Stop(t.Context()); err == nil || !strings.Contains(err.Error(), "was killed") {
		t.Errorf("Stop = %v, want to hear that it was killed", err)
	}
	if process.Running() || !strings.Contains(read(t, log), "asked") {
		t.Errorf("running: %v, log: %q; want it asked first, then gone", process.Running(), read(t, log))
	}
}

func TestStopLetsAProcessEndInOrder(t *testing.T) {
	log := filepath.Join(t.TempDir(), "log")
	process := startShell(t, log, `trap 'echo bye; exit 0' TERM; echo ready; while :; do sleep 0.1; done`)
	await(t, func() bool { return strings.Contains(read(t, log), "ready") })
	if err := process.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := process.Err(); err != nil || !strings.Contains(read(t, log), "bye") {
		t.Errorf("err = %v, log = %q", err, read(t, log))
	}
	if err := process.Stop(t.Context()); err != nil {
		t.Errorf("a second Stop: %v", err)
	}
}

func TestStartOfAProgramThatDoesNotExist(t *testing.T) {
	_, err := stack.Command{Name: "worker", Path: filepath.Join(t.TempDir(), "none")}.Start()
	if !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), "worker") {
		t.Errorf("error = %v", err)
	}
}

func TestChildrenDieWithAKilledParent(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux ties a child to its parent")
	}
	if testing.Short() {
		t.Skip("it needs Postgres")
	}
	program := copyOfTestProgram(t)
	parent := exec.CommandContext(t.Context(), program)
	parent.Env = append(os.Environ(), parentDir+"="+filepath.Dir(program))
	stdin, err := parent.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stdin.Close() }()
	stdout, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	fields := strings.Fields(line)
	if err != nil || len(fields) != 3 {
		t.Fatalf("parent said %q, %v", line, err)
	}
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = parent.Wait()
	for _, field := range fields[1:] {
		pid, err := strconv.Atoi(field)
		if err != nil {
			t.Fatal(err)
		}
		await(t, func() bool { return gone(pid) })
	}
}

func TestSupervisorStartsAKilledChildAgain(t *testing.T) {
	supervisor, err := stack.Supervise(t.Context(),
		stack.Command{Name: "sleep", Path: "/bin/sleep", Args: []string{"600"}}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	for want := 1; want <= 3; want++ {
		before := supervisor.PID()
		if err := supervisor.Kill(); err != nil {
			t.Fatal(err)
		}
		await(t, func() bool { return supervisor.Restarts() == want })
		if supervisor.PID() == before {
			t.Errorf("restart %d has the pid of the killed one", want)
		}
	}
	last := supervisor.Process()
	supervisor.Stop()
	if last.Running() {
		t.Error("Stop left the child running")
	}
	if got := supervisor.Restarts(); got != 3 {
		t.Errorf("restarts = %d, want 3: Stop is no reason to start again", got)
	}
}

func TestFreePorts(t *testing.T) {
	taken, err := net.Listen("tcp", stack.Loopback+":0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	occupied := taken.Addr().(*net.TCPAddr).Port
	free, err := stack.FreePort(0)
	if err != nil {
		t.Fatal(err)
	}

	ports, err := stack.FreePorts(free, occupied, 0, free)
	if err != nil {
		t.Fatal(err)
	}
	if ports[0] != free {
		t.Errorf("a free default was not taken: %d, want %d", ports[0], free)
	}
	seen := map[int]bool{occupied: true}
	for _, port := range ports {
		if seen[port] || port <= 0 {
			t.Errorf("ports = %v: %d is taken or given twice", ports, port)
		}
		seen[port] = true
	}
}

func TestLockFileIsHeldByOneAtATime(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	unlock, err := stack.LockFile(t.Context(), path, nil)
	if err != nil {
		t.Fatal(err)
	}
	waiting := make(chan struct{})
	got := make(chan error, 1)
	go func() {
		second, err := stack.LockFile(t.Context(), path, func() { close(waiting) })
		if err == nil {
			second()
		}
		got <- err
	}()
	<-waiting
	select {
	case err := <-got:
		t.Fatalf("the second was not kept waiting: %v", err)
	default:
	}
	unlock()
	if err := <-got; err != nil {
		t.Errorf("after unlock: %v", err)
	}

	unlock, err = stack.LockFile(t.Context(), path, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := stack.LockFile(ended, path, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v, want context.Canceled", err)
	}
}

func startShell(t *testing.T, log, script string) *stack.Process {
	t.Helper()
	process, err := stack.Command{
		Name: "script", Path: "/bin/sh", Args: []string{"-c", script}, LogFile: log, Grace: time.Second,
	}.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = process.Kill() })
	return process
}

func read(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// gone also counts a zombie as gone: in a container nobody may be there to collect it.
func gone(pid int) bool {
	if errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
		return true
	}
	status, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	return err != nil || strings.Contains(string(status), "State:\tZ")
}

// await polls what sends no event of its own.
func await(t *testing.T, condition func() bool) {
	t.Helper()
	deadline := time.After(30 * time.Second)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !condition() {
		select {
		case <-deadline:
			t.Fatal("it did not happen within 30 s")
		case <-tick.C:
		}
	}
}
