package store_test

import (
	"slices"
	"testing"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/store"
)

// many is one creator's month, and 10,000 creators more in it, as a large program's books hold them.
func many(t *testing.T) (*fixture, partnership.PayoutPlan) {
	t.Helper()
	f := open(t)
	_, plan := f.month(1)
	must(t, f.sql(`set session_replication_role = replica;
		insert into creators select (jsonb_populate_record(c, jsonb_build_object('id', 'c' || i, 'handle', 'many' || i, 'email', 'many' || i || '@creators.example', 'optout_hash', '\x' || lpad(to_hex(i), 8, '0'), 'handle_key', 'many' || i))).*
			from creators c, generate_series(1, 10000) i where c.id = (select min(id) from creators);
		insert into payouts select (jsonb_populate_record(p, jsonb_build_object('id', 'po' || lpad(i::text, 6, '0'), 'creator_id', 'c' || i, 'idempotency_key', 'k' || i, 'state', 'unknown'))).*
			from payouts p, generate_series(1, 10000) i where p.id = (select min(id) from payouts);
		insert into ledger_rows select (jsonb_populate_record(l, jsonb_build_object('id', 'row' || lpad(i::text, 6, '0'), 'creator_id', 'c' || i, 'order_id', 'many' || i, 'state', 'held', 'payout_id', null))).*
			from ledger_rows l, generate_series(1, 10000) i where l.order_id = 'o1';
		insert into payout_rows (payout_id, row_id) select 'po' || lpad(i::text, 6, '0'), 'row' || lpad(i::text, 6, '0') from generate_series(1, 10000) i;
		insert into entries select (jsonb_populate_record(e, jsonb_build_object('account', 'creator:c' || i || ':payable'))).*
			from entries e, generate_series(1, 10000) i where e.posting_id = (select min(posting_id) from entries) and e.account like 'creator:%'`))
	return f, plan
}

// walk reads a list to its end in pages of 1,000, and returns the keys of all its lines.
func walk[T any](t *testing.T, read func(p store.Page) ([]T, string, error), key func(T) string) (all []string) {
	t.Helper()
	p := store.Page{Most: 1000}
	for pages := 1; ; pages++ {
		rows, next, err := read(p)
		must(t, err)
		if len(rows) > p.Most || pages > 20 {
			t.Fatalf("page %d has %d lines", pages, len(rows))
		}
		for _, row := range rows {
			all = append(all, key(row))
		}
		if next == "" {
			break
		}
		p.After = next
	}
	if twice := slices.Compact(slices.Sorted(slices.Values(all))); len(twice) != len(all) {
		t.Errorf("%d lines, %d of them different", len(all), len(twice))
	}
	return all
}

// A list that grows with the creators is read in pages: none holds more than was asked for, and together they hold all, once.
func TestAListOfTenThousandIsReadInPages(t *testing.T) {
	t.Parallel()
	f, plan := many(t)
	ctx := t.Context()
	rows := walk(t, func(p store.Page) ([]board.Row, string, error) { return f.LedgerRows(ctx, store.LedgerFilter{}, p) }, func(r board.Row) string { return r.ID })
	whole, err := f.LedgerDocument(ctx, store.LedgerFilter{})
	must(t, err)
	if len(rows) != len(whole.Rows) || len(rows) < 10_000 {
		t.Errorf("%d of %d rows", len(rows), len(whole.Rows))
	}
	balances := walk(t, func(p store.Page) ([]board.Balance, string, error) { return f.Balances(ctx, store.LedgerFilter{}, p) }, func(b board.Balance) string { return b.Account + b.Currency })
	if len(balances) != len(whole.Balances) || len(balances) < 10_000 {
		t.Errorf("%d of %d balances", len(balances), len(whole.Balances))
	}
	for _, only := range []store.PayoutFilter{{}, {RunID: plan.RunID}, {Program: program, Period: period}} {
		payouts := walk(t, func(p store.Page) ([]board.Payout, string, error) { return f.Payouts(ctx, only, p) }, func(po board.Payout) string { return string(po.ID) })
		if len(payouts) != 10_001 {
			t.Errorf("%+v: %d payouts", only, len(payouts))
		}
	}
	one, next, err := f.Payouts(ctx, store.PayoutFilter{Handle: "many77"}, store.Page{Most: 5})
	if err != nil || len(one) != 1 || next != "" || len(one[0].Rows) != 1 {
		t.Errorf("one creator's: %+v, %q, %v", one, next, err)
	}
	if held, err := f.HeldRows(ctx, 50); err != nil || len(held) != 50 {
		t.Errorf("%d held, %v", len(held), err)
	}
	if n, err := f.HeldCount(ctx); err != nil || n != 10_000 {
		t.Errorf("%d held, %v", n, err)
	}
	waits, err := f.PendingDecisions(ctx, 50)
	of := map[string]int{}
	for _, one := range waits {
		of[one.Kind]++
	}
	if err != nil || len(waits) < 50 || len(waits) > 102 || of["payout"] != 50 || of["held_row"] != 50 {
		t.Errorf("%v wait, %v", of, err)
	}
	ids := make([]partnership.CreatorID, 0, 10_000)
	for _, r := range rows {
		ids = append(ids, partnership.CreatorID("c"+r))
	}
	if handles, err := f.Handles(ctx, append(ids, "c77")); err != nil || handles["c77"] != "many77" {
		t.Errorf("%v, %v", handles, err)
	}
}

// A page begins after what it was told, or says that there is no such thing.
func TestAPageBeginsAfterWhatThereIs(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, _, err := f.Runs(ctx, "", "", store.Page{After: "nothing", Most: 1})
	wantCode(t, err, partnership.NotFound)
	_, _, err = f.CampaignPage(ctx, store.Page{After: "nothing", Most: 1})
	wantCode(t, err, partnership.NotFound)
	_, _, err = f.Balances(ctx, store.LedgerFilter{}, store.Page{After: "cash:stripe", Most: 1})
	wantCode(t, err, partnership.Invalid)
	f.month(1)
	f.launch(1, func(c *partnership.Campaign, _ *partnership.Terms) { c.Name, c.Program = "Another", "another" })
	campaigns, next, err := f.CampaignPage(ctx, store.Page{Most: 1})
	must(t, err)
	rest, end, err := f.CampaignPage(ctx, store.Page{After: next, Most: 1})
	must(t, err)
	if len(campaigns) != 1 || len(rest) != 1 || campaigns[0].ID == rest[0].ID || end != "" {
		t.Errorf("%v, then %v", campaigns, rest)
	}
}
