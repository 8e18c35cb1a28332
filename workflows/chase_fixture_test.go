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

// oneChase is a look for whose money waits, of two pages.
func oneChase(t *testing.T) map[string][]*history.HistoryEvent {
	st := newStage(t, func(string) []answer { return nil })
	id := workflows.ChaseWorkflowID + "/" + uuid.NewString()
	st.park(id, workflows.ChaseType, workflows.ChaseInput{Day: 24 * time.Hour})
	return map[string][]*history.HistoryEvent{"": st.history(id)}
}

// ChasePayees writes to three people, on two pages.
func (s *steps) ChasePayees(_ context.Context, in activities.ChasePage) (activities.Chased, error) {
	if in.Cursor == "" {
		return activities.Chased{Chased: 2, Cursor: "dreams/"}, nil
	}
	return activities.Chased{Chased: 1}, nil
}

// ForgetPapers forgets none.
func (s *steps) ForgetPapers(context.Context, struct{}) error { return nil }
