package partnership_test

import (
	"testing"

	"github.com/rapport-dev/rapport/partnership"
)

func TestStagesHaveTheirPlaceInTheStory(t *testing.T) {
	t.Parallel()
	stages := partnership.Stages()
	for i, s := range stages {
		if s.Order() != i {
			t.Errorf("%s is at %d and says %d", s, i, s.Order())
		}
	}
	if stages[0] != partnership.Outreach || stages[len(stages)-1] != partnership.Closed {
		t.Errorf("the story goes from %s to %s", stages[0], stages[len(stages)-1])
	}
	if partnership.Stage("elsewhere").Order() != -1 {
		t.Error("an unknown stage has a place in the story")
	}
	stages[0] = "changed"
	if partnership.Outreach.Order() != 0 {
		t.Error("a caller can change the order of the story")
	}
}
