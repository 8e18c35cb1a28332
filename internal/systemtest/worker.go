package systemtest

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// SetWorker has the system's own worker die and start with these settings over the system's, again and again where it is refused;
// with none, its next start has the system's alone. The system must have been started with OwnWorker.
func (s *System) SetWorker(env ...string) {
	s.t.Helper()
	if len(env) == 0 {
		if err := os.Remove(s.workerEnv()); err != nil {
			s.t.Error(err)
		}
		return // one that was refused has ended by itself, and the next start has the system's settings
	}
	write(s.t, s.workerEnv(), strings.Join(env, "\n")+"\n")
	if err := syscall.Kill(s.PIDs()["worker"], syscall.SIGKILL); err != nil {
		s.t.Errorf("the worker was not there to be killed: %v", err)
	}
}

func (s *System) workerEnv() string { return filepath.Join(s.Dir, "worker.env") }

// WorkerLog is what the system's own worker has said so far.
func (s *System) WorkerLog() string {
	s.t.Helper()
	text, err := os.ReadFile(filepath.Join(s.Dir, "log", "worker.log"))
	if err != nil {
		s.t.Fatal(err)
	}
	return string(text)
}

// Worker starts one more worker beside the system's own, with its settings and those given here. It is asked to end by stop, or when
// the test ends.
func (s *System) Worker(env ...string) (stop func()) {
	s.t.Helper()
	const inShell = `set -a; . "$0"; set +a; exec env RAPPORT_METRICS_LISTEN=127.0.0.1:0 "$@"`
	args := append([]string{"-c", inShell, filepath.Join(s.Dir, "env")}, env...)
	cmd := outliving("/bin/sh", append(args, filepath.Join(filepath.Dir(Rapport(s.t)), "rapport-worker"))...)
	cmd.Env = Environment("USER=tester")
	log, err := os.OpenFile(filepath.Join(s.Dir, "log", "worker-beside.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		s.t.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait() // it was asked to end, and how it took that is in its log
		_ = log.Close()
		close(ended)
	}()
	stop = sync.OnceFunc(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		grace := time.NewTimer(time.Minute)
		defer grace.Stop()
		select {
		case <-ended:
		case <-grace.C:
			_ = cmd.Process.Kill()
			<-ended
			s.t.Error("the worker beside did not end within a minute when asked")
		}
	})
	s.t.Cleanup(stop)
	return stop
}
