package stack_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/rapport-dev/rapport/playground/stack"
)

// The test program plays two further parts when it is started by a test: a parent that will be killed,
// and a run of one test as another account.
const parentDir = "STACK_TEST_PARENT_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(parentDir); dir != "" {
		if err := beParent(dir); err != nil {
			fmt.Println("error:", err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// beParent starts a Postgres and a plain process, says their pids, and stays until it is killed.
func beParent(dir string) error {
	pg, err := stack.StartPostgres(context.Background(), stack.PostgresOptions{
		DataDir: filepath.Join(dir, "postgres"), LogFile: filepath.Join(dir, "log"), Fast: true,
	})
	if err != nil {
		return err
	}
	plain, err := stack.Command{Name: "sleep", Path: "/bin/sleep", Args: []string{"600"}}.Start()
	if err != nil {
		return err
	}
	fmt.Println("pids", pg.PID(), plain.PID())
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

// copyOfTestProgram is this program where every account can run it: go test builds in a private folder.
func copyOfTestProgram(t *testing.T) string {
	t.Helper()
	dir, err := stack.SharedTempDir("", "rapport-stacktest-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "stack.test")
	copyProgram(t, self, path)
	return path
}

func copyProgram(t *testing.T, from, to string) {
	t.Helper()
	program, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, program, 0o755); err != nil {
		t.Fatal(err)
	}
}

func TestAsAnOrdinaryUser(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("every test here runs as an ordinary user already")
	}
	const nobody = 65534
	program := copyOfTestProgram(t)
	home, err := os.MkdirTemp(filepath.Dir(program), "home-")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(home, nobody, nobody); err != nil {
		t.Fatal(err)
	}
	copyProgram(t, temporalCLI(t), filepath.Join(home, "temporal"))
	for _, test := range []string{"TestPostgresKeepsItsData", "TestTemporalKeepsItsData"} {
		cmd := exec.CommandContext(t.Context(), program, "-test.run="+test, "-test.v")
		cmd.Dir = home
		cmd.Env = append(os.Environ(), "HOME="+home, "XDG_CACHE_HOME=", "TMPDIR="+home,
			"PATH="+home+":"+os.Getenv("PATH"))
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
		output, err := cmd.CombinedOutput()
		if err != nil || !strings.Contains(string(output), "--- PASS: "+test) {
			t.Errorf("%s: %v\n%s", test, err, output)
		}
	}
}
