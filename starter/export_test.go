package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web/access"
)

// Everybody's address leaves the house in a file: the audit has who took it.
func TestWhoTookTheCreatorsIsKnown(t *testing.T) {
	if testing.Short() {
		t.Skip("it needs a database")
	}
	kept(t)
	file := filepath.Join(t.TempDir(), "creators.csv")
	output(t, "creators", "export", file)
	s, err := store.Open(t.Context(), os.Getenv("RAPPORT_DATABASE_URL"), store.Options{SecretKey: []byte("a secret of these very tests ...")})
	must(t, err)
	defer s.Close()
	lines, err := s.Audit(t.Context(), store.AuditFilter{Deed: partnership.DeedExportCreators})
	must(t, err)
	if len(lines) != 1 || lines[0].Who != access.Shell() {
		t.Errorf("the audit says %+v", lines)
	}
}
