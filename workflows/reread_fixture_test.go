package workflows_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/api/history/v1"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/workflows"
)

// oneReread is a night in which the shop is asked for two pages, one order was never reported, and a person is told.
func oneReread(t *testing.T) map[string][]*history.HistoryEvent {
	st := newStage(t, func(string) []answer { return nil })
	id := workflows.RereadWorkflowID + "/" + uuid.NewString()
	st.park(id, workflows.RereadType, workflows.RereadInput{Day: 24 * time.Hour, Since: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)})
	return map[string][]*history.HistoryEvent{"": st.history(id)}
}

// RereadOrders finds one order that was never reported, on the second of two pages.
func (s *steps) RereadOrders(_ context.Context, in activities.RereadPage) (partnership.Reread, error) {
	if in.Cursor == "" {
		return partnership.Reread{Looked: 250, Cursor: "next"}, nil
	}
	return partnership.Reread{Looked: 3, Booked: 1, Orders: []string{"1001"}, Minor: money.Sums{{Currency: "USD", Minor: 250}}}, nil
}

// KeepWebhooks puts one back.
func (s *steps) KeepWebhooks(context.Context, struct{}) ([]string, error) {
	return []string{"orders/paid"}, nil
}

// TellReread tells it.
func (s *steps) TellReread(context.Context, partnership.Reread) error { return nil }
