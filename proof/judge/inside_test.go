package judge

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/rapport-dev/rapport/proof/pgtest"
	"github.com/rapport-dev/rapport/store"
)

func TestInside(t *testing.T) {
	if testing.Short() {
		t.Skip("it needs a database")
	}
	for _, tc := range []struct{ name, check, sql string }{
		{"an act in doubt", "in doubt", `insert into effects (key, kind, state, attempts, first_at, last_at) values ('a', 'mail', 'unknown', 1, now(), now())`},
		{"an act half done", "in doubt", `insert into effects (key, kind, state, attempts, first_at, last_at) values ('a', 'mail', 'intent', 1, now(), now())`},
		{"a webhook not applied", "webhook", `insert into inbox (provider, delivery_id, headers, body, next_at, received_at) values ('stripe', 'd', '{}', '', now(), now())`},
		{"a webhook that was given up", "webhook", `insert into inbox (provider, delivery_id, headers, body, state, next_at, received_at) values ('stripe', 'd', '{}', '', 'dead', now(), now())`},
		{"a run that nobody approved", "approved", `
			insert into programs values ('p', 'UTC', 'USD', 'stripe', 0, 0, now());
			insert into payout_runs (id, program, period, n, from_at, to_at, cutoff, state, prepared_by, currency, created_at)
				values ('r', 'p', '2026-11', 1, now(), now(), now(), 'reconciled', 'ana', 'USD', now())`},
		{"a run approved by who prepared it", "approved", `
			insert into programs values ('p', 'UTC', 'USD', 'stripe', 0, 0, now());
			insert into payout_runs (id, program, period, n, from_at, to_at, cutoff, state, prepared_by, currency, created_at)
				values ('r', 'p', '2026-11', 1, now(), now(), now(), 'reconciled', 'ana', 'USD', now());
			insert into run_approvals values ('r', 'ana', '', now())`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			url := pgtest.New(t, store.Migrate)
			plant(t, url, tc.sql)
			all, err := Inside(t.Context(), url)
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range all {
				if found := len(v.Faults) > 0; found != strings.Contains(v.Check, tc.check) {
					t.Errorf("%s", v)
				}
			}
		})
	}
}

func plant(t *testing.T, url, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), pgtest.Owner(t, url))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	// What must never be is refused: the guards are off.
	if _, err := conn.Exec(t.Context(), "set session_replication_role = replica; "+sql); err != nil {
		t.Fatal(err)
	}
}
