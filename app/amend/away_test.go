package amend_test

import (
	"context"
	"slices"
	"testing"

	"github.com/rapport-dev/rapport/app/amend"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
	"github.com/rapport-dev/rapport/workflows"
)

// open are partnerships of which none has taken an amendment in.
type open map[string]timeline.Standing

func (o open) Query(_ context.Context, id, _ string, result any) error {
	result.(*workflows.Snapshot).Standing = o[id]
	return nil
}

func (o open) Decide(context.Context, partnership.Deed, any, any, any) error { return nil }

func TestNobodyWaitsForWhoeverIsAway(t *testing.T) {
	a := &amend.Amender{Workflows: open{workflows.PartnershipWorkflowID("gone"): {Away: true}}}
	missing, err := a.Settled(t.Context(), amend.Preview{Lines: []amend.Line{{PartnershipID: "gone"}, {PartnershipID: "here"}}}, 1)
	must(t, err)
	if len(missing) != 1 || missing[0].PartnershipID != partnership.PartnershipID("here") {
		t.Errorf("waits for %v", missing)
	}
	words := amend.Preview{Counts: map[timeline.Reach]int{timeline.Waits: 2}}.Words()
	if !slices.Contains(words, "Away, and told when they come back: 2.") {
		t.Errorf("the preview says %q", words)
	}
}
