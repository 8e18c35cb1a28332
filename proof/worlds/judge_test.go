package worlds

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/rapport-dev/rapport/partnership/board"
)

// transfer is one in the provider's own record.
type transfer struct {
	ID            string `json:"id"`
	Key           string `json:"key"`
	PayoutID      string `json:"payout_id"`
	Destination   string `json:"destination"`
	AmountMinor   int64  `json:"amount_minor"`
	ReversedMinor int64  `json:"reversed_minor"`
	Currency      string `json:"currency"`
}

type truth struct {
	Transfers []transfer `json:"transfers"`
	Faults    []struct {
		Endpoint string `json:"endpoint"`
		Kind     string `json:"kind"`
		Fired    int    `json:"fired"`
	} `json:"faults"`
}

func (w *world) truth() (t truth) {
	must(w.t, w.tryAsk(http.MethodGet, "/truth", nil, &t))
	return t
}

func (w *world) transfers() []transfer { return w.truth().Transfers }

// account is what became of one creator's earnings.
type account struct {
	earned  int64 // by the world's own sum
	paid    int64 // by the provider's record
	sent    int64 // of that, what bears the mark of a payout: the rest somebody paid by hand
	held    int64 // what is left, as the books have it
	carried int64 // payable, and too little or without an account that takes it
	open    int64 // in its hold
	other   int64 // claimed by a payout that never ended: 0 in a world that is over
}

// verdict is what a world says of itself.
type verdict struct {
	found  []string // what is wrong
	faults map[string]int
	struck []string
	seen   map[string]bool
	money  account // of all creators
}

// judge holds the provider's record against what the month earned, and only then the books against both.
func (w *world) judge() verdict {
	t := w.truth()
	v := verdict{faults: w.faults, struck: w.struck, seen: w.seen}
	for _, f := range t.Faults {
		if f.Fired > 0 {
			v.faults["the provider: "+f.Kind] += f.Fired
		}
	}
	find := func(format string, args ...any) { v.found = append(v.found, fmt.Sprintf(format, args...)) }
	accounts := map[*creator]*account{}
	for _, c := range w.creators {
		accounts[c] = &account{earned: w.earned(c)}
	}
	of := map[string][]transfer{}
	for _, one := range t.Transfers {
		c := w.ownerOf(one.Destination)
		if c == nil || upper(one.Currency) != w.currency {
			find("transfer %s went to %s in %s", one.ID, one.Destination, one.Currency)
			continue
		}
		left := one.AmountMinor - one.ReversedMinor
		accounts[c].paid += left
		if left > 0 && one.PayoutID != "" {
			accounts[c].sent += left
			of[one.PayoutID] = append(of[one.PayoutID], one)
		}
	}
	for id, all := range of {
		if len(all) > 1 {
			find("PAID TWICE: payout %s by %d transfers", id, len(all))
		}
	}
	w.readBooks(accounts, find)
	for _, c := range w.creators {
		a := accounts[c]
		if most := w.most[c]; a.sent > most { // what the books make of it later, a debt or nothing, mends no payment
			find("PAID TWICE: c%d was sent %d and had never earned more than %d", c.n, a.sent, most)
		}
		if left := a.held + a.carried + a.open + a.other; a.earned != a.paid+left {
			word := "unexplained"
			if a.paid+left > a.earned {
				word = "PAID TWICE or made up"
			}
			find("c%d: %d %s: earned %d, paid %d, held %d, carried %d, open %d, in payouts %d", c.n, a.earned-a.paid-left, word, a.earned, a.paid, a.held, a.carried, a.open, a.other)
		}
		if a.other != 0 {
			find("c%d: %d are claimed by a payout that never ended", c.n, a.other)
		}
		if pays, step := c.payable && !c.moved, map[string]int64{"KWD": 10}[w.currency]; pays && a.carried >= max(w.minimum, 1) && a.carried >= step {
			find("c%d: %d are payable and nobody was paid", c.n, a.carried)
		}
		v.money.add(*a)
	}
	w.askedOnce(find)
	return v
}

func (a *account) add(b account) {
	a.earned, a.paid, a.sent, a.held, a.carried, a.open, a.other = a.earned+b.earned, a.paid+b.paid, a.sent+b.sent, a.held+b.held, a.carried+b.carried, a.open+b.open, a.other+b.other
}

// readBooks takes from the books what they say is left of each creator's earnings, and holds them against themselves.
func (w *world) readBooks(accounts map[*creator]*account, find func(string, ...any)) {
	now := w.time()
	byHandle := map[string]*account{}
	for c, a := range accounts {
		byHandle[fmt.Sprintf("c%d", c.n)] = a
	}
	held := map[string]bool{}
	for _, o := range w.orders {
		held[o.id] = o.held
	}
	for _, row := range w.rows() {
		a := byHandle[row.Creator]
		switch {
		case row.State == "held":
			a.held += row.AmountMinor
			if row.Kind == "commission" && !held[row.OrderID] {
				find("c%s: %s of order %s is held, and nobody said so: %s", row.Creator, row.ID, row.OrderID, row.Reason)
			}
		case (row.State == "pending" || row.State == "eligible") && !row.EligibleAt.Before(now) && row.AmountMinor >= 0: // by the database's clock, as a run has it
			a.open += row.AmountMinor
		case row.State == "pending" || row.State == "eligible":
			a.carried += row.AmountMinor
		case row.State == "in_payout":
			a.other += row.AmountMinor
		}
	}
	faults, err := w.store.VerifyLedger(w.ctx)
	must(w.t, err)
	for _, fault := range faults {
		find("the books: %s", fault)
	}
	w.balances(accounts, find)
}

// balances holds the journal against the rows.
func (w *world) balances(accounts map[*creator]*account, find func(string, ...any)) {
	var doc board.Ledger
	must(w.t, w.tryLedger(&doc))
	sums := map[string]int64{}
	for _, b := range doc.Balances {
		sums[b.Account] += b.AmountMinor
	}
	for c, a := range accounts {
		owed := sums["creator:"+string(c.id)+":payable"] + sums["creator:"+string(c.id)+":in_transit"]
		if left := a.held + a.carried + a.open + a.other; owed != left {
			find("c%d: the journal owes %d and the rows %d", c.n, owed, left)
		}
	}
}

// askedOnce looks at what people got: each statement and each card once.
func (w *world) askedOnce(find func(string, ...any)) {
	w.outside.mu.Lock()
	defer w.outside.mu.Unlock()
	for key, n := range w.outside.mails {
		if n > 1 && !w.wasRestored() { // a restored database repeats mails, and says so
			find("mail %s was sent %d times", key, n)
		}
	}
	for key, n := range w.outside.cards {
		if n > 1 && !w.wasRestored() {
			find("card %s was posted %d times", key, n)
		}
	}
}

func (w *world) wasRestored() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.faults["a backup is restored"]+w.faults["a backup is restored, the engine's too"] > 0
}

func (v verdict) String() string { return strings.Join(v.found, "\n") }
