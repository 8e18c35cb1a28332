package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"log/slog"
	"slices"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"

	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/wiring/build"
	"github.com/rapport-dev/rapport/workflows"
)

// decidesTheSame replays the open workflows against this build, as many as the time allows, and returns an error when one would
// be decided differently: a build that has begun to work cannot simply be rolled back, for it has written its own steps into
// stories that the build before then cannot go on with. What cannot be looked at stops nobody; the log says so.
func decidesTheSame(ctx context.Context, temporal client.Client, keys engine.Keys, by engine.Deployment, limit time.Duration, log *slog.Logger) error {
	if limit <= 0 {
		log.Info("open workflows are not replayed before the start", "setting", "RAPPORT_REPLAY_ON_START")
		return nil
	}
	replayer, err := engine.NewReplayer(keys, func(r worker.WorkflowRegistry) { workflows.Register(r) })
	if err != nil {
		return err
	}
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	open, err := engine.OpenExecutions(limited, temporal, workflows.QueueLifecycle, by)
	if err != nil {
		log.Warn("open workflows could not be listed, so none was replayed before the start", "error", err)
		return nil
	}
	replayed, err := replayer.ReplayRunning(limited, temporal, sample(open))
	if err != nil {
		log.Warn("some open workflows could not be replayed before the start", "error", err)
	}
	differ, unreadable, stuck := sift(ctx, temporal, replayed)
	log.Info("open workflows replayed before the start", "open", len(open), "replayed", len(replayed), "differ", len(differ),
		"unreadable", unreadable, "stuck_before", stuck)
	if len(differ) == 0 {
		return nil
	}
	return &differentError{differ, len(replayed)}
}

// sift takes out what says nothing against this build: histories that the keys do not decrypt, and workflows whose task failed
// already under whatever build ran before.
func sift(ctx context.Context, temporal client.Client, replayed []engine.Replayed) (differ []engine.Replayed, unreadable, stuck int) {
	for _, one := range replayed {
		if one.Err == nil {
			continue
		}
		if _, unread := errors.AsType[*engine.UnreadableError](one.Err); unread {
			unreadable++
			continue
		}
		if before, err := engine.Stuck(ctx, temporal, one.Execution); err == nil && before {
			stuck++
			continue
		}
		differ = append(differ, one)
	}
	return differ, unreadable, stuck
}

// sample orders executions so that however soon the time is over, each kind has been looked at, and not only its newest.
func sample(open []engine.Execution) []engine.Execution {
	seed := maphash.MakeSeed() // others with each start
	slices.SortFunc(open, func(x, y engine.Execution) int {
		return cmp.Compare(maphash.String(seed, x.RunID+x.WorkflowID), maphash.String(seed, y.RunID+y.WorkflowID))
	})
	turn, of := map[string]int{}, make(map[engine.Execution]int, len(open))
	for _, e := range open {
		of[e] = turn[e.Type]
		turn[e.Type]++
	}
	slices.SortStableFunc(open, func(x, y engine.Execution) int { return cmp.Compare(of[x], of[y]) })
	return open
}

// differentError is why this build does not start.
type differentError struct {
	differ []engine.Replayed
	looked int
}

func (e *differentError) Error() string {
	first := e.differ[0]
	return fmt.Sprintf(`this build (%s) would decide differently in %d of %d open workflows, so it does not start. The first is %s %s:
%v
Start the build that they began with; `+"`rapport replay --open`"+` with this one lists all. RAPPORT_REPLAY_ON_START=off starts it all the same: those
workflows then stand still until they are mended`, build.Read().ID, len(e.differ), e.looked, first.Type, first.WorkflowID, first.Err)
}
