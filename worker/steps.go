package main

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
	"go.temporal.io/sdk/temporal"

	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// stepBook is where steps that fail for long are kept.
type stepBook interface {
	KeepFailingStep(ctx context.Context, f partnership.FailingStep) error
	StepDone(ctx context.Context, workflowID, runID, activityID string) error
}

// watchSteps keeps every step that has failed for a while, so that the board says so whoever the story waits for. When the database
// itself is away, the metric and the log are what says it.
func watchSteps(kept stepBook, day time.Duration, metrics prometheus.Registerer, log *slog.Logger) engine.StepWatch {
	failures := promauto.With(metrics).NewCounterVec(prometheus.CounterOpts{
		Name: "rapport_long_failing_attempts_total",
		Help: "Failed attempts of steps that have not succeeded for long, by activity, vendor and class of the error.",
	}, []string{"activity", "vendor", "class"})
	return engine.StepWatch{
		After: workflows.StepPatience(day),
		Failing: func(ctx context.Context, s engine.Step, err error) {
			vendor, class := vendorOf(s.Queue), classOf(err)
			failures.WithLabelValues(s.Activity, vendor, class).Inc()
			log.Warn("a step has failed for long", "activity", s.Activity, "workflow_id", s.WorkflowID, "since", s.Since, "attempts", s.Attempts, "class", class)
			if err := kept.KeepFailingStep(ctx, partnership.FailingStep{
				WorkflowID: s.WorkflowID, RunID: s.RunID, ActivityID: s.ActivityID, Activity: s.Activity, Since: s.Since, Attempts: s.Attempts, Vendor: vendor, Why: class,
			}); err != nil {
				log.Warn("the board was not told of a failing step", "activity", s.Activity, "workflow_id", s.WorkflowID, "error", err)
			}
		},
		Recovered: func(ctx context.Context, s engine.Step) {
			if err := kept.StepDone(ctx, s.WorkflowID, s.RunID, s.ActivityID); err != nil { // the watchdog sees to it
				log.Warn("the board was not told that a step has succeeded", "activity", s.Activity, "workflow_id", s.WorkflowID, "error", err)
			}
		},
	}
}

// vendorOf is who is called from a queue, "" when it is nobody outside.
func vendorOf(queue string) string {
	vendor, limited := strings.CutPrefix(queue, workflows.QueueLifecycle+"-")
	if !limited {
		return ""
	}
	return vendor
}

// classOf says why an attempt failed in a word that names nobody: the class of a vendor's error, the code of a refusal, else where it came from.
func classOf(err error) string {
	if refusal, ok := errors.AsType[*temporal.ApplicationError](err); ok && refusal.Type() != "" {
		return refusal.Type()
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return "timeout"
	}
	return "internal"
}
