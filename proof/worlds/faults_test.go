package worlds

import (
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// What goes wrong. A kind is what a world draws; what of it really happened is counted where it happens, the provider's faults by the
// sandbox itself.

// moment is when in a run something happens.
type moment int

const (
	starting moment = iota
	planned
	sending
	ended
)

// act is something that happens once, at its moment. It says whether it did.
type act struct {
	at   moment
	kind string
	do   func() bool
}

// plan is a fault of the provider's.
type plan struct {
	Vendor   string  `json:"vendor"`
	Endpoint string  `json:"endpoint"`
	Kind     string  `json:"kind"`
	Count    int     `json:"count,omitempty"`
	Rate     float64 `json:"rate,omitempty"`
	MS       int     `json:"ms,omitempty"`
}

// kinds are what a world may draw; each seed has three of them for certain.
var kinds = []struct {
	name string
	into func(w *world)
}{
	{"replies are lost", func(w *world) { w.fault("transfer.create", "execute-then-drop", 1+w.rng.IntN(3)) }},
	{"replies break off", func(w *world) { w.fault("transfer.create", "truncate", 1+w.rng.IntN(3)) }},
	{"a 500 sticks to its key", func(w *world) { w.fault("transfer.create", "sticky-500", 1+w.rng.IntN(2)) }},
	{"errors before anything is done", func(w *world) { w.fault("*", "500", 2+w.rng.IntN(4)) }},
	{"too many requests", func(w *world) { w.fault("*", "429", 1+w.rng.IntN(3)) }},
	{"connections are cut", func(w *world) { w.fault("*", "reset-before", 1+w.rng.IntN(4)) }},
	{"a proxy answers", func(w *world) { w.fault("*", "html", 1+w.rng.IntN(3)) }},
	{"a call outlasts its caller", func(w *world) { w.faults1(plan{Endpoint: "transfer.create", Kind: "slow", Count: 1, MS: 4_600}) }},
	{"the key is refused", func(w *world) { w.fault("*", "wrong-key", 1+w.rng.IntN(4)) }},
	{"lists lag", func(w *world) {
		w.fault("transfer.list", "list-behind", 2+w.rng.IntN(6))
		w.fault("transfer.create", "execute-then-drop", 1)
	}},
	{"lists lag at the end", func(w *world) {
		w.arriving["ReconcileRun: begins"] = func() { w.fault("transfer.list", "list-behind", 3+int(w.seed%4)) }
	}},
	{"answers of the chat are lost", func(w *world) { w.outside.loses = 1 + w.rng.IntN(5) }},
	{"the chat is archived", func(w *world) { w.outside.noEnding = 1 }},
	{"lists fail", func(w *world) {
		w.fault("transfer.list", "500", 3+w.rng.IntN(6))
		w.fault("transfer.create", "execute-then-drop", 1+w.rng.IntN(2))
	}},
	{"a day passes in the middle", func(w *world) {
		w.fault("transfer.create", "reset-before", 40)
		w.act(sending, "a day passes and keys are forgotten", w.aDayPasses)
	}},
	{"a day passes after a lost reply", func(w *world) {
		w.fault("transfer.create", "execute-then-drop", 2)
		w.fault("transfer.list", "500", 12)
		w.act(sending, "a day passes and keys are forgotten", w.aDayPasses)
	}},
	{"money comes back", func(w *world) {
		for range 1 + w.rng.IntN(3) {
			w.act(sending+moment(w.rng.IntN(2)), "a transfer comes back", w.comesBack)
		}
	}},
	{"the database's clock is off", func(w *world) {
		by := []time.Duration{-2 * time.Second, 61 * time.Second, -61 * time.Second, time.Hour, -time.Hour}[w.rng.IntN(5)]
		w.act(moment(w.rng.IntN(3)), "the database's clock jumps", func() bool {
			w.setClock(w.shift + by)
			return true
		})
	}},
	{"the workers' clock is off", func(w *world) {
		w.clock = []time.Duration{-2 * time.Second, 61 * time.Second, -3 * time.Hour, 30 * time.Hour}[w.rng.IntN(4)]
		w.note("the workers' clock is off")
	}},
	{"the database is away", func(w *world) {
		for range 1 + w.rng.IntN(3) {
			w.act(moment(w.rng.IntN(3)), "the database drops every connection", w.dropConnections)
		}
	}},
	{"a backup is restored", func(w *world) { w.restores(false) }},
	{"a backup is restored, the engine's too", func(w *world) { w.restores(true) }},
	{"funds are missing", func(w *world) { w.act(moment(w.rng.IntN(3)), "the balance is short", w.runShort) }},
	{"funds run out in the middle", func(w *world) {
		w.arriving["ExecuteTransfer: begins"] = func() {
			w.note("the balance runs out in the middle")
			w.funds(int64(w.seed%30) * 100)
		}
	}},
	{"a run is rejected", func(w *world) { w.act(planned, "a run is rejected", w.reject) }},
	{"an account is replaced", func(w *world) {
		w.act(moment(w.rng.IntN(3)), "a payout account is replaced", func() bool {
			w.openAccount(w.anybody(), true)
			return true
		})
	}},
	{"somebody pays by hand", func(w *world) { w.act(moment(w.rng.IntN(4)), "a transfer is made by hand", w.byHand) }},
	{"somebody ends a workflow", func(w *world) {
		w.act(moment(w.rng.IntN(3)), "workflows are ended by hand", func() bool {
			w.endAll("an operator was wrong")
			return true
		})
	}},
}

// draw decides what happens in this world.
func (w *world) drawTroubles() {
	of := uint64(len(kinds))
	drawn := []uint64{w.seed % of, (w.seed*7 + 3) % of, w.rng.Uint64N(of)}
	slices.Sort(drawn)
	for _, n := range slices.Compact(drawn) {
		kinds[n].into(w)
	}
	for range 3 + w.rng.IntN(8) { // and the shop goes on
		w.act(moment(w.rng.IntN(4)), "", w.business())
	}
}

func (w *world) act(at moment, kind string, do func() bool) {
	w.acts = append(w.acts, act{at, kind, do})
}

func (w *world) fault(endpoint, kind string, count int) {
	w.faults1(plan{Endpoint: endpoint, Kind: kind, Count: count})
}

func (w *world) faults1(p plan) {
	p.Vendor = railName
	w.ask("/faults", p, nil)
}

func (w *world) anybody() *creator { return w.creators[w.rng.IntN(len(w.creators))] }

// business is something that the shop, a buyer's bank or the team does at any moment.
func (w *world) business() func() bool {
	n := w.rng.Uint32()
	some := func() *order {
		if len(w.orders) == 0 {
			return nil
		}
		return w.orders[int(n)%len(w.orders)]
	}
	switch w.rng.IntN(8) {
	case 0:
		return func() bool { w.sell(w.creators[int(n)%len(w.creators)]); return true }
	case 1:
		return func() bool { w.fee(w.creators[int(n)%len(w.creators)]); return true }
	case 2, 3:
		return func() bool { return w.giveBack(some(), int64(n), false) }
	case 4:
		return func() bool { return w.giveBack(some(), int64(n), true) }
	case 5:
		return func() bool { return w.dispute(some(), int64(n), false) }
	case 6:
		return func() bool { return w.dispute(some(), int64(n), true) }
	}
	return func() bool { return w.hold(some(), n) }
}

// giveBack refunds a part of an order or all of it, by its lines or beside them.
func (w *world) giveBack(o *order, n int64, beside bool) bool {
	if o == nil {
		return false
	}
	minor := 1 + n%o.net
	if n%3 == 0 {
		minor = o.net
	}
	id := fmt.Sprintf("r%d", len(o.refunds)+len(o.beside))
	if beside {
		o.beside[id] = minor
	} else {
		o.refunds[id] = minor
	}
	w.tell(o)
	w.note("a refund")
	return true
}

// dispute is one that a buyer's bank decides; some are won after all.
func (w *world) dispute(o *order, n int64, won bool) bool {
	if o == nil {
		return false
	}
	d := partnership.SaleDispute{
		OrderID: o.id, DisputeID: fmt.Sprintf("d%d", len(o.disputes)), Currency: w.currency, AmountMinor: 1 + n%o.net, Lost: true, At: o.at.Add(time.Hour), FinalAt: o.at.Add(2 * time.Hour),
	}
	o.disputes[d.DisputeID] = d
	w.tell(o)
	if won {
		d.Lost, d.Won, d.FinalAt = false, true, d.FinalAt.Add(time.Hour)
		o.disputes[d.DisputeID] = d
		w.tell(o)
	}
	w.note("a dispute")
	return true
}

// Of the days that pass what goes wrong takes one, and leaves a second to who waits for what is in doubt since. There is no third: what the
// books know may not lie two days ahead of the provider.
const firstDay, secondDay = 20 * time.Hour, 25 * time.Hour

func (w *world) aDayPasses() bool { return w.aDayPassesFor(firstDay) }

// aDayPassesFor lets the provider forget its keys, unless the database's clock is further ahead. The provider's own clock and the workers'
// stay: a database that is a day ahead of them decides ages.
func (w *world) aDayPassesFor(most time.Duration) bool {
	if w.shift > most {
		return false
	}
	w.setClock(w.shift + 23*time.Hour + time.Minute)
	w.ask("/sandbox/stripe/keys/expire", map[string]string{}, nil)
	return true
}

// comesBack takes a transfer back after it was paid, whole or in part; nobody is told.
func (w *world) comesBack() bool {
	all := w.transfers()
	if len(all) == 0 {
		return false
	}
	t := all[w.rng.IntN(len(all))]
	left := t.AmountMinor - t.ReversedMinor
	if left <= 0 {
		return false
	}
	minor := left
	if w.rng.IntN(2) == 0 && w.currency != "KWD" {
		minor = 1 + w.rng.Int64N(left)
	}
	return w.tryAsk("POST", "/sandbox/stripe/reverse", map[string]any{"transfer_id": t.ID, "amount_minor": minor}, nil) == nil
}

// dropConnections is a database that is gone for a moment.
func (w *world) dropConnections() bool {
	w.exec(w.server(), fmt.Sprintf("select pg_terminate_backend(pid) from pg_stat_activity where datname = '%s' and usename <> current_user", w.database()))
	return true
}

const plenty = 9_000_000_000

func (w *world) funds(minor int64) {
	w.ask("/sandbox/stripe/balance", map[string]any{"currency": w.currency, "amount_minor": minor}, nil)
}

func (w *world) runShort() bool {
	w.funds(w.rng.Int64N(3_000) / 10 * 10)
	return true
}

// byHand is money that somebody sends to a creator from the provider's own pages, under no mark of ours.
func (w *world) byHand() bool {
	c := w.anybody()
	if !c.payable {
		return false
	}
	form := url.Values{"amount": {"1230"}, "currency": {w.currency}, "destination": {c.accounts[len(c.accounts)-1]}}
	return w.atStripe("/v1/transfers", fmt.Sprintf("hand/%d", w.seed), form) == nil
}

// hold has a person look at a sale that nobody has claimed yet, and say later what is right.
func (w *world) hold(o *order, n uint32) bool {
	if o == nil || o.held || o.rejected {
		return false
	}
	row := w.commissionOf(o)
	if row == "" || w.store.HoldRow(w.ctx, row, "cli:fin", "looks odd") != nil { // it is claimed, or paid
		return false
	}
	o.held = true
	w.note("a sale is held")
	switch n % 3 {
	case 0:
		w.act(moment(n/3%4), "", func() bool {
			if w.store.ClearRow(w.ctx, row, "cli:fin", "it is right") == nil {
				o.held, o.cleared = false, true
			}
			return true
		})
	case 1:
		w.act(moment(n/3%4), "", func() bool {
			if w.store.VoidRow(w.ctx, row, "cli:fin", "it is wrong") == nil {
				o.held, o.rejected = false, true
			}
			return true
		})
	}
	return true
}
