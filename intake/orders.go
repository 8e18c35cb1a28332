package intake

import (
	"cmp"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
)

// ImportedSale is an order of another shop as a file has it.
type ImportedSale struct {
	partnership.Sale

	Program string // "" when only the code or the link says which
	Line    int    // where it begins
}

// orderColumns are the columns of an orders.csv; the first four are needed.
var orderColumns = []string{"order_id", "time", "currency", "net", "refunded", "code", "link", "program", "new_customer", "shop"}

// orderTable reads an orders.csv.
type orderTable struct {
	*sheet
	shop  string                      // of the lines that name none
	own   []string                    // names of the shop that reports by itself
	at    map[string]int              // column -> place
	sales map[[2]string]*ImportedSale // by shop and id
}

// ParseOrders reads the orders of another shop: a line for each order, or for each of its lines with the same order_id, whose nets are summed.
// net is goods after all discounts, without tax and shipping, and refunded what came back of it so far. shop is whose the orders of lines
// are that name none; own are the names of the shop that reports by itself. All faults are found at once; with one of them no order is
// returned. now is when it is read: no order is from later.
func ParseOrders(file, shop string, own []string, r io.Reader, now time.Time) ([]ImportedSale, []Fault) {
	sheet, ok := readSheet(file, r, orderColumnsIn)
	t := &orderTable{sheet: sheet, shop: shop, own: own, at: map[string]int{}, sales: map[[2]string]*ImportedSale{}}
	if !ok || len(t.faults) > 0 {
		return nil, sortFaults(t.faults)
	}
	for i, r := range t.rows {
		if i > 0 {
			t.row(r.line, r.cells, now)
		} else if !t.header(r.line, r.cells) {
			return nil, sortFaults(t.faults)
		}
	}
	return t.all(now)
}

// orderColumn is a column as files spell it.
func orderColumn(name string) string {
	return strings.ReplaceAll(strings.ToLower(strings.Trim(name, " \r\"\t")), " ", "_")
}

// orderColumnsIn is how many of its columns a row names.
func orderColumnsIn(row []string) (n int) {
	for _, name := range row {
		if slices.Contains(orderColumns, orderColumn(name)) {
			n++
		}
	}
	return n
}

func (t *orderTable) header(line int, row []string) bool {
	for i, name := range row {
		name = orderColumn(name)
		switch _, twice := t.at[name]; {
		case name == "":
		case !slices.Contains(orderColumns, name):
			t.fault(line, name, "is no column of an orders file%s; there are %s", suggest(name, orderColumns), strings.Join(orderColumns, ", "))
		case twice:
			t.fault(line, name, "stands twice")
		default:
			t.at[name] = i
		}
	}
	for _, name := range orderColumns[:4] {
		if _, there := t.at[name]; !there {
			t.fault(line, name, "the column is missing; order_id, time, currency and net are needed")
		}
	}
	return len(t.faults) == 0
}

// row reads one line. What is said of an order on several of them has to be the same.
func (t *orderTable) row(line int, row []string, now time.Time) {
	get := func(column string) string {
		if i, there := t.at[column]; there && i < len(row) {
			return strings.TrimSpace(row[i])
		}
		return ""
	}
	s := ImportedSale{Line: line, Program: get("program")}
	s.Shop = t.shopOf(line, get("shop"))
	s.ID, s.Currency, s.LinkCode, s.Paid = get("order_id"), strings.ToUpper(get("currency")), get("link"), true
	if code := get("code"); code != "" {
		s.Codes = []string{code}
	}
	if s.ID == "" || strings.ContainsAny(s.ID, " \t") {
		t.fault(line, "order_id", "an order has an id without spaces")
		return
	}
	var err error
	if s.ProcessedAt, err = orderTime(get("time")); err != nil {
		t.fault(line, "time", "%v", err)
	} else if s.ProcessedAt.After(now) {
		t.fault(line, "time", "%q is in the future", get("time"))
	}
	switch strings.ToLower(get("new_customer")) {
	case "":
	case "yes", "true", "1", "no", "false", "0":
		first := slices.Contains([]string{"yes", "true", "1"}, strings.ToLower(get("new_customer")))
		s.NewCustomer = &first
	default:
		t.fault(line, "new_customer", "%q is neither yes nor no", get("new_customer"))
	}
	if !money.Known(s.Currency) {
		t.fault(line, "currency", "%q is not an ISO 4217 code such as USD", get("currency"))
	}
	s.NetMinor = t.minor(line, "net", get("net"), s.Currency)
	if back := get("refunded"); back != "" {
		if minor := t.minor(line, "refunded", back, s.Currency); minor > 0 {
			s.Refunds = []partnership.SaleRefund{{OrderID: s.ID, RefundID: "import", Currency: s.Currency, Lines: []partnership.RefundLine{{SubtotalMinor: minor}}}}
		}
	}
	t.add(s)
}

// shopOf is whose order a line is: two shops may have the same number.
func (t *orderTable) shopOf(line int, shop string) string {
	shop = strings.ToLower(cmp.Or(shop, strings.TrimSpace(t.shop)))
	switch {
	case slices.ContainsFunc(t.own, func(own string) bool { return strings.EqualFold(own, shop) }):
		return ""
	case shop == "":
		t.fault(line, "shop", "say whose order it is, in a column shop or with --shop for the whole file; our own shop is %s", cmp.Or(strings.Join(t.own, " or "), "not configured"))
	case !shopName.MatchString(shop):
		t.fault(line, "shop", "%q is no name of a shop: letters, digits, dots, dashes and underscores, 60 at most", shop)
	}
	return shop
}

var shopName = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,59}$`)

func (t *orderTable) minor(line int, field, text, currency string) int64 {
	const most = 100_000_000_000
	minor, err := money.Read(text, currency)
	if err != nil && money.Known(currency) {
		t.fault(line, field, "%q: %v", text, err)
		return 0
	}
	if err != nil || minor < 0 || minor > most {
		t.fault(line, field, "%q is no amount of zero or more in %q, such as 48.00", text, currency)
		return 0
	}
	return minor
}

func (t *orderTable) add(s ImportedSale) {
	key := [2]string{s.Shop, s.ID}
	known := t.sales[key]
	if known == nil {
		t.sales[key] = &s
		return
	}
	differs := func(field string, is bool) {
		if is {
			t.fault(s.Line, field, "is another one than on line %d, which is the same order", known.Line)
		}
	}
	differs("currency", s.Currency != known.Currency)
	differs("time", !s.ProcessedAt.Equal(known.ProcessedAt))
	differs("code", !slices.Equal(s.Codes, known.Codes))
	differs("link", s.LinkCode != known.LinkCode)
	differs("program", s.Program != known.Program)
	known.NetMinor += s.NetMinor
	for _, r := range s.Refunds {
		if len(known.Refunds) == 0 {
			known.Refunds = []partnership.SaleRefund{r}
		} else {
			known.Refunds[0].Lines = append(known.Refunds[0].Lines, r.Lines...)
		}
	}
}

// all are the orders in the file's order, or its faults.
func (t *orderTable) all(now time.Time) (sales []ImportedSale, faults []Fault) {
	for _, s := range t.sales {
		for i := range s.Refunds {
			s.Refunds[i].At = now // the newest file counts
			if back, _ := s.Refunds[i].Taken(false); back > s.NetMinor {
				t.fault(s.Line, "refunded", "more came back of order %s than it was worth", s.ID)
			}
		}
		s.SaidAt = now
		sales = append(sales, *s)
	}
	if len(sales) == 0 && len(t.faults) == 0 {
		t.fault(1, "", "no orders; a line for each is wanted after the header")
	}
	if len(t.faults) > 0 {
		return nil, sortFaults(t.faults)
	}
	slices.SortFunc(sales, func(a, b ImportedSale) int { return a.Line - b.Line })
	return sales, nil
}

func orderTime(text string) (time.Time, error) {
	for _, form := range []string{time.RFC3339, "2006-01-02 15:04:05", "2006-01-02 15:04", time.DateOnly} {
		if at, err := time.Parse(form, text); err == nil {
			return at.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is no instant such as 2026-11-10T15:00:00Z, nor 2026-11-10 15:00 in UTC", text)
}
