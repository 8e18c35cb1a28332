package pgtest_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/rapport-dev/rapport/proof/pgtest"
)

var migrations atomic.Int32

func migrate(ctx context.Context, owner, program string) error {
	migrations.Add(1)
	conn, err := pgx.Connect(ctx, owner)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	config, err := pgx.ParseConfig(program)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, fmt.Sprintf(`create table things (name text primary key);
		do $$ begin create role %[1]s login password '%[2]s'; exception when duplicate_object then null; end $$;
		grant insert on things to %[1]s`, config.User, config.Password))
	return err
}

func TestEachTestHasItsOwnMigratedDatabase(t *testing.T) {
	for range 3 {
		conn := connect(t, pgtest.New(t, migrate))
		if _, err := conn.Exec(t.Context(), "insert into things values ('one')"); err != nil {
			t.Fatalf("a fresh database holds the migrated table and no row of another: %v", err)
		}
	}
	if _, err := connect(t, pgtest.New(t, migrate)).Exec(t.Context(), "drop table things"); err == nil {
		t.Error("the program's role drops what the owner has made")
	}
	if _, err := connect(t, pgtest.Owner(t, pgtest.New(t, migrate))).Exec(t.Context(), "drop table things"); err != nil {
		t.Errorf("the owner may: %v", err)
	}
	if got := migrations.Load(); got != 1 {
		t.Errorf("migrated %d times, want once for all tests", got)
	}
}

func TestACopyIsWhatTheOtherIsAndIsItsOwn(t *testing.T) {
	first := pgtest.New(t, migrate)
	conn := connect(t, first)
	if _, err := conn.Exec(t.Context(), "insert into things values ('one')"); err != nil {
		t.Fatal(err)
	}
	copied := connect(t, pgtest.Copy(t, first)) // although somebody is connected to the first
	if _, err := copied.Exec(t.Context(), "insert into things values ('one')"); err == nil {
		t.Error("the copy lacks what the other holds")
	}
	if _, err := copied.Exec(t.Context(), "insert into things values ('two')"); err != nil {
		t.Fatal(err)
	}
	if _, err := connect(t, first).Exec(t.Context(), "insert into things values ('two')"); err != nil {
		t.Errorf("what was written to the copy is in the other: %v", err)
	}
}

func TestWithoutMigrationTheDatabaseIsEmpty(t *testing.T) {
	conn := connect(t, pgtest.New(t, nil))
	var tables int
	err := conn.QueryRow(t.Context(),
		"select count(*) from information_schema.tables where table_schema = 'public'").Scan(&tables)
	if err != nil || tables != 0 {
		t.Errorf("tables = %d, %v; want none", tables, err)
	}
}

func TestDatabaseIsDroppedWithItsTest(t *testing.T) {
	var name string
	t.Run("inner", func(t *testing.T) {
		conn := connect(t, pgtest.New(t, migrate))
		if err := conn.QueryRow(t.Context(), "select current_database()").Scan(&name); err != nil {
			t.Fatal(err)
		}
	})
	var exists bool
	err := connect(t, pgtest.Server(t)).QueryRow(t.Context(),
		"select exists (select 1 from pg_database where datname = $1)", name).Scan(&exists)
	if err != nil || exists {
		t.Errorf("database %s exists = %v, %v; want it gone", name, exists, err)
	}
}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}
