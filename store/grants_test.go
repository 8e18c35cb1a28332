package store_test

import (
	"context"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/rapport-dev/rapport/proof/pgtest"
	"github.com/rapport-dev/rapport/store"
)

// A table that somebody adds is the program's only when its line says so.
func TestEveryTableHasItsGrants(t *testing.T) {
	t.Parallel()
	f := open(t)
	text, err := os.ReadFile("grants.sql")
	must(t, err)
	conn, err := pgx.Connect(t.Context(), pgtest.Owner(t, f.url))
	must(t, err)
	defer conn.Close(context.WithoutCancel(t.Context()))
	rows, err := conn.Query(t.Context(), `select tablename, exists (select from information_schema.column_privileges p
			where p.table_schema = 'public' and p.table_name = tablename and p.grantee = $1 and p.privilege_type = 'INSERT')
		from pg_tables where schemaname = 'public' and tablename <> 'goose_db_version'`, "rapport_test_program")
	must(t, err)
	var name string
	var granted bool
	tables := 0
	_, err = pgx.ForEachRow(rows, []any{&name, &granted}, func() error {
		tables++
		if !granted {
			t.Errorf("the program may not write to %s: give it a line in store/grants.sql", name)
		}
		return nil
	})
	must(t, err)
	if tables < 40 || strings.Contains(strings.ToLower(string(text)), "truncate on") {
		t.Errorf("%d tables, or a grant to truncate", tables)
	}
}

// Whoever has the program's password cannot get rid of what guards the books.
func TestTheProgramCannotLiftItsGuards(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, plan := f.month(1)
	f.pay(plan)
	for _, statement := range []string{
		`alter table ledger_rows disable trigger ledger_rows_guard`,
		`alter table ledger_rows disable trigger all`,
		`set session_replication_role = replica`,
		`drop trigger postings_append_only on postings`,
		`drop table entries`,
		`alter table payouts add column more text`,
		`alter table postings alter column tx drop not null`,
		`create or replace function guard_payout() returns trigger language plpgsql as 'begin return new; end'`,
		`alter function guard_payout() set search_path = pg_temp, public`,
		`drop function refuse_change() cascade`,
		`create table forged (id text)`,
		`create rule silent as on insert to postings do instead nothing`,
		`create trigger more before insert on postings for each row execute function refuse_change()`,
		`grant truncate on ledger_rows to current_user; truncate ledger_rows cascade`,
		`update postings set tx = 0`,
		`delete from goose_db_version`,
		`update ledger_rows set created_at = now()`,
		`create temp table postings as select * from public.postings; with head as (insert into public.postings (key, kind, at) values ('shadow', 'test', now()) returning id)
			insert into public.entries select id, 'a', 'USD', 1 from head`,
	} {
		if err := f.sqlAsProgram(statement); err == nil {
			t.Errorf("the program may: %s", statement)
		}
	}
	if name, bound, err := f.Role(t.Context()); err != nil || !bound || name != "rapport_test_program" {
		t.Errorf("it runs as %s, bound: %v, %v", name, bound, err)
	}
	f.sound()
}

// One that was never made is made by migrating, with the password of its URL; one that owns the tables is refused; and a store that runs
// as the owner says so.
func TestMigrateMakesTheProgramsRole(t *testing.T) {
	t.Parallel()
	f := open(t)
	owner := pgtest.Owner(t, f.url)
	role := "made_" + strings.ToLower(t.Name())
	program := as(t, f.url, role, "it's a \"password\"")
	t.Cleanup(func() { // the role is the server's
		conn, err := pgx.Connect(context.Background(), owner)
		must(t, err)
		defer conn.Close(context.Background())
		_, err = conn.Exec(context.Background(), `drop owned by `+role+`; drop role `+role)
		must(t, err)
	})
	must(t, store.Migrate(t.Context(), owner, program))
	must(t, store.Migrate(t.Context(), owner, program))
	if err := f.sqlAs(program, `insert into clicks (partnership_id, at, bot) select id, now(), false from partnerships`); err != nil {
		t.Errorf("the role that was made: %v", err)
	}
	if err := f.sqlAs(program, `delete from clicks`); err == nil {
		t.Error("it may delete")
	}
	must(t, f.sql(`do $$ begin execute format('grant %I to `+role+`', current_user); end $$`))
	if err := store.Migrate(t.Context(), owner, program); err == nil || !strings.Contains(err.Error(), "RAPPORT_DATABASE_URL") {
		t.Errorf("a role that is the owner's too: %v", err)
	}
	s, err := store.Open(t.Context(), owner, store.Options{SecretKey: []byte("a secret of thirty-two bytes.....")})
	must(t, err)
	defer s.Close()
	if name, bound, err := s.Role(t.Context()); err != nil || bound {
		t.Errorf("the owner %s is bound: %v, %v", name, bound, err)
	}
	must(t, store.Migrate(t.Context(), owner, owner)) // one role for both is as before
}

func as(t *testing.T, address, user, password string) string {
	t.Helper()
	u, err := url.Parse(address)
	must(t, err)
	u.User = url.UserPassword(user, password)
	return u.String()
}
