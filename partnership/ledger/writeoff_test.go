package ledger_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/partnership/ledger"
)

// Whatever is forgiven, the balance rises by it and never above nothing, and the posting sums to zero.
func TestAWriteOffForgivesAtMostWhatIsOwed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var open []ledger.Row
		for _, minor := range rapid.SliceOfN(rapid.Int64Range(-10_000, 5_000), 0, 6).Draw(t, "open") {
			open = append(open, ledger.Row{Program: "dreams", CreatorID: "c1", Kind: ledger.AdjustmentRow, State: ledger.Eligible, AmountMinor: minor, Currency: "USD"})
		}
		minor := rapid.Int64Range(-1, 30_000).Draw(t, "minor")
		owing := ledger.Owing(open)
		row, posting, err := ledger.WriteOff(open, minor, time.Time{}, "gone")
		if allowed := owing > 0 && minor >= 0 && minor <= owing; allowed != (err == nil) {
			t.Fatalf("of %d owed %d is forgiven: %v", owing, minor, err)
		}
		if err != nil {
			return
		}
		if want := minor; row.AmountMinor != want && (want != 0 || row.AmountMinor != owing) || posting.Sum() != 0 || row.State != ledger.Eligible {
			t.Fatalf("forgiven is %+v by %+v", row, posting)
		}
		if left := ledger.Owing(append(open, row)); left != owing-row.AmountMinor {
			t.Fatalf("%d is left of %d", left, owing)
		}
	})
}
