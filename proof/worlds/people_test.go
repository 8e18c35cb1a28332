package worlds

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/app/payouts"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/asking"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/workflows"
)

// The people of finance: they start runs, approve them, and settle what is asked of them, through the doors and by what they see at the
// provider. Whatever they are told, they never write SQL.

func (w *world) by(who string) deeds.By {
	w.question++
	return deeds.By{Who: who, Roles: []deeds.Role{deeds.Finance, deeds.Manager}, ID: fmt.Sprintf("%s/%d", who, w.question)}
}

func (w *world) theMonth() payouts.Month { return payouts.Month{Program: w.program, Period: w.period} }

// start starts the month's run, or tries again what it has parked.
func (w *world) start() error {
	s := payouts.Starter{Books: w.store, Workflows: func() (payouts.Workflows, error) { return w.door, nil }, Now: w.time}
	_, err := s.Start(w.ctx, w.by("cli:prep"), w.theMonth(), 0)
	return err
}

// run plays a run to its end: of the oldest month that the books have as not over, where a backup from before its end came back, else of
// this one.
func (w *world) run() {
	w.period, w.sent = w.thisMonth(), len(w.transfers())
	if open := w.unfinished(""); len(open) > 0 {
		w.period = open[0].Period
	}
	w.due(starting, func(a act) bool { return w.rng.IntN(2) == 0 }) // some of it before the run begins, the rest while it does
	must(w.t, eventually(w.start))
	r := &watch{world: w, progressed: time.Now(), asked: map[string]deeds.By{}}
	w.until("the run ends", r.tick)
	w.due(ended, func(act) bool { return true })
}

// unfinished are the runs of a month, "" of all, that are not over as the books have them, oldest month first.
func (w *world) unfinished(period string) (open []partnership.PayoutRun) {
	w.must(func() (err error) {
		open, err = w.store.PayoutRuns(w.ctx, w.program, period)
		return err
	})
	over := []partnership.PayoutRunState{partnership.RunReconciled, partnership.RunEmpty, partnership.RunRejected}
	return slices.DeleteFunc(open, func(run partnership.PayoutRun) bool { return slices.Contains(over, run.State) })
}

// watch is what a person of finance has seen of a run.
type watch struct {
	*world
	snapshot   workflows.PayoutRunSnapshot
	last       string
	progressed time.Time
	asked      map[string]deeds.By
	retried    time.Time
	absent     int
}

// tick is one look at the run; it says whether it is over.
func (r *watch) tick() bool {
	ctx, cancel := context.WithTimeout(r.ctx, 20*time.Second)
	defer cancel()
	if !r.running(ctx) {
		return r.over(ctx)
	}
	r.absent = 0
	var now workflows.PayoutRunSnapshot
	if r.door.Query(ctx, r.runID(), workflows.QuerySnapshot, &now) != nil {
		return false
	}
	r.snapshot = now
	seen := fmt.Sprint(now.State, now.Approvals, len(now.Parked), len(r.transfers()), r.shift, r.placesSeen())
	if seen != r.last {
		r.last, r.progressed = seen, time.Now()
	}
	r.happen()
	r.decide(ctx)
	r.settle(ctx)
	r.rescue()
	return false
}

// over says whether a run that does not run any more has ended by itself. One that was ended from outside is begun again.
func (r *watch) over(ctx context.Context) bool {
	runs, err := r.store.PayoutRuns(ctx, r.program, r.period)
	if err != nil {
		return false
	}
	r.settle(ctx)
	if r.restored {
		r.restored = false
		_ = r.start()
		return false
	}
	if len(runs) > 0 && len(r.unfinished(r.period)) == 0 { // the newest may be one that a settled difference has made
		return true
	}
	if r.absent++; r.absent > 2 {
		r.absent = 0
		_ = r.start()
	}
	return false
}

// happen lets happen what is due by now.
func (r *watch) happen() {
	at := starting
	switch r.snapshot.State {
	case partnership.RunPlanned:
		at = planned
	case partnership.RunApproved, partnership.RunExecuting:
		if at = planned; len(r.transfers()) > r.sent || time.Since(r.progressed) > 2*time.Second {
			at = sending
		}
	}
	r.due(at, func(act) bool { return true })
}

// due does what is due at a moment, where which says so.
func (w *world) due(at moment, which func(act) bool) {
	w.reckon()
	acts := w.acts
	w.acts = nil
	for _, a := range acts {
		if a.at > at || !which(a) {
			w.acts = append(w.acts, a)
			continue
		}
		if a.do() && a.kind != "" {
			w.note(a.kind)
		}
		w.reckon() // an act may be a sale, and the next what is given back of it
	}
}

// decide says what finance says to the run itself.
func (r *watch) decide(ctx context.Context) {
	if r.waitsForFunds(ctx) || len(r.snapshot.Parked) > 0 || time.Since(r.progressed) > 2*time.Second {
		r.funds(plenty) // they look at the balance
	}
	if r.snapshot.State == partnership.RunPlanned && r.snapshot.Plan.LinesHash != "" && len(r.snapshot.Approvals) < r.snapshot.Plan.NeedApprovers {
		for _, who := range []string{"cli:fin", "cli:owner"} {
			if slices.Contains(r.snapshot.Approvals, who) {
				continue
			}
			ask, err := deeds.ApproveRun(r.program, r.period, r.snapshot.Plan.LinesHash)
			must(r.t, err)
			r.say(ctx, ask, who, r.snapshot.Plan.LinesHash)
			return
		}
	}
	if len(r.snapshot.Parked) > 0 && time.Since(r.retried) > time.Second {
		r.retried = time.Now()
		_ = r.start() // "try it at once"
	}
}

// waitsForFunds says whether the run has said so: whoever tops up before it has looked lets no run be short.
func (r *watch) waitsForFunds(ctx context.Context) bool {
	runs, err := r.store.PayoutRuns(ctx, r.program, r.period)
	return err == nil && slices.ContainsFunc(runs, func(run partnership.PayoutRun) bool { return strings.HasPrefix(run.Waits, partnership.FundsMissing) })
}

// say asks for a deed until somebody has answered it; one that was refused is another question the next time.
func (r *watch) say(ctx context.Context, ask deeds.Request, who, about string) {
	key := ask.Deed + who + about
	by, before := r.asked[key]
	if !before {
		by = r.by(who)
		r.asked[key] = by
	}
	err := ask.Decide(ctx, r.door, by, nil)
	if _, taken := errors.AsType[*partnership.Taken](err); !taken {
		delete(r.asked, key)
	}
}

// reject sends the run back that waits for approval.
func (w *world) reject() bool {
	ask, err := deeds.RejectNewest(w.ctx, w.store, w.program, w.period, "look at it again")
	return err == nil && ask.Decide(w.ctx, w.door, w.by("cli:owner"), nil) == nil
}

// settle answers the questions about transfers: which are in doubt, and which the books do not explain.
func (r *watch) settle(ctx context.Context) {
	waits, err := r.store.PendingDecisions(ctx, 0)
	if err != nil {
		return
	}
	for _, q := range waits {
		switch q.Kind {
		case "effect":
			r.resolveEffect(ctx, partnership.EffectKey(q.ID))
		case "payout":
			r.resolve(ctx, partnership.PayoutID(q.ID))
		case "difference":
			r.settleDifference(ctx, q)
		}
	}
}

// resolve looks the transfer up at the provider, as the card asks a person to.
func (r *watch) resolve(ctx context.Context, id partnership.PayoutID) {
	decision, transfer := partnership.ChoiceRelease, ""
	for _, t := range r.transfers() {
		if t.PayoutID == string(id) {
			decision, transfer = partnership.ChoicePaid, t.ID
		}
	}
	ask, err := deeds.ResolvePayout(id, decision, transfer)
	must(r.t, err)
	r.say(ctx, ask, "cli:fin", string(id))
	r.note("a person settles a transfer in doubt")
}

// resolveEffect says whether a mail or a card went out of which nobody knows.
func (r *watch) resolveEffect(ctx context.Context, key partnership.EffectKey) {
	r.outside.mu.Lock()
	sent := r.outside.mails[key]+r.outside.cards[key] > 0
	r.outside.mu.Unlock()
	found := map[bool]partnership.Choice{true: partnership.ChoiceSent, false: partnership.ChoiceNotSent}[sent]
	if deeds.ResolveEffect(ctx, r.store, r.by("cli:fin"), key, found) == nil {
		r.note("a person says whether a mail went out")
	}
}

// settleDifference says what a transfer is that the books do not explain: what bears the mark of a payout of ours is ours.
func (r *watch) settleDifference(ctx context.Context, q asking.Pending) {
	as := partnership.SettleOurs
	for _, t := range r.transfers() {
		if t.ID == q.ID && t.PayoutID == "" && r.seed%2 == 0 {
			as = partnership.SettleDouble
		}
	}
	err := deeds.SettleDifference(ctx, r.store, r.by("cli:fin"), partnership.DifferenceWord{Rail: railName, Transfer: q.ID, As: as, Program: r.program}, "it was paid before the backup came back")
	if err == nil {
		r.note("a person settles a difference")
	} else if as == partnership.SettleOurs && partnership.CodeOf(err) == partnership.Conflict && strings.Contains(err.Error(), "no earnings") {
		r.retell() // "bring the orders and fees back first"
	}
}

// rescue is what is left to a person when nothing moves: the provider's keys age, and who has restored a backup begins the month again by
// the one command that they have.
func (r *watch) rescue() {
	still := time.Since(r.progressed)
	switch {
	case r.restored && still > 6*time.Second:
		r.progressed = time.Now()
		r.restored = r.start() != nil // where the books know less than the run it ends by itself
	case still > 12*time.Second && r.inDoubt() && r.aDayPassesFor(secondDay):
		r.progressed = time.Now()
		r.note("a day passes and keys are forgotten")
	case still > 45*time.Second:
		r.clearFaults()
	}
}

// inDoubt says whether a transfer of this run was sent and nobody knows what became of it.
func (r *watch) inDoubt() bool {
	all, err := r.store.PayoutsOfRun(r.ctx, r.snapshot.Run.ID)
	return err == nil && slices.ContainsFunc(all, func(po partnership.Payout) bool { return po.State == partnership.PayoutPosted })
}

func (w *world) clearFaults() { _ = w.tryAsk("DELETE", "/faults", nil, nil) }

// commissionOf is the row of a sale, "" none that is open.
func (w *world) commissionOf(o *order) string {
	for _, row := range w.rows() {
		if row.OrderID == o.id && row.Kind == "commission" {
			return row.ID
		}
	}
	return ""
}

func (w *world) rows() []board.Row {
	var doc board.Ledger
	w.must(func() (err error) {
		doc, err = w.store.LedgerDocument(w.ctx, store.LedgerFilter{})
		return err
	})
	return doc.Rows
}

func (w *world) heldNow(o *order) bool {
	for _, row := range w.rows() {
		if row.OrderID == o.id && row.Kind == "commission" {
			return row.State == "held"
		}
	}
	return false
}

// rejectAgain says again that a sale earns nothing; where it was paid meanwhile, it earns.
func (w *world) rejectAgain(o *order) {
	row := w.commissionOf(o)
	if !w.heldNow(o) && w.store.HoldRow(w.ctx, row, "cli:fin", "looks odd") != nil || w.store.VoidRow(w.ctx, row, "cli:fin", "it is wrong") != nil {
		o.rejected = w.voidedNow(o)
	}
}

// clearAgain says again that a sale is right, where the backup has it as the person found it.
func (w *world) clearAgain(o *order) {
	if w.heldNow(o) {
		must(w.t, w.store.ClearRow(w.ctx, w.commissionOf(o), "cli:fin", "it is right"))
	}
}

func (w *world) voidedNow(o *order) bool {
	for _, row := range w.rows() {
		if row.OrderID == o.id && row.Kind == "commission" {
			return row.State == "voided"
		}
	}
	return false
}
