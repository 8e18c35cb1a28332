package bench

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
)

// bareReport is the least that could say what each creator of a campaign sold and cost.
const bareReport = `
select pa.creator_id, s.bought, e.earned
from partnerships pa
left join (select o.partnership_id, sum(n.bought_minor)::bigint as bought from orders o join order_sums n using (order_id) group by 1) s on s.partnership_id = pa.id
left join (select partnership_id, sum(amount_minor)::bigint as earned from ledger_rows group by 1) e on e.partnership_id = pa.id
where pa.campaign_id = $1`

// BenchmarkReport makes the report of a campaign of 10,000 partnerships with 50,000 orders, and holds it against the bare statement that
// sums what each of them sold and earned; it fails where the report takes more than ten seconds, or is wrong.
func BenchmarkReport(b *testing.B) {
	s, conn, id := reported(b)
	var floor, ours time.Duration
	for b.Loop() {
		began := time.Now()
		rows, err := conn.Query(b.Context(), bareReport, id)
		must(b, err)
		sold, err := pgx.CollectRows(rows, pgx.RowToStructByPos[struct {
			Creator        string
			Bought, Earned *int64
		}])
		must(b, err)
		floor += time.Since(began)
		began = time.Now()
		r, err := s.CampaignReport(b.Context(), id)
		must(b, err)
		took := time.Since(began)
		ours += took
		if all := r.InAll(); len(sold) != 10_000 || all.Orders != 50_000 || all.Revenue.Of("USD") != 50_000*40_00 || all.Cost.Of("USD") != 50_000*4_00 || *all.ShopShare != 1 {
			b.Fatalf("of %d creators: %+v", len(sold), all)
		}
		if creators := len(r.Of("creator")); creators != 9_999 {
			b.Fatalf("%d creators", creators)
		}
		if took > 10*time.Second {
			b.Errorf("it took %s", took)
		}
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(ours.Milliseconds())/float64(b.N), "ms/report")
	b.ReportMetric(ours.Seconds()/floor.Seconds(), "x-bare-sql")
}

// reported is a database with a campaign of 10,000 partnerships, of which all but the first sold.
func reported(b testing.TB) (*store.Store, *pgx.Conn, partnership.CampaignID) {
	s, conn := earned(b, 9_999, 0)
	var campaign partnership.CampaignID
	must(b, conn.QueryRow(b.Context(), `select id from campaigns`).Scan(&campaign))
	for _, statement := range []string{
		`insert into partnerships (id, campaign_id, creator_id, tier, niche, rank, standby, stage, terms, reply_hash, created_at, updated_at)
		 select 'p' || n, campaign_id, 'c' || n, case when n % 2 = 0 then 'nano' else 'micro' end, 'n' || n % 7, n, false, stage, terms, decode(lpad(to_hex(n), 8, '0'), 'hex'), created_at, updated_at
		 from partnerships, generate_series(1, 9999) n`,
		`insert into orders (program, order_id, currency, net_minor, partnership_id, why, occurred_at, recorded_at, deliverable)
		 select 'dreams', 'o' || n, 'USD', 4000, 'p' || 1 + n % 9999, 'code', now(), now(), 'reel-1' from generate_series(1, 50000) n`,
		`insert into order_sums (order_id, n, currency, bought_minor, back_minor, recorded_at) select order_id, 1, currency, net_minor, 0, now() from orders`,
		`insert into ledger_rows (id, program, campaign_id, partnership_id, creator_id, kind, state, amount_minor, currency, order_id, rate_bps, occurred_at, eligible_at, created_at)
		 select 'r' || o.order_id, 'dreams', pa.campaign_id, pa.id, pa.creator_id, 'commission', 'eligible', 400, 'USD', o.order_id, 1000, now(), now(), now() from orders o join partnerships pa on pa.id = o.partnership_id`,
		`update campaigns set created_at = now() - interval '1 day', updated_at = now()`,
		`analyze`,
	} {
		_, err := conn.Exec(b.Context(), statement)
		must(b, err)
	}
	return s, conn, campaign
}
