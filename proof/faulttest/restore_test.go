package faulttest

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/proof/judge"
	"github.com/rapport-dev/rapport/proof/systemtest"
)

// TestARestoredDatabasePaysNobodyAgain takes a backup while all earnings of a campaign wait to be paid, pays them, and restores the backup:
// the books are sound and owe everything once more. The next run sends nothing before a person has settled each transfer, and then
// nothing that was sent before. The judge is the provider's own record.
func TestARestoredDatabasePaysNobodyAgain(t *testing.T) {
	long(t)
	const day = time.Second
	dir := systemtest.NewDir(t)
	s := systemtest.Start(t, systemtest.Options{Dir: dir, Day: day, Exit: true, Timeout: patience})
	s.Await(": completed")
	var backup []byte
	s.Until("the payout run", func() bool {
		dump := postgres(t, s, nil, "pg_dump", "--clean", "--if-exists")
		if aRun.Match(dump) {
			return true
		}
		backup = dump // the last one in which nobody is paid
		return false
	})
	paid := s.Report().Truth.Transfers
	if len(paid) == 0 {
		t.Fatal("nobody was paid")
	}

	s = systemtest.Start(t, systemtest.Options{Dir: dir, Day: day, Alone: true})
	s.Await("Launched")
	putBack(t, s, backup)
	if faults := s.Must("ledger", "verify"); !strings.Contains(faults, "The books balance") {
		t.Fatalf("the books themselves show something: %s", faults)
	}
	month := thisMonth()
	s.Must("payouts", "run", "--program", "dreams", "--period", month)
	var open []partnership.Difference
	s.Until("a question about each transfer", func() bool {
		s.Document(&open, "payouts", "differences")
		return len(open) == len(paid)
	})
	for _, d := range open {
		s.Must("payouts", "settle", d.ID, "--as", string(partnership.SettleOurs), "--reason", "paid before the restore")
	}
	s.Must("payouts", "run", "--program", "dreams", "--period", month) // it looks again at once
	s.Until("a run that finds nothing to pay", func() bool {
		var now struct{ Runs []partnership.PayoutRun }
		s.Document(&now, "payouts", "status", "--program", "dreams", "--period", month)
		return slices.ContainsFunc(now.Runs, func(r partnership.PayoutRun) bool { return r.State == partnership.RunEmpty })
	})
	var truth judge.Truth
	s.Sandbox("/truth", &truth)
	if diff := cmp.Diff(paid, truth.Transfers); diff != "" {
		t.Errorf("the provider's record before the restore, and after it (-, +):\n%s", diff)
	}
	if faults := s.Must("ledger", "verify"); !strings.Contains(faults, "The books balance") {
		t.Errorf("after it: %s", faults)
	}
	s.Interrupt()
}

// aRun is a payout run in a dump.
var aRun = regexp.MustCompile(`(?m)^COPY public\.payout_runs .*\n[^\\]`)

// postgres runs a program of the system's own Postgres on Rapport's database, and returns what it printed.
func postgres(t *testing.T, s *systemtest.System, stdin []byte, program string, args ...string) []byte {
	t.Helper()
	out, err := inPostgres(t, s, stdin, program, args...)
	must(t, err)
	return out
}

func inPostgres(t *testing.T, s *systemtest.System, stdin []byte, program string, args ...string) ([]byte, error) {
	t.Helper()
	server, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", s.PIDs()["postgres"]))
	must(t, err)
	var out, errOut bytes.Buffer
	cmd := exec.CommandContext(t.Context(), filepath.Join(filepath.Dir(server), program), append(args, s.Settings()["RAPPORT_DATABASE_OWNER_URL"])...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(stdin), &out, &errOut
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", program, err, errOut.String())
	}
	return out.Bytes(), nil
}

// putBack restores a dump while the programs go on: of two who wait for each other Postgres refuses one, which may be the restore, and
// whoever restores gives it again.
func putBack(t *testing.T, s *systemtest.System, dump []byte) {
	t.Helper()
	s.Until("the backup is back", func() bool {
		_, err := inPostgres(t, s, dump, "psql", "--single-transaction", "--set=ON_ERROR_STOP=1", "--quiet")
		if err != nil && !strings.Contains(err.Error(), "deadlock detected") {
			t.Fatal(err)
		}
		return err == nil
	})
}
