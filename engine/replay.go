package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"go.temporal.io/api/history/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
)

// Replayer holds recorded histories against the workflows of this build. It compares which steps follow which, with their
// names; not the arguments of steps and not how long timers are.
type Replayer struct {
	keys     Keys
	replayer worker.WorkflowReplayer
}

// UnreadableError is a history that the keys at hand do not decrypt: nobody knows whether this build decides the same.
type UnreadableError struct{ Err error }

func (e *UnreadableError) Error() string { return "it cannot be read: " + e.Err.Error() }

// Unwrap gives the cause.
func (e *UnreadableError) Unwrap() error { return e.Err }

// NewReplayer makes a replayer of the workflows that register registers. It may be used by several goroutines.
func NewReplayer(keys Keys, register func(worker.WorkflowRegistry)) (*Replayer, error) {
	options := keys.Replayer()
	options.DisableRegistrationAliasing = true
	options.DisableDeadlockDetection = true // on a busy machine a slow replay is no different decision
	replayer, err := worker.NewWorkflowReplayerWithOptions(options)
	if err != nil {
		return nil, err
	}
	register(replayer)
	return &Replayer{keys, replayer}, nil
}

// undecided is the most events of a history in which no worker has decided anything yet: started, and a task that waits.
const undecided = 2

// Replay returns nil when this build would have decided the same so far, *UnreadableError when that cannot be known, and else
// where it would have decided differently. e may be empty for a history from a file.
func (r *Replayer) Replay(ctx context.Context, recorded *history.History, e Execution) error {
	if err := Readable(ctx, recorded, r.keys); err != nil {
		return &UnreadableError{err}
	}
	if n := len(recorded.GetEvents()); n > 0 && n <= undecided {
		return nil
	}
	return r.replayer.ReplayWorkflowHistoryWithOptions(sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)), recorded,
		worker.ReplayWorkflowHistoryOptions{OriginalExecution: workflow.Execution{ID: e.WorkflowID, RunID: e.RunID}})
}

// Replayed is what became of one open workflow's history. Err is as Replay returns it.
type Replayed struct {
	Execution
	Events int
	Err    error
}

// atOnce bounds how many workflows are looked at, and how many histories fetched and replayed, at a time.
const atOnce = 8

// ReplayRunning fetches and replays the histories of executions until all are done or ctx ends, and returns those that were
// done. A workflow that is gone meanwhile is left out.
func (r *Replayer) ReplayRunning(ctx context.Context, c client.Client, executions []Execution) ([]Replayed, error) {
	var (
		mu       sync.Mutex
		done     []Replayed
		failures []error
		work     = make(chan Execution)
		workers  sync.WaitGroup
	)
	for range min(atOnce, len(executions)) {
		workers.Go(func() {
			for e := range work {
				one, err := r.replayRunning(ctx, c, e)
				mu.Lock()
				switch {
				case err == nil:
					done = append(done, one)
				case ctx.Err() == nil && !isNotFound(err):
					failures = append(failures, fmt.Errorf("history of %s: %w", e.WorkflowID, err))
				}
				mu.Unlock()
			}
		})
	}
feed:
	for _, e := range executions {
		select {
		case work <- e:
		case <-ctx.Done():
			break feed
		}
	}
	close(work)
	workers.Wait()
	return done, errors.Join(failures...)
}

func (r *Replayer) replayRunning(ctx context.Context, c client.Client, e Execution) (Replayed, error) {
	recorded, err := History(ctx, c, e.WorkflowID, e.RunID)
	if err != nil {
		return Replayed{}, err
	}
	return Replayed{e, len(recorded.GetEvents()), r.Replay(ctx, recorded, e)}, nil
}

func isNotFound(err error) bool {
	_, missing := errors.AsType[*serviceerror.NotFound](err)
	return missing
}
