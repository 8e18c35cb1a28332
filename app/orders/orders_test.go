package orders_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/app/launch"
	"github.com/rapport-dev/rapport/app/orders"
	"github.com/rapport-dev/rapport/partnership"
)

var (
	finance = deeds.By{Who: "cli:fin", Roles: []deeds.Role{deeds.Finance}, ID: "1"}
	manager = deeds.By{Who: "cli:ada", Roles: []deeds.Role{deeds.Manager}, ID: "1"}
	now     = time.Date(2026, 11, 10, 12, 0, 0, 0, time.UTC)
)

// books credit a tenth of each order, once; a word about an order that fails is their error.
type books struct {
	sold   map[string]partnership.Sale
	fails  map[string]error
	audit  []partnership.Deed
	silent error // of the audit
}

func newBooks() *books {
	return &books{sold: map[string]partnership.Sale{}, fails: map[string]error{}}
}

func (b *books) Record(ctx context.Context, d partnership.Deed) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	b.audit = append(b.audit, d)
	return b.silent
}

func (b *books) OwnedCodes(_ context.Context, codes []string) (map[string]bool, error) {
	return map[string]bool{"LENA": slices.Contains(codes, "LENA")}, nil
}

func (b *books) SoldIn(_ context.Context, o partnership.Sale) (string, error) {
	return b.sold[o.Shop+"/"+o.ID].Currency, nil
}

func (b *books) ImportSale(_ context.Context, _ string, o partnership.Sale) (bool, int64, error) {
	if err := b.fails[o.ID]; err != nil {
		return false, 0, err
	}
	before := b.sold[o.Shop+"/"+o.ID]
	b.sold[o.Shop+"/"+o.ID] = o
	return len(o.Codes) > 0, (o.NetMinor - before.NetMinor) / 10, nil
}

func read(t *testing.T, rows ...string) orders.Batch {
	t.Helper()
	batch, err := orders.Read("orders.csv", "outlet", nil, []byte("order_id,time,currency,net,code\n"+strings.Join(rows, "\n")), now)
	if err != nil {
		t.Fatal(err)
	}
	return batch
}

var three = []string{"1,2026-11-01,USD,100.00,LENA", "2,2026-11-01,JPY,5000,LENA", "3,2026-11-02,USD,50.00,WELCOME"}

func TestAnImportIsBookedAndAuditedByCurrency(t *testing.T) {
	t.Parallel()
	b := newBooks()
	look, err := orders.See(t.Context(), b, read(t, three...))
	if err != nil || look.Orders != 3 || look.Owned != 2 || look.Net["USD"] != 15_000 || look.Net["JPY"] != 5000 || !slices.Equal(look.Strange, []string{"WELCOME"}) || len(b.sold) > 0 {
		t.Errorf("a look: %+v, %v", look, err)
	}
	for i, want := range []map[string]int64{{"USD": 1500, "JPY": 500}, {"USD": 0, "JPY": 0}} { // the same file again books nothing more
		done, err := orders.Import(t.Context(), b, finance, read(t, three...))
		if err != nil || done.Orders != 3 || done.Credited != 3 || done.Minor.Of("USD") != want["USD"] || done.Minor.Of("JPY") != want["JPY"] {
			t.Errorf("import %d: %+v, %v", i, done, err)
		}
	}
	if len(b.audit) != 2 || b.audit[0].Who != "cli:fin" || b.audit[0].Details["orders"] != 3 {
		t.Errorf("the audit has %+v", b.audit)
	}
	if _, err := orders.Import(t.Context(), b, manager, read(t, three...)); partnership.CodeOf(err) != partnership.Forbidden || len(b.audit) != 2 {
		t.Errorf("by a manager: %v", err)
	}
}

// A file with an order in another currency than it was sold in is refused whole, naming each line.
func TestAnImportInAnotherCurrencyBooksNothing(t *testing.T) {
	t.Parallel()
	b := newBooks()
	b.sold["outlet/2"] = partnership.Sale{Shop: "outlet", ID: "2", Currency: "USD"}
	batch := read(t, three...)
	_, seen := orders.See(t.Context(), b, batch)
	_, done := orders.Import(t.Context(), b, finance, batch)
	for door, err := range map[string]error{"a look": seen, "the import": done} {
		wrong, is := errors.AsType[*launch.Faulty](err)
		if !is || len(wrong.Faults) != 1 || wrong.Faults[0].Line != 3 || wrong.Faults[0].Field != "currency" || !strings.Contains(wrong.Error(), "USD") || !strings.Contains(wrong.Error(), "JPY") {
			t.Errorf("%s: %v", door, err)
		}
	}
	if len(b.sold) != 1 || len(b.audit) > 0 {
		t.Errorf("booked %v, audit %v", b.sold, b.audit)
	}
}

// An import that fails midway has its line in the audit for what it has booked, also when whoever typed it has gone; again it goes on.
func TestAnImportThatFailsMidwayIsAudited(t *testing.T) {
	t.Parallel()
	b := newBooks()
	b.fails["2"] = errors.New("the database is away")
	ctx, stop := context.WithCancel(t.Context())
	stop()
	done, err := orders.Import(ctx, b, finance, read(t, three...))
	if err == nil || done.Orders != 1 || !strings.Contains(err.Error(), "orders.csv:3: 1 of 3 orders") || !strings.Contains(err.Error(), "the database is away") {
		t.Errorf("%+v, %v", done, err)
	}
	if len(b.audit) != 1 || b.audit[0].Details["orders"] != 1 || b.audit[0].Details["of"] != 3 {
		t.Errorf("the audit has %+v", b.audit)
	}
	b.fails = nil
	if done, err := orders.Import(t.Context(), b, finance, read(t, three...)); err != nil || done.Orders != 3 || done.Minor.Of("USD") != 500 || len(b.audit) != 2 {
		t.Errorf("again: %+v, %v, audit %d", done, err, len(b.audit))
	}
	b = newBooks()
	b.fails["1"] = errors.New("away")
	if _, err := orders.Import(t.Context(), b, finance, read(t, three...)); err == nil || len(b.audit) > 0 {
		t.Errorf("nothing is booked, and the audit has %+v, %v", b.audit, err)
	}
	b = newBooks()
	b.silent = errors.New("no line")
	if _, err := orders.Import(t.Context(), b, finance, read(t, three...)); !errors.Is(err, b.silent) {
		t.Errorf("without its line: %v", err)
	}
}

// Bad rows refuse a file whole, each by its line and field.
func TestBadRowsRefuseTheFile(t *testing.T) {
	t.Parallel()
	_, err := orders.Read("orders.csv", "outlet", nil, []byte("order_id,time,currency,net\nA,soon,USD,1\nB,2026-11-01,XYZ,1\nC,2026-12-01,USD,-3\n"), now)
	wrong, is := errors.AsType[*launch.Faulty](err)
	if !is {
		t.Fatal(err)
	}
	var at []string
	for _, f := range wrong.Faults {
		at = append(at, f.Field)
	}
	for _, field := range []string{"time", "currency", "net"} {
		if !slices.Contains(at, field) {
			t.Errorf("no fault names %s: %v", field, wrong.Faults)
		}
	}
}

// asked is a shop that is asked again.
type asked struct{ since time.Time }

func (a *asked) RereadOrders(_ context.Context, since time.Time) (partnership.Reread, error) {
	a.since = since
	return partnership.Reread{Looked: 5, Booked: 2}, nil
}

func TestARereadIsAudited(t *testing.T) {
	t.Parallel()
	b, shop := newBooks(), &asked{}
	found, err := orders.Reread(t.Context(), b, shop, finance, now.AddDate(0, 0, -3), now)
	if err != nil || found.Booked != 2 || len(b.audit) != 1 || b.audit[0].Deed != partnership.DeedRereadOrders {
		t.Errorf("%+v, %v, audit %+v", found, err, b.audit)
	}
	if _, err := orders.Reread(t.Context(), b, shop, manager, now.AddDate(0, 0, -3), now); partnership.CodeOf(err) != partnership.Forbidden {
		t.Errorf("by a manager: %v", err)
	}
	if _, err := orders.Reread(t.Context(), b, shop, finance, now.AddDate(0, 0, 1), now); partnership.CodeOf(err) != partnership.Invalid {
		t.Errorf("from tomorrow on: %v", err)
	}
}
