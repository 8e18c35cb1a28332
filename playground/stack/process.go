// Package stack runs the servers that Rapport needs - Postgres, Temporal and its own worker - as child
// processes of one program, so that a laptop needs no Docker. Everything listens on the loopback
// interface, keeps its data in the folder it is given, and goes away with the program that started it.
package stack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Command describes a child process.
type Command struct {
	Name    string // for messages: "postgres", "temporal", "worker"
	Path    string
	Args    []string
	Env     []string // nil: this process's own environment
	Dir     string
	LogFile string // stdout and stderr are appended to it; "" throws them away

	Account     *Account       // whom to run as; nil: ourselves
	StopSignal  syscall.Signal // asks it to end; 0: SIGTERM
	DeathSignal syscall.Signal // what it gets when this process dies (Linux only); 0: SIGKILL
	Grace       time.Duration  // from StopSignal to SIGKILL; 0: 10 s
}

// Process is one running (or ended) child, in a process group of its own so that Ctrl-C in a terminal
// reaches only the parent, which then stops its children in the right order.
type Process struct {
	command Command
	cmd     *exec.Cmd
	done    chan struct{}
	err     error // set before done closes
}

// Start runs the command. It returns when the process exists, which is before it is ready for anything.
func (c Command) Start() (*Process, error) {
	if c.StopSignal == 0 {
		c.StopSignal = syscall.SIGTERM
	}
	if c.DeathSignal == 0 {
		c.DeathSignal = syscall.SIGKILL
	}
	if c.Grace == 0 {
		c.Grace = 10 * time.Second
	}
	output, err := openLog(c.LogFile)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.Name, err)
	}

	p := &Process{command: c, done: make(chan struct{})}
	p.cmd = exec.CommandContext(context.Background(), c.Path, c.Args...) // ended by Stop, which asks first
	p.cmd.Env, p.cmd.Dir = c.Env, c.Dir
	p.cmd.Stdout, p.cmd.Stderr = output, output
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if c.Account != nil {
		p.cmd.SysProcAttr.Credential = c.Account.credential()
	}
	dieWithParent(p.cmd.SysProcAttr, c.DeathSignal)

	started := make(chan error, 1)
	go p.run(started, output)
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", c.Name, err)
	}
	return p, nil
}

// run starts the child and waits for it on one locked thread: Linux delivers the death signal when the
// *thread* that forked ends, so that thread must live as long as the child.
func (p *Process) run(started chan<- error, output io.Closer) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := p.cmd.Start()
	_ = output.Close() // the child has its own copy
	started <- err
	if err != nil {
		return
	}
	p.err = p.cmd.Wait()
	close(p.done)
}

// PID is the child's process id.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Done closes when the child has ended.
func (p *Process) Done() <-chan struct{} { return p.done }

// Running reports whether the child has not ended yet.
func (p *Process) Running() bool {
	select {
	case <-p.done:
		return false
	default:
		return true
	}
}

// Err is how the child ended: nil for exit status 0. It is meaningful once Done is closed.
func (p *Process) Err() error {
	<-p.done
	return p.err
}

// Stop asks the child to end, and kills its whole group when it has not within its grace period or
// before ctx is done. It is fine to stop a process that has already ended.
func (p *Process) Stop(ctx context.Context) error {
	if !p.Running() {
		return nil
	}
	if err := p.cmd.Process.Signal(p.command.StopSignal); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("stop %s: %w", p.command.Name, err)
	}
	grace := time.NewTimer(p.command.Grace)
	defer grace.Stop()
	select {
	case <-p.done:
		return nil
	case <-grace.C:
	case <-ctx.Done():
	}
	p.killGroup()
	<-p.done
	return fmt.Errorf("stop %s: it did not end when asked and was killed", p.command.Name)
}

// Kill sends SIGKILL, as a crash or the out-of-memory killer would, and waits until the child is gone.
func (p *Process) Kill() error {
	if err := p.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("kill %s: %w", p.command.Name, err)
	}
	<-p.done
	return nil
}

func (p *Process) killGroup() { _ = syscall.Kill(-p.PID(), syscall.SIGKILL) }

// awaitReady polls probe until it succeeds. It fails at once when the process ends, and then shows the
// end of its log, which is where the reason is.
func (p *Process) awaitReady(ctx context.Context, probe func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		probeErr := probe(ctx)
		if probeErr == nil {
			return nil
		}
		select {
		case <-p.done:
			return fmt.Errorf("%s ended while starting (%s)%s",
				p.command.Name, describeEnd(p.err), logTail(p.command.LogFile))
		case <-ctx.Done():
			return fmt.Errorf("%s is not ready: %w (last answer: %w)%s",
				p.command.Name, ctx.Err(), probeErr, logTail(p.command.LogFile))
		case <-tick.C:
		}
	}
}

// readyTimeout is generous because a cold, busy machine takes long to start a server, and a server
// that fails ends by itself, which awaitReady notices at once.
const readyTimeout = 2 * time.Minute

// openLog opens the file in this process, so that a child under another account needs no right to it.
func openLog(path string) (*os.File, error) {
	if path == "" {
		return os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, fmt.Errorf("log folder: %w", err)
	}
	return os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o640)
}

// logTail is the last lines of a log file, ready to append to an error message.
func logTail(path string) string {
	if path == "" {
		return ""
	}
	content, err := os.ReadFile(path)
	if err != nil || len(content) == 0 {
		return ""
	}
	return "; the end of " + path + ":\n" + lastLines(string(content), 12)
}

func lastLines(text string, count int) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	if len(lines) > count {
		lines = lines[len(lines)-count:]
	}
	return strings.Join(lines, "\n")
}

// slot holds the current process of a server that can be killed and restarted.
type slot struct {
	mu      sync.Mutex
	process *Process
}

// run starts a process and holds it once probe succeeds; one that does not get that far is killed.
func (s *slot) run(ctx context.Context, c Command, probe func(context.Context) error) error {
	process, err := c.Start()
	if err != nil {
		return err
	}
	if err := process.awaitReady(ctx, probe); err != nil {
		return errors.Join(err, process.Kill())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.process = process
	return nil
}

func (s *slot) get() *Process {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.process
}

// PID is the server's current process id.
func (s *slot) PID() int { return s.get().PID() }

// Done closes when the server's current process has ended.
func (s *slot) Done() <-chan struct{} { return s.get().Done() }

// Stop shuts the server down in order.
func (s *slot) Stop(ctx context.Context) error { return s.get().Stop(ctx) }

// Kill sends SIGKILL to the server and waits until its main process is gone.
func (s *slot) Kill() error { return s.get().Kill() }
