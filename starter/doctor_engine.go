package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"go.temporal.io/sdk/client"

	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/workflows"
)

// examineWorker says whether anybody does the work.
func examineWorker(ctx context.Context, c client.Client) finding {
	pollers, err := engine.Pollers(ctx, c, workflows.QueueLifecycle)
	switch {
	case err != nil:
		return finding{"worker", "fail", err.Error()}
	case len(pollers) == 0:
		return finding{"worker", "fail", "no worker polls the queue " + workflows.QueueLifecycle + ": start rapport-worker"}
	}
	return finding{"worker", "ok", fmt.Sprintf("%d poll(s), build %s", len(pollers), strings.Join(buildsOf(pollers), ", "))}
}

// examineStanding says what stands still, since when, and whether anybody looks.
func examineStanding(ctx context.Context, kept *store.Store, now time.Time, day time.Duration) []finding {
	looked, err := kept.WatchdogLast(ctx)
	if err != nil {
		return []finding{{"watchdog", "fail", "what stands still is not known: " + err.Error()}}
	}
	all := []finding{watchdog(looked, now, day)}
	findings, err := kept.OpenFindings(ctx)
	if err != nil {
		return append(all, finding{"workflows", "fail", err.Error()})
	}
	if len(findings) == 0 {
		all = append(all, finding{"workflows", "ok", "none stands still"})
	} else {
		f := findings[0] // the longest
		all = append(all, finding{"workflows", "fail", fmt.Sprintf("%d stand(s) still, the longest since %s (%s: %s); `rapport workflows stuck` lists them", len(findings), when(f.Since), f.WorkflowID, f.Kind.Words())})
	}
	steps, err := kept.FailingSteps(ctx)
	switch {
	case err != nil:
		return append(all, finding{"steps", "fail", err.Error()})
	case len(steps) == 0:
		return append(all, finding{"steps", "ok", "none has failed for long"})
	}
	return append(all, finding{"steps", "warn", fmt.Sprintf("%d step(s) have failed for long; the longest: %s", len(steps), steps[0].Words())})
}

// late is how many looks may be missing before that is said.
const late = 5

func watchdog(looked, now time.Time, day time.Duration) finding {
	switch every := workflows.WatchEvery(day); {
	case looked.IsZero():
		return finding{"watchdog", "warn", "it has not looked yet: it needs a worker, and looks every " + every.String()}
	case now.Sub(looked) > late*every:
		return finding{"watchdog", "fail", fmt.Sprintf("it looked last %s and should every %s: is a worker there, and the schedule %s not paused?", when(looked), every, workflows.WatchScheduleID)}
	default:
		return finding{"watchdog", "ok", "looked " + when(looked)}
	}
}
