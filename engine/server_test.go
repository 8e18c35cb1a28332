package engine_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/partnership/zones"
	"github.com/rapport-dev/rapport/proof/temporaltest"
	"github.com/rapport-dev/rapport/workflows"
)

func TestSearchAttributesMayBeEnsuredAgain(t *testing.T) {
	server := temporaltest.Server(t)
	c := temporaltest.Client(t)
	for range 2 {
		if err := engine.EnsureSearchAttributes(t.Context(), c, server.Namespace(), workflows.SearchAttributes()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestMonthlyScheduleIsMadeOnceAndKeptUpToDate(t *testing.T) {
	c := temporaltest.Client(t)
	s := engine.MonthlySchedule{
		ID: t.Name(), Zone: "America/New_York", Hour: 6, Workflow: "PayoutRun", WorkflowID: t.Name(), Queue: t.Name(), Arg: "first",
	}
	if err := engine.EnsureMonthlySchedule(t.Context(), c, s); err != nil {
		t.Fatal(err)
	}
	handle := c.ScheduleClient().GetHandle(t.Context(), s.ID)
	t.Cleanup(func() { _ = handle.Delete(t.Context()) })
	if err := handle.Pause(t.Context(), client.SchedulePauseOptions{Note: "finance is away"}); err != nil {
		t.Fatal(err)
	}
	s.Hour = 7
	if err := engine.EnsureMonthlySchedule(t.Context(), c, s); err != nil {
		t.Fatal(err)
	}

	got, err := handle.Describe(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if action := got.Schedule.Action.(*client.ScheduleWorkflowAction); action.StaticSummary != "" || action.StaticDetails != "" {
		t.Error("the schedule has a summary, which nobody without our keys can describe")
	}
	paused, err := engine.PausedSchedules(t.Context(), c)
	if err != nil || !slices.ContainsFunc(paused, func(p engine.PausedSchedule) bool { return p.ID == s.ID && p.Note == "finance is away" }) {
		t.Errorf("paused schedules %v, %v", paused, err)
	}
	if !got.Schedule.State.Paused {
		t.Error("bringing it up to date has resumed a paused schedule")
	}
	if p := got.Schedule.Policy; p.Overlap != enumspb.SCHEDULE_OVERLAP_POLICY_BUFFER_ALL || !p.PauseOnFailure {
		t.Errorf("policy %+v: a month could be skipped", p)
	}
	zone, err := zones.Load(s.Zone)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Info.NextActionTimes) < 2 {
		t.Fatalf("next runs %v", got.Info.NextActionTimes)
	}
	for _, next := range got.Info.NextActionTimes {
		if local := next.In(zone); local.Day() != 1 || local.Hour() != 7 || local.Minute() != 0 {
			t.Errorf("a run is planned for %s, want the first of a month at 07:00", local)
		}
	}
}

func TestDialMeasuresIntoTheRegistry(t *testing.T) {
	server := temporaltest.Server(t)
	registry := prometheus.NewRegistry()
	c, err := engine.Dial(t.Context(), engine.Options{Address: server.Address(), Namespace: server.Namespace(), Metrics: registry})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.CheckHealth(t.Context(), &client.CheckHealthRequest{}); err != nil {
		t.Fatal(err)
	}
	if pollers, err := engine.Pollers(t.Context(), c, t.Name()); err != nil || len(pollers) != 0 {
		t.Errorf("%v: pollers of a queue that nobody serves, %v", pollers, err)
	}
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		if strings.HasPrefix(family.GetName(), "temporal_request") {
			return
		}
	}
	t.Errorf("%d metrics, none of the SDK's requests", len(families))
}

func TestAnIntervalScheduleIsMadeOnceAndStaysPaused(t *testing.T) {
	c := temporaltest.Client(t)
	s := engine.IntervalSchedule{ID: t.Name(), Every: time.Hour, Workflow: "Watch", WorkflowID: t.Name(), Queue: t.Name(), Arg: "first"}
	if err := engine.EnsureIntervalSchedule(t.Context(), c, s); err != nil {
		t.Fatal(err)
	}
	handle := c.ScheduleClient().GetHandle(t.Context(), s.ID)
	t.Cleanup(func() { _ = handle.Delete(context.WithoutCancel(t.Context())) })
	if err := handle.Pause(t.Context(), client.SchedulePauseOptions{Note: "a move"}); err != nil {
		t.Fatal(err)
	}
	s.Every = time.Minute
	if err := engine.EnsureIntervalSchedule(t.Context(), c, s); err != nil {
		t.Fatal(err)
	}
	got, err := handle.Describe(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if every := got.Schedule.Spec.Intervals; len(every) != 1 || every[0].Every != time.Minute || !got.Schedule.State.Paused {
		t.Errorf("intervals %v, paused %t", every, got.Schedule.State.Paused)
	}
	if got.Schedule.Policy.Overlap != enumspb.SCHEDULE_OVERLAP_POLICY_SKIP {
		t.Errorf("overlap %s: looks would queue up", got.Schedule.Policy.Overlap)
	}
}
