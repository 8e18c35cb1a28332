package main

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web/access"
)

func TestAHeldRowIsListedAndReleasedFromAShell(t *testing.T) {
	t.Setenv("USER", "ana")
	_, pa := kept(t)
	s, err := store.Open(t.Context(), os.Getenv("RAPPORT_DATABASE_URL"), store.Options{SecretKey: []byte("a secret of these very tests ...")})
	must(t, err)
	defer s.Close()
	must(t, s.EarnFee(t.Context(), pa, "post", 12_300, time.Now()))
	books, err := s.LedgerDocument(t.Context(), store.LedgerFilter{})
	must(t, err)
	row := books.Rows[0].ID
	must(t, s.HoldRow(t.Context(), row, "rapport", "looks odd"))

	if text := output(t, "ledger", "holds"); !strings.Contains(text, row) || !strings.Contains(text, "$123.00") || !strings.Contains(text, "looks odd") {
		t.Errorf("holds shows %q", text)
	}
	for range 2 {
		if text := output(t, "ledger", "release", row, "--reason", "it is fine"); text != "The row is released.\n" {
			t.Errorf("release says %q", text)
		}
	}
	var held []board.HeldRow
	if err := json.Unmarshal([]byte(output(t, "ledger", "holds", "--json")), &held); err != nil || len(held) != 0 {
		t.Errorf("after it %+v is held, %v", held, err)
	}
	trail, err := s.AuditOf(t.Context(), "row/"+row)
	must(t, err)
	if last := trail[len(trail)-1]; len(trail) != 2 || last.Actor != access.Shell() || last.Reason != "it is fine" {
		t.Errorf("the audit has %+v", trail)
	}
}

func TestAnEarningIsHeldFromAShell(t *testing.T) {
	_, pa := kept(t)
	s, err := store.Open(t.Context(), os.Getenv("RAPPORT_DATABASE_URL"), store.Options{SecretKey: []byte("a secret of these very tests ...")})
	must(t, err)
	defer s.Close()
	must(t, s.EarnFee(t.Context(), pa, "post", 12_300, time.Now()))
	books, err := s.LedgerDocument(t.Context(), store.LedgerFilter{})
	must(t, err)
	row := books.Rows[0].ID
	if text := output(t, "ledger", "show"); !strings.Contains(text, row) {
		t.Errorf("the ledger does not name the row: %q", text)
	}
	if text := output(t, "ledger", "hold", row, "--reason", "ten orders of one buyer"); text != "The row is held.\n" {
		t.Errorf("hold says %q", text)
	}
	if text := output(t, "ledger", "holds"); !strings.Contains(text, row) || !strings.Contains(text, "ten orders of one buyer") {
		t.Errorf("holds shows %q", text)
	}
	if text := output(t, "ledger", "hold", row, "--reason", "ten orders of one buyer"); text != "The row is held.\n" {
		t.Errorf("held once more for the same, it says %q", text)
	}
	lines, err := s.Audit(t.Context(), store.AuditFilter{Deed: partnership.DeedHoldRow})
	must(t, err)
	if len(lines) != 1 || lines[0].Who != access.Shell() || lines[0].Subject != "row/"+row || lines[0].Reason != "ten orders of one buyer" {
		t.Errorf("the audit has %+v", lines)
	}
}
