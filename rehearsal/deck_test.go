package rehearsal

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/playground/people"
)

func TestTownIsTheSimulatedPeople(t *testing.T) {
	t.Parallel()
	town, want := map[string]int{}, map[string]int{}
	for _, card := range Town().Deck {
		town[card.Kind] += card.Count
	}
	for _, kind := range people.Deck() {
		want[kind]++
	}
	if diff := cmp.Diff(want, town); diff != "" {
		t.Errorf("the decks differ (-people +rehearsal):\n%s", diff)
	}
}

// Whatever the dice, a file of 24 holds every card of the deck of 24 once, and another run deals anew.
func TestADeckIsDealtToTheFile(t *testing.T) {
	t.Parallel()
	o := sample(t, "hybrid")
	o.Behaviour, o.Limit = Town(), time.Minute
	all, err := newWorld(o)
	if err != nil {
		t.Fatal(err)
	}
	if len(all.file) != 24 {
		t.Fatalf("the file has %d creators", len(all.file))
	}
	seen := map[string]bool{}
	for n := range 5 {
		w := all.run(n)
		kinds := map[*Creator]int{}
		who := ""
		for _, id := range w.file {
			kinds[w.dealt[id]]++
			if w.dealt[id].Silent == 1 {
				who = string(id)
			}
		}
		seen[who] = true
		for i, card := range w.Behaviour.Deck {
			if got := kinds[&w.Behaviour.Deck[i].Creator]; got != card.Count {
				t.Errorf("run %d has %d %s, want %d", n, got, card.Kind, card.Count)
			}
		}
	}
	if len(seen) < 2 {
		t.Errorf("the silent one is always %v", slices.Collect(maps.Keys(seen)))
	}
}

// Standbys that the file does not have draw cards too, and nobody's changes by their coming.
func TestAssumedStandbysDrawCards(t *testing.T) {
	t.Parallel()
	o := sample(t, "hybrid")
	o.Behaviour, o.Limit = Town(), time.Minute
	all, err := newWorld(o)
	if err != nil {
		t.Fatal(err)
	}
	few, many := all.run(3).withStandby(2), all.run(3).withStandby(60)
	for i, e := range few.roster {
		if many.roster[i].CreatorID != e.CreatorID || few.mood(e.CreatorID, e.Tier) != many.mood(e.CreatorID, e.Tier) {
			t.Fatalf("%s is another with more standbys", e.CreatorID)
		}
	}
	declines := 0
	for _, e := range many.roster[len(many.roster)-40:] {
		if many.mood(e.CreatorID, partnership.Nano).Declines == 1 {
			declines++
		}
	}
	if declines == 0 || declines > 20 {
		t.Errorf("%d of 40 assumed creators decline, 3 of 24 should", declines)
	}
}

func TestEvenKeepsMeanAndDeviation(t *testing.T) {
	t.Parallel()
	d, sum, squares := newDice(1), 0.0, 0.0
	const n = 20_000
	for i := range n {
		x := d.at(i).takes("x", even(0.2, 1.4))
		sum, squares = sum+x, squares+x*x
	}
	mean, variance := sum/n, squares/n-(sum/n)*(sum/n)
	if mean < 0.79 || mean > 0.81 || variance < 0.11 || variance > 0.13 {
		t.Errorf("mean %.3f and variance %.3f, want 0.8 and 0.12", mean, variance)
	}
}
