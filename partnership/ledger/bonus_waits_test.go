package ledger_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
)

// A bonus waits with the sale that reaches it by what is known now: where that one is a later sale, because an earlier one came back, its money
// may still come back for as long.
func TestABonusWaitsWithTheSaleThatReachesItByNow(t *testing.T) {
	t.Parallel()
	e := ledger.Earner{Terms: incentives(), CreatorID: "cr"}
	var books bonusBooks
	books.take(e, []ledger.BonusSale{onDay(0, 100, 0), onDay(1, 100, 0), onDay(2, 100, 0)}, 0, bonusDay)
	later := []ledger.BonusSale{onDay(0, 100, 100), onDay(1, 100, 0), onDay(2, 100, 0), onDay(20, 100, 0)}
	books.take(e, later, 0, bonusDay)
	if got := books.waitUntil("sales/3/10000"); len(got) != 1 || !got[0].Equal(later[3].At.Add(30*bonusDay)) || books.sums()["sales/3/10000"] != 10_000 {
		t.Errorf("it waits until %v, and the sale that reaches it until %s: %+v", got, later[3].At.Add(30*bonusDay), books.rows)
	}
	n := len(books.rows)
	if books.take(e, later, 0, bonusDay); len(books.rows) != n {
		t.Errorf("said again it books %+v", books.rows[n:])
	}
	// What a person holds is theirs, and what a run has claimed is on its way.
	for _, state := range []ledger.State{ledger.Held, ledger.InPayout, ledger.Paid} {
		books = bonusBooks{}
		books.take(e, later[1:3], 0, bonusDay)
		books.take(e, []ledger.BonusSale{onDay(0, 100, 0), onDay(1, 100, 0), onDay(2, 100, 0)}, 0, bonusDay)
		books.rows[0].State = state
		if books.take(e, later, 0, bonusDay); len(books.rows) != 1 {
			t.Errorf("%s: it books %+v", state, books.rows[1:])
		}
	}
}

// Of what a tier adds to a sale one part was paid and another waits: what comes back is taken off what waits first, and only the rest is netted.
func TestWhatWaitsOfATierIsTakenBackFirst(t *testing.T) {
	t.Parallel()
	e := ledger.Earner{Terms: incentives(), CreatorID: "cr"}
	sold := func(bought, back int64) []ledger.BonusSale {
		return []ledger.BonusSale{onDay(0, 100_000, 0), onDay(1, bought, back)}
	}
	var books bonusBooks
	books.take(e, sold(10_000, 0), 0, bonusDay)
	books.rows[0].State = ledger.Paid               // 200 of it
	books.take(e, sold(15_000, 0), 0, bonusDay)     // the order grew: 100 more wait
	books.take(e, sold(15_000, 7_500), 0, bonusDay) // half comes back: 150
	if got := books.netted(); got != -50 || books.sums()["tier/1200/o01"] != 150 {
		t.Errorf("%d is netted of 200 that were paid, want -50: %+v", got, books.rows)
	}
	if left := books.waitUntil("tier/1200/o01"); len(left) != 0 {
		t.Errorf("what came back waits still: %+v", books.rows)
	}
}

// waitUntil is when what waits of a bonus may be paid.
func (b *bonusBooks) waitUntil(key string) (until []time.Time) {
	for _, row := range b.rows {
		if row.Deliverable == key && row.Kind == ledger.BonusRow && row.State == ledger.Pending {
			until = append(until, row.EligibleAt)
		}
	}
	return until
}

// netted is what the next run takes off.
func (b *bonusBooks) netted() (minor int64) {
	for _, row := range b.rows {
		if row.State == ledger.Eligible && row.AmountMinor < 0 {
			minor += row.AmountMinor
		}
	}
	return minor
}

// RULE 4, 5: whatever is sold, grows, comes back and is paid, in any order: what waits of a bonus waits as long as the sale that reaches it, and
// nothing is netted while as much of the same still waits.
func TestWhateverIsSoldABonusWaitsWithItsSale(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e := ledger.Earner{Terms: drawnTerms(t), CreatorID: "cr"}
		sales := drawnSales(t)
		var books bonusBooks
		for range rapid.IntRange(1, 15).Draw(t, "events") {
			s := &sales[rapid.IntRange(0, len(sales)-1).Draw(t, "sale")]
			switch rapid.SampledFrom([]string{"grows", "comes back", "is paid again"}).Draw(t, "what") {
			case "grows":
				s.BoughtMinor += rapid.Int64Range(0, 60_000).Draw(t, "by")
			case "comes back":
				s.BackMinor = rapid.Int64Range(s.BackMinor, s.BoughtMinor).Draw(t, "back")
			default:
				s.BackMinor = 0
			}
			before := len(books.rows)
			books.take(e, sales, 0, bonusDay)
			for _, row := range books.rows[before:] {
				if row.State != ledger.Eligible || row.AmountMinor >= 0 {
					continue
				}
				for _, other := range books.rows {
					if other.Deliverable == row.Deliverable && other.State == ledger.Pending && other.AmountMinor <= -row.AmountMinor {
						t.Fatalf("%d is netted while %d of the same waits: %+v", row.AmountMinor, other.AmountMinor, books.rows)
					}
				}
			}
			books.waitAsDue(t, e.Terms, sales)
			for i, row := range books.rows {
				if row.State == ledger.Pending && rapid.IntRange(0, 3).Draw(t, "paid") == 0 {
					books.rows[i].State = ledger.Paid
				}
			}
		}
	})
}

// waitAsDue holds when what waits may be paid against the sale that reaches it.
func (b *bonusBooks) waitAsDue(t *rapid.T, terms partnership.Terms, sales []ledger.BonusSale) {
	for _, due := range ledger.BonusesDue(terms, sales, bonusDay) {
		for _, until := range b.waitUntil(due.Key) {
			if want := due.At.Add(30 * bonusDay); !until.Equal(want) {
				t.Fatalf("%s waits until %s, and its sale until %s", due.Key, until, want)
			}
		}
	}
}
