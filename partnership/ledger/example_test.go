package ledger_test

import (
	"fmt"
	"time"

	"github.com/rapport-dev/rapport/partnership/ledger"
)

// An order is credited to the creator whose code the buyer typed; whoever's link they came by is kept, and earns nothing.
func ExampleAttribute() {
	cleared := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	reel := ledger.LivePost{Deliverable: "reel-1", At: time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)}
	order := ledger.Sale{
		At:    time.Date(2026, 12, 20, 12, 0, 0, 0, time.UTC),
		Codes: []ledger.Touch{{Program: "dreams", Partnership: "ada", ClearedAt: cleared, Posts: []ledger.LivePost{reel}, WindowDays: 30}},
		Link:  &ledger.Touch{Program: "dreams", Partnership: "bea", ClearedAt: cleared, Deliverable: "story-1"},
	}
	credit := ledger.Attribute(order, 24*time.Hour)[0]
	fmt.Println(credit.Partnership, credit.Why, credit.Deliverable, credit.Inferred, "link of", credit.Link)

	order.At = order.At.AddDate(0, 1, 0) // ada's window is over, bea has not even posted
	credit = ledger.Attribute(order, 24*time.Hour)[0]
	fmt.Println(credit.Partnership, credit.Why, credit.Deliverable, credit.Inferred)
	// Output:
	// ada code reel-1 true link of bea
	// bea link story-1 false
}

// A row waits out its hold, is claimed by one payout and paid. What it may not do is refused, and it stays as it is.
func ExampleNext() {
	state := ledger.Pending
	for _, event := range []ledger.Event{ledger.Mature, ledger.Claim, ledger.Pay, ledger.Reverse} {
		next, err := ledger.Next(state, event)
		fmt.Println(event, "->", next, err)
		state = next
	}
	// Output:
	// mature -> eligible <nil>
	// claim -> in_payout <nil>
	// pay -> paid <nil>
	// reverse -> paid a row that is paid cannot reverse
}

// Each fact is a posting whose entries sum to zero: what it cost, and whom it is owed.
func ExampleEarn() {
	p := ledger.Earn("dreams", "ada", ledger.CommissionRow, "USD", 340)
	for _, e := range p.Entries {
		fmt.Println(e.Account, e.AmountMinor)
	}
	fmt.Println("sum", p.Sum())
	// Output:
	// expense:dreams:commission -340
	// creator:ada:payable 340
	// sum 0
}

// A payout nets what was earned with what was refunded; below the minimum it is carried to the next month.
func ExamplePlan() {
	payouts, carried := ledger.Plan([]ledger.Row{
		{ID: "1", CreatorID: "ada", Currency: "USD", State: ledger.Eligible, AmountMinor: 9000},
		{ID: "2", CreatorID: "ada", Currency: "USD", State: ledger.Pending, AmountMinor: -1500}, // a refund counts at once
		{ID: "3", CreatorID: "ada", Currency: "USD", State: ledger.Pending, AmountMinor: 4000},  // in its hold
		{ID: "4", CreatorID: "bea", Currency: "USD", State: ledger.Eligible, AmountMinor: 1200},
	}, map[string]int64{"USD": 2500}, "stripe")
	for _, p := range payouts {
		fmt.Println(p.CreatorID, "is paid", p.AmountMinor, "for rows", p.Rows)
	}
	for _, c := range carried {
		fmt.Println(c.CreatorID, "waits:", c.Reason)
	}
	// Output:
	// ada is paid 7500 for rows [1 2]
	// bea waits: below the minimum of $25.00; it is paid with the next earnings
}

// A month is a program's own: in New York, November ends an hour later than it began, for the clocks were set back.
func ExamplePeriod() {
	from, to, err := ledger.Period("America/New_York", "2026-11")
	if err != nil {
		panic(err)
	}
	fmt.Println(from.Format(time.RFC3339), to.Format(time.RFC3339))
	// Output: 2026-11-01T04:00:00Z 2026-12-01T05:00:00Z
}
