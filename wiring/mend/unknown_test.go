package mend_test

import (
	"strings"
	"testing"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/workflows"
)

// forge starts a workflow by hand, past every door.
func (h *house) forge(workflowID, kind string, input any) {
	h.t.Helper()
	_, err := h.c.ExecuteWorkflow(h.t.Context(), client.StartWorkflowOptions{
		ID: workflowID, TaskQueue: workflows.QueueLifecycle, WorkflowIDReusePolicy: enums.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
	}, kind, input)
	must(h.t, err)
}

// lines are the audit's about a workflow.
func (h *house) lines(workflowID string) []board.AuditLine {
	h.t.Helper()
	lines, err := h.Audit(h.t.Context(), store.AuditFilter{Subject: workflowID})
	must(h.t, err)
	return lines
}

// What somebody started past every door stands in nobody's books: it is ended, and its alarm stays closed.
func TestWhatNoBooksKnowIsEndedForGood(t *testing.T) {
	h := open(t)
	const failed = "partnership/evil"
	h.forge(failed, workflows.PartnershipType, "no input of ours")
	h.eventually("it has failed", func() bool { return h.status(failed) == enums.WORKFLOW_EXECUTION_STATUS_FAILED })
	h.found(failed, partnership.StuckFailed)

	_, err := h.mend(failed, false) // it fails again
	if err == nil {
		t.Error("a forged story goes on")
	}
	lines := h.lines(failed)
	if len(lines) != 1 || lines[0].Outcome != store.Refused || !strings.Contains(lines[0].Why, "stands again") {
		t.Errorf("the audit says %+v of a mend that failed", lines)
	}
	h.found(failed, partnership.StuckFailed)

	done, err := h.mend(failed, true)
	must(t, err)
	if want := "No partnership of that id is in the books: nothing was made for it, and the workflow is ended"; done.Did != "ended" || !strings.Contains(done.Outcome, want) {
		t.Errorf("ended: %+v", done)
	}
	if lines := h.lines(failed); len(lines) != 2 || lines[0].Outcome != store.Done || lines[0].Reason != "it cannot go on" {
		t.Errorf("the audit says %+v", lines)
	}

	// An open one is terminated, of whatever kind. None has a worker: nobody else ends it.
	h.stories.Stop()
	forged := map[string]struct{ kind, called string }{
		"campaign/evil":            {workflows.CampaignType, "No campaign of that id"},
		"payout/evil":              {workflows.PayoutType, "No payout of that id"},
		"payout-run/evil/2026-11":  {workflows.PayoutRunType, "No payout run of that id"},
		"payout-run/evil-whenever": {workflows.PayoutRunType, "No payout run of that id"},
	}
	for id, c := range forged {
		h.forge(id, c.kind, map[string]any{})
		done, err := h.mend(id, true)
		must(t, err)
		if !strings.Contains(done.Outcome, c.called) || h.status(id) != enums.WORKFLOW_EXECUTION_STATUS_TERMINATED {
			t.Errorf("%s is %s: %+v", id, h.status(id), done)
		}
		if lines := h.lines(id); len(lines) != 1 || lines[0].Outcome != store.Done {
			t.Errorf("the audit says %+v of %s", lines, id)
		}
	}
	h.tell(workflows.Partnership)
	h.eventually("the watchdog can see them", func() bool {
		ended, err := h.mender.Ended(t.Context())
		must(t, err)
		seen := 0
		for _, s := range ended {
			if _, ours := forged[s.WorkflowID]; ours || s.WorkflowID == failed {
				seen++
			}
		}
		return seen == len(forged)+1
	})
	h.look()
	forged[failed] = struct{ kind, called string }{}
	for id := range forged {
		if f := h.finding(id); f != nil {
			t.Errorf("what was ended is found again: %+v", f)
		}
		if _, err := h.mend(id, true); partnership.CodeOf(err) != partnership.NotFound {
			t.Errorf("%s is ended twice: %v", id, err)
		}
	}
	if _, err := h.mend("partnership/never", true); partnership.CodeOf(err) != partnership.NotFound {
		t.Errorf("what never was is ended: %v", err)
	}
}

// What the schedule starts has no row of its own, and is nobody's forgery.
func TestAScheduledRunIsNoForgery(t *testing.T) {
	h := open(t)
	campaign, err := h.Campaign(t.Context(), h.launch(0))
	must(t, err)
	id := "payout-run/" + campaign.Program + "-2026-12-01T06:00:00Z"
	if known, err := h.Knows(t.Context(), id); err != nil || !known {
		t.Errorf("%s is known: %t, %v", id, known, err)
	}
}

// A story wrote its end, and was terminated in its last moments: what came of it stands, and is told as it is.
func TestAStoryThatHadEndedIsToldAsItEnded(t *testing.T) {
	h := open(t)
	campaign := h.launch(0)
	who := h.waiting(campaign, 3)[0].ID
	id := workflows.PartnershipWorkflowID(who)
	h.decline(who)
	h.eventually("it has ended", func() bool { return h.status(id) == enums.WORKFLOW_EXECUTION_STATUS_COMPLETED })
	h.stories.Stop() // its last run does nothing more
	h.forge(id, workflows.PartnershipType, map[string]any{})
	must(t, h.c.TerminateWorkflow(t.Context(), id, "", "in its last moments"))

	done, err := h.mend(id, true)
	must(t, err)
	if !strings.Contains(done.Outcome, "had ended already, as declined") || strings.Contains(done.Outcome, "taken back") {
		t.Errorf("it says %q", done.Outcome)
	}
	h.tell(workflows.Partnership)
	h.eventually("its last run is over", func() bool { return h.status(id) == enums.WORKFLOW_EXECUTION_STATUS_COMPLETED })
	doc, ends := h.document(who), 0
	for _, e := range doc.Timeline {
		if e.Kind == "closed" {
			ends++
		}
	}
	if ends != 1 || doc.Outcome != partnership.Declined {
		t.Errorf("the board shows %d ends, as %s", ends, doc.Outcome)
	}
	if lines := h.lines(id); len(lines) != 1 || lines[0].Reason != "it cannot go on" || lines[0].Outcome != store.Done {
		t.Errorf("the audit says %+v", lines)
	}
}
