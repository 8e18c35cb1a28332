package store_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/store"
)

// payoutsOfAll filters nothing.
var payoutsOfAll store.PayoutFilter

func TestTheDatabaseRefusesWhatMustNeverBe(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, plan := f.month(1)
	f.pay(plan)
	for _, statement := range []string{
		`with head as (insert into postings (key, kind, at) values ('x', 'test', now()) returning id)
		 insert into entries select id, 'a', 'USD', 100 from head union all select id, 'b', 'USD', -99 from head`,
		`with head as (insert into postings (key, kind, at) values ('x', 'test', now()) returning id)
		 insert into entries select id, 'a', 'USD', 100 from head union all select id, 'b', 'EUR', -100 from head`,
		`insert into entries select id, 'late', 'USD', 1 from postings limit 1`,
		`insert into postings (key, kind, at) values ('empty', 'test', now())`,
		`insert into postings (key, kind, at) select key, kind, at from postings limit 1`,
		`update entries set amount_minor = amount_minor + 1`,
		`delete from entries`,
		`truncate entries cascade`,
		`update postings set kind = 'other'`,
		`delete from postings`,
		`update ledger_rows set amount_minor = amount_minor + 1`,
		`update ledger_rows set eligible_at = now()`,
		`update ledger_rows set state = 'eligible', payout_id = null`,
		`delete from ledger_rows`,
		`update payouts set amount_minor = 1`,
		`update payouts set destination = 'acct_thief'`,
		`update payouts set first_posted_at = now()`,
		`delete from payouts`,
		`update audit set actor = 'somebody else'`,
		`delete from audit`,
	} {
		if err := f.sql(statement); err == nil {
			t.Errorf("allowed: %s", statement)
		}
	}
	f.sound()
}

// The database's table of moves and the ledger's are one.
func TestRowsMoveAsTheLedgerSays(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1)
	f.order(parties[0], "o1", 50_000)
	states := []ledger.State{ledger.Pending, ledger.Eligible, ledger.InPayout, ledger.Paid, ledger.Held, ledger.Reversed, ledger.Voided}
	events := []ledger.Event{ledger.Mature, ledger.Claim, ledger.Release, ledger.Pay, ledger.Hold, ledger.Clear, ledger.Reverse, ledger.Void}
	for _, from := range states {
		var reachable []ledger.State
		for _, event := range events {
			if to, err := ledger.Next(from, event); err == nil {
				reachable = append(reachable, to)
			}
		}
		for _, to := range states {
			if from == to {
				continue
			}
			// Triggers are off while the row is put where the move starts; nothing of this is kept.
			err := f.sql(`do $$ begin
				alter table ledger_rows disable trigger ledger_rows_guard;
				alter table ledger_rows drop constraint ledger_rows_check1;
				update ledger_rows set state = '` + string(from) + `';
				alter table ledger_rows enable trigger ledger_rows_guard;
				update ledger_rows set state = '` + string(to) + `';
				raise exception 'undone' using errcode = 'P0099';
			end $$`)
			if allowed := isUndone(err); allowed != slices.Contains(reachable, to) {
				t.Errorf("%s to %s: the database allows it: %v, the ledger: %v (%v)", from, to, allowed, !allowed, err)
			}
		}
	}
}

func TestMigrateMayRunAgainAndAtOnce(t *testing.T) {
	t.Parallel()
	f := open(t)
	atOnce(3, func(int) {
		if err := store.Migrate(t.Context(), f.url); err != nil {
			t.Error(err)
		}
	})
	if _, err := store.Open(t.Context(), f.url, store.Options{}); err == nil {
		t.Error("a store without a secret key was opened")
	}
	_, err := f.Campaign(t.Context(), "nobody")
	wantCode(t, err, partnership.NotFound)
}

func isUndone(err error) bool {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	return ok && pg.Code == "P0099"
}
