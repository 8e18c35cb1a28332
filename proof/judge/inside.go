package judge

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Inside checks what only Rapport's own database can show once all is quiet: that nothing is left half done.
func Inside(ctx context.Context, databaseURL string) ([]Verdict, error) {
	conn, err := pgx.Connect(ctx, databaseURL)
	if err != nil {
		return nil, fmt.Errorf("judge: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }()
	var all []Verdict
	for _, check := range []struct{ name, over, faults string }{
		{
			// A message may lose its reason while it is in doubt: a card asks about a mail, and then the proof arrives.
			"no act outside is in doubt, and none but a message half done",
			`select count(*) from effects`,
			`select state || ': ' || key from effects where state = 'unknown' or state = 'intent' and attempts > 0 and kind <> 'message'`,
		},
		{
			"every webhook that was kept was applied",
			`select count(*) from inbox`,
			`select provider || ' ' || delivery_id || ': ' || state || ' ' || note from inbox where state <> 'applied'`,
		},
		{
			"every posting sums to zero",
			`select count(*) from postings`,
			`select 'posting ' || posting_id || ': ' || sum(amount_minor) from entries group by posting_id, currency having sum(amount_minor) <> 0`,
		},
		{
			"every paid run was approved, for exactly its lines, and by somebody other than who prepared it",
			`select count(*) from payout_runs where state = 'reconciled'`,
			`select 'run ' || r.id from payout_runs r where r.state = 'reconciled' and r.need_approvers > (
				select count(*) from run_approvals a where a.run_id = r.id and a.lines_hash = r.lines_hash and a.approved_by <> r.prepared_by)`,
		},
	} {
		v := Verdict{Check: check.name}
		if err := conn.QueryRow(ctx, check.over).Scan(&v.Over); err != nil {
			return nil, fmt.Errorf("judge: %s: %w", check.name, err)
		}
		rows, err := conn.Query(ctx, check.faults)
		if err != nil {
			return nil, fmt.Errorf("judge: %s: %w", check.name, err)
		}
		if v.Faults, err = pgx.CollectRows(rows, pgx.RowTo[string]); err != nil {
			return nil, fmt.Errorf("judge: %s: %w", check.name, err)
		}
		all = append(all, v)
	}
	return all, nil
}
