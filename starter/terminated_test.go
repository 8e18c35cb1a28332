package main

import (
	"strings"
	"testing"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/proof/temporaltest"
	"github.com/rapport-dev/rapport/workflows"
)

// Somebody terminated them by hand: nobody at a shell may hear that the campaign is over, or that the run waits for an approval.
func TestAShellHearsThatAWorkflowWasTerminated(t *testing.T) {
	if testing.Short() {
		t.Skip("it needs a database and Temporal")
	}
	campaign, _ := kept(t)
	server := temporaltest.Server(t)
	t.Setenv("TEMPORAL_ADDRESS", server.Address())
	t.Setenv("TEMPORAL_NAMESPACE", server.Namespace())
	t.Setenv("RAPPORT_CODEC_KEYS", "plain")
	c := temporaltest.Client(t)
	run := workflows.PayoutRunWorkflowID("terminated", "2026-11")
	w := worker.New(c, t.Name(), worker.Options{})
	w.RegisterWorkflowWithOptions(func(ctx workflow.Context) error { // answers as a run that waits for an approval
		err := workflow.SetQueryHandler(ctx, workflows.QuerySnapshot, func() (workflows.PayoutRunSnapshot, error) {
			return workflows.PayoutRunSnapshot{State: partnership.RunPlanned, Plan: partnership.PayoutPlan{LinesHash: "h"}}, nil
		})
		if err != nil {
			return err
		}
		return workflow.Await(ctx, func() bool { return false })
	}, workflow.RegisterOptions{Name: "Waits"})
	must(t, w.Start())
	t.Cleanup(w.Stop)
	for _, id := range []string{run, workflows.CampaignWorkflowID(campaign)} {
		_, err := c.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: id, TaskQueue: t.Name()}, "Waits")
		must(t, err)
	}
	look := []string{"payouts", "approve", "--program", "terminated", "--period", "2026-11"}
	if text := output(t, look...); !strings.Contains(text, "To approve exactly these lines") {
		t.Fatalf("while it waits: %s", text)
	}
	for id, args := range map[string][]string{run: look, workflows.CampaignWorkflowID(campaign): {"campaign", "pause", string(campaign), "--reason", "out of stock"}} {
		must(t, c.TerminateWorkflow(t.Context(), id, "", "a slip of the finger"))
		code, out, errOut := ran(t, args...)
		if code == done || out != "" || !strings.Contains(errOut, "was terminated") || !strings.Contains(errOut, "rapport workflows mend "+id) {
			t.Errorf("%v: exit %d, %s%s", args, code, out, errOut)
		}
	}
}
