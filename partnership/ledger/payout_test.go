package ledger_test

import (
	"math/rand"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
)

func row(id, creator, currency string, s ledger.State, minor int64) ledger.Row {
	return ledger.Row{ID: id, CreatorID: partnership.CreatorID(creator), Currency: currency, State: s, AmountMinor: minor}
}

func TestPlan(t *testing.T) {
	t.Parallel()
	minimum := map[string]int64{"USD": 2500, "KWD": 1000}
	payouts, carried := ledger.Plan([]ledger.Row{
		row("r2", "equal", "USD", ledger.Eligible, 2000), row("r1", "equal", "USD", ledger.Eligible, 500),
		row("r3", "below", "USD", ledger.Eligible, 2499),
		row("r4", "netted", "USD", ledger.Eligible, 9000), row("r5", "netted", "USD", ledger.Eligible, -1000), row("r6", "netted", "USD", ledger.Pending, -500),
		row("r7", "negative", "USD", ledger.Eligible, 100), row("r8", "negative", "USD", ledger.Eligible, -8000),
		row("r9", "zero", "USD", ledger.Eligible, 3000), row("r10", "zero", "USD", ledger.Eligible, -3000),
		row("r11", "waiting", "USD", ledger.Pending, 9000), row("r12", "waiting", "USD", ledger.Held, 9000), row("r13", "waiting", "USD", ledger.Paid, 9000),
		row("r14", "waiting", "USD", ledger.InPayout, -1), row("r15", "waiting", "USD", ledger.Voided, -1), row("r16", "waiting", "USD", ledger.Reversed, -1),
		row("r17", "two", "USD", ledger.Eligible, 5000), row("r18", "two", "EUR", ledger.Eligible, 700), row("r19", "two", "KWD", ledger.Eligible, 1234),
	}, minimum, "stripe")

	wantPaid := []ledger.Payout{
		{CreatorID: "equal", Rail: "stripe", Currency: "USD", AmountMinor: 2500, Rows: []string{"r1", "r2"}},
		{CreatorID: "netted", Rail: "stripe", Currency: "USD", AmountMinor: 7500, Rows: []string{"r4", "r5", "r6"}},
		{CreatorID: "two", Rail: "stripe", Currency: "EUR", AmountMinor: 700, Rows: []string{"r18"}},
		{CreatorID: "two", Rail: "stripe", Currency: "KWD", AmountMinor: 1230, CarryMinor: 4, Rows: []string{"r19"}}, // Stripe cannot carry the last digit
		{CreatorID: "two", Rail: "stripe", Currency: "USD", AmountMinor: 5000, Rows: []string{"r17"}},
	}
	if diff := cmp.Diff(wantPaid, payouts); diff != "" {
		t.Error(diff)
	}
	wantCarried := []ledger.Carry{
		{"below", "USD", 2499, "below the minimum of $25.00; it is paid with the next earnings"},
		{"negative", "USD", -7900, "refunds were more than earnings; the balance is netted with what comes next"},
		{"zero", "USD", 0, "earnings and refunds cancel out"},
	}
	if diff := cmp.Diff(wantCarried, carried); diff != "" {
		t.Error(diff)
	}
}

func drawRows(t *rapid.T) []ledger.Row {
	n := rapid.IntRange(0, 30).Draw(t, "rows")
	rows := make([]ledger.Row, n)
	for i := range rows {
		rows[i] = row(strconv.Itoa(i), rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "creator"), rapid.SampledFrom([]string{"USD", "JPY", "KWD"}).Draw(t, "currency"),
			rapid.SampledFrom(states).Draw(t, "state"), rapid.Int64Range(-5000, 5000).Draw(t, "amount"))
	}
	return rows
}

func TestPlanCountsEachRowOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rows := drawRows(t)
		minimum := map[string]int64{"USD": rapid.Int64Range(0, 3000).Draw(t, "minimum")}
		payouts, carried := ledger.Plan(rows, minimum, "stripe")
		var want, got int64
		for _, r := range rows {
			if r.State == ledger.Eligible || r.AmountMinor < 0 && (r.State == ledger.Pending || r.State == ledger.Held) {
				want += r.AmountMinor
			}
		}
		seen := map[string]bool{}
		for _, p := range payouts {
			if p.AmountMinor <= 0 || p.AmountMinor+p.CarryMinor < minimum[p.Currency] {
				t.Fatalf("%+v is paid with a minimum of %d", p, minimum[p.Currency])
			}
			got += p.AmountMinor + p.CarryMinor
			for _, id := range p.Rows {
				if seen[id] {
					t.Fatalf("row %s is in two payouts", id)
				}
				seen[id] = true
			}
		}
		for _, c := range carried {
			got += c.AmountMinor
		}
		if got != want {
			t.Fatalf("paid and carried %d, payable is %d", got, want)
		}
	})
}

func TestLinesHashBindsEveryLine(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		payouts, _ := ledger.Plan(drawRows(t), nil, "stripe")
		if len(payouts) == 0 {
			t.Skip("nobody is paid by these rows: rapid draws others")
		}
		hash := ledger.LinesHash(payouts)
		runHash := func(lines []ledger.Payout) string {
			var hashes []string
			for _, line := range lines {
				hashes = append(hashes, line.LineHash())
			}
			return ledger.RunHash(hashes)
		}
		shuffled := append([]ledger.Payout(nil), payouts...)
		for i := range shuffled {
			ids := append([]string(nil), shuffled[i].Rows...)
			rand.New(rand.NewSource(1)).Shuffle(len(ids), func(a, b int) { ids[a], ids[b] = ids[b], ids[a] })
			shuffled[i].Rows = ids
		}
		rand.New(rand.NewSource(2)).Shuffle(len(shuffled), func(a, b int) { shuffled[a], shuffled[b] = shuffled[b], shuffled[a] })
		if ledger.LinesHash(shuffled) != hash {
			t.Fatal("the order of lines changes the hash")
		}
		for _, line := range shuffled {
			at := slices.IndexFunc(payouts, func(p ledger.Payout) bool { return p.CreatorID == line.CreatorID && p.Currency == line.Currency })
			if line.LineHash() != payouts[at].LineHash() {
				t.Fatal("the order of rows changes a line's hash")
			}
		}
		i := rapid.IntRange(0, len(payouts)-1).Draw(t, "line")
		for name, change := range map[string]func(p *ledger.Payout){
			"amount": func(p *ledger.Payout) { p.AmountMinor++ }, "creator": func(p *ledger.Payout) { p.CreatorID += "x" },
			"currency": func(p *ledger.Payout) { p.Currency = "EUR" }, "rows": func(p *ledger.Payout) { p.Rows = p.Rows[1:] },
			"destination": func(p *ledger.Payout) { p.Destination = "acct_other" },
		} {
			other := append([]ledger.Payout(nil), payouts...)
			change(&other[i])
			if ledger.LinesHash(other) == hash || runHash(other) == runHash(payouts) {
				t.Fatalf("another %s has the same hash", name)
			}
		}
	})
}
