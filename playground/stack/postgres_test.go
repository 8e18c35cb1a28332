package stack_test

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/rapport-dev/rapport/playground/stack"
)

func TestPostgresKeepsItsDataAcrossStopKillAndANewStart(t *testing.T) {
	options := postgresOptions(t)
	pg := startPostgres(t, options)
	execSQL(t, pg.URL(), "create table kept (n int)")

	for _, how := range []struct {
		name string
		end  func() error
	}{
		{"stop", func() error { return pg.Stop(t.Context()) }},
		{"kill -9", pg.Kill},
		{"nothing: Restart stops it", func() error { return nil }},
	} {
		execSQL(t, pg.URL(), "insert into kept values (1)")
		before, url := pg.PID(), pg.URL()
		if err := how.end(); err != nil {
			t.Fatalf("%s: %v", how.name, err)
		}
		if err := pg.Restart(t.Context()); err != nil {
			t.Fatalf("restart after %s: %v", how.name, err)
		}
		if pg.PID() == before || pg.URL() != url {
			t.Errorf("after %s: pid %d (was %d), url kept: %v", how.name, pg.PID(), before, pg.URL() == url)
		}
	}

	if err := pg.Kill(); err != nil {
		t.Fatal(err)
	}
	again := startPostgres(t, options) // as the next run of the program would
	if got := queryInt(t, again.URL(), "select count(*) from kept"); got != 3 {
		t.Errorf("rows = %d, want the 3 that were committed", got)
	}
}

// A machine that crashed and booted again gives the old postmaster's pid to some other program.
func TestPostgresStartsWhenAStalePidFileNamesAnotherProgram(t *testing.T) {
	options := postgresOptions(t)
	pg := startPostgres(t, options)
	if err := pg.Kill(); err != nil {
		t.Fatal(err)
	}
	pidFile := filepath.Join(pg.DataDir(), "postmaster.pid")
	content, err := os.ReadFile(pidFile)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(content), "\n")
	other := startSleep(t)
	if err := os.WriteFile(pidFile, []byte(strconv.Itoa(other.PID())+"\n"+rest), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := pg.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !other.Running() {
		t.Error("the other program was harmed")
	}
}

func TestPostgresWithAPortThatIsTakenSaysSo(t *testing.T) {
	first := startPostgres(t, postgresOptions(t))
	options := postgresOptions(t)
	options.Port = first.Port()
	second, err := stack.StartPostgres(t.Context(), options)
	if err == nil {
		t.Fatalf("started a second server on the same port (pid %d)", second.PID())
	}
	if !strings.Contains(err.Error(), "is taken by another program") {
		t.Errorf("error = %v", err)
	}
}

// Root's home, or a temporary clone, cannot be entered by the account that Postgres runs as.
func TestPostgresOfRootBelowAPrivateFolder(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("an ordinary user's Postgres runs as that user")
	}
	private, err := os.MkdirTemp("", "rapport-private-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(private) })
	options := stack.PostgresOptions{DataDir: filepath.Join(private, "var", "postgres"), Fast: true}
	first := startPostgres(t, options)
	t.Cleanup(func() { _ = os.RemoveAll(filepath.Dir(first.DataDir())) })
	if !strings.HasPrefix(first.DataDir(), "/var/tmp/") {
		t.Fatalf("data folder = %s, want one below /var/tmp", first.DataDir())
	}
	execSQL(t, first.URL(), "create table kept (n int)")
	if err := first.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	second := startPostgres(t, options)
	if got := queryInt(t, second.URL(), "select count(*) from kept"); got != 0 || second.DataDir() != first.DataDir() {
		t.Errorf("the second start used %s, the first %s", second.DataDir(), first.DataDir())
	}
	if err := second.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}

	if err := os.RemoveAll(private); err != nil {
		t.Fatal(err)
	}
	other, err := os.MkdirTemp("", "rapport-private-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(other) })
	options.DataDir = filepath.Join(other, "postgres")
	third := startPostgres(t, options)
	t.Cleanup(func() { _ = os.RemoveAll(filepath.Dir(third.DataDir())) })
	if _, err := os.Stat(second.DataDir()); !os.IsNotExist(err) {
		t.Errorf("the data of a folder that is gone is still there: %v", err)
	}
}

func TestPostgresWithDataOfAVersionThatIsNotInstalled(t *testing.T) {
	options := postgresOptions(t)
	if err := os.MkdirAll(options.DataDir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(options.DataDir, "PG_VERSION"), []byte("9\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := stack.StartPostgres(t.Context(), options)
	if err == nil || !strings.Contains(err.Error(), "no PostgreSQL 9 on this machine") {
		t.Errorf("error = %v", err)
	}
}

func TestPostgresAsksForAPassword(t *testing.T) {
	pg := startPostgres(t, postgresOptions(t))
	config, err := pgx.ParseConfig(pg.URL())
	if err != nil {
		t.Fatal(err)
	}
	config.Password = "guess"
	if conn, err := pgx.ConnectConfig(t.Context(), config); err == nil {
		_ = conn.Close(t.Context())
		t.Error("connected with a wrong password")
	}
}

func TestPostgresLogHoldsNoDataOfFailedStatements(t *testing.T) {
	options := postgresOptions(t)
	pg := startPostgres(t, options)
	conn, err := pgx.Connect(t.Context(), pg.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	for _, sql := range []string{
		"create table people (email text primary key)",
		"insert into people values ('canary@example.com')",
	} {
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := conn.Exec(t.Context(), "insert into people values ($1)", "canary@example.com"); err == nil {
		t.Fatal("a second row with the same key was accepted")
	}
	if _, err := conn.Exec(t.Context(), "select 'canary@example.com'::int"); err == nil {
		t.Fatal("an address was read as a number")
	}
	if err := pg.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	log, err := os.ReadFile(options.LogFile)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(log), "canary") || !strings.Contains(string(log), "shut down") {
		t.Errorf("log:\n%s", log)
	}
}

func postgresOptions(t *testing.T) stack.PostgresOptions {
	t.Helper()
	dir, err := stack.SharedTempDir("", "rapport-stacktest-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return stack.PostgresOptions{
		DataDir: filepath.Join(dir, "postgres"), LogFile: filepath.Join(dir, "postgres.log"), Fast: true,
	}
}

func startPostgres(t *testing.T, options stack.PostgresOptions) *stack.Postgres {
	t.Helper()
	if testing.Short() {
		t.Skip("it needs Postgres")
	}
	pg, err := stack.StartPostgres(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pg.Kill() })
	return pg
}

func startSleep(t *testing.T) *stack.Process {
	t.Helper()
	process, err := stack.Command{Name: "sleep", Path: "/bin/sleep", Args: []string{"600"}}.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = process.Kill() })
	return process
}

func execSQL(t *testing.T, url, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	if _, err := conn.Exec(t.Context(), sql); err != nil {
		t.Fatal(err)
	}
}

func queryInt(t *testing.T, url, sql string) (n int) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	if err := conn.QueryRow(t.Context(), sql).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
