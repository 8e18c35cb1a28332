package store_test

import (
	"testing"

	"github.com/rapport-dev/rapport/partnership"
)

// Whoever names a run, its plan, its approval or a payout has seen it in the books. Where they know less they have gone back to a backup, and
// say so by a code of its own: nothing of it is decided by them, above all not that a payout failed.
func TestBooksThatKnowLessThanARunSaySo(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, plan := f.month(2)
	run, first := plan.RunID, plan.Payouts[0]
	deed := func(name string) partnership.Deed {
		return partnership.Deed{ID: name, Who: "U2", At: f.clock(), Deed: name, Subject: "payout-run/x", Reason: "wrong"}
	}
	must(t, f.CheckRun(ctx, run, partnership.RunKnown{}))
	must(t, f.CheckRun(ctx, run, partnership.RunKnown{LinesHash: plan.LinesHash}))
	_, begun := f.BeginTransfer(ctx, first)
	_, other := f.BeginTransfer(ctx, "gone")
	_, planned := f.PlanPayouts(ctx, "gone", f.clock())
	_, drawn := f.DrawStatements(ctx, "gone")
	_, approved := f.ApprovePayoutRun(ctx, "gone", "h", deed(partnership.DeedApproveRun), "w", nil)
	for what, err := range map[string]error{
		"a payout that was not approved":     begun,
		"a payout":                           other,
		"a payout that failed":               f.FailTransfer(ctx, "gone", "refused"),
		"a payout in doubt":                  f.ParkTransfer(ctx, "gone", "no answer"),
		"a payout that was paid":             f.ConfirmTransfer(ctx, "gone", partnership.Transfer{ID: "tr_1"}),
		"a plan":                             planned,
		"statements":                         drawn,
		"an approval":                        approved,
		"a rejection":                        f.RejectPayoutRun(ctx, "gone", deed(partnership.DeedRejectRun), "w"),
		"the rejection of the rest":          f.RejectRest(ctx, "gone", deed(partnership.DeedRejectRun), "w"),
		"an end":                             f.SetPayoutRunState(ctx, "gone", partnership.RunReconciled),
		"a run":                              f.CheckRun(ctx, "gone", partnership.RunKnown{}),
		"another plan of it":                 f.CheckRun(ctx, run, partnership.RunKnown{LinesHash: "another"}),
		"no approval of it, and it is sent ": f.CheckRun(ctx, run, partnership.RunKnown{LinesHash: plan.LinesHash, Sending: true}),
	} {
		if code := partnership.CodeOf(err); code != partnership.WentBack {
			t.Errorf("%s: %q, %v", what, code, err)
		}
	}
	if po, err := f.Payout(ctx, first); err != nil || po.State != partnership.PayoutPlanned {
		t.Errorf("the payout is %s, %v", po.State, err)
	}
	f.approve(plan)
	must(t, f.CheckRun(ctx, run, partnership.RunKnown{LinesHash: plan.LinesHash, Sending: true}))
	f.sound()

	again, err := f.OpenPayoutRun(ctx, program, "2026-10", "schedule", f.clock())
	must(t, err)
	_, err = f.ApprovePayoutRun(ctx, again.ID, "h", deed(partnership.DeedApproveRun), "w", nil)
	wantCode(t, err, partnership.WentBack) // it was planned when its card was posted
}
