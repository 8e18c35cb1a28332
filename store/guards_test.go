package store_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/proof/pgtest"
	"github.com/rapport-dev/rapport/store"
)

// payoutsOfAll filters nothing.
var payoutsOfAll store.PayoutFilter

func TestTheDatabaseRefusesWhatMustNeverBe(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1)
	f.order(parties[0], "o1", 50_000)
	f.refund("o1", "r1", 10_000)
	key := partnership.EffectKey("partnership/" + string(parties[0].id) + "/outreach/1")
	_, err := f.BeginEffect(t.Context(), key, "mail")
	must(t, err)
	must(t, f.ConfirmEffect(t.Context(), key, map[string]string{"id": "m1"}))
	must(t, f.AddEvent(t.Context(), parties[0].id, "1", partnership.TimelineEvent{At: epoch, Kind: "went_quiet", Owner: "creator", Detail: "no answer"}))
	f.pass(2 * day)
	f.pay(f.plan())
	for _, statement := range []string{
		`with head as (insert into postings (key, kind, at) values ('x', 'test', now()) returning id)
		 insert into entries select id, 'a', 'USD', 100 from head union all select id, 'b', 'USD', -99 from head`,
		`with head as (insert into postings (key, kind, at) values ('x', 'test', now()) returning id)
		 insert into entries select id, 'a', 'USD', 100 from head union all select id, 'b', 'EUR', -100 from head`,
		`insert into entries select id, 'late', 'USD', 1 from postings limit 1`,
		`insert into entries select p.id, x.account, 'USD', x.amount from (select id from postings limit 1) p,
			(values ('late', 1), ('later', -1)) x (account, amount)`,
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
		`truncate ledger_rows cascade`,
		`insert into ledger_rows select 'forged', program, campaign_id, partnership_id, creator_id, 'bonus', 'paid', 100, currency, '', '', 0, occurred_at, eligible_at,
			payout_id, '', created_at from ledger_rows limit 1`,
		`update payouts set amount_minor = 1`,
		`update payouts set destination = 'acct_thief'`,
		`update payouts set first_posted_at = now()`,
		`delete from payouts`,
		`truncate payouts cascade`,
		`update payouts set state = 'planned'`,
		`update payouts set state = 'planned', provider_ref = ''`,
		`update payouts set provider_ref = 'tr_other'`,
		`update payouts set state = 'returned', reversed_minor = -1`,
		`insert into payouts select 'forged', run_id, creator_id, destination, amount_minor, 'EUR', 'paid', provider, 'tr_forged', 'forged', now(), 0, '', now() from payouts limit 1`,
		`update payout_rows set payout_id = 'other'`,
		`delete from payout_rows`,
		`truncate payout_rows`,
		`update payout_runs set state = 'planned'`,
		`update payout_runs set prepared_by = 'nobody'`,
		`update payout_runs set need_approvers = 0`,
		`update payout_runs set lines_hash = 'other'`,
		`delete from payout_runs`,
		`truncate payout_runs cascade`,
		`update run_approvals set approved_by = 'somebody else'`,
		`delete from run_approvals`,
		`truncate run_approvals`,
		`update orders set net_minor = net_minor * 2`,
		`delete from orders`,
		`truncate orders`,
		`update order_facts set fact = '{}'`,
		`delete from order_facts`,
		`truncate order_facts`,
		`update order_sums set back_minor = 0`,
		`delete from order_sums`,
		`truncate order_sums`,
		`update effects set state = 'intent'`,
		`update effects set receipt = '{"id": "other"}'`,
		`delete from effects`,
		`truncate effects`,
		`update timeline_events set at = now()`,
		`update timeline_events set detail = 'other'`,
		`delete from timeline_events`,
		`truncate timeline_events`,
		`update audit set actor = 'somebody else'`,
		`delete from audit`,
	} {
		if err := f.sqlAsProgram(statement); err == nil {
			t.Errorf("the program may: %s", statement)
		}
		if err := f.sql(statement); err == nil {
			t.Errorf("the owner may: %s", statement)
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
		if err := store.Migrate(t.Context(), pgtest.Owner(t, f.url), f.url); err != nil {
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
