package store_test

import (
	"testing"

	"github.com/rapport-dev/rapport/partnership"
)

// Whoever a budget was reserved for and who was not invited after all (the first creator came back meanwhile, the budget ended, the
// campaign was cancelled) is closed with their campaign: nothing else ever writes their row, which would stand in outreach for good.
func TestWhoWasNeverInvitedIsClosedWithTheirCampaign(t *testing.T) {
	t.Parallel()
	for _, state := range []partnership.CampaignState{partnership.CampaignFinished, partnership.CampaignCancelled} {
		t.Run(string(state), func(t *testing.T) {
			t.Parallel()
			f := open(t)
			ctx := t.Context()
			id, parties := f.launch(3)
			for _, pa := range parties {
				must(t, f.ReserveBudget(ctx, id, partnership.RosterEntry{CreatorID: pa.creator}, terms(), 500))
			}
			held, kept, done := parties[0], parties[1], parties[2]
			must(t, f.Unreserve(ctx, id, []partnership.PartnershipID{held.id}))
			must(t, f.SaveProjection(ctx, partnership.Projection{PartnershipID: done.id, Seq: 2, Stage: partnership.Closed, Outcome: partnership.Completed}))
			must(t, f.SetCampaignState(ctx, id, "paused", "stock"))
			f.wantStage(held, partnership.Outreach, "")
			for range 2 {
				must(t, f.SetCampaignState(ctx, id, state, ""))
				f.wantStage(held, partnership.Closed, partnership.Cancelled)
				f.wantStage(kept, partnership.Closed, partnership.Cancelled)
				f.wantStage(done, partnership.Closed, partnership.Completed)
			}
			f.wantReserved(kept, 0)
			f.wantReserved(done, 500)
		})
	}
}

func (f *fixture) wantStage(pa party, stage partnership.Stage, outcome partnership.Outcome) {
	f.t.Helper()
	doc, err := f.PartnershipDocument(f.t.Context(), pa.id)
	must(f.t, err)
	if doc.Stage != stage || doc.Outcome != outcome {
		f.t.Errorf("%s stands in %s with outcome %q, want %s with %q", pa.id, doc.Stage, doc.Outcome, stage, outcome)
	}
}
