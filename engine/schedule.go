package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
)

// MonthlySchedule starts a workflow on the first day of each month.
type MonthlySchedule struct {
	ID         string
	Zone       string // IANA; Hour is a wall clock's there
	Hour       int
	Workflow   string // the workflow's type
	WorkflowID string // Temporal appends the scheduled instant
	Queue      string
	Arg        any
}

// EnsureMonthlySchedule creates the schedule or brings the one that is there up to date; a paused one stays paused.
//
// No month is skipped: a run that is late waits for the one before (BUFFER_ALL), an outage is made good (the server's
// catch-up window of a year), and a failed run pauses the schedule until a person has looked at it.
func EnsureMonthlySchedule(ctx context.Context, c client.Client, s MonthlySchedule) error {
	_, err := c.ScheduleClient().Create(ctx, client.ScheduleOptions{
		ID:             s.ID,
		Spec:           s.spec(),
		Action:         s.action(),
		Overlap:        enumspb.SCHEDULE_OVERLAP_POLICY_BUFFER_ALL,
		PauseOnFailure: true,
	})
	if errors.Is(err, temporal.ErrScheduleAlreadyRunning) {
		err = c.ScheduleClient().GetHandle(ctx, s.ID).Update(ctx, client.ScheduleUpdateOptions{DoUpdate: s.update})
	}
	if err != nil {
		return fmt.Errorf("schedule %s: %w", s.ID, err)
	}
	return nil
}

func (s MonthlySchedule) update(in client.ScheduleUpdateInput) (*client.ScheduleUpdate, error) {
	current := in.Description.Schedule
	spec := s.spec()
	current.Spec, current.Action = &spec, s.action()
	current.Policy.Overlap, current.Policy.PauseOnFailure = enumspb.SCHEDULE_OVERLAP_POLICY_BUFFER_ALL, true
	return &client.ScheduleUpdate{Schedule: &current}, nil
}

func (s MonthlySchedule) spec() client.ScheduleSpec {
	at := func(n int) []client.ScheduleRange { return []client.ScheduleRange{{Start: n}} }
	return client.ScheduleSpec{
		Calendars:    []client.ScheduleCalendarSpec{{DayOfMonth: at(1), Hour: at(s.Hour), Comment: "the first of the month"}},
		TimeZoneName: s.Zone,
	}
}

// action has no summary: it would be encrypted as every payload is, and `temporal schedule describe`, which has no key, fails of it.
// The schedule's id names the program.
func (s MonthlySchedule) action() *client.ScheduleWorkflowAction {
	return &client.ScheduleWorkflowAction{
		ID: s.WorkflowID, Workflow: s.Workflow, TaskQueue: s.Queue, Args: []any{s.Arg},
	}
}

// PausedSchedule is one that starts nothing until somebody resumes it.
type PausedSchedule struct {
	ID   string
	Note string // why, in the words of whoever or whatever paused it
}

// PausedSchedules are those that a failed run or a person has paused.
func PausedSchedules(ctx context.Context, c client.Client) ([]PausedSchedule, error) {
	list, err := c.ScheduleClient().List(ctx, client.ScheduleListOptions{PageSize: 100})
	if err != nil {
		return nil, fmt.Errorf("list schedules: %w", err)
	}
	var paused []PausedSchedule
	for list.HasNext() {
		entry, err := list.Next()
		if err != nil {
			return nil, fmt.Errorf("list schedules: %w", err)
		}
		if entry.Paused {
			paused = append(paused, PausedSchedule{entry.ID, entry.Note})
		}
	}
	return paused, nil
}

// IntervalSchedule starts a workflow again and again. A run that still goes when the next is due is that one, and what an outage
// missed is not made good: the next look sees the same.
type IntervalSchedule struct {
	ID         string
	Every      time.Duration
	Workflow   string // the workflow's type
	WorkflowID string // Temporal appends the scheduled instant
	Queue      string
	Arg        any
	Later      bool // the first run is when the first interval ends, and not at once
}

// EnsureIntervalSchedule creates the schedule or brings the one that is there up to date; a paused one stays paused.
func EnsureIntervalSchedule(ctx context.Context, c client.Client, s IntervalSchedule) error {
	spec := client.ScheduleSpec{Intervals: []client.ScheduleIntervalSpec{{Every: s.Every}}}
	action := &client.ScheduleWorkflowAction{ID: s.WorkflowID, Workflow: s.Workflow, TaskQueue: s.Queue, Args: []any{s.Arg}}
	_, err := c.ScheduleClient().Create(ctx, client.ScheduleOptions{
		ID: s.ID, Spec: spec, Action: action, Overlap: enumspb.SCHEDULE_OVERLAP_POLICY_SKIP, CatchupWindow: 2 * s.Every, TriggerImmediately: !s.Later,
	})
	if errors.Is(err, temporal.ErrScheduleAlreadyRunning) {
		err = c.ScheduleClient().GetHandle(ctx, s.ID).Update(ctx, client.ScheduleUpdateOptions{
			DoUpdate: func(in client.ScheduleUpdateInput) (*client.ScheduleUpdate, error) {
				current := in.Description.Schedule
				current.Spec, current.Action = &spec, action
				return &client.ScheduleUpdate{Schedule: &current}, nil
			},
		})
	}
	if err != nil {
		return fmt.Errorf("schedule %s: %w", s.ID, err)
	}
	return nil
}
