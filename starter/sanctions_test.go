package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/sanctions"
	"github.com/rapport-dev/rapport/partnership/zones"
	"github.com/rapport-dev/rapport/store"
)

// listFile is a list with one name.
func listFile(t *testing.T, name string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "sdn.csv")
	must(t, os.WriteFile(file, []byte(`9696,"`+name+`","individual","BALKANS",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- `+"\r\n\x1a"), 0o600))
	return file
}

// hit is lena's name on a list.
func (h *shellHouse) hit() string {
	h.t.Helper()
	h.earned("hit")
	hits := onList(h.t, h.store, "@lena")
	return hits[0].ID
}

// hitOn is one more, of a list of its own.
func (h *shellHouse) hitOn(uid string) string {
	h.t.Helper()
	h.hit()
	entry := sanctions.Entry{Source: "listed", UID: uid, Name: "PETROVIC, Milan", Aliases: []string{}}
	hits, err := h.store.ImportSanctions(h.t.Context(), partnership.SanctionList{Source: "listed", Published: "2026-11-01", Hash: uid}, []sanctions.Entry{entry}, partnership.Deed{Who: "cli:fin", Deed: partnership.DeedImportSanctions})
	must(h.t, err)
	at := slices.IndexFunc(hits, func(h partnership.NameHit) bool { return h.UID == uid })
	if at < 0 {
		h.t.Fatalf("it finds %+v", hits)
	}
	return hits[at].ID
}

func onList(t *testing.T, s *store.Store, handle string) []partnership.NameHit {
	t.Helper()
	creator, err := s.FindCreator(t.Context(), handle)
	must(t, err)
	given, _ := partnership.TaxPaper{CreatorID: creator.ID, Kind: partnership.FormW9, Name: "Milan Petrovic", Number: "523456781", File: []byte("%PDF-1.7")}.Clean()
	must(t, s.AddTaxPaper(t.Context(), given, partnership.Deed{Who: partnership.ByCreator(creator.ID), Deed: partnership.DeedGiveTaxPaper}))
	output(t, "sanctions", "import", listFile(t, "PETROVIC, Milan"), "--published", "2026-11-01")
	hits, err := s.NameHits(t.Context(), true)
	must(t, err)
	hits = slices.DeleteFunc(hits, func(h partnership.NameHit) bool { return h.Source == "listed" })
	if len(hits) != 1 {
		t.Fatalf("it finds %+v", hits)
	}
	return hits
}

// A list is imported with its date and hash, whose name is like one on it is shown, and a named person clears or confirms with a reason.
func TestSanctionsFromAShell(t *testing.T) {
	if testing.Short() {
		t.Skip("it needs a database")
	}
	_, pa := kept(t)
	s, err := store.Open(t.Context(), os.Getenv("RAPPORT_DATABASE_URL"), store.Options{SecretKey: []byte("a secret of these very tests ...")})
	must(t, err)
	defer s.Close()
	must(t, s.EarnFee(t.Context(), pa, "post-1", 12_300, time.Now()))
	if said := output(t, "sanctions", "hits"); !strings.Contains(said, "No list was imported") {
		t.Errorf("it says %q", said)
	}
	hit := onList(t, s, "@lena")[0]
	if said := output(t, "sanctions", "hits"); !strings.Contains(said, "ofac-sdn of 2026-11-01, sha256 ") || !strings.Contains(said, "PETROVIC, Milan") || !strings.Contains(said, "waits") {
		t.Errorf("it says %q", said)
	}
	now := time.Now().In(zones.Or("America/New_York")).Format("2006-01") // a month that has begun there
	if said := output(t, "payouts", "preview", "--program", "dreams", "--period", now); !strings.Contains(said, "sanctions list") {
		t.Errorf("the preview says %q", said)
	}
	if said := output(t, "sanctions", "confirm", hit.ID, "--reason", "the same birthday"); !strings.Contains(said, "confirmed") {
		t.Errorf("it says %q", said)
	}
	output(t, "sanctions", "clear", hit.ID, "--reason", "it was another year")
	if said := output(t, "sanctions", "hits"); !strings.Contains(said, "Nobody waits") {
		t.Errorf("it says %q", said)
	}
	if said := output(t, "sanctions", "hits", "--all"); !strings.Contains(said, "cleared by cli:") || !strings.Contains(said, "it was another year") {
		t.Errorf("it says %q", said)
	}

	var said bytes.Buffer
	for name, args := range map[string][]string{
		"no reason":      {"sanctions", "clear", hit.ID, "--reason", " "},
		"no day":         {"sanctions", "import", listFile(t, "A B"), "--published", "yesterday"},
		"another's name": {"sanctions", "import", listFile(t, "A B"), "--published", "2026-11-01", "--source", "OFAC SDN"},
	} {
		if code := run(t.Context(), args, &said, &said); code != wrong {
			t.Errorf("%s: exit %d, %s", name, code, said.String())
		}
	}
	roles := t.TempDir() + "/roles"
	must(t, os.WriteFile(roles, []byte("U1: finance\n"), 0o600))
	t.Setenv("RAPPORT_ROLES", roles)
	said.Reset()
	if code := run(t.Context(), []string{"sanctions", "clear", hit.ID, "--reason", "x"}, &said, &said); code == done || !strings.Contains(said.String(), "finance") {
		t.Errorf("without the role: exit %d, %s", code, said.String())
	}
}
