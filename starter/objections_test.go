package main

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web/access"
)

func TestAnObjectionIsDecidedFromAShell(t *testing.T) {
	t.Setenv("USER", "ana")
	id, pa := kept(t)
	s, err := store.Open(t.Context(), os.Getenv("RAPPORT_DATABASE_URL"), store.Options{SecretKey: []byte("a secret of these very tests ...")})
	must(t, err)
	defer s.Close()
	if text := output(t, "payouts", "objections"); text != "Nobody objects to anything.\n" {
		t.Errorf("with none it says %q", text)
	}
	creators, err := s.CampaignCreators(t.Context(), id)
	must(t, err)
	must(t, s.EarnFee(t.Context(), pa, "post", 12_300, time.Now()))
	books, err := s.LedgerDocument(t.Context(), store.LedgerFilter{})
	must(t, err)
	o, err := s.Object(t.Context(), store.EarningsOwner{Creator: creators[0].ID, Program: "dreams"}, books.Rows[0].ID, "that is too little", partnership.Deed{Who: partnership.ByCreator(creators[0].ID)})
	must(t, err)
	if text := output(t, "payouts", "objections"); !strings.Contains(text, o.ID) || !strings.Contains(text, "$123.00") || !strings.Contains(text, "that is too little") {
		t.Errorf("it shows %q", text)
	}
	if text := output(t, "payouts", "answer", o.ID, "--as", "answer", "--words", "we look"); !strings.Contains(text, "stays held") {
		t.Errorf("an answer says %q", text)
	}
	if text := output(t, "payouts", "answer", o.ID, "--as", "release", "--words", "it is as agreed"); !strings.Contains(text, "The line stands") {
		t.Errorf("a release says %q", text)
	}
	if text := output(t, "payouts", "objections", "--all"); !strings.Contains(text, "release by "+access.Shell()) {
		t.Errorf("afterwards it shows %q", text)
	}
}
