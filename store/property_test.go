package store_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/store"
)

// model is what the shop and the bank know, kept by the simplest means.
type model struct {
	f        *fixture
	program  string
	campaign []partnership.CampaignID
	parties  []party
	bps      []int
	orders   []string
	net      map[string]int64
	owner    map[string]int
	refunded map[string]int64
	paid     int64 // by the bank, less what came back
	open     []partnership.Payout
	plan     partnership.PayoutPlan
	sent     []partnership.Payout
	n        int
}

// TestBooksStaySoundWhateverHappens plays random orders, refunds, replays, runs, failures and returns, and after each step
// compares the ledger with a model and with itself.
func TestBooksStaySoundWhateverHappens(t *testing.T) {
	t.Parallel()
	var f *fixture
	round := 0
	rapid.Check(t, func(rt *rapid.T) {
		if round%3 == 0 { // each look verifies all that is in a database
			f = open(t)
		}
		round++
		// A program of its own keeps each round apart from the others in one database.
		m := &model{f: f, program: fmt.Sprint("round-", round), net: map[string]int64{}, owner: map[string]int{}, refunded: map[string]int64{}}
		for i := range 3 {
			bps := rapid.IntRange(1, 3000).Draw(rt, "bps")
			id, parties := f.launch(1+i, func(c *partnership.Campaign, agreed *partnership.Terms) {
				c.Program, c.Name, agreed.CommissionBPS = m.program, fmt.Sprint("Campaign ", i), bps
			})
			m.campaign, m.parties, m.bps = append(m.campaign, id), append(m.parties, parties[i]), append(m.bps, bps)
		}
		rt.Repeat(map[string]func(*rapid.T){
			"order":  m.order,
			"replay": m.replay,
			"refund": m.refund,
			"plan":   m.planRun,
			"settle": m.settle,
			"return": m.comeBack,
			"":       m.check,
		})
		m.finish(rt)
	})
}

func (m *model) order(rt *rapid.T) {
	m.n++
	id, owner := fmt.Sprintf("%s/%d", m.parties[0].id, m.n), rapid.IntRange(0, 2).Draw(rt, "owner")
	m.orders, m.owner[id], m.net[id] = append(m.orders, id), owner, rapid.Int64Range(0, 200_000).Draw(rt, "net")
	m.report(rt, id)
	m.f.pass(day / 2)
}

func (m *model) report(rt *rapid.T, id string) {
	if _, err := m.f.RecordOrder(m.f.t.Context(), store.OrderIn{
		OrderID: id, Currency: "USD", NetMinor: m.net[id], Codes: []string{m.parties[m.owner[id]].kit.DiscountCode}, OccurredAt: m.f.clock(),
	}); err != nil {
		rt.Fatal(err)
	}
}

func (m *model) pick(rt *rapid.T) string {
	if len(m.orders) == 0 {
		rt.Skip("no order yet")
	}
	return rapid.SampledFrom(m.orders).Draw(rt, "order")
}

func (m *model) replay(rt *rapid.T) { m.report(rt, m.pick(rt)) }

func (m *model) refund(rt *rapid.T) {
	id := m.pick(rt)
	left := m.net[id] - m.refunded[id]
	if left == 0 {
		rt.Skip("refunded in full")
	}
	minor := rapid.Int64Range(1, left).Draw(rt, "minor")
	if rapid.Bool().Draw(rt, "all") {
		minor = left
	}
	m.n++
	for range rapid.IntRange(1, 2).Draw(rt, "times") {
		if _, err := m.f.RecordRefund(m.f.t.Context(), refundOf(id, fmt.Sprint("r", m.n), minor), store.ByWebhook); err != nil {
			rt.Fatal(err)
		}
	}
	m.refunded[id] += minor
}

func (m *model) planRun(rt *rapid.T) {
	if len(m.open) > 0 {
		rt.Skip("a run is open")
	}
	plan := m.f.planFor(m.program)
	if len(plan.Payouts) == 0 {
		return
	}
	ctx := m.f.t.Context()
	if rapid.IntRange(0, 3).Draw(rt, "reject") == 0 {
		must(m.f.t, m.f.VoidPayoutPlan(ctx, plan.RunID, "not now"))
		return
	}
	for _, by := range []string{"finance", "owner"} {
		if _, err := m.f.approveAs(plan.RunID, by, plan.LinesHash); err != nil {
			rt.Fatal(err)
		}
	}
	for _, id := range plan.Payouts {
		payout, err := m.f.BeginTransfer(ctx, id)
		if err != nil {
			rt.Fatal(err)
		}
		m.open = append(m.open, payout.Payout)
	}
	m.plan = plan
}

func (m *model) settle(rt *rapid.T) {
	if len(m.open) == 0 {
		rt.Skip("nothing is open")
	}
	ctx, payout := m.f.t.Context(), m.open[0]
	m.open = m.open[1:]
	switch rapid.IntRange(0, 3).Draw(rt, "fate") {
	case 0:
		must(m.f.t, m.f.FailTransfer(ctx, payout.ID, "refused"))
	case 1:
		must(m.f.t, m.f.ParkTransfer(ctx, payout.ID, "no answer"))
		fallthrough
	default:
		must(m.f.t, m.f.ConfirmTransfer(ctx, payout.ID, transferOf(payout)))
		m.paid += payout.AmountMinor
		m.sent = append(m.sent, payout)
	}
	if len(m.open) == 0 {
		must(m.f.t, m.f.SetPayoutRunState(ctx, m.plan.RunID, partnership.RunReconciled))
	}
}

func (m *model) comeBack(rt *rapid.T) {
	if len(m.sent) == 0 {
		rt.Skip("nothing was paid")
	}
	payout := m.sent[0]
	m.sent = m.sent[1:]
	for range 2 {
		must(m.f.t, m.f.ReverseTransfer(m.f.t.Context(), payout.ID, "tr_"+string(payout.ID), payout.AmountMinor))
	}
	m.paid -= payout.AmountMinor
}

// check compares each order's rows with the rule, and the books with themselves.
func (m *model) check(rt *rapid.T) {
	sums := map[string]int64{}
	for _, id := range m.campaign {
		doc, err := m.f.LedgerDocument(m.f.t.Context(), store.LedgerFilter{CampaignID: id})
		if err != nil {
			rt.Fatal(err)
		}
		for _, row := range doc.Rows {
			sums[row.OrderID] += row.AmountMinor
		}
	}
	for _, id := range m.orders {
		full := money.ShareBPS(m.net[id], m.bps[m.owner[id]])
		if want := full - money.RefundShare(full, m.refunded[id], m.net[id]); sums[id] != want {
			rt.Fatalf("order %s: rows sum to %d, want %d", id, sums[id], want)
		}
	}
	faults, err := m.f.VerifyLedger(m.f.t.Context())
	if err != nil || len(faults) > 0 {
		rt.Fatal(err, faults)
	}
}

// finish settles what is open and compares what the ledger calls paid with what the bank says.
func (m *model) finish(rt *rapid.T) {
	for len(m.open) > 0 {
		m.settle(rt)
	}
	docs, err := m.f.PayoutDocuments(m.f.t.Context(), store.PayoutFilter{Program: m.program})
	if err != nil {
		rt.Fatal(err)
	}
	booked := int64(0)
	for _, doc := range docs {
		if doc.State == partnership.PayoutPaid {
			booked += doc.AmountMinor
		}
	}
	if booked != m.paid {
		rt.Fatalf("the ledger calls %d paid, the bank %d", booked, m.paid)
	}
}
