package store_test

import (
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// A decision counts once, in the run of the workflow for which it was made, and not for ever.
func TestADecisionCountsOnceAndForAWhile(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	deed := partnership.Deed{ID: "d1", Who: "slack:U1", At: f.clock(), Deed: partnership.DeedApproveRun, Subject: "payout-run/dreams/2026-11"}
	must(t, f.RecordDeed(ctx, deed, "run-1"))
	must(t, f.RecordDeed(ctx, deed, "run-1")) // its answer was lost
	wantCode(t, f.RecordDeed(ctx, deed, "run-2"), partnership.Conflict)
	another := deed
	another.Subject = "payout-run/dreams/2026-12"
	wantCode(t, f.RecordDeed(ctx, another, "run-1"), partnership.Conflict)
	another = deed
	another.Deed = partnership.DeedRejectRun
	wantCode(t, f.RecordDeed(ctx, another, "run-1"), partnership.Conflict)
	if n := f.audited("slack:U1"); n != 1 {
		t.Errorf("it left %d lines", n)
	}
	for age, counts := range map[time.Duration]bool{6 * 24 * time.Hour: true, 8 * 24 * time.Hour: false, 400 * 24 * time.Hour: false, -time.Hour: false} {
		old := deed
		old.ID, old.At = "aged "+age.String(), f.clock().Add(-age)
		if err := f.RecordDeed(ctx, old, "run-1"); counts != (err == nil) {
			t.Errorf("a decision of %s ago: %v", age, err)
		}
	}
}
