package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/proof/temporaltest"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web/access"
	"github.com/rapport-dev/rapport/workflows"
)

func TestOrdersOfAnotherShopAreImportedFromAShell(t *testing.T) {
	t.Setenv("USER", "ana")
	_, pa := kept(t)
	s, err := store.Open(t.Context(), os.Getenv("RAPPORT_DATABASE_URL"), store.Options{SecretKey: []byte("a secret of these very tests ...")})
	must(t, err)
	defer s.Close()
	kit, err := s.EnsureKit(t.Context(), pa)
	must(t, err)
	view, err := s.View(t.Context(), pa)
	must(t, err)
	view.Terms.Version, view.Terms.Currency, view.Terms.CommissionBPS = view.Terms.Version+1, "USD", 1000
	must(t, s.SaveProjection(t.Context(), partnership.Projection{PartnershipID: pa, Seq: 1000, Terms: &view.Terms}))
	file := filepath.Join(t.TempDir(), "orders.csv")
	write := func(rows ...string) { must(t, os.WriteFile(file, []byte(strings.Join(rows, "\n")), 0o600)) }

	write("order_id;time;currency;net;refunded;code;new_customer", "W-1;2026-11-10 15:00;USD;80.00;;"+kit.DiscountCode+";yes", "W-1;2026-11-10 15:00;USD;20.00;;"+kit.DiscountCode+";yes",
		"W-2;2026-11-11 15:00;USD;50.00;;WELCOME;no")
	look := output(t, "orders", "import", file, "--shop", "outlet")
	for _, want := range []string{"2 orders, of which 1 carry", "$150.00", "WELCOME", "Nothing is booked yet"} {
		if !strings.Contains(look, want) {
			t.Errorf("before it books it shows %q, without %q", look, want)
		}
	}
	if rows, err := s.LedgerDocument(t.Context(), store.LedgerFilter{}); err != nil || len(rows.Rows) != 0 {
		t.Fatalf("a look has booked %+v, %v", rows.Rows, err)
	}
	earned := func() (sum int64) {
		rows, err := s.LedgerDocument(t.Context(), store.LedgerFilter{})
		must(t, err)
		for _, row := range rows.Rows {
			sum += row.AmountMinor
		}
		return sum
	}
	for range 2 { // the same file again changes nothing
		if text := output(t, "orders", "import", file, "--shop", "outlet", "--confirm"); !strings.Contains(text, "Imported 2 orders; 1 are credited") {
			t.Errorf("it says %q", text)
		}
	}
	whole := earned()
	if whole == 0 {
		t.Fatal("nothing is earned")
	}
	write("order_id,time,currency,net,refunded,code", "W-1,2026-11-10 15:00,USD,100.00,50.00,"+kit.DiscountCode)
	output(t, "orders", "import", file, "--shop", "outlet", "--confirm")
	if got := earned(); got != whole/2 {
		t.Errorf("after half came back %d is earned, of %d", got, whole)
	}
	lines, err := s.Audit(t.Context(), store.AuditFilter{Deed: partnership.DeedImportOrders})
	must(t, err)
	if len(lines) != 3 || lines[0].Who != access.Shell() {
		t.Errorf("the audit has %+v", lines)
	}

	write("order_id,time,currency,net,price", "A,soon,USD,1,", "B,2026-11-10,XYZ,1,", "C,2999-01-01,USD,x,")
	var said bytes.Buffer
	if code := run(t.Context(), []string{"orders", "import", file, "--shop", "outlet", "--confirm"}, &said, &said); code != wrong || !strings.Contains(said.String(), "price") {
		t.Errorf("exit %d: %s", code, said.String())
	}
	write("order_id,time,currency,net", "A,soon,USD,1", "B,2026-11-10,XYZ,1", "C,2999-01-01,USD,x")
	said.Reset()
	if code := run(t.Context(), []string{"orders", "import", file, "--shop", "outlet", "--confirm"}, &said, &said); code != wrong || strings.Count(said.String(), "orders.csv:") != 4 {
		t.Errorf("exit %d, and not all four faults: %s", code, said.String())
	}
}

func TestOrdersAreReadAgainFromAShell(t *testing.T) {
	if testing.Short() {
		t.Skip("it needs a database and Temporal")
	}
	t.Setenv("USER", "ana")
	kept(t)
	server := temporaltest.Server(t)
	t.Setenv("TEMPORAL_ADDRESS", server.Address())
	t.Setenv("TEMPORAL_NAMESPACE", server.Namespace())
	t.Setenv("RAPPORT_CODEC_KEYS", "plain")
	w := worker.New(temporaltest.Client(t), workflows.QueueLifecycle, worker.Options{})
	w.RegisterWorkflowWithOptions(func(_ workflow.Context, in workflows.RereadInput) (partnership.Reread, error) {
		return partnership.Reread{Since: in.Since, Looked: 7, Booked: 1, Orders: []string{"1001"}, Minor: money.Sums{{Currency: "USD", Minor: 250}}, Restored: []string{"orders/paid"}}, nil
	}, workflow.RegisterOptions{Name: workflows.RereadType})
	must(t, w.Start())
	defer w.Stop()

	text := output(t, "orders", "reread", "--since", "2026-11-01")
	for _, want := range []string{"7 orders have changed", "$2.50", "1001", "orders/paid"} {
		if !strings.Contains(text, want) {
			t.Errorf("it says %q, without %q", text, want)
		}
	}
	s, err := store.Open(t.Context(), os.Getenv("RAPPORT_DATABASE_URL"), store.Options{SecretKey: []byte("a secret of these very tests ...")})
	must(t, err)
	defer s.Close()
	lines, err := s.Audit(t.Context(), store.AuditFilter{Deed: partnership.DeedRereadOrders})
	must(t, err)
	if len(lines) != 1 || lines[0].Who != access.Shell() {
		t.Errorf("the audit has %+v", lines)
	}
	for _, since := range []string{"tomorrow", time.Now().AddDate(0, 0, 2).Format(time.DateOnly)} {
		var said bytes.Buffer
		if code := run(t.Context(), []string{"orders", "reread", "--since", since}, &said, &said); code == done || !strings.Contains(said.String(), "since") {
			t.Errorf("since %s: exit %d: %s", since, code, said.String())
		}
	}
}
