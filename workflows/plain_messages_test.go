package workflows_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/history/v1"
	sdkpb "go.temporal.io/api/sdk/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/proof/temporaltest"
	"github.com/rapport-dev/rapport/workflows"
)

// types are the names of every workflow that Register makes known.
type types []string

func (n *types) RegisterWorkflowWithOptions(_ any, o workflow.RegisterOptions) {
	*n = append(*n, o.Name)
}

// begins says how each type is started. A type that is missing here fails the test: it could be told by anybody what to do.
func begins(t *testing.T) map[string]any {
	in := input()
	in.CampaignID, in.PartnershipID = partnership.CampaignID(uuid.NewString()), partnership.PartnershipID(uuid.NewString())
	return map[string]any{
		workflows.CampaignType:    workflows.CampaignInput{CampaignID: in.CampaignID, Day: 24 * time.Hour},
		workflows.PartnershipType: in,
		workflows.PayoutRunType:   workflows.PayoutRunInput{Program: "dreams", Zone: "UTC", Period: "2026-11", Day: 24 * time.Hour},
		workflows.NoticeType:      workflows.NoticeInput{NoticeID: "n1", Day: 24 * time.Hour},
		workflows.WatchType:       workflows.WatchInput{Day: 24 * time.Hour},
		workflows.ChaseType:       workflows.ChaseInput{Day: 24 * time.Hour},
		workflows.TransfersType:   workflows.TransfersInput{Day: 24 * time.Hour},
		workflows.RereadType:      workflows.RereadInput{Day: 24 * time.Hour},
		workflows.PayoutType:      workflows.PayoutInput{PayoutID: payoutOf(t, 1), Day: 24 * time.Hour},

		workflows.PayoutBatchType:    workflows.BatchInput{RunID: "dreams/2026-11/1", Program: "dreams", Period: "2026-11", Day: 24 * time.Hour},
		workflows.StatementBatchType: workflows.BatchInput{RunID: "dreams/2026-11/1", Program: "dreams", Period: "2026-11", Day: 24 * time.Hour},
	}
}

// wordings are what somebody without a key may send: nothing, an empty document, and one
// that some handler would take.
var wordings = map[string][]any{
	"nothing":           nil,
	"an empty document": {map[string]any{}},
	"a decision":        {map[string]any{"Reason": "because", "By": "slack:U_GHOST", "Action": "cancelled", "Version": 3, "Hash": "h1", "Decision": "accept"}},
}

// Somebody who reaches Temporal without the key tells every handler of every workflow something; nothing comes of it. The
// handlers are asked of the workflows themselves, so that a new one is tried by itself.
func TestPlainMessagesDecideNothingOnceKeysAreSet(t *testing.T) {
	ours, stranger := temporaltest.Client(t, encrypted), temporaltest.Client(t)
	queue := workflows.QueueLifecycle
	w := worker.New(ours, queue, worker.Options{LocalActivityWorkerOnly: true}) // steps are never done, so every story stands at its beginning
	workflows.Register(w)
	w.RegisterActivity(&payoutSteps{steps: &steps{now: time.Now}})
	require.NoError(t, w.Start())
	t.Cleanup(w.Stop)

	var all types
	workflows.Register(&all)
	require.NotEmpty(t, all)
	for _, name := range all {
		in, known := begins(t)[name]
		require.True(t, known, "%s has no beginning in this test", name)
		t.Run(name, func(t *testing.T) {
			run, err := ours.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: uuid.NewString(), TaskQueue: queue}, name, in)
			require.NoError(t, err)
			t.Cleanup(func() { _ = ours.TerminateWorkflow(t.Context(), run.GetID(), "", "the test is over") })
			st := &stage{t: t, client: ours}
			handlers := handlersOf(t, ours, run.GetID())
			require.NotEmpty(t, handlers.GetQueryDefinitions(), "nothing is known of its handlers")

			before := len(st.history(run.GetID()))
			for wording, args := range wordings {
				for _, update := range handlers.GetUpdateDefinitions() {
					h, err := stranger.UpdateWorkflow(t.Context(), client.UpdateWorkflowOptions{
						WorkflowID: run.GetID(), UpdateName: update.GetName(), Args: args, WaitForStage: client.WorkflowUpdateStageCompleted,
					})
					if err == nil {
						err = h.Get(t.Context(), nil)
					}
					require.Error(t, err, "%s with %s", update.GetName(), wording)
				}
				for _, query := range handlers.GetQueryDefinitions() {
					if len(args) > 0 && !strings.HasPrefix(query.GetName(), "__") { // those are the SDK's own and know nothing of us
						_, err := stranger.QueryWorkflow(t.Context(), run.GetID(), "", query.GetName(), args...)
						require.ErrorContains(t, err, "not encrypted", "%s with %s", query.GetName(), wording)
					}
				}
				for _, signal := range handlers.GetSignalDefinitions() {
					var arg any
					if len(args) > 0 {
						arg = args[0]
					}
					require.NoError(t, stranger.SignalWorkflow(t.Context(), run.GetID(), "", signal.GetName(), arg))
				}
			}
			handlersOf(t, ours, run.GetID()) // an answer of our own comes after all signals were looked at
			sent, taken := len(wordings)*len(handlers.GetSignalDefinitions()), 0
			for _, event := range st.history(run.GetID())[before:] {
				switch event.GetEventType() {
				case enums.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED:
					taken++
				case enums.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED, enums.EVENT_TYPE_WORKFLOW_TASK_STARTED, enums.EVENT_TYPE_WORKFLOW_TASK_COMPLETED:
				default:
					t.Errorf("a stranger's message led to %s", event.GetEventType())
				}
			}
			require.Equal(t, sent, taken, "signals that were not sent try nothing")

			keys, err := engine.ParseKeys(recordingKey)
			require.NoError(t, err)
			replayer, err := worker.NewWorkflowReplayerWithOptions(keys.Replayer())
			require.NoError(t, err)
			workflows.Register(replayer)
			require.NoError(t, replayer.ReplayWorkflowHistory(nil, &history.History{Events: st.history(run.GetID())}))
		})
		t.Run(name+" started by a stranger", func(t *testing.T) {
			for wording, args := range map[string][]any{"its input": {in}, "nothing": nil} {
				run, err := stranger.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: uuid.NewString(), TaskQueue: queue}, name, args...)
				require.NoError(t, err)
				err = ours.GetWorkflow(t.Context(), run.GetID(), "").Get(t.Context(), nil)
				var refused *temporal.ApplicationError
				require.ErrorAs(t, err, &refused, wording)
				require.Equal(t, "plain_start", refused.Type())
				for _, event := range (&stage{t: t, client: ours}).history(run.GetID()) {
					require.NotEqual(t, enums.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED, event.GetEventType())
				}
			}
		})
	}
}

// handlersOf asks a workflow what it listens to, once its code has run.
func handlersOf(t *testing.T, c client.Client, id string) *sdkpb.WorkflowDefinition {
	t.Helper()
	value, err := c.QueryWorkflow(t.Context(), id, "", "__temporal_workflow_metadata")
	require.NoError(t, err)
	var known sdkpb.WorkflowMetadata
	require.NoError(t, value.Get(&known))
	return known.GetDefinition()
}
