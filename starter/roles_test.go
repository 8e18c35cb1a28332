package main

import (
	"os"
	"path/filepath"
	"testing"

	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/web/access"
	"github.com/rapport-dev/rapport/wiring/settings"
)

func TestAHeldRowIsLeftAloneByOthersThanFinance(t *testing.T) {
	file := filepath.Join(t.TempDir(), "roles")
	if err := os.WriteFile(file, []byte(access.Shell()+": manager\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]interface{ Run(*app) error }{"release": ledgerRelease{}, "void": ledgerVoid{}} {
		a := &app{ctx: t.Context(), loaded: &settings.Settings{RolesFile: file}} // without a database: nothing is opened
		if err := c.Run(a); p.CodeOf(err) != p.Forbidden {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOnlyFinanceApprovesFromAShell(t *testing.T) {
	t.Setenv("USER", "ana") // says nothing of who somebody is
	me := access.Shell()
	for name, c := range map[string]struct {
		roles string
		code  p.Code
	}{
		"finance":         {"U1, " + me + ": finance\n", ""},
		"another role":    {me + ": manager\n", p.Forbidden},
		"another's shell": {"U1, cli:ana: finance\n", p.Forbidden},
		"nobody":          {"# nobody yet\n", p.Forbidden},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "roles")
			if err := os.WriteFile(file, []byte(c.roles), 0o600); err != nil {
				t.Fatal(err)
			}
			a := &app{ctx: t.Context(), loaded: &settings.Settings{RolesFile: file}}
			who, err := a.finance()
			if p.CodeOf(err) != c.code || err == nil && who != me {
				t.Errorf("%+v, %v", who, err)
			}
		})
	}
	if who, err := (&app{ctx: t.Context(), loaded: &settings.Settings{}}).finance(); err != nil || who != me {
		t.Errorf("without a file of roles: %+v, %v", who, err)
	}
}
