package mend_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// Somebody terminates stories by hand. A person is told once; one goes on, the other is ended and its slot and budget come back.
func TestATerminatedStoryIsToldAndGoesOnOrEnds(t *testing.T) {
	h := open(t)
	campaign := h.launch(2)
	asked := h.waiting(campaign, 3)
	first, second := asked[0].ID, asked[1].ID
	for _, id := range []partnership.PartnershipID{first, second} {
		must(t, h.c.TerminateWorkflow(t.Context(), workflows.PartnershipWorkflowID(id), "", "a slip of the finger"))
	}

	f := h.found(workflows.PartnershipWorkflowID(first), partnership.StuckTerminated)
	if f.Why != "a slip of the finger" || f.Since.IsZero() {
		t.Errorf("the finding says %q since %s", f.Why, f.Since)
	}
	h.look()
	cards := h.chat.about("@" + asked[0].Creator.Handle)
	if len(cards) != 1 || !strings.Contains(cards[0].Body, "rapport workflows mend partnership/"+string(first)) {
		t.Fatalf("%d cards tell of it: %+v", len(cards), cards)
	}
	if doc := h.document(first); len(doc.Stuck) != 1 || !strings.Contains(doc.Attention, "stands still since") {
		t.Errorf("the board says %q, %+v", doc.Attention, doc.Stuck)
	}

	done, err := h.mend(workflows.PartnershipWorkflowID(first), false)
	must(t, err)
	if done.Did != "reset" || done.Was != partnership.StuckTerminated {
		t.Errorf("mended: %+v", done)
	}
	if again, err := h.mend(workflows.PartnershipWorkflowID(first), false); err != nil || again.Did != "nothing" {
		t.Errorf("mended twice: %+v, %v", again, err)
	}
	h.look()
	if f := h.finding(workflows.PartnershipWorkflowID(first)); f != nil {
		t.Errorf("it goes on and is found all the same: %+v", f)
	}
	if n := h.chat.mailed(first, "invitation"); n != 1 {
		t.Errorf("%d invitations went out", n)
	}
	h.decline(first) // its story goes on, and its slot goes to a standby
	h.waiting(campaign, 3)

	_, err = h.mend(workflows.PartnershipWorkflowID(second), true)
	must(t, err)
	h.eventually("the second is ended", func() bool { return h.document(second).Outcome == partnership.Cancelled })
	now := h.waiting(campaign, 3) // the budget covers three: a standby was asked with what came back
	for _, one := range now {
		if one.ID == second {
			t.Error("the ended story is still open")
		}
	}
	if n := h.chat.mailed(second, "ended"); n != 1 {
		t.Errorf("its creator was told %d times", n)
	}
	if _, err := h.mend(workflows.PartnershipWorkflowID(second), true); partnership.CodeOf(err) != partnership.Conflict {
		t.Errorf("ended twice: %v", err)
	}
	rows, err := h.AuditOf(t.Context(), workflows.PartnershipWorkflowID(second))
	must(t, err)
	if len(rows) != 1 || rows[0].Actor != "cli:ada" || !strings.Contains(rows[0].Reason, "it cannot go on") {
		t.Errorf("audit %+v", rows)
	}
	h.look()
	if f := h.finding(workflows.PartnershipWorkflowID(second)); f != nil {
		t.Errorf("what mend ended is found: %+v", f)
	}
}

// A build under which a story fails at once, and one under which its task can't go on.
func TestAFailedStoryAndOneWhoseTaskFailsAreToldAndMended(t *testing.T) {
	h := open(t)
	h.tell(func(workflow.Context, workflows.PartnershipInput) (workflows.PartnershipResult, error) {
		return workflows.PartnershipResult{}, errors.New("a bug of that build")
	})
	campaign := h.launch(0)
	var ids []partnership.PartnershipID
	h.eventually("all three have failed", func() bool {
		doc, err := h.CampaignDocument(t.Context(), campaign)
		must(t, err)
		ids = nil
		for _, one := range doc.Partnerships {
			if d, err := h.c.DescribeWorkflowExecution(t.Context(), workflows.PartnershipWorkflowID(one.ID), ""); err == nil &&
				d.GetWorkflowExecutionInfo().GetStatus() == enums.WORKFLOW_EXECUTION_STATUS_FAILED {
				ids = append(ids, one.ID)
			}
		}
		return len(ids) == 3
	})
	f := h.found(workflows.PartnershipWorkflowID(ids[0]), partnership.StuckFailed)
	if !strings.Contains(f.Why, "a bug of that build") {
		t.Errorf("last words %q", f.Why)
	}

	h.tell(workflows.Partnership)
	_, err := h.mend(workflows.PartnershipWorkflowID(ids[0]), false)
	must(t, err)
	h.waiting(campaign, 1)

	// A build that decides otherwise: the story's task can't go on under the right one afterwards.
	h.tell(func(ctx workflow.Context, _ workflows.PartnershipInput) (workflows.PartnershipResult, error) {
		ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: time.Minute})
		if err := workflow.ExecuteActivity(ctx, "Nothing").Get(ctx, nil); err != nil {
			return workflows.PartnershipResult{}, err
		}
		return workflows.PartnershipResult{}, workflow.Sleep(ctx, time.Hour)
	})
	_, err = h.mend(workflows.PartnershipWorkflowID(ids[1]), false)
	must(t, err)
	// Only once that build sleeps: a task in the hands of a worker that is stopped times out, and the server writes down a first failure only.
	h.eventually("the other build has decided", func() bool { return h.sleeps(workflows.PartnershipWorkflowID(ids[1])) })
	h.tell(workflows.Partnership)
	h.leftTo(workflows.PartnershipWorkflowID(ids[1]))
	must(t, h.c.SignalWorkflow(t.Context(), workflows.PartnershipWorkflowID(ids[1]), "", workflows.SignalCreatorActive, workflows.CreatorActive{Channel: "click", EventID: "1"}))
	f = h.found(workflows.PartnershipWorkflowID(ids[1]), partnership.StuckTaskFailing)
	if !strings.Contains(strings.ReplaceAll(strings.ToLower(f.Why), "_", ""), "nondeterministic") {
		t.Errorf("last words %q", f.Why)
	}
	h.eventually("a card tells of it", func() bool {
		return len(h.chat.about("rapport workflows mend partnership/"+string(ids[1]))) >= 1
	})
	done, err := h.mend(workflows.PartnershipWorkflowID(ids[1]), false)
	must(t, err)
	if done.Was != partnership.StuckTaskFailing || done.Did != "reset" {
		t.Errorf("mended: %+v", done)
	}
	h.waiting(campaign, 2)

	_, err = h.mend(workflows.PartnershipWorkflowID(ids[2]), true)
	must(t, err)
	h.eventually("the third is ended", func() bool { return h.document(ids[2]).Outcome == partnership.Cancelled })
	doc, err := h.CampaignDocument(t.Context(), campaign)
	must(t, err)
	if doc.Budget.CommittedMinor != 2*500_00 {
		t.Errorf("%d is committed for two open stories", doc.Budget.CommittedMinor)
	}
	if status := h.status(workflows.CampaignWorkflowID(campaign)); status != enums.WORKFLOW_EXECUTION_STATUS_RUNNING {
		t.Errorf("the campaign is %s", status)
	}
}

// A campaign dies, and one of its stories ends while it does not hear.
func TestACampaignThatDiedHearsOfTheEndsThatItMissed(t *testing.T) {
	h := open(t)
	campaign := h.launch(1)
	asked := h.waiting(campaign, 3)
	id := workflows.CampaignWorkflowID(campaign)
	must(t, h.c.TerminateWorkflow(t.Context(), id, "", "gone"))
	h.decline(asked[0].ID)
	h.eventually("the story ended without its campaign", func() bool {
		return h.status(workflows.PartnershipWorkflowID(asked[0].ID)) == enums.WORKFLOW_EXECUTION_STATUS_COMPLETED
	})
	h.found(id, partnership.StuckTerminated)
	doc, err := h.CampaignDocument(t.Context(), campaign)
	must(t, err)
	if !strings.Contains(doc.Attention, "stands still since") {
		t.Errorf("the board says %q of the campaign", doc.Attention)
	}
	done, err := h.mend(id, false)
	must(t, err)
	if !strings.Contains(done.Outcome, "told of 1 end(s)") {
		t.Errorf("mended: %+v", done)
	}
	for _, one := range h.waiting(campaign, 3) { // the standby has the slot
		if one.ID == asked[0].ID {
			t.Error("who declined is still asked")
		}
	}

	// Ended instead: what is open ends with it.
	must(t, h.c.TerminateWorkflow(t.Context(), id, "", "gone again"))
	must(t, h.c.TerminateWorkflow(t.Context(), workflows.PartnershipWorkflowID(asked[1].ID), "", "gone too"))
	_, err = h.mend(id, true)
	must(t, err)
	h.eventually("the campaign is closed", func() bool {
		doc, err = h.CampaignDocument(t.Context(), campaign)
		must(t, err)
		return doc.State == "cancelled"
	})
	for _, one := range doc.Partnerships {
		if one.Outcome == "" {
			t.Errorf("%s is still open", one.ID)
		}
	}
	if doc.Budget.CommittedMinor != 0 {
		t.Errorf("%d stays committed", doc.Budget.CommittedMinor)
	}
	h.eventually("its workflow ends by itself", func() bool { return h.status(id) == enums.WORKFLOW_EXECUTION_STATUS_COMPLETED })
}
