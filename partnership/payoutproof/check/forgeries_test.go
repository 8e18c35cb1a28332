package check_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership/payoutproof/check"
)

// world is a proof in a forger's hands.
type world struct {
	*check.File
	t *testing.T
}

// paid is a payout of the run that was paid, and its run.
func (w *world) paid() (*check.Payout, *check.Run) {
	w.t.Helper()
	for i := range w.Payouts {
		if p := &w.Payouts[i]; p.State == "paid" && p.ReversedMinor == 0 {
			return p, &w.Runs[slices.IndexFunc(w.Runs, func(r check.Run) bool { return r.ID == p.RunID })]
		}
	}
	w.t.Fatal("nothing was paid")
	return nil, nil
}

// row is a row of a payout that is like that.
func (w *world) row(like func(check.Row) bool) *check.Row {
	w.t.Helper()
	for i := range w.Rows {
		if like(w.Rows[i]) {
			return &w.Rows[i]
		}
	}
	w.t.Fatal("there is no such row")
	return nil
}

func (w *world) order(id string) *check.Order {
	return &w.Orders[slices.IndexFunc(w.Orders, func(o check.Order) bool { return o.ID == id })]
}

// sale is a commission that was paid.
func (w *world) sale() *check.Row {
	p, _ := w.paid()
	return w.row(func(r check.Row) bool { return r.Kind == "commission" && r.PayoutID == p.ID })
}

// bonus adds a row of a bonus to a payout that was paid, so that all else fits.
func (w *world) bonus(id, which string, minor int64) {
	p, _ := w.paid()
	r := *w.sale()
	r.ID, r.Kind, r.OrderID, r.Deliverable, r.RateBPS, r.CapMinor, r.AmountMinor, r.Booked = id, "bonus", "", which, 0, 0, minor, "earn"
	r.Released = []string{}
	w.Rows = append(w.Rows, r)
	p.Rows = append(p.Rows, id)
	w.pays(minor)
}

// pays makes everything fit that follows from a payout's amount: line, hashes, approvals and the provider's answer.
func (w *world) pays(minor int64) {
	p, _ := w.paid()
	p.AmountMinor += minor
	p.Transfers[0].Units += minor
	w.rehash()
}

// rehash makes the hashes of all runs anew, and moves the approvals over.
func (w *world) rehash() {
	hash := func(text string) string {
		sum := sha256.Sum256([]byte(text))
		return hex.EncodeToString(sum[:])
	}
	for i := range w.Runs {
		r := &w.Runs[i]
		var lines []check.Payout
		r.TotalMinor, r.Payees = 0, 0
		for _, p := range w.Payouts {
			if p.RunID == r.ID {
				lines, r.TotalMinor, r.Payees = append(lines, p), r.TotalMinor+p.AmountMinor, r.Payees+1
			}
		}
		slices.SortFunc(lines, func(a, b check.Payout) int { return strings.Compare(a.CreatorID, b.CreatorID) })
		r.LineHashes = []string{}
		for _, p := range lines {
			r.LineHashes = append(r.LineHashes, hash(fmt.Sprintf("%s\n%s\n%s\n%d\n%s", p.CreatorID, p.DestinationHash, p.Currency, p.AmountMinor, strings.Join(p.Rows, ","))))
		}
		r.LinesHash = hash(strings.Join(append(slices.Clone(r.LineHashes), ""), "\n"))
		for j := range r.Approvals {
			r.Approvals[j].On = r.LinesHash
		}
	}
}

// forgeries are what somebody would change who can make every hash anew.
var forgeries = map[string]func(*world){
	"a sale earns ten more, and all is paid": func(w *world) { w.sale().AmountMinor += 10; w.pays(10) },
	"a rate is raised":                       func(w *world) { r := w.sale(); r.RateBPS *= 2 },
	"a rate is raised, and what it earns, not what came back": func(w *world) {
		r := w.row(func(r check.Row) bool { return r.Kind == "commission" && r.OrderID == "oa0" })
		for i := range w.Rows {
			if w.Rows[i].OrderID == r.OrderID {
				w.Rows[i].RateBPS = 1000
			}
		}
		r.AmountMinor = 10_000
	},
	"a sale is worth more than its commission says": func(w *world) { w.order(w.sale().OrderID).SoldMinor += 1000 },
	"a sale is rounded up": func(w *world) {
		r := w.row(func(r check.Row) bool { return r.Kind == "commission" && w.order(r.OrderID).SoldMinor == 50_003 })
		r.AmountMinor++
	},
	"a refund is left out": func(w *world) {
		w.Rows = slices.DeleteFunc(w.Rows, func(r check.Row) bool { return r.OrderID == "oa1" && r.Kind == "adjustment" })
	},
	"a refund takes a cent less": func(w *world) {
		w.row(func(r check.Row) bool { return r.Kind == "adjustment" && r.OrderID == "oa1" }).AmountMinor++
	},
	"a refund stands for two sales": func(w *world) {
		w.row(func(r check.Row) bool { return r.Kind == "adjustment" && r.OrderID == "oa1" }).OrderID = "oa0"
	},
	"what came back is forgotten": func(w *world) { o := w.order("oa0"); o.Worth = o.Worth[:1] },
	"more came back than was bought": func(w *world) {
		o := w.order("oa0")
		o.Worth[len(o.Worth)-1].BackMinor = o.Worth[0].BoughtMinor + 1
	},
	"an order is left out":  func(w *world) { w.Orders = w.Orders[1:] },
	"an order stands twice": func(w *world) { w.Orders = slices.Insert(w.Orders, 0, w.Orders[0]) },
	"a sale earns twice": func(w *world) {
		r := *w.sale()
		r.ID = "zz"
		w.Rows = append(w.Rows, r)
		p, _ := w.paid()
		p.Rows = append(p.Rows, "zz")
		w.pays(r.AmountMinor)
	},
	"a row is left out": func(w *world) {
		id := w.sale().ID
		w.Rows = slices.DeleteFunc(w.Rows, func(r check.Row) bool { return r.ID == id })
	},
	"a payout leaves one of its rows out": func(w *world) { p, _ := w.paid(); p.Rows = p.Rows[1:]; w.rehash() },
	"a row is invented": func(w *world) {
		p, _ := w.paid()
		r := *w.sale()
		r.ID, r.Kind, r.OrderID, r.RateBPS, r.AmountMinor, r.Booked = "zz", "adjustment", "", 0, 5000, "earn"
		w.Rows = append(w.Rows, r)
		p.Rows = append(p.Rows, "zz")
		w.pays(5000)
	},
	"a bonus is invented":                 func(w *world) { w.bonus("zz", "sales/20", 5000) },
	"a bonus is worth more than it says":  func(w *world) { w.bonus("zz", "sales/20/4000", 5000) },
	"a bonus is of nothing that is known": func(w *world) { w.bonus("zz", "likes/20/5000", 5000) },
	"a bonus is paid twice": func(w *world) {
		w.bonus("zy", "revenue/200000/5000", 5000)
		w.bonus("zz", "revenue/200000/5000", 5000)
	},
	"a tier adds more than its rate": func(w *world) {
		w.bonus("zz", "tier/"+fmt.Sprint(w.sale().RateBPS+1)+"/"+w.sale().OrderID, 5000)
	},
	"a fee is paid twice": func(w *world) {
		r := *w.row(func(r check.Row) bool { return r.Kind == "fee" })
		r.ID = "zz"
		w.Rows = append(w.Rows, r)
	},
	"a payout is not its rows":    func(w *world) { w.pays(100) },
	"a payout is below its rows":  func(w *world) { w.pays(-100) },
	"the rail carries less":       func(w *world) { p, _ := w.paid(); p.CarriedOut-- },
	"what is carried out is kept": func(w *world) { p, _ := w.paid(); p.AmountMinor += p.CarriedOut; p.CarriedOut = 0; w.rehash() },
	"what is carried out is gone": func(w *world) {
		p, run := w.paid()
		w.Rows = slices.DeleteFunc(w.Rows, func(r check.Row) bool {
			return r.Kind == "adjustment" && r.OrderID == "" && r.AmountMinor == p.CarriedOut && r.OccurredAt.Equal(run.Cutoff)
		})
	},
	"a balance comes from before": func(w *world) { p, _ := w.paid(); p.CarriedIn++ },
	"the minimum was higher":      func(w *world) { _, run := w.paid(); run.MinimumMinor = 1_000_000 },
	"a hold was longer":           func(w *world) { w.sale().HoldMicros *= 2 },
	"a sale is paid before its hold is over": func(w *world) {
		r := w.sale()
		_, run := w.paid()
		r.HoldMicros, r.EligibleAt = run.Cutoff.Sub(r.OccurredAt).Microseconds(), run.Cutoff
	},
	"what is held is paid": func(w *world) {
		r := w.sale()
		r.Words = append(r.Words, check.Word{Deed: "hold_row", By: "cli:fin", At: r.WrittenAt, On: r.ID, Reason: "odd"})
	},
	"a release has no name": func(w *world) {
		w.row(func(r check.Row) bool { return len(r.Words) == 2 }).Words[1].By = ""
	},
	"a release is taken out": func(w *world) {
		r := w.row(func(r check.Row) bool { return len(r.Words) == 2 && r.PayoutID != "" })
		r.Words = r.Words[:1]
	},
	"nobody rejected what is voided": func(w *world) {
		w.row(func(r check.Row) bool { return r.State == "voided" && r.Kind == "commission" }).Words = []check.Word{}
	},
	"who prepared it approves":    func(w *world) { _, run := w.paid(); run.Approvals[1].By = run.PreparedBy },
	"one person approves twice":   func(w *world) { _, run := w.paid(); run.Approvals[1].By = run.Approvals[0].By },
	"one approval is missing":     func(w *world) { _, run := w.paid(); run.Approvals = run.Approvals[:1] },
	"one was enough":              func(w *world) { _, run := w.paid(); run.Approvals, run.NeedApprovers = run.Approvals[:1], 1 },
	"nobody approved":             func(w *world) { _, run := w.paid(); run.Approvals = nil },
	"another hash was approved":   func(w *world) { _, run := w.paid(); run.Approvals[0].On = w.Runs[0].LinesHash },
	"it was sent before approval": func(w *world) { _, run := w.paid(); run.Approvals[1].At = run.Approvals[1].At.Add(3 * time.Hour) },
	"a line is left out of the hash": func(w *world) {
		_, run := w.paid()
		run.LineHashes = run.LineHashes[1:]
	},
	"a payout is left out":       func(w *world) { w.Payouts = w.Payouts[1:] },
	"it goes to another account": func(w *world) { p, _ := w.paid(); p.DestinationHash = strings.Repeat("a", 64); w.rehash() },
	"it goes to another account, and the provider says so": func(w *world) {
		p, _ := w.paid()
		p.DestinationHash = strings.Repeat("a", 64)
		p.Transfers[0].DestinationHash = p.DestinationHash
	},
	"its key is another's":   func(w *world) { p, _ := w.paid(); p.Key = w.Payouts[0].Key },
	"the provider paid less": func(w *world) { p, _ := w.paid(); p.Transfers[0].Units -= 10 },
	"the provider paid twice": func(w *world) {
		p, _ := w.paid()
		t := p.Transfers[0]
		t.ID += "x"
		p.Transfers = append(p.Transfers, t)
	},
	"the provider says nothing":       func(w *world) { p, _ := w.paid(); p.Transfers = nil },
	"another transfer paid":           func(w *world) { p, _ := w.paid(); p.TransferID += "x" },
	"it came back at the provider":    func(w *world) { p, _ := w.paid(); p.Transfers[0].ReversedUnits = 10 },
	"it was paid before it was asked": func(w *world) { p, _ := w.paid(); p.Transfers[0].At = p.Transfers[0].At.AddDate(0, 0, -1) },
	"it came back, and nobody is owed it": func(w *world) {
		w.Rows = slices.DeleteFunc(w.Rows, func(r check.Row) bool { return r.Booked == "return" })
	},
	"what failed was paid": func(w *world) {
		for i := range w.Payouts {
			if w.Payouts[i].State == "failed" {
				w.Payouts[i].State = "paid"
			}
		}
	},
	"what was paid failed":    func(w *world) { p, _ := w.paid(); p.State = "failed" },
	"another creator is paid": func(w *world) { p, _ := w.paid(); p.CreatorID = w.Payouts[1].CreatorID + "x"; w.rehash() },
	"another currency":        func(w *world) { p, _ := w.paid(); p.Currency = "USD"; w.rehash() },
	"another month":           func(w *world) { w.Period = "2026-12" },
	"another program":         func(w *world) { w.Program = "nightmares" },
	"a word on a transfer stands for approvals": func(w *world) {
		_, run := w.paid()
		run.Settled, run.Approvals = &check.Word{Deed: "settle_difference", By: run.PreparedBy, On: "tr", Reason: "ours"}, []check.Word{}
	},
}
