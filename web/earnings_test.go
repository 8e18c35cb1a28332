package web_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web"
)

// dated is a house whose clock a test moves, from October 2026 on; its creator was cleared to post then.
type dated struct {
	*house
	mu   sync.Mutex
	now  time.Time
	code string // of their discount
}

func (d *dated) clock() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.now
}

// on moves the clock to a day; months before October are those of 2027.
func (d *dated) on(month time.Month, day int) time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	year := 2026
	if month < time.October {
		year++
	}
	d.now = time.Date(year, month, day, 18, 0, 0, 0, time.UTC)
	return d.now
}

func openDated(t *testing.T, change ...func(*web.Deps)) *dated {
	t.Helper()
	d := &dated{}
	d.on(time.October, 1)
	d.house = openBy(t, d.clock, change...)
	ctx := t.Context()
	kit, err := d.store.EnsureKit(ctx, d.partnership)
	must(t, err)
	kit.VerifiedAt, d.code = d.clock(), kit.DiscountCode
	must(t, d.store.SaveKit(ctx, kit, nil))
	must(t, d.store.SavePayoutAccount(ctx, d.creator.ID, partnership.PayoutAccount{ID: "acct_1Nabc7ab3", Ready: true}))
	return d
}

func (d *dated) sale(id string, netMinor int64) {
	d.t.Helper()
	_, err := d.store.RecordOrder(d.t.Context(), store.OrderIn{OrderID: id, Currency: "USD", NetMinor: netMinor, Codes: []string{d.code}, OccurredAt: d.clock()})
	must(d.t, err)
}

func (d *dated) refund(order string, minor int64) {
	d.t.Helper()
	_, err := d.store.RecordRefund(d.t.Context(), partnership.SaleRefund{
		OrderID: order, RefundID: "r" + order, Currency: "USD", Lines: []partnership.RefundLine{{SubtotalMinor: minor}}, At: d.clock(),
	}, store.ByWebhook)
	must(d.t, err)
}

// row is the commission of an order.
func (d *dated) row(order string) string {
	d.t.Helper()
	books, err := d.store.LedgerDocument(d.t.Context(), store.LedgerFilter{})
	must(d.t, err)
	for _, r := range books.Rows {
		if r.OrderID == order && r.Kind == "commission" {
			return r.ID
		}
	}
	d.t.Fatalf("order %s earns nothing", order)
	return ""
}

// plan draws up the payouts of a month.
func (d *dated) plan(period string) partnership.PayoutPlan {
	d.t.Helper()
	ctx := d.t.Context()
	run, err := d.store.OpenPayoutRun(ctx, "dreams", period, "schedule", d.clock())
	must(d.t, err)
	st, err := d.store.Statement(ctx, run.ID, d.creator.ID)
	must(d.t, err)
	must(d.t, d.store.StatementTold(ctx, run.ID, st))
	plan, err := d.store.PlanPayouts(ctx, run.ID, d.clock())
	must(d.t, err)
	return plan
}

// approve is finance's word on it.
func (d *dated) approve(plan partnership.PayoutPlan) {
	d.t.Helper()
	deed := partnership.Deed{ID: plan.RunID, Who: "slack:U_FINANCE", Deed: partnership.DeedApproveRun, At: d.clock()}
	_, err := d.store.ApprovePayoutRun(d.t.Context(), plan.RunID, plan.LinesHash, deed, "run", []string{"slack:U_FINANCE"})
	must(d.t, err)
}

// pay sends all of it.
func (d *dated) pay(plan partnership.PayoutPlan) {
	d.t.Helper()
	ctx := d.t.Context()
	d.approve(plan)
	for _, id := range plan.Payouts {
		po, err := d.store.BeginTransfer(ctx, id)
		must(d.t, err)
		must(d.t, d.store.ConfirmTransfer(ctx, id, partnership.Transfer{
			ID: "tr_1Q4xDreams", PayoutID: id, Destination: po.Destination, AmountMinor: po.AmountMinor, Currency: po.Currency,
		}))
	}
	must(d.t, d.store.SetPayoutRunState(ctx, plan.RunID, partnership.RunReconciled))
}

// november is a month with all that may stand in one, as docs/money.md works it out: 4.80 + 12.99 + 7.95 - 2.65 + 500.00 = 523.09 is
// paid of it on 2 December.
func (d *dated) november() {
	d.t.Helper()
	ctx := d.t.Context()
	d.on(time.October, 7)
	d.sale("1001", 4_800)
	d.on(time.October, 15)
	d.sale("1002", 12_990)
	d.on(time.October, 22)
	d.sale("1003", 7_950)
	d.on(time.October, 28)
	d.refund("1003", 2_650)
	must(d.t, d.store.EarnFee(ctx, d.partnership, "instagram_reel/1", 50_000, d.on(time.November, 6)))
	d.on(time.November, 14)
	d.sale("1004", 36_000)
	d.on(time.November, 20)
	d.sale("1005", 3_600)
	must(d.t, d.store.HoldRow(ctx, d.row("1005"), "slack:U_FINANCE", "three buyers at one address"))
	d.on(time.November, 25)
	d.sale("1006", 5_900)
	must(d.t, d.store.HoldRow(ctx, d.row("1006"), "slack:U_FINANCE", "your own address"))
	must(d.t, d.store.VoidRow(ctx, d.row("1006"), "slack:U_FINANCE", "your own order"))
	d.on(time.December, 1)
	plan := d.plan("2026-11")
	d.on(time.December, 2)
	d.pay(plan)
	d.on(time.December, 10)
}

// earnings is the link to the creator's page.
func (d *dated) earnings() string {
	d.t.Helper()
	link, err := d.store.EarningsURL(d.t.Context(), d.creator.ID, "dreams")
	must(d.t, err)
	return link
}

func TestTheEarningsPageSaysWhereTheMoneyIs(t *testing.T) {
	t.Parallel()
	d := openDated(t)
	wantIn(t, d.get(d.earnings()).body, "Nothing is earned yet", "$0.00", "1 November 2026")
	d.november()
	page := d.get(d.earnings())
	want(t, "status", page.StatusCode, http.StatusOK)
	wantIn(t, page.body, "Acme Scents",
		"$36.00", "Prepared on 1 January 2027, for December 2026", // the next payout
		"In hold", "Held", "$3.60", "Paid so far", "$523.09", // where the money is
		"Sent on 2 December 2026", "…7ab3", // the payout
		"order 1004", "10 % of $360.00", "14 November 2026", "In hold, counts from 14 December 2026", "three buyers at one address", // line by line
		"/2026-11", "November 2026", "December 2026")
	for _, not := range []string{"acct_1Nabc7ab3", "U_FINANCE", canaryMail, canaryName} {
		if strings.Contains(page.body, not) {
			t.Errorf("the page says %q", not)
		}
	}
	if len(page.body) > 60<<10 {
		t.Errorf("it is %d bytes", len(page.body))
	}
}

func TestTheMonthsPageCanBeWorkedOutByHand(t *testing.T) {
	t.Parallel()
	d := openDated(t)
	d.november()
	page := d.get(d.earnings() + "/2026-11")
	want(t, "status", page.StatusCode, http.StatusOK)
	order := []string{
		"Payout of $523.09", "Sent on 2 December 2026", "tr_1Q4xDreams",
		"order 1001", "$4.80", "10 % of $48.00", "order 1002", "$12.99", "10 % of $129.90", "order 1003", "$7.95", "10 % of $79.50", "order 1003", "−$2.65", "Fee", "$500.00",
		"Together", "$523.09",
		"In hold, counts later", "order 1004", "$36.00", "10 % of $360.00", "In all", "$36.00",
		"Held, until a person has looked at it", "order 1005", "three buyers at one address", "In all", "$3.60",
		"Not paid", "order 1006", "Rejected", "your own order",
	}
	rest := page.body
	for _, words := range order {
		at := strings.Index(rest, words)
		if at < 0 {
			t.Fatalf("%q is not there, or not in its place, in %s", words, page.body)
		}
		rest = rest[at+len(words):]
	}
	wantIn(t, d.get(d.earnings()+"/2026-10").body, "In the payouts of another month", "order 1001")
	want(t, "no month", d.get(d.earnings()+"/nonsense").StatusCode, http.StatusNotFound)
}

func TestWhatAPayoutWaitsForIsSaidOnItsCreatorsPage(t *testing.T) {
	t.Parallel()
	d := openDated(t)
	must(t, d.store.EarnFee(t.Context(), d.partnership, "instagram_reel/1", 50_000, d.on(time.November, 6)))
	d.on(time.December, 1)
	plan := d.plan("2026-11")
	wantIn(t, d.get(d.earnings()).body, "It is drawn up, and is sent once it is approved", "On its way", "$500.00")
	must(t, d.store.SetRunWaits(t.Context(), plan.RunID, "funds, $500.00 are needed and $20.00 are there; it goes on by itself"))
	page := d.get(d.earnings()).body
	wantIn(t, page, "It waits until Acme Scents has the funds for it at Stripe, and goes on by itself")
	if strings.Contains(page, "$20.00") {
		t.Error("how much the brand has is not its creators' business")
	}
	must(t, d.store.SetRunWaits(t.Context(), plan.RunID, "the API key was refused"))
	wantIn(t, d.get(d.earnings()).body, "It waits for Stripe, and goes on by itself")
	d.approve(plan)
	_, err := d.store.BeginTransfer(t.Context(), plan.Payouts[0])
	must(t, err)
	wantIn(t, d.get(d.earnings()).body, "Stripe has it")
	must(t, d.store.FailTransfer(t.Context(), plan.Payouts[0], "the creator's account cannot receive transfers: the creator has to finish onboarding"))
	wantIn(t, d.get(d.earnings()).body, "It did not go through", "your payout account does not take transfers")
}

// Whoever works for two programs has a page of each, and neither shows the other's money, or its brand.
func TestNoProgramsPageShowsAnothers(t *testing.T) {
	t.Parallel()
	d := openDated(t)
	d.november()
	other := campaign()
	other.Name, other.Program, other.Brand.Name = "Borealis", "borealis", "Borealis Candles"
	id, _, err := d.store.CreateCampaign(t.Context(), other, []partnership.Creator{d.creator}, "other")
	must(t, err)
	must(t, d.store.ReserveBudget(t.Context(), id, partnership.RosterEntry{CreatorID: d.creator.ID, Tier: partnership.Nano, Niche: "sleep", Rank: 1}, terms(), 70_000))
	must(t, d.store.EarnFee(t.Context(), partnership.PartnershipFor(id, d.creator.ID), "instagram_reel/1", 77_700, d.clock()))
	theirs, err := d.store.EarningsURL(t.Context(), d.creator.ID, "borealis")
	must(t, err)
	for _, link := range []string{d.earnings(), d.earnings() + "/2026-11", d.earnings() + "/2026-12"} {
		if page := d.get(link).body; strings.Contains(page, "Borealis") || strings.Contains(page, "$777.00") {
			t.Errorf("%s shows what another program pays", link)
		}
	}
	page := d.get(theirs).body
	wantIn(t, page, "Borealis Candles", "$777.00")
	if strings.Contains(page, "Acme") || strings.Contains(page, "$523.09") {
		t.Error("and the other way")
	}
}

func TestAnEarningsLinkEndsAndAFreshOneComesByMail(t *testing.T) {
	t.Parallel()
	d := openDated(t)
	d.november()
	old := d.earnings()
	want(t, "never a link", d.get(d.URL+"/e/nonsense").StatusCode, http.StatusNotFound)
	_, err := d.store.RevokeTaskLinks(t.Context(), d.creator.ID, "cli:ada", "she lost her phone")
	must(t, err)
	gone := d.get(old)
	want(t, "revoked", gone.StatusCode, http.StatusGone)
	wantIn(t, gone.body, "This link has ended", "Mail me a fresh link")
	token := old[strings.LastIndex(old, "/")+1:]
	want(t, "asked for another", d.post(d.URL+"/t/"+token+"/fresh", nil).StatusCode, http.StatusOK)
	ids, _, err := d.store.OpenNotices(t.Context(), "")
	must(t, err)
	fresh := 0
	for _, id := range ids {
		n, err := d.store.Notice(t.Context(), id)
		must(t, err)
		if n.Kind == partnership.NoticeFreshLink {
			fresh++
			want(t, "its link", n.Links[len(n.Links)-1].URL, d.earnings())
		}
	}
	want(t, "fresh links", fresh, 1)
	want(t, "the new one", d.get(d.earnings()).StatusCode, http.StatusOK)
}
