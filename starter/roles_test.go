package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/rapport-dev/rapport/internal/settings"
	p "github.com/rapport-dev/rapport/partnership"
)

func TestAHeldRowIsLeftAloneByOthersThanFinance(t *testing.T) {
	t.Setenv("USER", "ana")
	file := filepath.Join(t.TempDir(), "roles")
	if err := os.WriteFile(file, []byte("cli:ana: manager\n"), 0o600); err != nil {
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
	t.Setenv("USER", "ana")
	for name, c := range map[string]struct {
		roles string
		code  p.Code
		also  []string
	}{
		"finance":         {"U1, cli:ana: finance\n", "", []string{"slack:U1"}},
		"another role":    {"cli:ana: manager\n", p.Forbidden, nil},
		"another's shell": {"U1, cli:bo: finance\n", p.Forbidden, nil},
		"nobody":          {"# nobody yet\n", p.Forbidden, nil},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "roles")
			if err := os.WriteFile(file, []byte(c.roles), 0o600); err != nil {
				t.Fatal(err)
			}
			a := &app{ctx: t.Context(), loaded: &settings.Settings{RolesFile: file}}
			who, err := a.finance()
			if p.CodeOf(err) != c.code || !slices.Equal(who.also, c.also) || err == nil && who.by != "cli:ana" {
				t.Errorf("%+v, %v", who, err)
			}
		})
	}
	if who, err := (&app{ctx: t.Context(), loaded: &settings.Settings{}}).finance(); err != nil || who.by != "cli:ana" {
		t.Errorf("without a file of roles: %+v, %v", who, err)
	}
}
