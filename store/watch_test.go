package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

func TestAFindingStandsOnTheBoardUntilItIsSettledAndIsToldAnewWhenItIsBack(t *testing.T) {
	t.Parallel()
	f := open(t)
	campaign, parties := f.launch(1)
	ctx, id := t.Context(), parties[0].id
	trouble := partnership.Stuck{WorkflowID: partnership.WorkflowOfPartnership(id), RunID: "r1", WorkflowType: "Partnership", Kind: partnership.StuckFailed, Since: epoch, Why: "boom"}
	first, err := f.KeepFinding(ctx, trouble)
	must(t, err)
	f.pass(time.Minute)
	trouble.Since = epoch.Add(time.Minute)
	again, err := f.KeepFinding(ctx, trouble)
	must(t, err)
	if again.ID != first.ID || !again.Since.Equal(epoch) {
		t.Errorf("found twice: %+v, then %+v", first, again)
	}
	must(t, f.FindingsTold(ctx, []int64{first.ID}))
	doc, err := f.PartnershipDocument(ctx, id)
	must(t, err)
	if len(doc.Stuck) != 1 || !strings.Contains(doc.Attention, "its workflow failed: rapport workflows mend partnership/"+string(id)) {
		t.Errorf("the board says %q, %+v", doc.Attention, doc.Stuck)
	}
	pending, err := f.PendingDecisions(ctx, 0)
	must(t, err)
	if len(pending) != 1 || pending[0].Kind != "workflow" || pending[0].CampaignID != campaign {
		t.Errorf("pending %+v", pending)
	}

	must(t, f.SettleFinding(ctx, first.ID, "it goes on"))
	if doc, err = f.PartnershipDocument(ctx, id); err != nil || doc.Attention != "" || len(doc.Stuck) != 0 {
		t.Errorf("settled, and the board says %q (%v)", doc.Attention, err)
	}
	back, err := f.KeepFinding(ctx, trouble)
	must(t, err)
	if back.ID != first.ID || !back.ToldAt.IsZero() || !back.Since.Equal(trouble.Since) {
		t.Errorf("back again: %+v", back)
	}
	counts, err := f.WatchCounts(ctx)
	must(t, err)
	if len(counts) != 1 || counts[0].Open != 1 || counts[0].Found != 2 || !counts[0].Oldest.Equal(trouble.Since) {
		t.Errorf("counts %+v", counts)
	}
	settled := func(what string) partnership.Finding {
		t.Helper()
		f.pass(time.Minute)
		again, err := f.KeepFinding(ctx, trouble)
		must(t, err)
		if open, err := f.OpenFindings(ctx); err != nil || (len(open) == 0) != !again.SettledAt.IsZero() {
			t.Errorf("%s, %d stand, %v", what, len(open), err)
		}
		return again
	}
	must(t, f.SettleFindingsOf(ctx, trouble.WorkflowID, "ended is only a word here"))
	if again := settled("reset"); !again.SettledAt.IsZero() || again.Settled != "" {
		t.Errorf("what was taken up again and is found again does not stand: %+v", again)
	}
	must(t, f.EndFindingsOf(ctx, trouble.WorkflowID, "by cli:ada"))
	if again := settled("ended"); again.SettledAt.IsZero() || again.Settled != "by cli:ada" {
		t.Errorf("what a person ended stands again while the server lists it: %+v", again)
	}
}

func TestAStepThatFailsForLongIsSaidWhoeverTheStoryWaitsFor(t *testing.T) {
	t.Parallel()
	f := open(t)
	campaign, parties := f.launch(1)
	ctx, id := t.Context(), parties[0].id
	must(t, f.SaveProjection(ctx, partnership.Projection{PartnershipID: id, Seq: 1, Stage: partnership.Content, WaitingFor: "a manager's review of the draft"}))
	step := partnership.FailingStep{WorkflowID: partnership.WorkflowOfPartnership(id), RunID: "r", ActivityID: "7", Activity: "VerifyTracking", Since: epoch, Attempts: 9, Vendor: "shopify", Why: "retry"}
	must(t, f.KeepFailingStep(ctx, step))
	step.Attempts, step.Why = 12, "ambiguous"
	must(t, f.KeepFailingStep(ctx, step))
	must(t, f.KeepFailingStep(ctx, partnership.FailingStep{WorkflowID: partnership.WorkflowOfCampaign(campaign), RunID: "r", ActivityID: "3", Activity: "ReserveWave", Since: epoch, Attempts: 5, Why: "internal"}))

	doc, err := f.PartnershipDocument(ctx, id)
	must(t, err)
	if want := "verify tracking has not succeeded since 10 Nov 12:00 UTC (shopify: ambiguous)"; doc.Attention != want || doc.WaitingFor != "a manager's review of the draft" {
		t.Errorf("the board says %q while it waits for %q", doc.Attention, doc.WaitingFor)
	}
	if len(doc.FailingSteps) != 1 || doc.FailingSteps[0].Attempts != 12 {
		t.Errorf("steps %+v", doc.FailingSteps)
	}
	whole, err := f.CampaignDocument(ctx, campaign)
	must(t, err)
	if !strings.HasPrefix(whole.Attention, "reserve wave has not succeeded since") {
		t.Errorf("of the campaign it says %q", whole.Attention)
	}
	must(t, f.StepDone(ctx, step.WorkflowID, step.RunID, step.ActivityID))
	if doc, err = f.PartnershipDocument(ctx, id); err != nil || doc.Attention != "" {
		t.Errorf("it succeeded, and the board says %q (%v)", doc.Attention, err)
	}
}

func TestTheWatchdogsLastLookOnlyMovesForward(t *testing.T) {
	t.Parallel()
	f := open(t)
	if at, err := f.WatchdogLast(t.Context()); err != nil || !at.IsZero() {
		t.Errorf("before any look: %s, %v", at, err)
	}
	for _, at := range []time.Time{epoch, epoch.Add(-time.Minute)} {
		must(t, f.WatchdogLooked(t.Context(), at))
	}
	if at, err := f.WatchdogLast(t.Context()); err != nil || !at.Equal(epoch) {
		t.Errorf("looked at %s, %v", at, err)
	}
}
