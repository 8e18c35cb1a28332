package partnership_test

import (
	"testing"

	p "github.com/rapport-dev/rapport/partnership"
)

func TestStagesHaveTheirPlaceInTheStory(t *testing.T) {
	t.Parallel()
	stages := p.Stages()
	for i, s := range stages {
		if s.Order() != i {
			t.Errorf("%s is at %d and says %d", s, i, s.Order())
		}
	}
	if stages[0] != p.Outreach || stages[len(stages)-1] != p.Closed {
		t.Errorf("the story goes from %s to %s", stages[0], stages[len(stages)-1])
	}
	if p.Stage("elsewhere").Order() != -1 {
		t.Error("an unknown stage has a place in the story")
	}
	stages[0] = "changed"
	if p.Outreach.Order() != 0 {
		t.Error("a caller can change the order of the story")
	}
}
