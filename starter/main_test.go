package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// command runs a command line in an environment without settings.
func command(t *testing.T, args ...string) (code int, out, errOut string) {
	t.Helper()
	for _, entry := range os.Environ() {
		if name, _, _ := strings.Cut(entry, "="); strings.HasPrefix(name, "RAPPORT_") || strings.HasPrefix(name, "TEMPORAL_") {
			t.Setenv(name, "")
			if err := os.Unsetenv(name); err != nil {
				t.Fatal(err)
			}
		}
	}
	var stdout, stderr bytes.Buffer
	code = run(t.Context(), args, &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}

const campaignFile, creatorsFile = "../examples/hybrid/campaign.yaml", "../examples/hybrid/creators.csv"

func TestValidateSaysThatTheExampleIsReady(t *testing.T) {
	code, out, errOut := command(t, "campaign", "validate", "-f", campaignFile, "--creators", creatorsFile)
	if code != done || errOut != "" {
		t.Errorf("exit %d, stderr %q", code, errOut)
	}
	if !strings.HasPrefix(out, "Dreams Sunset is ready to launch: ") || strings.Contains(out, "warning") {
		t.Errorf("stdout %q", out)
	}
}

func TestValidateNamesAllFaultsAndExits2(t *testing.T) {
	code, out, errOut := command(t, "campaign", "validate", "-f", "testdata/six-faults.yaml", "--creators", "testdata/creators.csv")
	if code != wrong || out != "" {
		t.Errorf("exit %d, stdout %q", code, out)
	}
	golden(t, "testdata/six-faults.golden", errOut)
	if n := strings.Count(errOut, "\n"); n != 6 {
		t.Errorf("%d lines for six faults", n)
	}
}

func TestValidateAsJSON(t *testing.T) {
	code, out, errOut := command(t, "campaign", "validate", "-f", "testdata/six-faults.yaml", "--creators", "testdata/creators.csv", "--json")
	var document struct {
		Valid  bool
		Faults []struct {
			File, Field, Message string
			Line                 int
		}
	}
	if err := json.Unmarshal([]byte(out), &document); err != nil {
		t.Fatalf("stdout is not one JSON document: %v", err)
	}
	if code != wrong || document.Valid || len(document.Faults) != 6 || document.Faults[0].Line == 0 {
		t.Errorf("exit %d, %+v", code, document)
	}
	if strings.Count(errOut, "\n") != 6 {
		t.Errorf("stderr has not a line for each fault: %q", errOut)
	}
}

func TestWrongInputExits2AndSaysWhatToDo(t *testing.T) {
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"campain"}, "campaign"}, //nolint:misspell // a slip of the finger is answered with what was meant
		{[]string{"campaign", "validate", "-f", "nowhere.yaml", "--creators", creatorsFile}, "nowhere.yaml:1: cannot be read: no such file"},
		{[]string{"payouts", "preview", "--program", "dreams", "--period", "November"}, "write it like 2026-11"},
		{[]string{"effects", "resolve", "k", "maybe"}, "sent"},
		{[]string{"ledger", "release", "row"}, "--reason"},
		{[]string{"ledger", "void", "row"}, "--reason"},
		{[]string{"dev", "--campaign", "x.yaml"}, "belong together"},
		{[]string{"rehearse", "-f", campaignFile, "--creators", creatorsFile, "--runs", "0"}, "1 to 10000 are"},
		{[]string{"rehearse", "-f", campaignFile, "--creators", creatorsFile, "--start", "tomorrow"}, "a date such as"},
		{[]string{"rehearse", "-f", "nowhere.yaml", "--creators", creatorsFile}, "nowhere.yaml:1: cannot be read"},
		{[]string{"campaign", "calendar", "x", "--ics", "--json"}, "exclude each other"},
		{[]string{"campaign", "list"}, "RAPPORT_DATABASE_URL: it is not set"},
	} {
		code, _, errOut := command(t, test.args...)
		if code != wrong || !strings.Contains(errOut, test.want) {
			t.Errorf("%v: exit %d, %q", test.args, code, errOut)
		}
	}
}

func TestHelpExits0(t *testing.T) {
	code, out, _ := command(t, "--help")
	if code != done {
		t.Errorf("exit %d", code)
	}
	for _, name := range []string{"dev", "serve", "migrate", "doctor", "campaign", "partnership", "creators", "ledger", "payouts", "effects", "rehearse", "replay"} {
		if !strings.Contains(out, "  "+name+" ") {
			t.Errorf("help does not name %s", name)
		}
	}
}

func TestReplayRefusesWhatIsNoHistory(t *testing.T) {
	file := filepath.Join(t.TempDir(), "x.json")
	if err := os.WriteFile(file, []byte(`{"events":[]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, _ := command(t, "replay", file)
	if code != failed || !strings.Contains(out, "FAIL") || !strings.Contains(out, "no events") {
		t.Errorf("exit %d, %q", code, out)
	}
}

// golden compares with a file; GOLDEN=write writes it.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if os.Getenv("GOLDEN") == "write" {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Error(diff)
	}
}
