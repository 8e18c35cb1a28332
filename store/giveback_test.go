package store_test

import (
	"testing"

	"github.com/rapport-dev/rapport/partnership"
)

// Terms that hold with a lower fee leave the rest of the reservation to others; terms that are only offered leave it where it is.
func TestALowerFeeGivesBudgetBack(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	agreed := terms()
	agreed.FeeMinor, agreed.Gift = 100_000, &partnership.Gift{ValueMinor: 3_600}
	id, parties := f.launch(1)
	entry := partnership.RosterEntry{CreatorID: parties[0].creator}
	must(t, f.ReserveBudget(ctx, id, entry, agreed, agreed.CostMinor()))
	seq := 0
	project := func(now partnership.Terms, want int64) {
		t.Helper()
		seq++
		must(t, f.SaveProjection(ctx, partnership.Projection{PartnershipID: parties[0].id, Seq: seq, Stage: partnership.Content, Terms: &now}))
		totals, err := f.CampaignTotals(ctx, id)
		must(t, err)
		if totals.Committed.Of("USD") != want {
			t.Errorf("version %d of the terms commits %d, want %d", now.Version, totals.Committed.Of("USD"), want)
		}
	}
	project(agreed, 103_600)

	higher := agreed.WithFee(150_000)
	must(t, f.ReserveBudget(ctx, id, entry, higher, higher.CostMinor()))
	project(agreed, 153_600) // sent for signature: what holds is the old version
	project(higher, 153_600)

	lower := higher.WithFee(60_000)
	project(higher, 153_600)
	project(lower, 63_600)
	project(higher, 63_600) // a late older one

	must(t, f.EarnFee(ctx, parties[0].id, "post-1", 60_000, f.clock()))
	project(lower.WithFee(20_000), 60_000) // what was earned stays committed
}
