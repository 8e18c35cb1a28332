package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
)

// The nightly re-read: a Schedule starts it, and so does a person. What the shop says is booked as if a webhook had brought it.
const (
	RereadType       = "RereadOrders"
	RereadWorkflowID = "orders-reread"
	RereadScheduleID = "orders-reread"
)

// RereadEvery is how long it is from one re-read to the next.
func RereadEvery(day time.Duration) time.Duration {
	if day <= 0 {
		return 24 * time.Hour
	}
	return max(day, time.Minute)
}

// The first re-read goes back as far as a shop shows orders by itself. Each later one begins a little before the last one began.
const firstReread = 60 * 24 * time.Hour

// RereadInput starts a re-read. Since is zero for one that goes on where the last one of the schedule began.
type RereadInput struct {
	Day   time.Duration `json:"day"`
	Since time.Time     `json:"since,omitzero"`
}

// RereadOrders asks the shop for all orders that changed since, puts back the webhooks that it has removed, and tells people of what no
// webhook had brought.
func RereadOrders(ctx workflow.Context, in RereadInput) (partnership.Reread, error) {
	found := partnership.Reread{Since: in.Since, Until: workflow.Now(ctx)}
	ask := activities.RereadPage{}
	if found.Since.IsZero() {
		ask.First, ask.Until = found.Until.Add(-firstReread), found.Until
		found.Since = found.Until.Add(-firstReread)
		var last partnership.Reread
		if workflow.HasLastCompletionResult(ctx) && workflow.GetLastCompletionResult(ctx, &last) == nil && !last.Until.IsZero() {
			found.Since = last.Until.Add(-activities.RereadOverlap)
		}
	}
	for {
		ask.Since = found.Since
		page, err := execute(ctx, in.Day, rereadOrders, "Ask the shop again for its orders", ask, long(in.Day))
		if err != nil {
			return found, err
		}
		found.Add(page)
		if !page.Since.IsZero() && page.Since.Before(found.Since) { // the books know less than this schedule
			found.Since = page.Since
		}
		if ask.Cursor = page.Cursor; ask.Cursor == "" {
			break
		}
	}
	restored, err := execute(ctx, in.Day, keepWebhooks, "See that the shop still reports to us", struct{}{}, bounded(time.Hour))
	if err != nil { // what it reports is re-read every night all the same, and the doctor says why
		workflow.GetLogger(ctx).Warn("the shop's webhooks could not be looked at", "error", err)
	}
	found.Restored = restored
	if found.Booked > 0 || len(found.Restored) > 0 || len(found.Unread) > 0 {
		if _, err := execute(ctx, in.Day, tellReread, "Tell people what no webhook had brought", found, lastWords(in.Day)); err != nil {
			workflow.GetLogger(ctx).Warn("people were not told what the re-read found", "error", err)
		}
	}
	return found, nil
}
