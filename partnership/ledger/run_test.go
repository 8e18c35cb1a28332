package ledger_test

import (
	stdcmp "cmp"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
)

func TestAnAccountThatReplacedAnotherWaits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		account ledger.Account
		want    string
	}{
		{"none", ledger.Account{}, "the payout account is not set up yet"},
		{"the first", ledger.Account{Ready: true}, ""},
		{"a new one", ledger.Account{Ready: true, ChangedAt: noon.Add(1 - 2*day)}, "new payout account, first payable from 10 Nov 2026 12:00 UTC"},
		{"after its wait", ledger.Account{Ready: true, ChangedAt: noon.Add(-2 * day)}, ""},
		{"of somebody erased", ledger.Account{Ready: true, Erased: true}, ""},
		{"none of somebody erased", ledger.Account{Erased: true}, ledger.Erased},
	} {
		if got := c.account.Waits(noon, day); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestWhatIsDue(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		state ledger.State
		minor int64
		at    time.Duration // of eligible_at after the cutoff
		want  bool
	}{
		{ledger.Pending, 5, -1, true},
		{ledger.Pending, 5, 0, false},
		{ledger.Eligible, 5, -1, true},
		{ledger.Eligible, 5, 0, false},
		{ledger.Eligible, -5, day, true},
		{ledger.Held, 5, -1, false},
		{ledger.InPayout, 5, -1, false},
		{ledger.Paid, -5, -1, false},
		{ledger.Voided, -5, -1, false},
		{ledger.Reversed, -5, -1, false},
	} {
		r := ledger.Row{State: c.state, AmountMinor: c.minor, EligibleAt: noon.Add(c.at)}
		if got := r.Due(noon); got != c.want {
			t.Errorf("%s row of %d, eligible %s after the cutoff: due = %t", c.state, c.minor, c.at, got)
		}
	}
}

func TestWhatAStatementSpeaksOf(t *testing.T) {
	t.Parallel()
	from := noon.Add(-30 * day)
	later := noon.Add(day)
	for _, c := range []struct {
		name string
		row  ledger.Row
		want bool
	}{
		{"sold in the month, still in its hold", ledger.Row{State: ledger.Pending, OccurredAt: from, EligibleAt: later}, true},
		{"sold before, paid before", ledger.Row{State: ledger.Paid, OccurredAt: from.Add(-1), EligibleAt: from}, false},
		{"sold before, due now", ledger.Row{State: ledger.Pending, OccurredAt: from.Add(-1), EligibleAt: from}, true},
		{"sold after the cutoff", ledger.Row{State: ledger.Pending, OccurredAt: noon, EligibleAt: later}, false},
		{"rejected", ledger.Row{State: ledger.Voided, OccurredAt: from, EligibleAt: from}, false},
		{"reversed in the month", ledger.Row{State: ledger.Reversed, OccurredAt: from, EligibleAt: later}, true},
	} {
		if got := c.row.InMonth(from, noon); got != c.want {
			t.Errorf("%s: %t", c.name, got)
		}
	}
}

// drawOwed are rows of five creators, each with one account.
func drawOwed(t *rapid.T) []ledger.Owed {
	accounts := map[partnership.CreatorID]ledger.Account{}
	for i := range 5 {
		account := ledger.Account{ID: fmt.Sprint("acct_", i), Ready: rapid.Bool().Draw(t, "ready"), Erased: rapid.Bool().Draw(t, "erased")}
		account.Rail = rapid.SampledFrom([]string{"", "stripe", "paypal", "filebank"}).Draw(t, "rail")
		if rapid.Bool().Draw(t, "changed") {
			account.ChangedAt = noon.Add(-time.Duration(rapid.IntRange(0, 3).Draw(t, "days ago")) * day)
		}
		accounts[partnership.CreatorID(fmt.Sprint("c", i))] = account
	}
	creators := slices.Sorted(maps.Keys(accounts))
	rows := make([]ledger.Owed, rapid.IntRange(0, 30).Draw(t, "rows"))
	for i := range rows {
		r := ledger.Row{
			ID: fmt.Sprintf("r%02d", i), CreatorID: rapid.SampledFrom(creators).Draw(t, "creator"), Currency: rapid.SampledFrom([]string{"KWD", "KWD", "USD"}).Draw(t, "currency"),
			State: rapid.SampledFrom(states).Draw(t, "state"), AmountMinor: rapid.Int64Range(-3000, 9000).Draw(t, "amount"),
			EligibleAt: noon.Add(time.Duration(rapid.IntRange(-3, 3).Draw(t, "eligible")) * day),
		}
		rows[i] = ledger.Owed{Row: r, Account: accounts[r.CreatorID]}
	}
	return rows
}

func drawRun(t *rapid.T) ledger.Run {
	return ledger.Run{Currency: "KWD", Provider: "stripe", Rails: []string{"stripe", "paypal"}, MinimumMinor: rapid.Int64Range(0, 5000).Draw(t, "minimum"), Cutoff: noon, Now: noon, Day: day}
}

// closing is what a run makes of the open rows of its program.
type closing struct {
	Mature  []string // ids of pending rows whose hold is over
	Payouts []ledger.Payout
	Carried []ledger.Carry
}

// closeRows is Settle row by row, by the simplest means: what is due per creator by Plan, whole where the account waits.
func closeRows(r ledger.Run, rows []ledger.Owed) (c closing) {
	waiting := map[partnership.CreatorID]ledger.Carry{}
	ready, last := map[string][]ledger.Row{}, map[string][]ledger.Row{} // by rail: what it carries is its own matter
	for _, row := range rows {
		if row.Currency != r.Currency || !row.Due(r.Cutoff) {
			continue
		}
		if row.State == ledger.Pending {
			c.Mature = append(c.Mature, row.ID)
		}
		why, rail := row.Account.Waits(r.Now, r.Day)+r.Papers[row.CreatorID].Waits(r.Gates, r.Now), stdcmp.Or(row.Account.Rail, r.Provider)
		if why == "" && rail != r.Provider && !slices.Contains(r.Rails, rail) {
			why = "this program does not pay that way: choose another way to be paid"
		}
		if why != "" {
			sum := waiting[row.CreatorID].AmountMinor + row.AmountMinor
			waiting[row.CreatorID] = ledger.Carry{CreatorID: row.CreatorID, Currency: r.Currency, AmountMinor: sum, Reason: why}
			continue
		}
		row.State = ledger.Eligible
		if row.Account.Erased {
			last[rail] = append(last[rail], row.Row)
		} else {
			ready[rail] = append(ready[rail], row.Row)
		}
	}
	for _, rail := range slices.Compact(slices.Sorted(slices.Values(append([]string{r.Provider}, r.Rails...)))) {
		paid, carried := ledger.Plan(ready[rail], map[string]int64{r.Currency: r.MinimumMinor}, rail)
		rest, kept := ledger.Plan(last[rail], nil, rail)
		c.Payouts, c.Carried = append(append(c.Payouts, paid...), rest...), append(append(c.Carried, carried...), kept...)
	}
	for _, id := range slices.Sorted(maps.Keys(waiting)) {
		c.Carried = append(c.Carried, waiting[id])
	}
	return c
}

// What is due is paid or carried, each row once and each cent somewhere; nobody is paid who may not be.
func TestARunPaysOrCarriesEachCentThatIsDue(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rows, run := drawOwed(t), drawRun(t)
		c := closeRows(run, rows)
		byID, due, sum := map[string]ledger.Owed{}, int64(0), int64(0)
		for _, r := range rows {
			byID[r.ID] = r
			if isDue := r.Currency == "KWD" && r.Due(noon); isDue {
				due += r.AmountMinor
				if mature := slices.Contains(c.Mature, r.ID); mature != (r.State == ledger.Pending) {
					t.Fatalf("mature = %t: %+v", mature, r)
				}
			}
		}
		seen := map[string]bool{}
		for _, p := range c.Payouts {
			sum += p.AmountMinor + p.CarryMinor
			account := byID[p.Rows[0]].Account
			if rail := stdcmp.Or(account.Rail, "stripe"); p.Rail != rail || !slices.Contains(run.Rails, rail) {
				t.Fatalf("%+v is paid by another rail than %q", p, account.Rail)
			}
			if account.Waits(noon, day) != "" || p.AmountMinor <= 0 || p.AmountMinor+p.CarryMinor < run.MinimumMinor && !account.Erased {
				t.Fatalf("%+v is paid to %+v", p, account)
			}
			for _, id := range p.Rows {
				if r := byID[id]; seen[id] || r.CreatorID != p.CreatorID || !r.Due(noon) || r.Currency != "KWD" {
					t.Fatalf("row %+v is in the payout of %s", r, p.CreatorID)
				}
				seen[id] = true
			}
		}
		carried := map[partnership.CreatorID]bool{}
		for _, carry := range c.Carried {
			sum += carry.AmountMinor
			if carried[carry.CreatorID] || carry.Reason == "" {
				t.Fatalf("carried: %+v", c.Carried)
			}
			carried[carry.CreatorID] = true
		}
		if sum != due {
			t.Fatalf("%d is due, %d is paid or carried", due, sum)
		}
		shuffled := rapid.Permutation(rows).Draw(t, "another order")
		again := closeRows(run, shuffled)
		slices.Sort(c.Mature)
		slices.Sort(again.Mature)
		if diff := cmp.Diff(c, again); diff != "" {
			t.Fatal(diff)
		}
	})
}

// What the database nets is paid and carried as what is netted row by row.
func TestNettedBalancesArePaidAsTheirRows(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rows, run := drawOwed(t), drawRun(t)
		sums, accounts := map[partnership.CreatorID]int64{}, map[partnership.CreatorID]ledger.Account{}
		for _, r := range rows {
			if r.Currency == run.Currency && r.Due(run.Cutoff) {
				sums[r.CreatorID] += r.AmountMinor
				accounts[r.CreatorID] = r.Account
			}
		}
		var balances []ledger.Balance
		for _, id := range slices.Sorted(maps.Keys(sums)) {
			balances = append(balances, ledger.Balance{CreatorID: id, Minor: sums[id], Account: accounts[id]})
		}
		payouts, carried := run.Settle(balances)
		want := closeRows(run, rows)
		type said struct {
			minor, carry int64
			rail, why    string
		}
		of := func(payouts []ledger.Payout, carried []ledger.Carry) map[partnership.CreatorID]said {
			all := map[partnership.CreatorID]said{}
			for _, p := range payouts {
				all[p.CreatorID] = said{p.AmountMinor, p.CarryMinor, p.Rail, ""}
			}
			for _, c := range carried {
				all[c.CreatorID] = said{c.AmountMinor, 0, "", c.Reason}
			}
			return all
		}
		if diff := cmp.Diff(of(want.Payouts, want.Carried), of(payouts, carried), cmp.AllowUnexported(said{})); diff != "" {
			t.Fatal(diff)
		}
	})
}

// The statement says what the run does.
func TestAStatementSaysWhatTheRunPays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rows, run := drawOwed(t), drawRun(t)
		c := closeRows(run, rows)
		of := map[partnership.CreatorID][]ledger.Row{}
		accounts := map[partnership.CreatorID]ledger.Account{}
		for _, r := range rows {
			of[r.CreatorID], accounts[r.CreatorID] = append(of[r.CreatorID], r.Row), r.Account
		}
		for id, theirs := range of {
			if accounts[id].Erased {
				continue // nobody reads it
			}
			var paid int64
			for _, p := range c.Payouts {
				if p.CreatorID == id {
					paid = p.AmountMinor
				}
			}
			minor, why := run.PayableNow(theirs, accounts[id])
			isCarried := slices.ContainsFunc(c.Carried, func(c ledger.Carry) bool { return c.CreatorID == id })
			if minor != paid || (why != "") != isCarried {
				t.Fatalf("the run pays %s %d, the statement says %d, %q", id, paid, minor, why)
			}
		}
	})
}

// What is held because nobody is there to be paid, or to be asked for a form, is never paid, and takes no debt along.
func TestWhatNobodyCanBePaidIsHeld(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rows := drawOwed(t)
		run := ledger.Run{Papers: map[partnership.CreatorID]ledger.Papers{}, Now: noon}
		if rapid.Bool().Draw(t, "asks for a form") {
			run.Gates = []partnership.Gate{partnership.GateTaxForm}
		}
		for _, r := range rows {
			if rapid.Bool().Draw(t, "has one") {
				run.Papers[r.CreatorID] = ledger.Papers{Form: partnership.FormW9}
			}
		}
		held := map[string]string{}
		for why, ids := range run.Unpayable(rows) {
			for _, id := range ids {
				held[id] = why
			}
		}
		for _, r := range rows {
			lacks := len(run.Gates) > 0 && run.Papers[r.CreatorID].Form == ""
			open := (r.State == ledger.Pending || r.State == ledger.Eligible) && r.AmountMinor >= 0 && r.Account.Erased
			why, is := held[r.ID]
			if want := open && (!r.Account.Ready || lacks); is != want {
				t.Fatalf("held = %t: %+v", is, r)
			}
			if is && (why == ledger.Erased) == r.Account.Ready {
				t.Fatalf("%q: %+v", why, r)
			}
		}
	})
}

func TestTheRestThatARailCannotCarrySumsToZero(t *testing.T) {
	t.Parallel()
	first := ledger.Row{Program: "dreams", CampaignID: "c", PartnershipID: "pa", CreatorID: "cr", Currency: "KWD", OrderID: "o1"}
	claimed, left := ledger.CarryRest(first, 4, noon)
	if claimed.AmountMinor != -4 || left.AmountMinor != 4 || claimed.State != ledger.Eligible || claimed.Kind != ledger.AdjustmentRow || claimed.OrderID != "" || claimed.PartnershipID != "pa" {
		t.Errorf("%+v and %+v", claimed, left)
	}
}

func TestMoneyThatCameBackWaitsForAPerson(t *testing.T) {
	t.Parallel()
	row := ledger.OwedAgain(ledger.Row{CreatorID: "cr", Currency: "USD", State: ledger.Paid, AmountMinor: 900}, 500, noon)
	if row.State != ledger.Held || row.AmountMinor != 500 || row.Reason == "" || row.CreatorID != "cr" {
		t.Errorf("%+v", row)
	}
}

func TestWhoApproves(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		total, limit int64
		want         int
	}{{1000, 0, 1}, {1000, 1000, 1}, {1001, 1000, 2}} {
		if got := ledger.Approvers(c.total, c.limit); got != c.want {
			t.Errorf("%d above %d: %d people", c.total, c.limit, got)
		}
	}
	ana := ledger.Approver{By: "slack:U1", Also: []string{"slack:U1", "cli:ana"}}
	for preparedBy, want := range map[string]bool{"slack:U1": true, "cli:ana": true, "schedule": false} {
		if ana.Prepared(preparedBy) != want {
			t.Errorf("a run that %s prepared: %t", preparedBy, !want)
		}
	}
	if !(ledger.Approver{}).Prepared("schedule") {
		t.Error("nobody may approve")
	}
	if ana.Under([]string{"slack:U1", "cli:bo"}) || !ana.Under([]string{"cli:bo", "cli:ana"}) {
		t.Error("one person approves under two names, or not twice under one")
	}
}

// A batch is of one rail and no larger than one, the batches of a rail follow each other, and each payout is in one.
func TestABatchIsOfOneRail(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		payouts := make([]ledger.Payout, rapid.IntRange(0, 3*ledger.BatchPayees).Draw(t, "payouts"))
		for i := range payouts {
			payouts[i].Rail = rapid.SampledFrom([]string{"stripe", "stripe", "paypal", "filebank"}).Draw(t, "rail")
		}
		batch, batches := ledger.InBatches(payouts)
		rails, sizes := map[int]string{}, map[int]int{}
		for i, p := range payouts {
			if rail, there := rails[batch[i]]; there && rail != p.Rail {
				t.Fatalf("batch %d has %s and %s", batch[i], rail, p.Rail)
			}
			rails[batch[i]] = p.Rail
			sizes[batch[i]]++
		}
		of := map[string]int{}
		for n := range batches {
			if sizes[n] == 0 || sizes[n] > ledger.BatchPayees {
				t.Fatalf("batch %d of %d has %d", n, batches, sizes[n])
			}
			if n > 0 && rails[n] != rails[n-1] && of[rails[n]] > 0 {
				t.Fatalf("the batches of %s do not follow each other", rails[n])
			}
			of[rails[n]]++
		}
		if len(rails) != batches {
			t.Fatalf("%d batches, %d of them used", batches, len(rails))
		}
	})
}
