package faulttest

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rapport-dev/rapport/app/payouts"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/partnership/zones"
	"github.com/rapport-dev/rapport/proof/judge"
	"github.com/rapport-dev/rapport/proof/systemtest"
)

// restoring is a system whose campaign is over and whose creators wait for their pay, and what a test has seen of it. Commands are given by
// one person and approvals by another; nobody uses SQL or the engine's own tools.
type restoring struct {
	*systemtest.System
	t     *testing.T
	month string
	said  int // differences that were settled, by name
	asked int // approvals that finance was asked for, before the next
}

const (
	restoredDay = time.Second
	oneApprover = `approve_above: "500000.00"`
)

// TestRestores plays a campaign to its end once, and then a restore in each of its kinds: each begins with the same books, engine and vendors.
// The judge is the provider's own record: nobody is paid twice, and what is owed in the end is what would be owed without the restore.
func TestRestores(t *testing.T) {
	long(t)
	dir := systemtest.NewDir(t)
	campaign := strings.Replace(systemtest.Campaign, `approve_above: "5000.00"`, oneApprover, 1)
	s := systemtest.Start(t, systemtest.Options{Dir: dir, Day: restoredDay, Campaign: campaign})
	s.Await(": completed")
	s.Until("the campaign is over", func() bool {
		var all []board.Campaign
		s.Document(&all, "campaign", "list")
		return len(all) == 1 && all[0].State.Ended()
	})
	s.Interrupt()
	base := filepath.Join(t.TempDir(), "base")
	copyOf(t, dir, base, stateOf...)
	for _, play := range []struct {
		name string
		play func(t *testing.T, dir, campaign string)
	}{
		{"a plan is put back, and the keys are forgotten", restoredPlan},
		{"an hour is put back", func(t *testing.T, dir, campaign string) { restoredBooks(t, dir, campaign, anHour) }},
		{"a day is put back, with refunds and new creators", func(t *testing.T, dir, campaign string) { restoredBooks(t, dir, campaign, aDay) }},
		{"the books alone, while a run goes on", restoredUnderRun},
		{"the engine too", restoredEngine},
	} {
		t.Run(play.name, func(t *testing.T) {
			copyOf(t, base, dir, stateOf...)
			play.play(t, dir, campaign)
		})
	}
}

// What a stopped system knows: the books, the engine's memory and the vendors'. Most of the engine's lies beside its file, in a log of which
// the file is nothing without: another's would make it unreadable.
var (
	ourOwn  = []string{"postgres", "temporal.db", "temporal.db-wal", "temporal.db-shm"}
	stateOf = append([]string{"sandbox.json"}, ourOwn...)
)

// copyOf puts parts of a data folder of a system that is stopped in the place of another's.
func copyOf(t *testing.T, from, to string, parts ...string) {
	t.Helper()
	must(t, os.MkdirAll(to, 0o700))
	for _, part := range parts {
		must(t, os.RemoveAll(filepath.Join(to, part)))
		if _, err := os.Stat(filepath.Join(from, part)); os.IsNotExist(err) {
			continue
		}
		if text, err := exec.CommandContext(t.Context(), "cp", "-a", filepath.Join(from, part), to).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v: %s", part, err, text)
		}
	}
}

func up(t *testing.T, dir, campaign string) *restoring {
	t.Helper()
	r := &restoring{System: systemtest.Start(t, systemtest.Options{Dir: dir, Day: restoredDay, Campaign: campaign, Alone: true}), t: t}
	r.AwaitAny([]string{"Launched"}, []string{"goes on where the last start left it"}) // a restored campaign is there already
	r.Until("all holds are over", func() bool {
		now := time.Now()
		return !slices.ContainsFunc(r.books().Rows, func(row board.Row) bool { return row.State == ledger.Pending && row.EligibleAt.After(now) })
	})
	r.asked = len(r.Cards("approve_run", ""))
	r.month = thisMonth() // only now: what matures after its end is another month's
	return r
}

// thisMonth is the month that has begun where the program is.
func thisMonth() string { return time.Now().In(zones.Or("America/New_York")).Format("2006-01") }

func (r *restoring) books() (books board.Ledger) {
	r.t.Helper()
	r.Document(&books, "ledger", "show")
	return books
}

// transfers are the provider's own record.
func (r *restoring) transfers() []judge.Transfer {
	r.t.Helper()
	var truth judge.Truth
	r.Sandbox("/truth", &truth)
	return truth.Transfers
}

func (r *restoring) begin() (found payouts.Outlook) {
	r.t.Helper()
	r.Document(&found, "payouts", "run", "--program", "dreams", "--period", r.month)
	return found
}

func (r *restoring) runs() []partnership.PayoutRun {
	r.t.Helper()
	var now struct{ Runs []partnership.PayoutRun }
	r.Document(&now, "payouts", "status", "--program", "dreams", "--period", r.month)
	return now.Runs
}

// untilPlanned waits until a run waits for its approval, by a card of its own: the funds for it are there.
func (r *restoring) untilPlanned() (plan partnership.PayoutPlan) {
	r.t.Helper()
	r.Until("a plan", func() bool {
		asked := len(r.Cards("approve_run", ""))
		if asked <= r.asked {
			return false
		}
		cmd := r.Command("payouts", "approve", "--program", "dreams", "--period", r.month, "--json")
		text, err := cmd.Output()
		if err != nil || json.Unmarshal(text, &plan) != nil || plan.LinesHash == "" {
			return false
		}
		r.asked = asked
		return true
	})
	return plan
}

// approve has another person approve what is planned, and waits until the run has ended so.
func (r *restoring) approve(plan partnership.PayoutPlan) {
	r.t.Helper()
	r.Post("/payouts/approve", map[string]string{"program": "dreams", "period": r.month, "hash": plan.LinesHash}, nil)
	r.untilEnded(plan.RunID, partnership.RunReconciled)
}

func (r *restoring) untilEnded(id string, state partnership.PayoutRunState) {
	r.t.Helper()
	r.Until("the run ends "+string(state), func() bool {
		return slices.ContainsFunc(r.runs(), func(run partnership.PayoutRun) bool { return (id == "" || run.ID == id) && run.State == state })
	})
}

// pay pays what is owed, and returns the provider's record.
func (r *restoring) pay() []judge.Transfer {
	r.t.Helper()
	r.begin()
	r.approve(r.untilPlanned())
	paid := r.transfers()
	if len(paid) == 0 {
		r.t.Fatal("nobody was paid")
	}
	return paid
}

func (r *restoring) restore(dump []byte) {
	r.t.Helper()
	putBack(r.t, r.System, dump)
	if faults := r.Must("ledger", "verify"); !strings.Contains(faults, "The books balance") {
		r.t.Fatalf("the books themselves show something: %s", faults)
	}
}

// settle waits until each transfer has its question, by name, and says that it was ours.
func (r *restoring) settle(paid []judge.Transfer) {
	r.t.Helper()
	var open []partnership.Difference
	r.Until("a question about each transfer", func() bool {
		r.Document(&open, "payouts", "differences")
		return len(open) == len(paid)
	})
	for _, d := range open {
		if !slices.ContainsFunc(paid, func(t judge.Transfer) bool { return t.ID == d.ID }) || d.Creator == "" || d.Why == "" {
			r.t.Errorf("a difference without a name: %+v", d)
		}
		r.Must("payouts", "settle", d.ID, "--as", string(partnership.SettleOurs), "--reason", "paid before the restore")
		r.said++
	}
}

// owed is what each creator is owed, in the books.
func (r *restoring) owed() map[string]int64 {
	r.t.Helper()
	owed := map[string]int64{}
	for _, b := range r.books().Balances {
		if strings.HasSuffix(b.Account, ":payable") && b.AmountMinor != 0 {
			owed[b.Account+" "+b.Currency] += b.AmountMinor
		}
	}
	return owed
}

// same holds the provider's record and what is owed against what they were before the restore.
func (r *restoring) same(paid []judge.Transfer, owed map[string]int64) {
	r.t.Helper()
	if diff := cmp.Diff(paid, r.transfers()); diff != "" {
		r.t.Errorf("the provider's record before the restore, and after it (-, +):\n%s", diff)
	}
	if diff := cmp.Diff(owed, r.owed()); diff != "" {
		r.t.Errorf("what is owed before the restore, and after it (-, +):\n%s", diff)
	}
	if faults := r.Must("ledger", "verify"); !strings.Contains(faults, "The books balance") {
		r.t.Errorf("after it: %s", faults)
	}
	r.t.Logf("%d transfers, %d settled by a person, 0 paid twice", len(paid), r.said)
	r.Interrupt()
}

// restoredPlan: the backup has the run planned, and whatever was sent since went under keys that the provider has forgotten. Each is found
// on its list and booked, and nothing is sent.
func restoredPlan(t *testing.T, dir, campaign string) {
	r := up(t, dir, campaign)
	r.begin()
	plan := r.untilPlanned()
	dump := postgres(t, r.System, nil, "pg_dump", "--clean", "--if-exists")
	r.approve(plan)
	paid, owed := r.transfers(), r.owed()
	r.Tell("/sandbox/stripe/keys/expire", map[string]string{}, nil)
	r.restore(dump)
	r.begin()
	again := r.untilPlanned()
	if again.LinesHash != plan.LinesHash {
		t.Errorf("it is planned anew: %s, and not %s", again.LinesHash, plan.LinesHash)
	}
	r.approve(again)
	r.same(paid, owed)
}

// between is what happens between a backup and its restore beside the payouts.
// It returns how the books hear of it again.
type between func(r *restoring) (again func())

func anHour(*restoring) func() { return func() {} }

// aDay: an order of somebody who is paid by then is given back, and creators are added.
func aDay(r *restoring) func() {
	r.t.Helper()
	rows := r.books().Rows
	of := map[string]int{}
	for _, row := range rows {
		of[row.OrderID]++
	}
	row := rows[slices.IndexFunc(rows, func(row board.Row) bool {
		return row.Kind == ledger.CommissionRow && row.State == ledger.Paid && of[row.OrderID] == 1 // nothing of it was given back
	})]
	before := len(rows)
	r.Tell("/sandbox/shop/refund", map[string]any{"order_id": row.OrderID, "lines": []map[string]int{{"index": 0}}}, nil)
	r.Until("the refund is booked", func() bool { return len(r.books().Rows) > before })
	file := filepath.Join(r.t.TempDir(), "new.csv")
	must(r.t, os.WriteFile(file, []byte("handle,name,email,platform,followers,engagement_rate,niche\nnova,Nova,nova@mail.example,instagram,9000,4,home\n"), 0o600))
	r.Must("creators", "import", file)
	return func() {
		r.Must("orders", "reread", "--since", time.Now().UTC().AddDate(0, 0, -1).Format("2006-01-02")) // the refund may be of yesterday by now
		r.Must("creators", "import", file)
	}
}

// restoredBooks: the backup owes everybody what was paid since, and knows nothing of what else happened. The run stops with each transfer by
// name; the shop is read again, a person settles each, and what is owed then is what was owed before.
func restoredBooks(t *testing.T, dir, campaign string, happens between) {
	r := up(t, dir, campaign)
	dump := postgres(t, r.System, nil, "pg_dump", "--clean", "--if-exists")
	paid := r.pay()
	again := happens(r)
	owed := r.owed()
	r.restore(dump)
	again()
	r.begin()
	r.settle(paid)
	r.begin() // it looks again at once
	r.untilEnded("", partnership.RunEmpty)
	r.same(paid, owed)
}

// restoredUnderRun: the engine goes on with a run of which the books know nothing any more. It ends by itself, and the month is begun again.
func restoredUnderRun(t *testing.T, dir, campaign string) {
	r := up(t, dir, campaign)
	dump := postgres(t, r.System, nil, "pg_dump", "--clean", "--if-exists")
	r.begin()
	r.untilPlanned()
	r.restore(dump)
	if found := r.begin(); !found.Ends {
		t.Errorf("of a run that the books do not know it says %+v", found)
	}
	var found payouts.Outlook
	r.Until("the month is begun again", func() bool {
		found = r.begin()
		return found.Started == "true"
	})
	r.approve(r.untilPlanned())
	paid, owed := r.transfers(), r.owed()
	if cards := r.Cards("run_stuck", ""); !slices.ContainsFunc(cards, func(c systemtest.Card) bool { return strings.Contains(c.Text, "before their time") }) {
		t.Errorf("finance was told %+v", cards)
	}
	to := map[string]int{}
	for _, one := range paid {
		if to[one.Destination]++; to[one.Destination] > 1 {
			t.Errorf("%s was paid twice", one.Destination)
		}
	}
	r.same(paid, owed)
}

// restoredEngine: books and engine go back together, to before the run; the provider does not.
func restoredEngine(t *testing.T, dir, campaign string) {
	r := up(t, dir, campaign)
	r.Interrupt()
	backup := filepath.Join(t.TempDir(), "backup")
	copyOf(t, dir, backup, ourOwn...)
	r = up(t, dir, campaign)
	paid := r.pay()
	owed := r.owed()
	r.Interrupt()
	copyOf(t, backup, dir, ourOwn...)
	r = up(t, dir, campaign)
	r.begin()
	r.settle(paid)
	r.begin()
	r.untilEnded("", partnership.RunEmpty)
	r.same(paid, owed)
}
