package bench

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/proof/pgtest"
	"github.com/rapport-dev/rapport/store"
)

// bareClaim is the least that could plan a run: what is due is summed for each creator and claimed.
const bareClaim = `
with due as (
    select creator_id, sum(amount_minor)::bigint as minor from ledger_rows where program = 'dreams' and state = 'pending' and eligible_at < now() group by creator_id
), made as (
    insert into payouts (id, run_id, creator_id, destination, amount_minor, currency, state, provider, idempotency_key, updated_at)
    select 'bare/' || creator_id, $1, creator_id, 'acct', minor, 'USD', 'planned', 'stripe', 'bare/' || creator_id, now() from due returning id, creator_id
), ripe as (
    update ledger_rows set state = 'eligible' where program = 'dreams' and state = 'pending' and eligible_at < now() returning id
)
insert into payout_rows (payout_id, row_id) select m.id, l.id from made m join ledger_rows l on l.creator_id = m.creator_id where l.program = 'dreams'`

// BenchmarkPlanPayouts plans a run of 50,000 rows of 5,000 creators, and holds it against the bare statement that sums and claims them, in
// the same database; then it looks at one transfer as it is looked at before it is sent, in that run and in one a tenth as large.
func BenchmarkPlanPayouts(b *testing.B) {
	var floor, ours time.Duration
	for b.Loop() {
		floor += planBare(b, 5_000)
		took, _ := planned(b, 5_000, 10)
		ours += took
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(ours.Seconds()/float64(b.N), "s/plan")
	b.ReportMetric(ours.Seconds()/floor.Seconds(), "x-bare-sql")
	_, small := planned(b, 500, 10)
	_, large := planned(b, 5_000, 10)
	b.ReportMetric(float64(small.Microseconds()), "check-500-µs")
	b.ReportMetric(float64(large.Microseconds()), "check-5000-µs")
}

// earned is a database in which each of n creators earned so many sales of 30 dollars that have matured.
func earned(b testing.TB, n, sales int) (*store.Store, *pgx.Conn) {
	ctx := b.Context()
	url := pgtest.New(b, store.Migrate)
	s, err := store.Open(ctx, url, store.Options{SecretKey: []byte("a secret of thirty-two bytes....."), PublicURL: "https://rapport.example"})
	must(b, err)
	b.Cleanup(s.Close)
	campaign := partnership.Campaign{
		Name: "Dreams", Program: "dreams", Round: 1, Currency: "USD", Timezone: "UTC", BudgetMinor: 1_000, Selection: partnership.Selection{Target: 1},
		Payout: partnership.PayoutPolicy{MinimumMinor: 2_500, Provider: "stripe"},
	}
	id, _, err := s.CreateCampaign(ctx, campaign, []partnership.Creator{{Handle: "first", Name: "F", Email: "f@mail.example", Platform: "instagram"}}, "dreams/1")
	must(b, err)
	creators, err := s.CampaignCreators(ctx, id)
	must(b, err)
	must(b, s.ReserveBudget(ctx, id, partnership.RosterEntry{CreatorID: creators[0].ID, Rank: 1}, partnership.Terms{Version: 1, Currency: "USD"}, 0))
	conn, err := pgx.Connect(ctx, pgtest.Owner(b, url))
	must(b, err)
	b.Cleanup(func() { _ = conn.Close(ctx) })
	for _, statement := range []string{
		`set session_replication_role = replica`, // the books refuse what the program has not signed
		`insert into creators select (jsonb_populate_record(c, jsonb_build_object('id', 'c' || n, 'handle', 'h' || n, 'handle_key', 'h' || n, 'email_hash', 'e' || n, 'optout_hash', '\x' || lpad(to_hex(n), 8, '0'),
			'payout_account', 'acct_' || n, 'payout_ready', true))).* from creators c, generate_series(1, %creators) n`,
		`insert into ledger_rows (id, program, campaign_id, partnership_id, creator_id, kind, state, amount_minor, currency, order_id, occurred_at, eligible_at, created_at)
		 select 'r' || n || '/' || k, 'dreams', pa.campaign_id, pa.id, 'c' || n, 'commission', 'pending', 3000, 'USD', 'o' || n || '/' || k, now() - interval '2 days', now() - interval '1 day', now()
		 from partnerships pa, generate_series(1, %creators) n, generate_series(1, %sales) k`,
		`analyze`,
	} {
		_, err := conn.Exec(ctx, strings.NewReplacer("%creators", strconv.Itoa(n), "%sales", strconv.Itoa(sales)).Replace(statement))
		must(b, err)
	}
	return s, conn
}

func planBare(b testing.TB, creators int) time.Duration {
	s, conn := earned(b, creators, 10)
	run, err := s.OpenPayoutRun(b.Context(), "dreams", month(b), "bench", time.Now())
	must(b, err)
	began := time.Now()
	tx, err := conn.Begin(b.Context())
	must(b, err)
	_, err = tx.Exec(b.Context(), bareClaim, run.ID)
	must(b, err)
	_, err = tx.Exec(b.Context(), `update ledger_rows l set state = 'in_payout', payout_id = pr.payout_id from payout_rows pr where pr.row_id = l.id`)
	must(b, err)
	must(b, tx.Commit(b.Context()))
	return time.Since(began)
}

// planned is how long a run took to be planned, and how long one of its transfers is looked at before it is sent.
func planned(b testing.TB, creators, sales int) (plan, check time.Duration) {
	ctx := b.Context()
	s, conn := earned(b, creators, sales)
	run, err := s.OpenPayoutRun(ctx, "dreams", month(b), "bench", time.Now())
	must(b, err)
	began := time.Now()
	made, err := s.PlanPayouts(ctx, run.ID, time.Now())
	plan = time.Since(began)
	must(b, err)
	if made.Payees() != creators || made.Batches != ledger.Batches(creators) {
		b.Fatalf("%d payees in %d batches", made.Payees(), made.Batches)
	}
	_, err = conn.Exec(ctx, `insert into run_approvals select id, 'finance', lines_hash, now() from payout_runs`)
	must(b, err)
	_, err = conn.Exec(ctx, `update payout_runs set state = 'approved'`)
	must(b, err)
	var waits []time.Duration
	for _, id := range made.Payouts[:200] {
		began := time.Now()
		_, err := s.BeginTransfer(ctx, id)
		waits = append(waits, time.Since(began))
		must(b, err)
	}
	slices.Sort(waits)
	return plan, waits[len(waits)/2]
}

func month(b testing.TB) string {
	period, err := ledger.PeriodOf("UTC", time.Now())
	must(b, err)
	return period
}

// BenchmarkPlan60000Payees plans as many as a large program has: no step carries them all.
func BenchmarkPlan60000Payees(b *testing.B) {
	var took time.Duration
	for b.Loop() {
		plan, _ := planned(b, 60_000, 2)
		took += plan
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(took.Seconds()/float64(b.N), "s/plan")
}
