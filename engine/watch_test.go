package engine_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	workflowpb "go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"google.golang.org/grpc"

	"github.com/rapport-dev/rapport/engine"
)

// halfBlind is a server that lists workflows and cannot read some of them.
type halfBlind struct {
	client.Client
	ids  []string
	lost map[string]bool
}

func (h halfBlind) WorkflowService() workflowservice.WorkflowServiceClient {
	return lister{halfBlind: h}
}

// lister is its list.
type lister struct {
	workflowservice.WorkflowServiceClient
	halfBlind halfBlind
}

func (l lister) ListWorkflowExecutions(context.Context, *workflowservice.ListWorkflowExecutionsRequest, ...grpc.CallOption) (*workflowservice.ListWorkflowExecutionsResponse, error) {
	page := &workflowservice.ListWorkflowExecutionsResponse{}
	for _, id := range l.halfBlind.ids {
		page.Executions = append(page.Executions, l.halfBlind.info(id))
	}
	return page, nil
}

func (h halfBlind) info(id string) *workflowpb.WorkflowExecutionInfo {
	return &workflowpb.WorkflowExecutionInfo{
		Execution: &commonpb.WorkflowExecution{WorkflowId: id, RunId: "r"}, Type: &commonpb.WorkflowType{Name: "Payout"},
		Status: enumspb.WORKFLOW_EXECUTION_STATUS_TERMINATED,
	}
}

func (h halfBlind) DescribeWorkflowExecution(_ context.Context, id, _ string) (*workflowservice.DescribeWorkflowExecutionResponse, error) {
	if h.lost[id] {
		return nil, errors.New("corrupted history")
	}
	return &workflowservice.DescribeWorkflowExecutionResponse{WorkflowExecutionInfo: h.info(id)}, nil
}

func (h halfBlind) GetWorkflowHistory(context.Context, string, string, bool, enumspb.HistoryEventFilterType) client.HistoryEventIterator {
	return noEvents{}
}

type noEvents struct{ client.HistoryEventIterator }

func (noEvents) HasNext() bool { return false }

func TestAWorkflowThatCannotBeReadHidesNoOther(t *testing.T) {
	h := halfBlind{ids: []string{"payout/a", "payout/b", "payout/c"}, lost: map[string]bool{"payout/b": true}}
	w := engine.NewWatcher(h, "default", engine.Plain(), []string{"Payout"}, engine.WatchLimits{}, time.Now)
	ended, err := w.Ended(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	open, _, err := w.Open(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, found := range [][]engine.Standing{ended, open} {
		if len(found) != 3 {
			t.Errorf("%d of 3 are found: %+v", len(found), found)
		}
		blind := func(s engine.Standing) bool { return s.WorkflowID == "payout/b" }
		if i := slices.IndexFunc(found, blind); i < 0 || !found[i].Failing || found[i].Type != "Payout" || found[i].Why == "" {
			t.Errorf("of the one that cannot be read: %+v", found)
		}
	}
}

func TestAServerThatReadsNothingIsAnError(t *testing.T) {
	h := halfBlind{ids: []string{"payout/a"}, lost: map[string]bool{"payout/a": true}}
	w := engine.NewWatcher(h, "default", engine.Plain(), []string{"Payout"}, engine.WatchLimits{}, time.Now)
	if found, err := w.Ended(t.Context()); err == nil {
		t.Errorf("no error, and %+v", found)
	}
}
