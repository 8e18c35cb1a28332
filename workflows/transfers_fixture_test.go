package workflows_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/api/history/v1"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/workflows"
)

// oneLookAtTransfers is a day on which one provider's list holds a transfer that the books do not explain.
func oneLookAtTransfers(t *testing.T) map[string][]*history.HistoryEvent {
	st := newStage(t, func(string) []answer { return nil })
	id := workflows.TransfersWorkflowID + "/" + uuid.NewString()
	st.park(id, workflows.TransfersType, workflows.TransfersInput{Day: 24 * time.Hour})
	return map[string][]*history.HistoryEvent{"": st.history(id)}
}

// KnownTransfers are those of one provider.
func (s *steps) KnownTransfers(context.Context, struct{}) ([]activities.TransfersLook, error) {
	return []activities.TransfersLook{{Provider: "stripe", Since: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}}, nil
}

// FindDifferences finds one.
func (s *steps) FindDifferences(context.Context, activities.TransfersLook) (int, error) {
	return 1, nil
}
