package partnership_test

import (
	"slices"
	"testing"

	p "github.com/rapport-dev/rapport/partnership"
)

func TestStagesOnlyMoveForward(t *testing.T) {
	t.Parallel()
	for _, from := range p.Stages() {
		for _, to := range p.Stages() {
			if p.CanMove(from, to) && to.Order() <= from.Order() {
				t.Errorf("%s moves back to %s", from, to)
			}
		}
		if from != p.Closed && !p.CanMove(from, p.Closed) {
			t.Errorf("%s cannot close", from)
		}
	}
	if next := p.Closed.Next(); len(next) != 0 {
		t.Errorf("after closed comes %v", next)
	}
	if p.Stage("elsewhere").Order() != -1 || p.CanMove("elsewhere", p.Closed) || p.CanMove(p.Outreach, "elsewhere") {
		t.Error("an unknown stage has a place in the story")
	}
}

func TestEveryStageIsReachedAndReachesTheEnd(t *testing.T) {
	t.Parallel()
	reached := map[p.Stage]bool{p.Outreach: true}
	for _, s := range p.Stages() { // the order is one of the story, so one pass is enough
		if !reached[s] {
			t.Errorf("nothing leads to %s", s)
		}
		for _, next := range s.Next() {
			reached[next] = true
		}
	}
	for _, move := range [][2]p.Stage{{p.Outreach, p.Contracting}, {p.Tracking, p.Content}, {p.PayoutStage, p.Renewal}} {
		if !p.CanMove(move[0], move[1]) {
			t.Errorf("%s cannot go to %s", move[0], move[1])
		}
	}
	for _, move := range [][2]p.Stage{{p.Outreach, p.Tracking}, {p.Contracting, p.Content}, {p.Gifting, p.Performance}} {
		if p.CanMove(move[0], move[1]) {
			t.Errorf("%s skips to %s", move[0], move[1])
		}
	}
	if got := slices.Index(p.Stages(), p.Closed); got != len(p.Stages())-1 {
		t.Error("closed is not last")
	}
}
