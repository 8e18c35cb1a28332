package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
)

// A form that a vendor has is noted, one that was uploaded is read by finance alone, and one that is worth nothing is asked for anew.
func TestTaxFormsFromAShell(t *testing.T) {
	if testing.Short() {
		t.Skip("it needs a database")
	}
	kept(t)
	s, err := store.Open(t.Context(), os.Getenv("RAPPORT_DATABASE_URL"), store.Options{SecretKey: []byte("a secret of these very tests ...")})
	must(t, err)
	defer s.Close()
	if said := output(t, "tax", "forms"); !strings.Contains(said, "No tax form is on file") {
		t.Errorf("it says %q", said)
	}
	output(t, "tax", "record", "@lena", "--form", "W-9", "--last4", "4321", "--reference", "Track1099 77")
	if said := output(t, "tax", "forms", "@lena"); !strings.Contains(said, "4321") || !strings.Contains(said, "kept at Track1099 77") {
		t.Errorf("it says %q", said)
	}
	lena, err := s.FindCreator(t.Context(), "@lena")
	must(t, err)
	given, faults := partnership.TaxPaper{
		ID: "paper-1", CreatorID: lena.ID, Kind: partnership.FormW8, Country: "DE", Name: "Lena Weiß", Number: "12345678901", File: []byte("%PDF-1.7 signed"),
	}.Clean()
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	must(t, s.AddTaxPaper(t.Context(), given, partnership.Deed{Who: partnership.ByCreator(lena.ID), Deed: partnership.DeedGiveTaxPaper}))
	if said := output(t, "tax", "forms"); !strings.Contains(said, "8901") || strings.Contains(said, "12345678901") || strings.Contains(said, "Lena Weiß") {
		t.Errorf("the list says %q", said)
	}
	file := filepath.Join(t.TempDir(), "form.pdf")
	if said := output(t, "tax", "open", "paper-1", "--reason", "1099 of 2026", "--out", file); !strings.Contains(said, "12345678901") || !strings.Contains(said, "Lena Weiß") {
		t.Errorf("opened it says %q", said)
	}
	if form, err := os.ReadFile(file); err != nil || string(form) != "%PDF-1.7 signed" {
		t.Errorf("the form is %q, %v", form, err)
	}
	output(t, "tax", "reject", "paper-1", "--reason", "it is not signed")
	if said := output(t, "tax", "forms"); !strings.Contains(said, "rejected by cli:") || !strings.Contains(said, "it is not signed") {
		t.Errorf("rejected it says %q", said)
	}
	lines, err := s.Audit(t.Context(), store.AuditFilter{Deed: partnership.DeedOpenTaxPaper})
	must(t, err)
	if len(lines) != 1 || lines[0].Reason != "1099 of 2026" {
		t.Errorf("the audit has %+v", lines)
	}

	var said bytes.Buffer
	for name, args := range map[string][]string{
		"more than four":     {"tax", "record", "@lena", "--form", "W-9", "--last4", "54321", "--reference", "x"},
		"a form of its own":  {"tax", "record", "@lena", "--form", "1040", "--country", "US", "--reference", "x"},
		"nowhere":            {"tax", "record", "@lena", "--form", "W-9", "--reference", " "},
		"without a reason":   {"tax", "reject", "paper-1", "--reason", " "},
		"looking, no reason": {"tax", "open", "paper-1", "--reason", " "},
	} {
		if code := run(t.Context(), args, &said, &said); code != wrong {
			t.Errorf("%s: exit %d, %s", name, code, said.String())
		}
	}
	roles := t.TempDir() + "/roles"
	must(t, os.WriteFile(roles, []byte("U1: finance\n"), 0o600))
	t.Setenv("RAPPORT_ROLES", roles)
	for _, args := range [][]string{{"tax", "open", "paper-1", "--reason", "x"}, {"tax", "reject", "paper-1", "--reason", "x"}, {"tax", "record", "@lena", "--form", "W-9", "--reference", "x"}} {
		said.Reset()
		if code := run(t.Context(), args, &said, &said); code == done || !strings.Contains(said.String(), "finance") {
			t.Errorf("%v without the role: exit %d, %s", args, code, said.String())
		}
	}
}

// taxPaper puts one of lena's on file.
func (h *shellHouse) taxPaper(id string) string {
	h.t.Helper()
	lena, err := h.store.FindCreator(h.t.Context(), "@lena")
	must(h.t, err)
	p := partnership.TaxPaper{ID: id, CreatorID: lena.ID, Kind: partnership.FormW8, Country: "DE", Name: "Lena", Number: "12345678901", File: []byte("%PDF-1.7 signed")}
	must(h.t, h.store.AddTaxPaper(h.t.Context(), p, partnership.Deed{Who: partnership.ByCreator(lena.ID), Deed: partnership.DeedGiveTaxPaper}))
	return id
}
