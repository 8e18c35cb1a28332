package judge

import (
	"strings"
	"testing"
	"time"
)

func at(minutes int) time.Time {
	return time.Date(2026, 12, 1, 12, minutes, 0, 0, time.UTC)
}

// sound is a small report in which everything is right: one creator completed, one declined, one went quiet.
func sound() Report {
	const text = `{
		"campaigns": [{"id": "c1", "state": "finished", "budget": {"limit_minor": 1000, "committed_minor": 500}, "partnerships": [
			{"id": "p1", "creator": {"handle": "ana", "tier": "nano", "niche": "home"}, "stage": "closed", "outcome": "completed", "terms": {"commission_bps": 290, "fee_minor": 2000, "gift_minor": 3600, "currency": "USD"},
			 "timeline": [{"at": "2026-12-01T12:07:00Z", "kind": "tracking_verified"}]},
			{"id": "p2", "creator": {"handle": "bo", "tier": "micro", "niche": "home"}, "stage": "closed", "outcome": "declined", "terms": {"commission_bps": 1000}},
			{"id": "p3", "creator": {"handle": "cy", "tier": "nano", "niche": "sleep"}, "stage": "closed", "outcome": "ghosted", "terms": {"commission_bps": 1000}}]}],
		"payouts": [{"id": "o1", "creator": "ana", "currency": "USD", "amount_minor": 10, "state": "paid", "idempotency_key": "payout/o1", "rows": ["r1", "r2"]}],
		"results": [{"partnership_id": "p1", "orders": 1, "revenue": [{"currency": "USD", "amount_minor": 333}], "fees": [{"currency": "USD", "amount_minor": 2000}],
			"commission": [{"currency": "USD", "amount_minor": 10}], "product": [{"currency": "USD", "amount_minor": 3600}], "shipping": [{"currency": "USD", "amount_minor": 770}]}],
		"reports": [{"campaign_id": "c1", "currency": "USD", "lines": [
			{"by": "campaign", "name": "in all", "posts": 2, "orders": 1, "revenue": [{"currency": "USD", "amount_minor": 333}], "cost": [{"currency": "USD", "amount_minor": 6380}],
			 "roas": 0.0522, "roi": -0.9478, "cost_per_post": {"currency": "USD", "amount_minor": 3190}},
			{"by": "niche", "name": "home", "posts": 2, "orders": 1, "revenue": [{"currency": "USD", "amount_minor": 333}], "cost": [{"currency": "USD", "amount_minor": 6380}],
			 "roas": 0.0522, "roi": -0.9478, "cost_per_post": {"currency": "USD", "amount_minor": 3190}},
			{"by": "tier", "name": "nano", "posts": 2, "orders": 1, "revenue": [{"currency": "USD", "amount_minor": 333}], "cost": [{"currency": "USD", "amount_minor": 6380}],
			 "roas": 0.0522, "roi": -0.9478, "cost_per_post": {"currency": "USD", "amount_minor": 3190}},
			{"by": "creator", "name": "@ana", "posts": 2, "orders": 1, "revenue": [{"currency": "USD", "amount_minor": 333}], "cost": [{"currency": "USD", "amount_minor": 6380}],
			 "roas": 0.0522, "roi": -0.9478, "cost_per_post": {"currency": "USD", "amount_minor": 3190}},
			{"by": "post", "name": "@ana reel-1", "posts": 1, "orders": 1, "revenue": [{"currency": "USD", "amount_minor": 333}], "cost": [{"currency": "USD", "amount_minor": 3195}]},
			{"by": "post", "name": "@ana reel-2", "posts": 1, "orders": 0, "revenue": null, "cost": [{"currency": "USD", "amount_minor": 3185}]}]}],
		"played_again": [{"program": "x", "lines": [{"creator": "ana", "currency": "USD", "earned_minor": 10, "then_minor": 10, "due_minor": 10, "due_then_minor": 10}]}],
		"ledger": {
			"rows": [
				{"id": "r1", "creator": "ana", "partnership_id": "p1", "kind": "commission", "state": "paid", "amount_minor": 15, "currency": "USD", "order_id": "1", "payout_id": "o1"},
				{"id": "r2", "creator": "ana", "partnership_id": "p1", "kind": "adjustment", "state": "paid", "amount_minor": -5, "currency": "USD", "order_id": "1", "payout_id": "o1"},
				{"id": "r0", "creator": "ana", "partnership_id": "p1", "kind": "fee", "state": "eligible", "amount_minor": 2000, "currency": "USD"}],
			"balances": [{"account": "cash:stripe", "currency": "USD", "amount_minor": 10}, {"account": "expense:x:commission", "currency": "USD", "amount_minor": -10},
				{"account": "creator:k1:in_transit", "currency": "USD", "amount_minor": 0}]},
		"truth": {
			"mails": [{"key": "m1", "kind": "invitation", "task": "offer", "step": "request", "partnership_id": "p1", "at": "2026-12-01T12:00:00Z"},
				{"key": "m2", "kind": "cleared_to_post", "task": "post", "step": "request", "partnership_id": "p1", "at": "2026-12-01T12:08:00Z"},
				{"key": "m3", "kind": "payout_paid", "task": "notice", "step": "payout_paid/o1", "partnership_id": "p1", "at": "2026-12-01T13:08:00Z"}],
			"messages": [{"key": "s1"}],
			"envelopes": [{"key": "e1", "id": "v1", "partnership_id": "p1", "version": 1, "status": "completed", "completed_at": "2026-12-01T12:02:00Z", "voided_at": null},
				{"key": "e2", "id": "v2", "partnership_id": "p3", "version": 1, "status": "voided"}],
			"gift_orders": [{"key": "g1", "id": "d1", "partnership_id": "p1", "status": "completed", "created_at": "2026-12-01T12:03:00Z"}],
			"labels": [{"key": "l1", "id": "h1", "partnership_id": "p1", "price": "7.70", "currency": "USD", "bought_at": "2026-12-01T12:04:00Z", "delivered_at": "2026-12-01T12:06:00Z"}],
			"codes": [{"key": "k1", "code": "ANA", "partnership_id": "p1", "active": true, "created_at": "2026-12-01T12:05:00Z"},
				{"key": "k3", "code": "CY", "partnership_id": "p3", "active": false, "created_at": "2026-12-01T12:05:00Z"}],
			"orders": [{"id": "1", "code": "ana", "link_partnership_id": "p2", "net_minor": 500, "currency": "USD", "refunded_minor": 167},
				{"id": "2", "code": null, "link_partnership_id": null, "net_minor": 700, "currency": "USD", "refunded_minor": 0}],
			"transfers": [{"key": "payout/o1", "id": "t1", "payout_id": "o1", "amount_minor": 10, "currency": "USD", "reversed_minor": 0}]},
		"seconds": 12.5}`
	r, err := Read(strings.NewReader(text))
	if err != nil {
		panic(err)
	}
	return r
}

func TestASoundReportHolds(t *testing.T) {
	t.Parallel()
	for _, v := range Judge(sound()) {
		if !v.Holds() {
			t.Error(v)
		}
	}
}

// The recomputation is one that a person can do again: sold, given back, earned, spent and paid, by creator and currency.
func TestASheetIsASpreadsheet(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if err := WriteSheet(&out, sound()); err != nil {
		t.Fatal(err)
	}
	const want = `creator,currency,orders,sold,refunded,revenue,fee,commission,product,shipping,cost,paid
ana,USD,1,5.00,1.67,3.33,20.00,0.10,36.00,7.70,63.80,0.10
in all,USD,1,5.00,1.67,3.33,20.00,0.10,36.00,7.70,63.80,0.10
`
	if out.String() != want {
		t.Errorf("got\n%swant\n%s", out.String(), want)
	}
}

func TestAnEmptyReportProvesNothing(t *testing.T) {
	t.Parallel()
	all := Judge(Report{})
	if got := len(Failed(all)); got != len(all) {
		t.Errorf("%d of %d checks fail on an empty report", got, len(all))
	}
}

func TestEachPlantedFaultIsFound(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, check string
		plant       func(*Report)
	}{
		{"a sale told too high", "brought and cost", func(r *Report) { r.Results[0].Revenue[0].AmountMinor++ }},
		{"a refund that a report forgets", "brought and cost", func(r *Report) { r.Results[0].Revenue[0].AmountMinor = 500 }},
		{"dollars told as yen", "brought and cost", func(r *Report) { r.Results[0].Shipping[0].Currency = "JPY" }},
		{"dollars added to yen", "brought and cost", func(r *Report) {
			r.Campaigns[0].Partnerships[0].Terms.Currency, r.Results[0].Product[0] = "JPY", Amount{"JPY", 3600 + 770}
			r.Results[0].Shipping = nil
		}},
		{"a label that a report forgets", "brought and cost", func(r *Report) { r.Results[0].Shipping = nil }},
		{"a gift told that was cancelled", "brought and cost", func(r *Report) {
			r.Truth.GiftOrders[0].Status, r.Truth.Labels[0].DeliveredAt = "cancelled", time.Time{}
		}},
		{"an order that a report forgets", "brought and cost", func(r *Report) { r.Results[0].Orders = 0 }},
		{"half a fee", "brought and cost", func(r *Report) { r.Ledger.Rows[2].AmountMinor, r.Results[0].Fees[0].AmountMinor = 1000, 1000 }},
		{"a ROAS that is a ROI", "campaign's report", func(r *Report) { *r.Reports[0].Lines[0].ROAS = -0.9478 }},
		{"a ROI of somebody else", "campaign's report", func(r *Report) { *r.Reports[0].Lines[3].ROI++ }},
		{"a cost per creator told as per post", "campaign's report", func(r *Report) { r.Reports[0].Lines[3].PerPost.AmountMinor = 6380 }},
		{"a report that forgets shipping", "campaign's report", func(r *Report) { r.Reports[0].Lines[1].Cost[0].AmountMinor -= 770 }},
		{"a report that forgets a creator", "campaign's report", func(r *Report) { r.Reports[0].Lines = append(r.Reports[0].Lines[:3:3], r.Reports[0].Lines[4:]...) }},
		{"a creator in another tier", "campaign's report", func(r *Report) { r.Reports[0].Lines[2].Name = "micro" }},
		{"a post told twice", "campaign's report", func(r *Report) { r.Reports[0].Lines = append(r.Reports[0].Lines, r.Reports[0].Lines[4]) }},
		{"a ROAS of two currencies", "campaign's report", func(r *Report) {
			r.Truth.Labels[0].Currency, r.Results[0].Shipping[0].Currency = "JPY", "JPY"
			r.Truth.Labels[0].Price, r.Results[0].Shipping[0].AmountMinor = "770", 770
			for i := range r.Reports[0].Lines {
				r.Reports[0].Lines[i].Cost = append(r.Reports[0].Lines[i].Cost, Amount{"JPY", 770})
				r.Reports[0].Lines[i].Cost[0].AmountMinor -= 770
			}
		}},
		{"a past that is another", "played again", func(r *Report) { r.Again[0].Lines[0].ThenMinor++ }},
		{"a past that forgets a sale", "played again", func(r *Report) { r.Again[0].Lines[0].ThenMinor, r.Again[0].Lines[0].EarnedMinor = 0, 0 }},
		{"a past that pays later", "played again", func(r *Report) { r.Again[0].Lines[0].DueThen = 0 }},
		{"a story without an end", "has an outcome", func(r *Report) { r.Campaigns[0].Partnerships[0].Outcome = "" }},
		{"a story that is not closed", "has an outcome", func(r *Report) { r.Campaigns[0].Partnerships[0].Stage = "content" }},
		{"nobody said no", "end well, with a no", func(r *Report) { r.Campaigns[0].Partnerships[1].Outcome = completed }},
		{"nobody went quiet", "end well, with a no", func(r *Report) { r.Campaigns[0].Partnerships[2].Outcome = "declined" }},
		{"nobody completed", "end well, with a no", func(r *Report) { r.Campaigns[0].Partnerships[0].Outcome = "declined" }},
		{"a campaign that runs on", "campaigns end", func(r *Report) { r.Campaigns[0].State = "launched" }},
		{"a budget that is overdrawn", "campaigns end", func(r *Report) { r.Campaigns[0].Budget.CommittedMinor = 1001 }},
		{"a mail sent twice", "one mail a task", func(r *Report) {
			again := r.Truth.Mails[0]
			again.Key = "m1/2"
			r.Truth.Mails = append(r.Truth.Mails, again)
		}},
		{"no signature", "agreement was signed once", func(r *Report) { r.Truth.Envelopes[0].Status = "sent" }},
		{"two signatures", "agreement was signed once", func(r *Report) {
			again := r.Truth.Envelopes[0]
			again.Key = "e1/2"
			r.Truth.Envelopes = append(r.Truth.Envelopes, again)
		}},
		{"an amendment signed twice", "agreement was signed once", func(r *Report) {
			again := r.Truth.Envelopes[0]
			again.Version = 2
			r.Truth.Envelopes = append(r.Truth.Envelopes, again, again)
		}},
		{"a gift before the signature", "none before the signature", func(r *Report) { r.Truth.GiftOrders[0].CreatedAt = at(1) }},
		{"a label before the signature", "none before the signature", func(r *Report) { r.Truth.Labels[0].BoughtAt = at(1) }},
		{"a gift without a signature", "none before the signature", func(r *Report) { r.Truth.GiftOrders[0].PartnershipID = "p2" }},
		{"two labels", "none before the signature", func(r *Report) {
			again := r.Truth.Labels[0]
			again.Key = "l1/2"
			r.Truth.Labels = append(r.Truth.Labels, again)
		}},
		{"two gift orders", "none before the signature", func(r *Report) {
			again := r.Truth.GiftOrders[0]
			again.Key = "g1/2"
			r.Truth.GiftOrders = append(r.Truth.GiftOrders, again)
		}},
		{"cleared before verified", "first the code", func(r *Report) { r.Truth.Mails[1].At = at(6) }},
		{"verified before the code", "first the code", func(r *Report) { r.Truth.Codes[0].CreatedAt = at(8) }},
		{"never verified", "first the code", func(r *Report) { r.Campaigns[0].Partnerships[0].Timeline = nil }},
		{"a label of a decliner", "nothing stays signed", func(r *Report) { r.Truth.Labels[0].PartnershipID = "p2" }},
		{"a gift of a decliner", "nothing stays signed", func(r *Report) { r.Truth.GiftOrders[0].PartnershipID = "p2" }},
		{"a signature of a decliner", "nothing stays signed", func(r *Report) { r.Truth.Envelopes[0].PartnershipID = "p2" }},
		{"a code of a decliner", "nothing stays signed", func(r *Report) { r.Truth.Codes[0].PartnershipID = "p2" }},
		{"a code of a ghost", "ended before the end", func(r *Report) { r.Truth.Codes[1].Active = true }},
		{"an envelope of a ghost", "ended before the end", func(r *Report) { r.Truth.Envelopes[1].Status = "sent" }},
		{"a commission at another rate", "each order credits", func(r *Report) { r.Campaigns[0].Partnerships[0].Terms.CommissionBPS = 400 }},
		{"a commission without its refund", "each order credits", func(r *Report) { r.Ledger.Rows[1].AmountMinor = 0 }},
		{"two commissions on an order", "each order credits", func(r *Report) { r.Ledger.Rows[1].Kind = commission }},
		{"a commission of somebody else", "each order credits", func(r *Report) { r.Ledger.Rows[0].Creator = "bo" }},
		{"a commission that was forgotten", "each order credits", func(r *Report) { r.Ledger.Rows = nil }},
		{"a commission on nobody's order", "without an order", func(r *Report) { r.Ledger.Rows[0].OrderID = "2" }},
		{"a commission on no order", "without an order", func(r *Report) { r.Ledger.Rows[0].OrderID = "3" }},
		{"a refund of more than was booked", "refunds never", func(r *Report) { r.Ledger.Rows[1].AmountMinor = -16 }},
		{"a ledger out of balance", "sums to zero", func(r *Report) { r.Ledger.Balances[1].AmountMinor++ }},
		{"money in transit", "on its way", func(r *Report) { r.Ledger.Balances[2].AmountMinor = 1 }},
		{"a payout in doubt", "on its way", func(r *Report) { r.Payouts[0].State = "unknown" }},
		{"the bank paid more", "what left the bank", func(r *Report) { r.Truth.Transfers[0].AmountMinor++ }},
		{"the books say less cash", "what left the bank", func(r *Report) { r.Ledger.Balances[0].AmountMinor-- }},
		{"a payout paid twice", "one transfer", func(r *Report) {
			again := r.Truth.Transfers[0]
			again.Key = "payout/o1/2"
			r.Truth.Transfers = append(r.Truth.Transfers, again)
		}},
		{"a paid payout without a transfer", "one transfer", func(r *Report) { r.Truth.Transfers[0].PayoutID = "o2" }},
		{"a transfer of a failed payout", "one transfer", func(r *Report) { r.Payouts[0].State = "failed" }},
		{"a transfer under another key", "one transfer", func(r *Report) { r.Truth.Transfers[0].Key = "other" }},
		{"a payout of nothing", "above zero", func(r *Report) { r.Payouts[0].AmountMinor = 0 }},
		{"a payout that is not its rows", "above zero", func(r *Report) { r.Payouts[0].Rows = []string{"r1"} }},
		{"a row in two payouts", "above zero", func(r *Report) { r.Payouts = append(r.Payouts, r.Payouts[0]) }},
		{"a row paid by nobody", "above zero", func(r *Report) { r.Payouts[0].State = "void" }},
		{"a mail without a key", "mails: each has a key", func(r *Report) { r.Truth.Mails[0].Key = "" }},
		{"a message sent twice", "messages: each has a key", func(r *Report) { r.Truth.Messages = append(r.Truth.Messages, r.Truth.Messages[0]) }},
		{"an envelope sent twice", "envelopes: each has a key", func(r *Report) { r.Truth.Envelopes[1].Key = "e1" }},
		{"a gift without a key", "gift orders: each has a key", func(r *Report) { r.Truth.GiftOrders[0].Key = "" }},
		{"a label without a key", "labels: each has a key", func(r *Report) { r.Truth.Labels[0].Key = "" }},
		{"two codes of a key", "codes: each has a key", func(r *Report) { r.Truth.Codes[1].Key = "k1" }},
		{"nobody told of their money", "one mail about it", func(r *Report) { r.Truth.Mails = r.Truth.Mails[:2] }},
		{"told twice of one payout", "one mail about it", func(r *Report) { r.Truth.Mails = append(r.Truth.Mails, r.Truth.Mails[2]) }},
		{"told of money that never came", "one mail about it", func(r *Report) { r.Payouts[0].State = "failed" }},
		{"told of a payout that is none", "one mail about it", func(r *Report) { r.Truth.Mails[0].Kind = toldPaid }},
		{"a transfer without a key", "transfers: each has a key", func(r *Report) { r.Truth.Transfers[0].Key = "" }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := sound()
			tc.plant(&r)
			for _, v := range Failed(Judge(r)) {
				if strings.Contains(v.Check, tc.check) {
					return
				}
			}
			t.Errorf("the check %q holds", tc.check)
		})
	}
}

func TestHalvesRoundAwayFromZero(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ n, d, want int64 }{{29, 2, 15}, {-29, 2, -15}, {500 * 290, 10_000, 15}, {15 * 167, 500, 5}, {0, 7, 0}} {
		if got := halfAway(tc.n, tc.d); got != tc.want {
			t.Errorf("%d/%d: got %d, want %d", tc.n, tc.d, got, tc.want)
		}
	}
}

func TestAVerdictShowsWhatItFound(t *testing.T) {
	t.Parallel()
	v := Verdict{Check: "all is well", Over: 3, Faults: []string{"it is not"}}
	if got, want := v.String(), "FAIL all is well (3)\n       it is not"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
