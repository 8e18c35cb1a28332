package store_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// sumsOfOneCurrency are queries whose sums are of one currency though they do not say so, and why.
var sumsOfOneCurrency = map[string]string{
	"LineOfPayout":     "a payout's rows are in its currency; PayoutDrift finds those that are not",
	"RunsAgainstPlans": "a run pays in one currency, which stands in its row and in its plan",
	"TallyOfRuns":      "a run pays in one currency, which stands in its row",
}

var (
	aSum      = regexp.MustCompile(`(?i)\bsum\([^;]*?_minor`)
	byOne     = regexp.MustCompile(`(?is)group by[^;]*currency\b|currency = (@|\$|\w+\.)|currency, sum\(.*group by 1, 2`)
	queryName = regexp.MustCompile(`(?m)^-- name: (\w+).*$`)
)

// Money is added within a currency (RULES, money 15): every sum of amounts is grouped by currency or asks for one.
func TestEverySumIsByCurrency(t *testing.T) {
	t.Parallel()
	found := 0
	for _, file := range must2(filepath.Glob("queries/*.sql"))(t) {
		text := string(must2(os.ReadFile(file))(t))
		names := queryName.FindAllStringSubmatchIndex(text, -1)
		for i, at := range names {
			end := len(text)
			if i+1 < len(names) {
				end = names[i+1][0]
			}
			name := text[at[2]:at[3]]
			for _, bad := range addsCurrencies(text[at[1]:end]) {
				if sumsOfOneCurrency[name] == "" {
					t.Errorf("%s: %s adds amounts of any currency: %s", file, name, bad)
				}
			}
			found += len(aSum.FindAllString(text[at[1]:end], -1))
		}
	}
	if found < 10 {
		t.Errorf("only %d sums were found: the test looks for the wrong thing", found)
	}
}

// addsCurrencies are the selects of a query that sum amounts and neither group by currency nor ask for one.
func addsCurrencies(query string) (bad []string) {
	for _, at := range aSum.FindAllStringIndex(query, -1) {
		if scope := selectAround(query, at[0]); !byOne.MatchString(scope) {
			bad = append(bad, strings.Join(strings.Fields(scope), " "))
		}
	}
	return bad
}

// selectAround is the innermost select that holds a place.
func selectAround(query string, at int) string {
	from, depth := 0, 0
	for i := at - 1; i >= 0; i-- {
		switch query[i] {
		case ')':
			depth++
		case '(':
			if depth--; depth < 0 {
				depth = 0
				if strings.HasPrefix(query[i+1:], "select") {
					from = i + 1
					i = 0
				}
			}
		}
	}
	if from == 0 {
		return query
	}
	depth = 0
	for i := from; i < len(query); i++ {
		switch query[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth < 0 {
				return query[from:i]
			}
		}
	}
	return query[from:]
}

func TestWhatAddsCurrenciesIsSeen(t *testing.T) {
	t.Parallel()
	for query, bad := range map[string]int{
		"select sum(amount_minor) from ledger_rows where campaign_id = $1;":                                                                  1,
		"select currency, sum(amount_minor) from ledger_rows group by currency;":                                                             0,
		"select o.currency, (select sum(r.amount_minor) from refunds r where r.order_id = o.id) from orders o group by o.currency;":          1,
		"select o.currency, (select sum(r.amount_minor) from refunds r where r.currency = o.currency) from orders o group by o.currency;":    0,
		"select (select currency from x), coalesce(sum(d.cost_minor + 1), 0) from deliveries d;":                                             1,
		"select count(*), sum(days) from timeline_events;":                                                                                   0,
		"select coalesce(sum(reserved_minor), 0) from partnerships where campaign_id = @campaign_id and reserved_currency = @currency;":      0,
		"select coalesce((select sum(amount_minor) from a), 0) + coalesce((select sum(cost_minor) from b where b.currency = @currency), 0);": 1,
	} {
		if got := addsCurrencies(query); len(got) != bad {
			t.Errorf("%d of %q, want %d: %q", len(got), query, bad, got)
		}
	}
}

// Every table and view that holds an amount has a currency beside it: of its own name where there are several amounts, else "currency".
func TestEveryAmountHasItsCurrency(t *testing.T) {
	t.Parallel()
	f := open(t)
	conn := must2(pgx.Connect(t.Context(), f.url))(t)
	defer func() { _ = conn.Close(t.Context()) }()
	rows := must2(conn.Query(t.Context(), `select m.table_name || '.' || m.column_name, exists (select from information_schema.columns c
			where c.table_schema = m.table_schema and c.table_name = m.table_name
			    and c.column_name in ('currency', replace(m.column_name, '_minor', '_currency')))
		from information_schema.columns m where m.table_schema = 'public' and m.column_name like '%\_minor' order by 1`))(t)
	amounts := 0
	for rows.Next() {
		var column string
		var has bool
		must(t, rows.Scan(&column, &has))
		amounts++
		if !has {
			t.Errorf("%s is an amount without a currency", column)
		}
	}
	must(t, rows.Err())
	if amounts < 15 {
		t.Errorf("only %d amounts were found", amounts)
	}
}
