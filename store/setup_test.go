package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/proof/pgtest"
	"github.com/rapport-dev/rapport/store"
)

var _ activities.Store = (*store.Store)(nil)

// epoch is where each test's clock starts: the middle of the month that payouts are run for.
var epoch = time.Date(2026, 11, 10, 12, 0, 0, 0, time.UTC)

const (
	day     = 24 * time.Hour
	program = "dreams"
	period  = "2026-11"
)

// fixture is a store on a database of its own with a clock that the test moves.
type fixture struct {
	*store.Store
	t   *testing.T
	url string

	mu  sync.Mutex
	now time.Time
}

func open(t *testing.T) *fixture {
	t.Helper()
	return opened(t, pgtest.New(t, store.Migrate), epoch)
}

// copied is a fixture that goes on from here on a database of its own; this one is not used any more.
func (f *fixture) copied(t *testing.T) *fixture {
	t.Helper()
	f.Close()
	return opened(t, pgtest.Copy(t, f.url), f.clock())
}

func opened(t *testing.T, url string, now time.Time) *fixture {
	t.Helper()
	f := &fixture{t: t, url: url, now: now}
	var s *store.Store
	var err error
	for range 4 { // a database has five seconds to answer first, which a busy machine may not give it
		s, err = store.Open(t.Context(), f.url, store.Options{
			SecretKey: []byte("a secret of thirty-two bytes....."), PublicURL: "https://rapport.example", InboundDomain: "in.rapport.example", Now: f.clock,
		})
		if err == nil {
			break
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	f.Store = s
	return f
}

func (f *fixture) clock() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.now
}

func (f *fixture) pass(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = f.now.Add(d)
}

// sql runs a statement beside the store, as the tables' owner at the database's own prompt would.
func (f *fixture) sql(statement string, args ...any) error {
	f.t.Helper()
	return f.sqlAs(pgtest.Owner(f.t, f.url), statement, args...)
}

// sqlAsProgram runs one as whoever has the program's password would.
func (f *fixture) sqlAsProgram(statement string, args ...any) error {
	f.t.Helper()
	return f.sqlAs(f.url, statement, args...)
}

func (f *fixture) sqlAs(url, statement string, args ...any) error {
	f.t.Helper()
	conn, err := pgx.Connect(f.t.Context(), url)
	must(f.t, err)
	defer conn.Close(context.WithoutCancel(f.t.Context()))
	_, err = conn.Exec(f.t.Context(), statement, args...)
	return err
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantCode(t *testing.T, err error, code partnership.Code) {
	t.Helper()
	if partnership.CodeOf(err) != code {
		t.Errorf("error is %q (%v), want code %s", partnership.CodeOf(err), err, code)
	}
}

func campaign() partnership.Campaign {
	return partnership.Campaign{
		Name: "Dreams Sunset", Program: program, Round: 1, Currency: "USD", Timezone: "America/New_York", BudgetMinor: 3_000_000,
		Brand: partnership.Brand{Name: "Acme Scents"}, Destination: "https://shop.example/products/sampler?ref=1",
		Selection: partnership.Selection{Target: 3},
		Payout:    partnership.PayoutPolicy{HoldDays: 1, MinimumMinor: 2500, Provider: "stripe", ApproveAboveMinor: 1_000_000},
	}
}

func terms() partnership.Terms {
	return partnership.Terms{Version: 1, Currency: "USD", CommissionBPS: 1000, DiscountBPS: 1500, HoldDays: 1, WindowDays: 30}
}

func people(n int) []partnership.Creator {
	out := make([]partnership.Creator, n)
	for i := range out {
		out[i] = partnership.Creator{
			Handle: fmt.Sprintf("Creator%d", i), Name: fmt.Sprintf("Name %d", i), Email: fmt.Sprintf("Creator%d@Mail.example", i), Platform: "instagram",
			Followers: 9000 + i, EngagementRate: 4.2, Niche: "sleep", Extra: map[string]string{"shoe": "42"},
		}
	}
	return out
}

// party is a partnership as far as a test needs it.
type party struct {
	id      partnership.PartnershipID
	creator partnership.CreatorID
	kit     partnership.TrackingKit
}

// launch makes a campaign with n partnerships, each with its kit and a payout account that is ready.
func (f *fixture) launch(n int, change ...func(*partnership.Campaign, *partnership.Terms)) (partnership.CampaignID, []party) {
	f.t.Helper()
	ctx, c, agreed := f.t.Context(), campaign(), terms()
	for _, edit := range change {
		edit(&c, &agreed)
	}
	id, _, err := f.CreateCampaign(ctx, c, people(n), c.Program+"/"+c.Name)
	must(f.t, err)
	var out []party
	creators, err := f.CampaignCreators(ctx, id)
	must(f.t, err)
	for i, cr := range creators {
		pa := party{id: partnership.PartnershipFor(id, cr.ID), creator: cr.ID}
		must(f.t, f.ReserveBudget(ctx, id, partnership.RosterEntry{CreatorID: cr.ID, Tier: partnership.Nano, Niche: "sleep", Rank: i + 1}, agreed, 0))
		pa.kit, err = f.EnsureKit(ctx, pa.id)
		must(f.t, err)
		pa.kit.VerifiedAt = f.clock()
		must(f.t, f.SaveKit(ctx, pa.kit, nil))
		must(f.t, f.SavePayoutAccount(ctx, cr.ID, partnership.PayoutAccount{ID: "acct_" + fmt.Sprint(i), Ready: true}))
		out = append(out, pa)
	}
	return id, out
}

// order records an order by a party's code, now.
func (f *fixture) order(pa party, id string, netMinor int64) store.OrderResult {
	f.t.Helper()
	result, err := f.reported(store.OrderIn{OrderID: id, Currency: "USD", NetMinor: netMinor, Codes: []string{pa.kit.DiscountCode}, OccurredAt: f.clock()})
	must(f.t, err)
	return result
}

// reported reports an order, and again while the database has no time for it, as the inbox would: many at once on a busy machine.
func (f *fixture) reported(in store.OrderIn) (result store.OrderResult, err error) {
	for range 5 {
		if result, err = f.RecordOrder(f.t.Context(), in); !errors.Is(err, context.DeadlineExceeded) {
			break
		}
	}
	return result, err
}

// refunded is reported for a refund.
func (f *fixture) refunded(in partnership.SaleRefund) (result store.RefundResult, err error) {
	for range 5 {
		if result, err = f.RecordRefund(f.t.Context(), in, store.ByWebhook); !errors.Is(err, context.DeadlineExceeded) {
			break
		}
	}
	return result, err
}

func (f *fixture) refund(order, id string, minor int64) store.RefundResult {
	f.t.Helper()
	result, err := f.refunded(refundOf(order, id, minor))
	must(f.t, err)
	return result
}

// refundOf gives money back for a line of goods.
func refundOf(order, id string, minor int64) partnership.SaleRefund {
	return partnership.SaleRefund{OrderID: order, RefundID: id, Currency: "USD", Lines: []partnership.RefundLine{{SubtotalMinor: minor}}, At: epoch}
}

// rows are the ledger's rows of an order, "" all.
func (f *fixture) rows(order string) (rows []board.Row, sum int64) {
	f.t.Helper()
	doc, err := f.LedgerDocument(f.t.Context(), store.LedgerFilter{})
	must(f.t, err)
	for _, r := range doc.Rows {
		if order == "" || r.OrderID == order {
			rows, sum = append(rows, r), sum+r.AmountMinor
		}
	}
	return rows, sum
}

// sound fails the test when the books disagree with themselves.
func (f *fixture) sound() {
	f.t.Helper()
	faults, err := f.VerifyLedger(f.t.Context())
	must(f.t, err)
	for _, fault := range faults {
		f.t.Error(fault)
	}
	doc, err := f.LedgerDocument(f.t.Context(), store.LedgerFilter{})
	must(f.t, err)
	sums := map[string]int64{}
	for _, b := range doc.Balances {
		sums[b.Currency] += b.AmountMinor
	}
	for currency, sum := range sums {
		if sum != 0 {
			f.t.Errorf("the journal sums to %d %s", sum, currency)
		}
	}
}

// plan opens a run of the usual program and plans it.
func (f *fixture) plan() partnership.PayoutPlan {
	f.t.Helper()
	return f.planFor(program)
}

func (f *fixture) planFor(program string) partnership.PayoutPlan {
	f.t.Helper()
	run, err := f.OpenPayoutRun(f.t.Context(), program, period, "schedule", f.clock())
	must(f.t, err)
	plan, err := f.PlanPayouts(f.t.Context(), run.ID, f.clock())
	must(f.t, err)
	return plan
}

// month is the run of one in which each of n creators sold for 500 dollars, two days later, when the holds are over.
func (f *fixture) month(n int, change ...func(*partnership.Campaign, *partnership.Terms)) ([]party, partnership.PayoutPlan) {
	f.t.Helper()
	_, parties := f.launch(n, change...)
	for i, pa := range parties {
		f.order(pa, fmt.Sprint("o", i+1), 50_000)
	}
	f.pass(2 * day)
	return parties, f.plan()
}

// pay approves a planned run and pays all of it.
func (f *fixture) pay(plan partnership.PayoutPlan) {
	f.t.Helper()
	ctx := f.t.Context()
	_, err := f.approveAs(plan.RunID, "finance", plan.LinesHash)
	must(f.t, err)
	for _, id := range plan.Payouts {
		payout, err := f.BeginTransfer(ctx, id)
		must(f.t, err)
		must(f.t, f.ConfirmTransfer(ctx, id, transferOf(payout.Payout)))
	}
	must(f.t, f.SetPayoutRunState(ctx, plan.RunID, partnership.RunReconciled))
}

// approveAs is an approval as its step records it; also are further names of the same person.
func (f *fixture) approveAs(run, by, hash string, also ...string) (int, error) {
	deed := partnership.Deed{ID: run + "/" + by + "/" + hash, Who: by, Deed: partnership.DeedApproveRun, Subject: "payout-run/" + program + "/" + period, At: f.clock()}
	return f.ApprovePayoutRun(f.t.Context(), run, hash, deed, "workflow-run", append(also, by))
}

func transferOf(payout partnership.Payout) partnership.Transfer {
	return partnership.Transfer{ID: "tr_" + string(payout.ID), PayoutID: payout.ID, Destination: payout.Destination, AmountMinor: payout.AmountMinor, Currency: payout.Currency}
}

// atOnce runs n functions at the same moment and waits for all.
func atOnce(n int, fn func(i int)) {
	var ready, done sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		ready.Add(1)
		done.Go(func() {
			ready.Done()
			<-start
			fn(i)
		})
	}
	ready.Wait()
	close(start)
	done.Wait()
}

// must2 is must for a call that returns a value too.
func must2[T any](v T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		must(t, err)
		return v
	}
}
