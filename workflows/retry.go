package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/partnership"
)

// RetryStep asks to try the step again that a vendor refused for good (once its cause is mended).
type RetryStep struct {
	By string `json:"By"`
	Proven
}

// handleRetry takes "try it again" for a campaign's or a payout run's step that is parked.
func handleRetry(ctx workflow.Context, day time.Duration, again func(), may func() bool) error {
	handler := func(ctx workflow.Context, m RetryStep) (Ack, error) {
		if err := decided(ctx, day, UpdateRetryStep, m); err != nil {
			return Ack{}, err
		}
		again()
		return Ack{}, nil
	}
	return workflow.SetUpdateHandlerWithOptions(ctx, UpdateRetryStep, handler, workflow.UpdateHandlerOptions{
		Validator: func(workflow.Context, RetryStep) error {
			if !may() {
				return refuse(partnership.Conflict, "no step waits to be tried again")
			}
			return nil
		},
	})
}
