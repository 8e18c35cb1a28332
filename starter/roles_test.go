package main

import (
	"bytes"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/web/access"
	"github.com/rapport-dev/rapport/wiring/settings"
)

func TestAHeldRowIsLeftAloneByOthersThanFinance(t *testing.T) {
	file := filepath.Join(t.TempDir(), "roles")
	if err := os.WriteFile(file, []byte(access.Shell()+": manager\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]interface{ Run(*app) error }{"hold": ledgerHold{}, "release": ledgerRelease{}, "void": ledgerVoid{}} {
		a := &app{ctx: t.Context(), loaded: &settings.Settings{RolesFile: file}} // without a database: nothing is opened
		if err := c.Run(a); partnership.CodeOf(err) != partnership.Forbidden {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Every command that decides about money asks for the role before it opens or starts anything.
func TestMoneyFromAShellTakesTheRole(t *testing.T) {
	file := filepath.Join(t.TempDir(), "roles")
	if err := os.WriteFile(file, []byte(access.Shell()+": manager\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		"payouts run --program dreams --period 2026-11", "payouts approve --program dreams --period 2026-11 --hash h",
		"ledger hold r1 --reason odd", "ledger release r1 --reason fine", "ledger void r1 --reason odd",
	} {
		t.Run(line, func(t *testing.T) {
			t.Setenv("RAPPORT_ROLES", file)
			t.Setenv("RAPPORT_DATABASE_URL", "postgres://127.0.0.1:1/none") // nothing listens there
			t.Setenv("RAPPORT_TEMPORAL_ADDRESS", "127.0.0.1:1")
			t.Setenv("RAPPORT_SECRET_KEY", base64.StdEncoding.EncodeToString([]byte("a secret of these very tests ...")))
			var out, errOut bytes.Buffer
			if code := run(t.Context(), strings.Fields(line), &out, &errOut); code == done || !strings.Contains(errOut.String(), "has not the role finance") {
				t.Errorf("exit %d, %s%s", code, out.String(), errOut.String())
			}
		})
	}
}

func TestOnlyFinanceApprovesFromAShell(t *testing.T) {
	t.Setenv("USER", "ana") // says nothing of who somebody is
	me := access.Shell()
	for name, c := range map[string]struct {
		roles string
		code  partnership.Code
	}{
		"finance":         {"U1, " + me + ": finance\n", ""},
		"another role":    {me + ": manager\n", partnership.Forbidden},
		"another's shell": {"U1, cli:ana: finance\n", partnership.Forbidden},
		"nobody":          {"# nobody yet\n", partnership.Forbidden},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "roles")
			if err := os.WriteFile(file, []byte(c.roles), 0o600); err != nil {
				t.Fatal(err)
			}
			a := &app{ctx: t.Context(), loaded: &settings.Settings{RolesFile: file}}
			by, err := a.may(partnership.DeedApproveRun)
			if partnership.CodeOf(err) != c.code || err == nil && by.Who != me {
				t.Errorf("%+v, %v", by, err)
			}
		})
	}
	if by, err := (&app{ctx: t.Context(), loaded: &settings.Settings{}}).may(partnership.DeedApproveRun); err != nil || by.Who != me {
		t.Errorf("without a file of roles: %+v, %v", by, err)
	}
}
