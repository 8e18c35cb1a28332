package engine

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/api/proxy"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"google.golang.org/protobuf/proto"
)

// RekeySchedules encrypts what schedules start workflows with under the key that is written with now, and reports how many it
// changed. A schedule outlives every workflow, and one that was made in the clear would start what a host refuses to run.
func RekeySchedules(ctx context.Context, c client.Client, namespace string, keys Keys) (changed int, err error) {
	all, err := c.ScheduleClient().List(ctx, client.ScheduleListOptions{})
	if err != nil {
		return 0, fmt.Errorf("list schedules: %w", err)
	}
	for all.HasNext() {
		entry, err := all.Next()
		if err != nil {
			return changed, fmt.Errorf("list schedules: %w", err)
		}
		rekeyed, err := rekey(ctx, c, namespace, entry.ID, keys)
		if err != nil {
			return changed, fmt.Errorf("schedule %s: %w", entry.ID, err)
		}
		if rekeyed {
			changed++
		}
	}
	return changed, nil
}

func rekey(ctx context.Context, c client.Client, namespace, id string, keys Keys) (bool, error) {
	described, err := c.WorkflowService().DescribeSchedule(ctx, &workflowservice.DescribeScheduleRequest{Namespace: namespace, ScheduleId: id})
	if err != nil {
		return false, err
	}
	schedule := described.GetSchedule()
	stale, err := underOtherKeys(ctx, schedule, keys)
	if err != nil || !stale {
		return false, err
	}
	_, err = c.WorkflowService().UpdateSchedule(ctx, &workflowservice.UpdateScheduleRequest{
		Namespace: namespace, ScheduleId: id, Schedule: schedule, ConflictToken: described.GetConflictToken(), RequestId: uuid.NewString(),
	})
	return err == nil, err
}

// underOtherKeys encrypts the payloads of a message again, in place, where they are under another key than the one that is
// written with, and reports whether there was one.
func underOtherKeys(ctx context.Context, message proto.Message, keys Keys) (stale bool, err error) {
	err = proxy.VisitPayloads(ctx, message, proxy.VisitPayloadsOptions{
		SkipSearchAttributes: true,
		Visitor: func(_ *proxy.VisitPayloadsContext, payloads []*commonpb.Payload) ([]*commonpb.Payload, error) {
			fresh := make([]*commonpb.Payload, len(payloads))
			for i, payload := range payloads {
				fresh[i] = payload
				if encrypted(payload) && keyOf(payload) == keys.Writes() || !encrypted(payload) && keys.IsPlain() {
					continue
				}
				stale = true
				opened, err := codec{keys: keys}.Decode(payloads[i : i+1])
				if err != nil {
					return nil, err
				}
				sealed, err := codec{keys: keys}.Encode(opened)
				if err != nil {
					return nil, err
				}
				fresh[i] = sealed[0]
			}
			return fresh, nil
		},
	})
	return stale, err
}

// clocksApart is how far the clocks of Postgres, which says when a key was last written with, and of Temporal may be apart.
const clocksApart = 10 * time.Minute

// BegunBefore counts the workflows, open or kept, that were begun before then, so that they may carry what was written by then.
func BegunBefore(ctx context.Context, c client.Client, namespace string, then time.Time) (int64, error) {
	query := fmt.Sprintf("StartTime <= '%s'", then.Add(clocksApart).UTC().Format(time.RFC3339))
	counted, err := c.CountWorkflow(ctx, &workflowservice.CountWorkflowExecutionsRequest{Namespace: namespace, Query: query})
	if err != nil {
		return 0, fmt.Errorf("count workflows: %w", err)
	}
	return counted.GetCount(), nil
}
