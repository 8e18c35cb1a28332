package main

import (
	"bytes"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/store"
)

// RULE 13: what was paid in a year, against its threshold, and who comes near it is said before they are paid.
func TestAYearsPaymentsFromAShell(t *testing.T) {
	if testing.Short() {
		t.Skip("it needs a database")
	}
	id, pa := kept(t)
	c, _, account := atTheProvider(t)
	s, err := store.Open(t.Context(), os.Getenv("RAPPORT_DATABASE_URL"), store.Options{SecretKey: []byte("a secret of these very tests ...")})
	must(t, err)
	defer s.Close()
	period, _ := paidOnce(t, s, c, account, id, pa) // 123.00
	now, err := s.Time(t.Context())
	must(t, err)
	year, err := ledger.YearOf("America/New_York", now)
	must(t, err)
	tax := []string{"tax", "1099", "--year", strconv.Itoa(year)}
	if said := output(t, tax...); !strings.Contains(said, "@lena") || !strings.Contains(said, "$123.00") || !strings.Contains(said, "below") {
		t.Errorf("it says %q", said)
	}
	if said := output(t, append(tax, "--csv")...); !strings.HasPrefix(said, "year,creator_id,platform,creator,currency,paid,") || !strings.Contains(said, ",lena,USD,123.00,1,0.00,0.00,2000.00,below\n") {
		t.Errorf("as CSV it says %q", said)
	}
	lines, err := s.Audit(t.Context(), store.AuditFilter{Deed: partnership.DeedReport1099})
	must(t, err)
	if len(lines) != 2 {
		t.Errorf("the audit has %d lines", len(lines))
	}

	month := []string{"--program", "dreams", "--period", period}
	if said := output(t, append([]string{"payouts", "status"}, month...)...); strings.Contains(said, "1099") {
		t.Errorf("of 123.00 it warns: %q", said)
	}
	must(t, s.EarnFee(t.Context(), pa, "post-2", 147_700, now.AddDate(0, 0, -1))) // 80 % of 2,000.00 in all
	if said := output(t, append([]string{"payouts", "preview"}, month...)...); !strings.Contains(said, "$1,600.00 in "+strconv.Itoa(year)+", 80 % or more of the $2,000.00 of Form 1099-NEC") {
		t.Errorf("before it pays that it says %q", said)
	}

	var said bytes.Buffer
	if code := run(t.Context(), []string{"tax", "1099", "--year", "2019"}, &said, &said); code != wrong {
		t.Errorf("2019: exit %d, %s", code, said.String())
	}
	roles := t.TempDir() + "/roles"
	must(t, os.WriteFile(roles, []byte("U1: finance\n"), 0o600))
	t.Setenv("RAPPORT_ROLES", roles)
	if code := run(t.Context(), tax, &said, &said); code == done || !strings.Contains(said.String(), "finance") {
		t.Errorf("without the role: exit %d, %s", code, said.String())
	}
}
