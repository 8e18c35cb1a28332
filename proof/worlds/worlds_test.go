package worlds

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/proof/temporaltest"
	"github.com/rapport-dev/rapport/store"
)

// few is how many worlds every test run plays, and whole how many it takes for each boundary to be struck.
const few, whole = 4, 200

// TestPayoutWorlds plays seeded months. RAPPORT_WORLDS says how many, RAPPORT_WORLD plays one alone, whose processes die at the boundaries
// of RAPPORT_WORLD_AIM for certain.
func TestPayoutWorlds(t *testing.T) {
	if testing.Short() {
		t.Skip("it plays whole months against Postgres and Temporal")
	}
	temporaltest.SameClock(t)
	known := readTable(t)
	first, n := uint64(1), uint64(few)
	if seed := os.Getenv("RAPPORT_WORLD"); seed != "" {
		one, err := strconv.ParseUint(seed, 10, 64)
		must(t, err)
		first, n = one, 1
	} else if many := os.Getenv("RAPPORT_WORLDS"); many != "" {
		all, err := strconv.ParseUint(many, 10, 64)
		must(t, err)
		n = all
	}
	sum := &tally{began: time.Now(), faults: map[string]int{}, struck: map[string]int{}, seen: map[string]visits{}}
	worlds := map[uint64][]string{}
	for seed := first; seed < first+n; seed++ {
		worlds[seed] = nil
	}
	if aim := os.Getenv("RAPPORT_WORLD_AIM"); aim != "" {
		worlds[first] = strings.Split(aim, "; ")
	}
	sum.play(t, "seed", worlds, known)
	if n >= whole {
		for round := range aimedRounds {
			sum.play(t, fmt.Sprint("aimed", round+1), sum.missed(known), known)
		}
	}
	sum.report(t, n, known)
}

// play plays worlds side by side, each aimed at boundaries.
func (s *tally) play(t *testing.T, name string, worlds map[uint64][]string, known map[string]visits) {
	t.Run(name, func(t *testing.T) {
		for _, seed := range slices.Sorted(maps.Keys(worlds)) {
			t.Run(fmt.Sprint(seed), func(t *testing.T) {
				t.Parallel()
				v := play(t, seed, worlds[seed], known)
				s.add(v, seed)
				for _, wrong := range v.found {
					t.Error(wrong)
				}
				t.Logf("%+v, faults %v, struck %v", v.money, v.faults, v.struck)
				if t.Failed() {
					t.Logf("this world alone: make worlds SEED=%d AIM=%q", seed, strings.Join(worlds[seed], "; "))
				}
			})
		}
	})
}

// aimedRounds is how often the boundaries that chance has left out are aimed at: what a world comes to depends a little on the machine.
const aimedRounds = 2

// missed are the boundaries at which no process died yet, by the worlds that came there: what one comes to again hangs on the machine.
func (s *tally) missed(known map[string]visits) map[uint64][]string {
	all := maps.Clone(known)
	maps.Copy(all, s.seen)
	by := map[uint64][]string{}
	for boundary, v := range all {
		if s.struck[boundary] == 0 {
			for _, seed := range v.seeds {
				by[seed] = append(by[seed], boundary)
			}
		}
	}
	return by
}

// play plays one world.
func play(t *testing.T, seed uint64, aims []string, known map[string]visits) verdict {
	w := begin(t, seed, known)
	w.aims = aims
	w.populate()
	w.drawTroubles()
	w.work()
	for range 1 + w.rng.IntN(2) {
		w.run()
	}
	w.calmDown()
	for range 4 { // then nothing goes wrong any more, and whatever is payable is paid
		if w.run(); len(w.acts) == 0 && w.nothingPayable() {
			break
		}
	}
	w.nobodyHangs()
	v := w.judge()
	if len(v.found) > 0 {
		t.Log(w.stand())
	}
	return v
}

// calmDown ends what goes wrong.
func (w *world) calmDown() {
	w.clearFaults()
	w.funds(plenty)
	w.mu.Lock()
	w.calm = true
	w.mu.Unlock()
}

// nothingPayable says whether the last run was this month's and found nothing to pay.
func (w *world) nothingPayable() bool {
	runs, err := w.store.PayoutRuns(w.ctx, w.program, w.period)
	must(w.t, err)
	return w.period == w.thisMonth() && runs[len(runs)-1].State == partnership.RunEmpty
}

// nobodyHangs waits until no workflow is open any more: a payout that waits for a person is settled by one.
func (w *world) nobodyHangs() {
	w.until("no workflow is left", func() bool {
		ctx, cancel := context.WithTimeout(w.ctx, 3*time.Second)
		defer cancel()
		ids, err := w.open(ctx)
		return err == nil && len(ids) == 0
	})
}

func (w *world) tryLedger(doc *board.Ledger) (err error) {
	*doc, err = w.store.LedgerDocument(w.ctx, store.LedgerFilter{})
	return err
}

// tally is what all worlds came to.
type tally struct {
	mu     sync.Mutex
	began  time.Time
	worlds int
	faults map[string]int
	struck map[string]int
	seen   map[string]visits
	money  account
}

func (s *tally) add(v verdict, seed uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.worlds++
	for kind, n := range v.faults {
		s.faults[kind] += n
	}
	for _, boundary := range v.struck {
		s.struck[boundary]++
	}
	for boundary := range v.seen {
		s.seen[boundary] = s.seen[boundary].and(seed)
	}
	s.money.add(v.money)
}

// report says what really happened. Of 200 worlds each kind of fault must have happened at least so often, and each boundary must have
// been struck.
func (s *tally) report(t *testing.T, n uint64, known map[string]visits) {
	t.Helper()
	t.Logf("%d worlds in %s: %+v", s.worlds, time.Since(s.began).Round(time.Second), s.money)
	for _, kind := range slices.Sorted(maps.Keys(s.faults)) {
		t.Logf("%6d  %s", s.faults[kind], kind)
	}
	if os.Getenv("RAPPORT_WORLDS_UPDATE") != "" {
		writeTable(t, s.seen)
		known = s.seen
	}
	if n < whole {
		return
	}
	for _, boundary := range slices.Sorted(maps.Keys(s.seen)) {
		if _, ok := known[boundary]; !ok {
			t.Errorf("%q is a boundary that %s does not know: RAPPORT_WORLDS_UPDATE=1 make worlds", boundary, table)
		}
	}
	for _, boundary := range slices.Sorted(maps.Keys(known)) {
		if s.struck[boundary] == 0 && (s.seen[boundary].worlds > 0 || known[boundary].worlds > strikesWanted) { // what is rare no world may come to
			t.Errorf("no process died at %q (%d worlds came there)", boundary, s.seen[boundary].worlds)
		}
	}
	for _, kind := range needed {
		if s.faults[kind] < atLeast {
			t.Errorf("%s: %d times, and not %d", kind, s.faults[kind], atLeast)
		}
	}
}

// atLeast is how often each kind of fault has to have happened in 200 worlds.
const atLeast = 5

// needed are the kinds without which 200 worlds prove nothing.
var needed = []string{
	"a worker is killed", "a step is broken off", "a refund", "a dispute", "a sale is held", "a transfer comes back", "a run is rejected", "the balance is short", "the balance runs out in the middle",
	"a day passes and keys are forgotten", "a payout account is replaced", "a transfer is made by hand", "workflows are ended by hand", "the database drops every connection",
	"the database's clock jumps", "the workers' clock is off", "a backup is restored", "a backup is restored, the engine's too",
	"an answer of the chat is lost", "the chat refuses how a run ended",
	"a person settles a transfer in doubt", "a person settles a difference",
	"the provider: execute-then-drop", "the provider: truncate", "the provider: sticky-500", "the provider: 500", "the provider: 429", "the provider: reset-before",
	"the provider: html", "the provider: slow", "the provider: wrong-key", "the provider: list-behind",
}
