package store_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/payoutproof"
	"github.com/rapport-dev/rapport/partnership/payoutproof/check"
	"github.com/rapport-dev/rapport/store"
)

var keep = flag.String("keep", "", "write the proofs of TestAProofOfEverythingVerifies to files that begin so, for check's testdata")

// proof is a month's proof with what the provider would answer.
func (f *fixture) proof(creator partnership.CreatorID) (check.File, []byte) {
	f.t.Helper()
	doc, err := f.PayoutProof(f.t.Context(), program, period, creator)
	must(f.t, err)
	for i, p := range doc.Payouts {
		if p.TransferID == "" {
			continue
		}
		payout, err := f.Payout(f.t.Context(), partnership.PayoutID(p.ID))
		must(f.t, err)
		moved := transferOf(payout)
		moved.ID, moved.ReversedMinor, moved.CreatedAt = p.TransferID, p.ReversedMinor, *p.FirstPostedAt
		answer, err := payoutproof.Answer(moved, p.Rail)
		must(f.t, err)
		doc.Payouts[i].Transfers = append(doc.Payouts[i].Transfers, answer)
	}
	text, err := payoutproof.Write(doc)
	must(f.t, err)
	return doc, text
}

func holds(t *testing.T, text []byte) check.File {
	t.Helper()
	f, faults := check.Verify(text)
	for _, fault := range faults {
		t.Error(fault)
	}
	return f
}

// busyMonth is a month in dinars (whose last digit its rail cannot carry) with all that a proof has to explain: refunds before and after
// the sale, before and after it was paid, holds, releases, a rejection, fees, a balance from before, one below the minimum, a run that
// was sent back, a payout that failed, money that came back.
func (f *fixture) busyMonth() []party {
	f.t.Helper()
	ctx := f.t.Context()
	_, parties := f.launch(4, func(c *partnership.Campaign, t *partnership.Terms) {
		c.Currency, t.Currency, t.CommissionBPS, c.Payout.ApproveAboveMinor = "KWD", "KWD", 333, 10_000
	})
	says := func(pa party, id string, net int64, part bool) {
		_, err := f.RecordOrder(ctx, store.OrderIn{
			OrderID: id, Currency: "KWD", NetMinor: net, Codes: []string{pa.kit.DiscountCode}, OccurredAt: epoch, SaleState: partnership.SaleState{SaidAt: f.clock(), Part: part},
		})
		must(f.t, err)
	}
	sell := func(pa party, id string, net int64) { says(pa, id, net, false) }
	dispute := func(order string, minor int64, won bool) {
		_, err := f.RecordDispute(ctx, partnership.SaleDispute{OrderID: order, DisputeID: "d" + order, Currency: "KWD", AmountMinor: minor, Lost: !won, Won: won, At: f.clock()}, store.ByWebhook)
		must(f.t, err)
	}
	back := func(order, id string, minor int64) {
		refund := refundOf(order, id, minor)
		refund.Currency = "KWD"
		_, err := f.RecordRefund(ctx, refund, store.ByWebhook)
		must(f.t, err)
	}
	back("early", "r0", 1000)
	says(parties[2], "part", 20_000, true)
	for i, pa := range parties {
		for j, net := range []int64{99_999, 50_003, 250_001} {
			sell(pa, "o"+string(rune('a'+i))+string(rune('0'+j)), net/int64(1+9*(i/3))) // the last one's stay below the minimum
			f.pass(day / 24)
		}
	}
	sell(parties[0], "early", 33_333)
	sell(parties[2], "part", 40_000)
	sell(parties[1], "ob1", 62_348) // edited up
	f.pass(day / 24)
	sell(parties[1], "ob1", 60_000) // and down
	dispute("ob2", 250_001, false)
	back("oa0", "r1", 33_333)
	f.pass(day / 24)
	back("oa0", "r2", 33_333)
	back("ob0", "r3", 99_999)
	dispute("ob2", 250_001, true)
	must(f.t, f.EarnFee(ctx, parties[1].id, "reel-1", 75_004, f.clock()))
	rows, _ := f.rows("oa1")
	must(f.t, f.HoldRow(ctx, rows[0].ID, "cli:fin", "looks odd"))
	must(f.t, f.ClearRow(ctx, rows[0].ID, "slack:U7", "the buyer is real"))
	rows, _ = f.rows("oa2")
	must(f.t, f.HoldRow(ctx, rows[0].ID, "cli:fin", "the same buyer ten times"))
	must(f.t, f.VoidRow(ctx, rows[0].ID, "cli:fin", "the creator's own <order> & more"))
	rows, _ = f.rows("oc2")
	must(f.t, f.HoldRow(ctx, rows[0].ID, "cli:fin", "we ask the shop"))
	f.pass(2 * day)
	sent := f.plan()
	must(f.t, f.VoidPayoutPlan(ctx, sent.RunID, "the label is wrong"))
	f.pass(day)
	plan := f.plan()
	for _, by := range []string{"slack:U1", "slack:U2"} {
		_, err := f.approveAs(plan.RunID, by, plan.LinesHash)
		must(f.t, err)
		f.pass(day / 24)
	}
	for i, p := range f.payouts(plan) {
		posting, err := f.BeginTransfer(ctx, p.ID)
		must(f.t, err)
		if i == 2 {
			must(f.t, f.FailTransfer(ctx, p.ID, "the account is closed"))
			continue
		}
		moved := transferOf(posting.Payout)
		must(f.t, f.ConfirmTransfer(ctx, p.ID, moved))
		if i == 1 {
			must(f.t, f.ReverseTransfer(ctx, p.ID, moved.ID, p.AmountMinor/20*10))
		}
	}
	must(f.t, f.SetPayoutRunState(ctx, plan.RunID, partnership.RunReconciled))
	back("oa1", "r4", 25_001)
	f.sound()
	return parties
}

func (f *fixture) payouts(plan partnership.PayoutPlan) []partnership.Payout {
	f.t.Helper()
	payouts, err := f.PayoutsOfRun(f.t.Context(), plan.RunID)
	must(f.t, err)
	return payouts
}

// RULE 10, 11, 17 and M7: what the books hold of a month is proven by a file alone, of everybody and of each.
func TestAProofOfEverythingVerifies(t *testing.T) {
	t.Parallel()
	f := open(t)
	parties := f.busyMonth()
	whole, text := f.proof("")
	holds(t, text)
	if *keep != "" {
		_, first := f.proof(parties[0].creator)
		must(t, os.WriteFile(*keep+"-month.json", text, 0o600))
		must(t, os.WriteFile(*keep+"-creator.json", first, 0o600))
	}
	states := map[string]int{}
	for _, p := range whole.Payouts {
		states[p.State]++
		if p.CarriedOut > 0 {
			states["carried out"]++
		}
	}
	for _, r := range whole.Rows {
		states[r.State]++
	}
	for _, want := range []string{"paid", "failed", "void", "carried out", "held", "voided", "reversed", "eligible"} {
		if states[want] == 0 {
			t.Errorf("nothing in it is %s: %v", want, states)
		}
	}
	for _, pa := range parties {
		one, text := f.proof(pa.creator)
		holds(t, text)
		for _, other := range parties {
			if other.creator != pa.creator && bytes.Contains(text, []byte(other.creator)) {
				t.Errorf("the proof of %s tells of %s", pa.creator, other.creator)
			}
		}
		if len(one.Rows) == 0 || strings.Contains(string(text), "acct_") || strings.Contains(string(text), "Creator") || strings.Contains(strings.ToLower(string(text)), "mail.example") {
			t.Errorf("the proof of %s has %d rows, or shows an account or a name", pa.creator, len(one.Rows))
		}
	}
}

// What a program pays by is frozen with the plan: a later change of its minimum or limit does not reach the proof.
func TestAProofHoldsWhatARunWasPlannedBy(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, plan := f.month(2)
	f.pay(plan)
	must(t, f.Signed(t.Context(), `update programs set minimum_minor = 999999, approve_above_minor = 1`))
	must(t, f.Signed(t.Context(), `update partnerships set terms = jsonb_set(terms, '{commission_bps}', '1')`))
	doc, text := f.proof("")
	holds(t, text)
	if doc.Runs[0].MinimumMinor != 2500 || doc.Runs[0].ApproveAbove != 1_000_000 || doc.Rows[0].RateBPS != 1000 {
		t.Errorf("the proof goes by what holds today: %+v, rate %d", doc.Runs[0], doc.Rows[0].RateBPS)
	}
}

// A transfer that a person has booked is proven by that person's word.
func TestAProofOfASettledTransferVerifies(t *testing.T) {
	t.Parallel()
	f := open(t)
	parties, plan := f.month(1)
	f.pay(plan)
	lost := partnership.Transfer{ID: "tr_lost", PayoutID: "gone", Destination: "acct_0", AmountMinor: 3000, Currency: "usd", CreatedAt: f.clock()}
	_, err := f.NoteDifferences(t.Context(), "stripe", time.Time{}, []partnership.Transfer{lost})
	must(t, err)
	must(t, f.SettleDifference(t.Context(), partnership.DifferenceWord{Rail: "stripe", Transfer: "tr_lost", As: partnership.SettleOurs}, partnership.Deed{Who: "cli:fin", Reason: "paid before the restore"}))
	for _, creator := range []partnership.CreatorID{"", parties[0].creator} {
		doc, text := f.proof(creator)
		holds(t, text)
		if len(doc.Payouts) != 2 || len(doc.Runs) != 2 || doc.Runs[1].Settled == nil {
			t.Errorf("it has %d payouts, and its runs are %+v", len(doc.Payouts), doc.Runs)
		}
	}
}

// The file of one creator tells of nobody else: neither whom a person has settled a lost transfer of, nor what for.
func TestAProofOfOneCreatorTellsOfNobodyElse(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(3)
	for i, pa := range parties {
		f.order(pa, fmt.Sprint("order-", i), 50_000+int64(i)*12_340)
	}
	f.pass(2 * day)
	f.pay(f.plan())
	for i, pa := range parties {
		lost := partnership.Transfer{ID: fmt.Sprint("tr_lost_", i), PayoutID: "gone", Destination: fmt.Sprint("acct_", i), AmountMinor: 3001 + int64(i), Currency: "usd", CreatedAt: f.clock()}
		_, err := f.NoteDifferences(t.Context(), "stripe", time.Time{}, []partnership.Transfer{lost})
		must(t, err)
		if i < 2 {
			must(t, f.SettleDifference(t.Context(), partnership.DifferenceWord{Rail: "stripe", Transfer: lost.ID, As: partnership.SettleOurs}, partnership.Deed{Who: "cli:fin", Reason: fmt.Sprintf("%s wrote that it came", pa.creator)}))
		}
	}
	whole, text := f.proof("")
	holds(t, text)
	for i, pa := range parties {
		_, text := f.proof(pa.creator)
		holds(t, text)
		var others []string
		for j, other := range parties {
			if j != i {
				others = append(others, string(other.creator), string(other.id), fmt.Sprint("order-", j), fmt.Sprint("tr_lost_", j), fmt.Sprintf(": %d,", 3001+j), fmt.Sprintf(": %d,", 5000+j*1234), fmt.Sprint("Creator", j), fmt.Sprint("Name ", j))
			}
		}
		for _, p := range whole.Payouts {
			if p.CreatorID != string(pa.creator) {
				others = append(others, p.ID, p.TransferID, p.DestinationHash)
			}
		}
		for _, r := range whole.Rows {
			if r.CreatorID != string(pa.creator) {
				others = append(others, r.ID)
			}
		}
		for _, word := range others {
			if bytes.Contains(text, []byte(word)) {
				t.Errorf("the proof of creator %d has %q of another", i, word)
			}
		}
	}
}

// What was forgiven is proven by the two people's words; one person's are not enough.
func TestAProofOfAWriteOffVerifies(t *testing.T) {
	t.Parallel()
	f, pa := owing(t)
	asked, err := f.askWriteOff(pa, 0)
	must(t, err)
	_, err = f.approveWriteOff(asked.ID, "cli:bo")
	must(t, err)
	doc, text := f.proof("")
	holds(t, text)
	at := slices.IndexFunc(doc.Rows, func(r check.Row) bool { return r.Booked == "write_off" })
	if at < 0 || len(doc.Rows[at].Words) != 2 || doc.Rows[at].Words[0].By != "slack:U1" || doc.Rows[at].Words[1].By != "cli:bo" || doc.Rows[at].Words[0].Reason != "she left" {
		t.Fatalf("the rows are %+v", doc.Rows)
	}
	doc.Rows[at].Words[1].By = "slack:U1"
	forged, err := payoutproof.Write(doc)
	must(t, err)
	if _, faults := check.Verify(forged); len(faults) == 0 {
		t.Error("who asked has also approved, and it verifies")
	}
}

// A sale that the terms' cap has cut earns less than its rate says, and so does what an order grew by: a proof says by which cap.
func TestAProofOfCappedSalesVerifies(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1, func(_ *partnership.Campaign, t *partnership.Terms) { t.CommissionCap = 12_500 })
	says := func(id string, net int64) {
		f.pass(day / 24)
		_, err := f.RecordOrder(t.Context(), store.OrderIn{
			OrderID: id, Currency: "USD", NetMinor: net, Codes: []string{parties[0].kit.DiscountCode}, OccurredAt: epoch, SaleState: partnership.SaleState{SaidAt: f.clock()},
		})
		must(t, err)
	}
	says("whole", 100_000)
	says("cut", 50_000)
	says("nothing", 10_000)
	says("whole", 110_000) // nothing is left for it
	f.pass(day / 24)
	f.refund("whole", "r1", 55_000)
	says("cut", 60_000) // there is room again
	says("cut", 120_000)
	f.pass(2 * day)
	f.pay(f.plan())
	doc, text := f.proof("")
	holds(t, text)
	cut := slices.IndexFunc(doc.Rows, func(r check.Row) bool { return r.OrderID == "cut" && r.Kind == "commission" })
	if cut < 0 || doc.Rows[cut].AmountMinor != 2500 || doc.Rows[cut].CapMinor != 12_500 {
		t.Fatalf("the rows are %+v", doc.Rows)
	}
	doc.Rows[cut].CapMinor = 0
	forged, err := payoutproof.Write(doc)
	must(t, err)
	if _, faults := check.Verify(forged); len(faults) == 0 {
		t.Error("a sale is cut by no cap, and it verifies")
	}
}
