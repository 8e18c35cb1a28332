package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"

	"github.com/rapport-dev/rapport/proof/temporaltest"
	"github.com/rapport-dev/rapport/workflows"
)

// ran runs a command line as it is, whatever comes of it.
func ran(t *testing.T, args ...string) (code int, out, errOut string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = run(t.Context(), args, &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}

// Each kind of workflow gives its history, and what is open is replayed at once.
func TestHistoriesAndReplayOfEachKind(t *testing.T) {
	if testing.Short() {
		t.Skip("it needs a database and Temporal")
	}
	campaign, pa := kept(t)
	server := temporaltest.Server(t)
	t.Setenv("TEMPORAL_ADDRESS", server.Address())
	t.Setenv("TEMPORAL_NAMESPACE", server.Namespace())
	t.Setenv("RAPPORT_CODEC_KEYS", "plain")
	c := temporaltest.Client(t)
	file := filepath.Join(t.TempDir(), "history.json")
	for id, args := range map[string][]string{
		workflows.CampaignWorkflowID(campaign):                             {"campaign", "history", string(campaign)},
		workflows.PartnershipWorkflowID(pa):                                {"partnership", "history", string(pa)},
		workflows.PayoutRunWorkflowID("histories", "2026-11"):              {"payouts", "history", "--program", "histories", "--period", "2026-11"},
		workflows.PayoutWorkflowID("01a2251f-0000-7000-8000-000000000001"): {"payouts", "history", "01a2251f-0000-7000-8000-000000000001"},
	} {
		args = append(args, "-o", file)
		code, _, errOut := ran(t, args...)
		require.Equal(t, failed, code, "%v before it is begun", args)
		require.NotContains(t, errOut, "workflow not found", "it is said in our own words")

		_, err := c.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: id, TaskQueue: workflows.QueueLifecycle}, "Anything")
		require.NoError(t, err)
		t.Cleanup(func() { _ = c.TerminateWorkflow(context.WithoutCancel(t.Context()), id, "", "tested") })
		require.Contains(t, output(t, args...), "Wrote 2 events", args)
		info, err := os.Stat(file)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
		require.Contains(t, output(t, "replay", file), "ok    "+file)
	}
	var open []replayed
	require.Eventually(t, func() bool {
		open = nil
		return json.Unmarshal([]byte(output(t, "replay", "--open", "--json")), &open) == nil && len(open) == 4
	}, 30*time.Second, 100*time.Millisecond, "visibility shows them")
	for _, one := range open {
		require.True(t, one.OK, one.WorkflowID)
	}
	require.Contains(t, output(t, "replay", "--open"), "would have decided the same")

	for _, args := range [][]string{
		{"replay"},
		{"replay", "--open", file},
		{"payouts", "history", "-o", file},
		{"payouts", "history", "-o", file, "--program", "histories"},
		{"payouts", "history", "-o", file, "--program", "histories", "--period", "November"},
		{"payouts", "history", "some-payout", "-o", file, "--program", "histories"},
		{"campaign", "history", string(campaign)},
		{"deployments", "status"},
	} {
		code, _, errOut := ran(t, args...)
		require.Equal(t, wrong, code, "%v: %s", args, errOut)
	}
}
