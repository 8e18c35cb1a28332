package main

import (
	"context"
	"testing"

	"github.com/rapport-dev/rapport/app/amend"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/wiring/doors"
	"github.com/rapport-dev/rapport/workflows"
)

// restarting are workflows whose workers answer only from the third question on, and have taken the amendment in by the fourth.
type restarting struct{ asked int }

func (r *restarting) Query(_ context.Context, _, _ string, result any) error {
	if r.asked++; r.asked < 3 {
		return &doors.Unavailable{}
	}
	if now := result.(*workflows.Snapshot); r.asked > 3 {
		now.Amended = 1
	}
	return nil
}

func (r *restarting) Decide(context.Context, partnership.Deed, any, any, any) error { return nil }

// An amendment that is applied does not count as failed because a worker restarts meanwhile.
func TestAmendWaitsForWorkersThatAreAway(t *testing.T) {
	away := &restarting{}
	missing, err := settle(t.Context(), &amend.Amender{Workflows: away}, amend.Preview{Lines: []amend.Line{{PartnershipID: "p1"}}}, 1)
	if err != nil || len(missing) > 0 || away.asked != 4 {
		t.Errorf("%d missing after %d questions: %v", len(missing), away.asked, err)
	}
}
