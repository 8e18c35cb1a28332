package roster_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/roster"
)

// crowd are n creators of a niche, the first the best.
func crowd(niche string, n int) (out []partnership.Creator) {
	for i := range n {
		out = append(out, creator(fmt.Sprintf("%s%d", niche, i+1), 12_000, 9-float64(i)/10, niche))
	}
	return out
}

func placed(ranked []roster.Ranked) (slots, standby []string) {
	for _, r := range ranked {
		switch r.Place {
		case roster.Slot:
			slots = append(slots, r.Creator.Handle)
		case roster.Standby:
			standby = append(standby, r.Creator.Handle)
		}
	}
	return slots, standby
}

func TestRefillGivesANewNicheWhatItLacks(t *testing.T) {
	t.Parallel()
	creators := append(crowd("home", 8), crowd("ceramics", 5)...)
	taken := roster.Taken{Held: 4, Niches: map[string]int{"Home": 4}} // by whatever case the file has it
	for _, c := range creators[:5] {                                  // the fifth said no
		taken.Started = append(taken.Started, partnership.PartnershipFor("c1", c.ID))
	}
	s := partnership.Selection{Target: 8, Standby: 2, Arms: []partnership.Arm{{Niche: "home", Share: 50}, {Niche: "ceramics", Share: 50}}}
	ranked := roster.Refill("c1", creators, s, taken)
	slots, standby := placed(ranked)
	if diff := cmp.Diff([]string{"ceramics1", "ceramics2", "ceramics3", "ceramics4"}, slots); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"ceramics5", "home6"}, standby); diff != "" {
		t.Error(diff)
	}
	if ranked[0].Rank != 6 {
		t.Errorf("the best of the rest has rank %d: the five who were invited stand before", ranked[0].Rank)
	}
	for _, e := range roster.Entries("c1", ranked) {
		if e.CreatorID == "home5" {
			t.Error("who said no is ranked again")
		}
	}
}

// With two free slots and two arms that lack four each, each arm gets one.
func TestRefillSharesFewFreeSlotsBetweenTheArms(t *testing.T) {
	t.Parallel()
	creators := append(crowd("home", 8), crowd("ceramics", 8)...)
	s := partnership.Selection{Target: 8, Arms: []partnership.Arm{{Niche: "home", Share: 50}, {Niche: "ceramics", Share: 50}}}
	slots, _ := placed(roster.Refill("c1", creators, s, roster.Taken{Held: 6, Niches: map[string]int{"sleep": 6}}))
	if diff := cmp.Diff([]string{"ceramics1", "home1"}, slots); diff != "" {
		t.Error(diff)
	}
}

func TestRefillBelowWhatIsHeldLeavesStandbyAlone(t *testing.T) {
	t.Parallel()
	slots, standby := placed(roster.Refill("c1", crowd("home", 5), partnership.Selection{Target: 3, Standby: 2}, roster.Taken{Held: 4}))
	if len(slots) != 0 || len(standby) != 2 {
		t.Errorf("slots %v, standby %v", slots, standby)
	}
}
