package systemtest

import (
	"bytes"
	"cmp"
	"context"
	_ "embed" // the campaign and its creators
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/examples"
	"github.com/rapport-dev/rapport/playground/stack"
	"github.com/rapport-dev/rapport/proof/clockshift"
	"github.com/rapport-dev/rapport/proof/judge"
)

// Campaign is a campaign.yaml that comes to its end in about fifty campaign days.
//
//go:embed campaign.yaml
var Campaign string

// Creators is a creators.csv that fits Campaign.
func Creators(t testing.TB) string {
	t.Helper()
	text, err := examples.Files.ReadFile("hybrid/creators.csv")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Options say how `rapport dev` is started.
type Options struct {
	Dir      string        // data of an earlier start; "" is a new folder that goes with the test
	Day      time.Duration // a campaign day
	Campaign string        // text of a campaign.yaml; "" takes Campaign
	Creators string        // text of a creators.csv; "" takes Creators
	Seed     int64         // of the simulated people; 0 takes the program's own
	Beside   bool          // others run at the same time: whoever starts them all holds OneAtATime
	Alone    bool          // without the simulated people: the test plays them, see Play
	Empty    bool          // and without a campaign: the test launches one
	Exit     bool          // run until all is done and report
	Timeout  time.Duration // for Exit
	Env      []string      // further settings

	WorkerClock time.Duration // how far the worker's clock is ahead, in whole seconds; a negative one is behind
	Overlay     string        // of `go build -overlay`, for programs that know something more
	OwnWorker   bool          // the worker's settings can be changed while the system runs: see SetWorker
}

// System is a running `rapport dev` with everything that it started.
type System struct {
	Dir string

	t       testing.TB
	cmd     *exec.Cmd
	out     bytes.Buffer
	lines   *lines
	ended   chan struct{}
	err     error // how it ended; read it after ended
	started time.Time

	shell    string   // the program of the command line, "" the one that all tests share
	shellEnv []string // what its shell has set beside the system's settings
}

// lockFile is the same for every test process of the machine.
func lockFile() string { return filepath.Join(os.TempDir(), "rapport-systemtest.lock") }

// OneAtATime takes the lock that keeps the whole systems of several test processes from slowing each other down.
func OneAtATime(t testing.TB) (unlock func()) {
	t.Helper()
	unlock, err := stack.LockFile(t.Context(), lockFile(), func() { t.Log("another whole system runs: waiting for it") })
	if err != nil {
		t.Fatal(err)
	}
	return unlock
}

// NewDir makes a data folder whose ports are free ones. It goes with the test; RAPPORT_KEEP=1 keeps it.
func NewDir(t testing.TB) string {
	t.Helper()
	dir, err := stack.SharedTempDir(stack.Memory(), "rapport-system-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if os.Getenv("RAPPORT_KEEP") != "" {
			t.Logf("kept: %s", dir)
			return
		}
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	write(t, filepath.Join(dir, "ports.json"), `{"front":0,"sandbox":0,"temporal":0,"temporal_ui":0,"metrics":0}`)
	return dir
}

// Start starts a system. It is killed when the test ends before it.
func Start(t testing.TB, o Options) *System {
	t.Helper()
	s := &System{t: t, Dir: o.Dir, ended: make(chan struct{}), lines: newLines()}
	program := Rapport(t)
	if o.WorkerClock != 0 {
		program = withShiftedWorker(t, program)
		o.Env = append(o.Env, clockshift.Variable+"="+strconv.FormatInt(int64(o.WorkerClock/time.Second), 10))
	}
	if o.Overlay != "" {
		program = overlaid(t, o.Overlay)
		s.shell, s.shellEnv = program, o.Env
	}
	if s.Dir == "" {
		s.Dir = NewDir(t)
	}
	if o.OwnWorker {
		program = withOwnWorker(t, program, s.workerEnv())
	}
	if o.Creators == "" {
		o.Creators = Creators(t)
	}
	unlock := func() {}
	if !o.Beside && !beside.Load() {
		unlock = OneAtATime(t)
	}
	args := []string{"dev", "--json", "--dir", s.Dir}
	if o.Empty {
		args = append(args, "--empty")
	} else {
		campaign, creators := filepath.Join(s.Dir, "campaign.yaml"), filepath.Join(s.Dir, "creators.csv")
		write(t, campaign, cmp.Or(o.Campaign, Campaign))
		write(t, creators, o.Creators)
		args = append(args, "--campaign", campaign, "--creators", creators)
	}
	if !o.Alone && !o.Empty {
		args = append(args, "--people")
	}
	if o.Exit {
		args = append(args, "--exit", "--timeout", o.Timeout.String())
	}
	if o.Seed != 0 {
		args = append(args, "--seed", strconv.FormatInt(o.Seed, 10))
	}
	s.cmd = outliving(program, args...)
	s.cmd.Env = Environment(append([]string{"RAPPORT_DAY=" + o.Day.String()}, o.Env...)...)
	s.cmd.Stdout, s.cmd.Stderr = &s.out, s.lines
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	s.started = time.Now()
	if err := s.cmd.Start(); err != nil {
		unlock()
		t.Fatal(err)
	}
	unguard := guard(t, s.cmd.Process.Pid)
	go func() {
		s.err = s.cmd.Wait()
		unguard()
		s.lines.close()
		unlock()
		close(s.ended)
	}()
	t.Cleanup(s.stop)
	return s
}

// outliving is a command that the end of a test's context does not kill: it is asked to end, after that.
func outliving(program string, args ...string) *exec.Cmd {
	return exec.CommandContext(context.Background(), program, args...)
}

// guard interrupts pid when this test process is killed: the watcher waits for the end of a pipe that only we hold open.
func guard(t testing.TB, pid int) (unguard func()) {
	t.Helper()
	watcher := outliving("/bin/sh", "-c", `cat >/dev/null; kill -INT "$1"`, "guard", strconv.Itoa(pid))
	watcher.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C is for the tests, not for it
	pipe, err := watcher.StdinPipe()
	if err == nil {
		err = watcher.Start()
	}
	if err != nil {
		t.Error(err)
		return func() {}
	}
	return func() {
		_ = watcher.Process.Kill() // before the pipe ends: the number may be another process's by now
		_ = watcher.Wait()
		_ = pipe.Close()
	}
}

// stop ends what a failed test left running, and says how it stood.
func (s *System) stop() {
	if s.t.Failed() {
		s.t.Logf("the end of its progress:\n%s", s.lines.tail(40))
		defer s.logAfter()
	}
	select {
	case <-s.ended:
		return
	default:
	}
	_ = s.cmd.Process.Signal(syscall.SIGINT)
	grace := time.NewTimer(2 * time.Minute)
	defer grace.Stop()
	select {
	case <-s.ended:
	case <-grace.C:
		_ = s.cmd.Process.Kill()
		<-s.ended
		s.t.Error("it did not end within two minutes when asked")
	}
}

// logAfter logs what a test's reader would look for in the folder, which goes with the test.
func (s *System) logAfter() {
	text, err := os.ReadFile(filepath.Join(s.Dir, "log", "worker.log"))
	if err != nil {
		s.t.Log(err)
	}
	var said []string
	for line := range strings.Lines(string(text)) {
		if !strings.Contains(line, `"level":"INFO"`) {
			said = append(said, line)
		}
	}
	s.t.Logf("the end of what its worker warned of:\n%s", strings.Join(said[max(0, len(said)-60):], ""))
	logStanding(s.t, s.Dir)
}

// Ended closes when the process has ended.
func (s *System) Ended() <-chan struct{} { return s.ended }

// Report waits for the end and reads the report. The system must have ended by itself and without an error.
func (s *System) Report() judge.Report {
	s.t.Helper()
	<-s.ended
	if s.err != nil {
		s.t.Errorf("rapport dev: %v after %s", s.err, time.Since(s.started).Round(time.Second))
	}
	write(s.t, filepath.Join(s.Dir, "report.json"), s.out.String()) // for whoever keeps the folder
	r, err := judge.Read(bytes.NewReader(s.out.Bytes()))
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}

// Interrupt is Ctrl-C. It waits for the end.
func (s *System) Interrupt() {
	s.t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGINT); err != nil {
		s.t.Fatal(err)
	}
	<-s.ended
	if s.err != nil {
		s.t.Errorf("after Ctrl-C: %v", s.err)
	}
}

// Await waits until a line of the progress holds all words, and returns it.
func (s *System) Await(words ...string) string {
	s.t.Helper()
	return s.AwaitAny(words)
}

// AwaitAny waits until a line of the progress holds all words of one of the lists.
func (s *System) AwaitAny(lists ...[]string) string {
	s.t.Helper()
	line, err := s.lines.await(s.t.Context(), func(line string) bool {
		for _, words := range lists {
			if holdsAll(line, words) {
				return true
			}
		}
		return false
	})
	if err != nil {
		s.t.Fatalf("it never said %v: %v", lists, err)
	}
	return line
}

func holdsAll(line string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(line, w) {
			return false
		}
	}
	return true
}

// Ports are where a system listens.
type Ports struct {
	Front      int `json:"front"`
	Sandbox    int `json:"sandbox"`
	Temporal   int `json:"temporal"`
	TemporalUI int `json:"temporal_ui"`
	Metrics    int `json:"metrics"`
}

// All are all ports.
func (p Ports) All() []int { return []int{p.Front, p.Sandbox, p.Temporal, p.TemporalUI, p.Metrics} }

// Ports reads where it listens. It must have come up.
func (s *System) Ports() Ports {
	s.t.Helper()
	var ports Ports
	if err := s.read("ports.json", &ports); err != nil {
		s.t.Fatal(err)
	}
	return ports
}

// PIDs are its processes by name: dev, postgres, temporal, worker. It must be running.
func (s *System) PIDs() map[string]int {
	s.t.Helper()
	pids, err := s.pids()
	if err != nil {
		s.t.Fatal(err)
	}
	return pids
}

// pids fails once the system is coming to its end.
func (s *System) pids() (pids map[string]int, err error) {
	err = s.read("pids.json", &pids)
	return pids, err
}

func (s *System) read(name string, into any) error {
	text, err := os.ReadFile(filepath.Join(s.Dir, name))
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}

// Alive reports whether a process exists.
func Alive(pid int) bool { return !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) }

// Database starts the Postgres of an ended system once more, until the test ends, and returns its URL.
func Database(t testing.TB, dir string) string {
	t.Helper()
	server, err := stack.StartPostgres(t.Context(), stack.PostgresOptions{DataDir: filepath.Join(dir, "postgres"), LogFile: filepath.Join(dir, "log", "postgres-after.log")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return server.URL()
}

// Judge checks a report and the database that the ended system left in dir, and prints every verdict.
func Judge(t testing.TB, r judge.Report, dir string) {
	t.Helper()
	all := judge.Judge(r)
	inside, err := judge.Inside(t.Context(), Database(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	all = append(all, inside...)
	var text strings.Builder
	judge.Write(&text, all)
	t.Logf("a report after %.0f s:\n%s", r.Seconds, text.String())
	for _, v := range judge.Failed(all) {
		t.Errorf("does not hold: %s", v)
	}
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(fmt.Errorf("prepare: %w", err))
	}
}
