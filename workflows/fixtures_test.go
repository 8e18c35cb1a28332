package workflows_test

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/client"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/zones"
	"github.com/rapport-dev/rapport/playground/stack"
	"github.com/rapport-dev/rapport/workflows"
)

// fixtures are recorded for replay beside the scenarios, and held to no budget: stories whose days are real ones of 24 h, stories
// that stand at an open timer, were paused or terminated, and runs whose input holds what the run before carried over. A history
// need not be complete to be replayed, so nobody waits for real days: what has to fire is set to seconds, which are a fraction of
// a real day and counted like one; what is longer stays open. Each returns its histories by what is put after its name.
var fixtures = map[string]func(*testing.T) map[string][]*history.HistoryEvent{
	"real-happy":      realDays(happyScript, nil),
	"real-offer-open": realDays(without(happyScript, "mail invitation"), nil),
	"real-lapsed":     realDays(without(happyScript, "mail invitation"), func(in *workflows.PartnershipInput) { in.Schedule.OutreachDays = seconds(6) }),
	"real-quiet":      realDays(without(happyScript, "mail draft_request"), func(in *workflows.PartnershipInput) { in.Schedule.ProduceDays = seconds(5) }),
	"real-night": realDays(without(happyScript, "mail draft_request"), func(in *workflows.PartnershipInput) {
		in.Schedule.ProduceDays, in.CreatorZone = seconds(5), zoneAt(time.Now(), 20, 24+7)
	}),
	"real-slipped":    realDays(realSlip, overSummerTime),
	"real-amended":    realDays(amendScript, overSummerTime),
	"real-paused":     realDays(pauseScript, nil),
	"real-cancelled":  realDays(cancelScript, nil),
	"real-terminated": terminated(without(happyScript, "mail gift_shipped")),
	"carried":         carriedOver(2*time.Hour, happyScript),
	"carried-real":    carriedOver(24*time.Hour, realSlip),
	"carried-amended": carriedOver(24*time.Hour, amendScript),

	"payout-run-open":      payouts(func(string) []answer { return nil }, nil),
	"payout-run-rejected":  payouts(rejectScript, nil),
	"payout-run-empty":     payouts(approveScript, func(m *payoutSteps) { m.payouts = nil }),
	"payout-run-scheduled": scheduled,
	"payout-run-batched":   payouts(approveScript, nil),
	"payout-batch":         batchOf(workflows.PayoutBatchType, workflows.PayoutBatchWorkflowID),
	"statement-batch":      batchOf(workflows.StatementBatchType, workflows.StatementBatchWorkflowID),
	"payout-unknown":       unknownTransfer(nil),
	"payout-resolved":      unknownTransfer([]answer{{name: workflows.UpdateResolvePayout, arg: workflows.ResolvePayout{By: "U_FINANCE", Decision: partnership.ChoiceRelease}}}),

	"chase":     oneChase,
	"transfers": oneLookAtTransfers,
	"reread":    oneReread,
	"watch":     oneLook,
	"notice":    oneNotice,

	"campaign":           campaignOf(false, theStandbyCompletes),
	"campaign-amended":   campaignOf(false, oneSlotMore),
	"campaign-paused":    campaignOf(false, pausedAfterTheFirst),
	"campaign-cancelled": campaignOf(false, cancelled),
	"campaign-away":      campaignOf(false, aStandbyCovers),
	"campaign-carried":   campaignOf(true, aStandbyCovers),
}

// seconds is that share of a real day.
func seconds(n float64) float64 { return n / (24 * 60 * 60) }

// zoneAt is a zone in which it is now between those hours (of this day, or beyond 24 of the night that follows it).
func zoneAt(now time.Time, from, to int) string {
	for _, zone := range []string{
		"America/New_York", "Asia/Tokyo", "Europe/Berlin", "America/Los_Angeles", "Asia/Kolkata", "Australia/Sydney", "America/Sao_Paulo",
		"Pacific/Auckland", "Asia/Dubai", "Pacific/Honolulu", "Asia/Bangkok", "Atlantic/Azores",
	} {
		if hour := now.In(zones.Or(zone)).Hour(); hour >= from && hour < to || hour+24 >= from && hour+24 < to {
			return zone
		}
	}
	panic("no zone has that hour now")
}

// realInput is a story of real days whose creator is awake, with a review over business days and the holidays at the year's end.
func realInput() workflows.PartnershipInput {
	now := time.Now()
	in := input()
	in.CampaignID, in.PartnershipID = partnership.CampaignID(uuid.NewString()), partnership.PartnershipID(uuid.NewString())
	in.Day, in.Zone = 24*time.Hour, zoneAt(now, 10, 16)
	in.CreatorZone = in.Zone
	in.Schedule.PublishFrom, in.Schedule.PublishTo = now.AddDate(0, 0, 10), now.AddDate(0, 0, 100)
	in.Schedule.ReviewDays, in.Schedule.Holidays, in.Schedule.WindowDays = 25, "US", seconds(3)
	return in
}

// overSummerTime moves the publish window to where the clocks of the campaign's zone change.
func overSummerTime(in *workflows.PartnershipInput) {
	in.Zone = "America/New_York"
	in.Schedule.PublishFrom, in.Schedule.PublishTo = time.Date(2027, 3, 10, 5, 0, 0, 0, time.UTC), time.Date(2027, 3, 20, 4, 0, 0, 0, time.UTC)
}

func realDays(script func(string) []answer, change func(*workflows.PartnershipInput)) func(*testing.T) map[string][]*history.HistoryEvent {
	return func(t *testing.T) map[string][]*history.HistoryEvent {
		in := realInput()
		if change != nil {
			change(&in)
		}
		st := newStage(t, script)
		st.deaf(in.CampaignID)
		id := workflows.PartnershipWorkflowID(in.PartnershipID)
		st.park(id, workflows.PartnershipType, in)
		return map[string][]*history.HistoryEvent{"": st.history(id)}
	}
}

func terminated(script func(string) []answer) func(*testing.T) map[string][]*history.HistoryEvent {
	return func(t *testing.T) map[string][]*history.HistoryEvent {
		in := realInput()
		st := newStage(t, script)
		st.deaf(in.CampaignID)
		id := workflows.PartnershipWorkflowID(in.PartnershipID)
		st.park(id, workflows.PartnershipType, in)
		require.NoError(t, st.client.TerminateWorkflow(t.Context(), id, "", "by an operator"))
		return map[string][]*history.HistoryEvent{"": st.history(id)}
	}
}

// carriedOver tells a story on a server that suggests to continue as new after a few events: each run but the first begins with
// what the one before knew.
func carriedOver(day time.Duration, script func(string) []answer) func(*testing.T) map[string][]*history.HistoryEvent {
	return func(t *testing.T) map[string][]*history.HistoryEvent {
		in := realInput()
		in.Day = day
		if day != 24*time.Hour {
			in.Schedule.WindowDays = 1. / 7200
		}
		st := newStage(t, script, impatient(t))
		st.deaf(in.CampaignID)
		id := workflows.PartnershipWorkflowID(in.PartnershipID)
		first := st.park(id, workflows.PartnershipType, in)
		return st.laterRuns(id, first)
	}
}

// impatient is a client of a server that suggests to continue as new after a few events.
func impatient(t *testing.T) func(*client.Options) {
	cli, err := stack.EnsureTemporalCLI(t.Context(), func(string) {})
	require.NoError(t, err)
	server, err := stack.StartTemporal(t.Context(), stack.TemporalOptions{
		CLI: cli, UIPort: -1, SearchAttributes: engine.SearchAttributeTypes(workflows.SearchAttributes()), DynamicConfig: map[string]string{"limit.historyCount.suggestContinueAsNew": "8"},
	})
	require.NoError(t, err)
	t.Cleanup(func() { _ = server.Stop(context.WithoutCancel(t.Context())) })
	return func(o *client.Options) { o.HostPort = server.Address() }
}

// laterRuns are the histories of all runs but the first.
func (st *stage) laterRuns(id, first string) map[string][]*history.HistoryEvent {
	st.t.Helper()
	found := map[string][]*history.HistoryEvent{}
	for run, n := first, 1; run != ""; n++ {
		events := st.historyOf(id, run)
		if n > 1 && len(events) > 3 { // the server holds a run back that follows a short one: nothing is decided in it yet
			found["-"+strconv.Itoa(n)] = events
		}
		run = events[len(events)-1].GetWorkflowExecutionContinuedAsNewEventAttributes().GetNewExecutionRunId()
	}
	require.NotEmpty(st.t, found, "it never continued as new")
	return found
}

func (st *stage) historyOf(id, run string) (events []*history.HistoryEvent) {
	st.t.Helper()
	for it := st.client.GetWorkflowHistory(st.t.Context(), id, run, false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT); it.HasNext(); {
		e, err := it.Next()
		require.NoError(st.t, err)
		events = append(events, e)
	}
	return events
}

// settled is how long nothing happens in a story that stands at a timer which nobody waits for.
const settled = 10 * time.Second

// park runs a workflow, with an answer whenever it waits for one, until it ends or stands still, and returns its first run.
func (st *stage) park(id, kind string, in any) (first string) {
	st.t.Helper()
	ctx, cancel := context.WithTimeout(st.t.Context(), 4*time.Minute)
	defer cancel()
	run, err := st.client.ExecuteWorkflow(ctx, client.StartWorkflowOptions{ID: id, TaskQueue: workflows.QueueLifecycle}, kind, in)
	require.NoError(st.t, err)
	first = run.GetRunID()
	st.forget()
	done := make(chan error, 1)
	go func() { done <- run.Get(ctx, nil) }()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	length, since := 0, time.Now()
	for time.Since(since) < settled {
		select {
		case err := <-done:
			require.NoError(st.t, err)
			return first
		case <-tick.C:
		}
		if a, ok := st.next(); ok {
			st.await(ctx, id)
			st.send(ctx, id, a)
			since = time.Now()
		}
		if d, err := st.client.DescribeWorkflowExecution(ctx, id, ""); err == nil && int(d.GetWorkflowExecutionInfo().GetHistoryLength()) != length {
			length, since = int(d.GetWorkflowExecutionInfo().GetHistoryLength()), time.Now()
		}
	}
	return first
}

// forget terminates what is open when the recording ends: its timers would fire under the next one.
func (st *stage) forget() {
	st.t.Cleanup(func() {
		ctx := context.WithoutCancel(st.t.Context())
		open, err := engine.OpenExecutions(ctx, st.client, workflows.QueueLifecycle, engine.Deployment{})
		require.NoError(st.t, err)
		for _, e := range open {
			_ = st.client.TerminateWorkflow(ctx, e.WorkflowID, e.RunID, "recorded")
		}
	})
}

// realSlip is a carrier who says that it is days late.
func realSlip(what string) []answer {
	if strings.HasPrefix(what, "mail gift_shipped") {
		return []answer{{signal: true, name: workflows.SignalParcelMoved, arg: workflows.ParcelMoved{
			ShipmentID: "shp-1", Status: partnership.ParcelInTransit, At: time.Now(), ETA: time.Now().AddDate(0, 0, 8), EventID: "e2",
		}}}
	}
	return slipScript(what)
}

// pauseScript pauses the story while the gift is on its way.
func pauseScript(what string) []answer {
	if strings.HasPrefix(what, "mail gift_shipped") {
		return []answer{{name: workflows.UpdatePause, arg: workflows.Stop{Reason: "stock is late", By: "U1"}}}
	}
	return happyScript(what)
}

func rejectScript(what string) []answer {
	if !strings.HasPrefix(what, "card approval") {
		return nil
	}
	return []answer{{name: workflows.UpdateRejectRun, arg: workflows.RejectRun{By: "U_FINANCE", Reason: "a creator is missing"}}}
}

func payouts(script func(string) []answer, configure func(*payoutSteps)) func(*testing.T) map[string][]*history.HistoryEvent {
	return func(t *testing.T) map[string][]*history.HistoryEvent {
		st := newStage(t, script)
		if configure != nil {
			configure(st.money)
		}
		program := uuid.NewString()
		id := workflows.PayoutRunWorkflowID(program, "2026-11")
		st.park(id, workflows.PayoutRunType, workflows.PayoutRunInput{Program: program, Zone: "America/New_York", Period: "2026-11", PreparedBy: "U_PREPARER", Day: 24 * time.Hour})
		return map[string][]*history.HistoryEvent{"": st.history(id)}
	}
}

// batchOf is one batch of a run, of two payouts of which one is refused or two statements.
func batchOf(kind string, id func(run string, n int) string) func(*testing.T) map[string][]*history.HistoryEvent {
	return func(t *testing.T) map[string][]*history.HistoryEvent {
		st := newStage(t, func(string) []answer { return nil })
		st.money.payouts = []partnership.PayoutID{payoutOf(t, 1), payoutOf(t, 2)}
		st.money.transfer = func(po partnership.PayoutID) (partnership.PayoutState, error) {
			if po == payoutOf(t, 2) {
				return "", refusedForGood("the creator's account is closed")
			}
			return partnership.PayoutPaid, nil
		}
		run := uuid.NewString() + "/2026-11/1"
		st.park(id(run, 0), kind, workflows.BatchInput{RunID: run, Program: "dreams", Period: "2026-11", Day: 24 * time.Hour})
		return map[string][]*history.HistoryEvent{"": st.history(id(run, 0))}
	}
}

// scheduled is what a Schedule starts: it names the month and waits for the month's run, which waits for an approval.
func scheduled(t *testing.T) map[string][]*history.HistoryEvent {
	st := newStage(t, func(string) []answer { return nil })
	program := uuid.NewString()
	id := "payout-run/" + program + "-2026-12-01T11:00:00Z"
	st.park(id, workflows.PayoutRunType, workflows.PayoutRunInput{Program: program, Zone: "America/New_York", PreparedBy: "schedule", Day: 24 * time.Hour, ReviewDays: 2})
	return map[string][]*history.HistoryEvent{"": st.history(id)}
}

// oneLook is a look of the watchdog that found something and told it.
func oneLook(t *testing.T) map[string][]*history.HistoryEvent {
	st := newStage(t, func(string) []answer { return nil })
	id := workflows.WatchWorkflowID + "-" + uuid.NewString()
	st.park(id, workflows.WatchType, workflows.WatchInput{Day: 24 * time.Hour})
	return map[string][]*history.HistoryEvent{"": st.history(id)}
}

// WatchWorkflows finds something, always.
func (s *steps) WatchWorkflows(context.Context, activities.Watch) (activities.Watched, error) {
	return activities.Watched{Cursor: []byte("c"), Untold: []int64{1}}, nil
}

// TellStuck tells it.
func (s *steps) TellStuck(context.Context, activities.StuckCards) error { return nil }

// oneNotice is a notice that was sent.
func oneNotice(t *testing.T) map[string][]*history.HistoryEvent {
	st := newStage(t, func(string) []answer { return nil })
	id := "notice/" + uuid.NewString()
	st.park(id, workflows.NoticeType, workflows.NoticeInput{NoticeID: uuid.NewString(), Day: 24 * time.Hour})
	return map[string][]*history.HistoryEvent{"": st.history(id)}
}

// SendNotice sends it.
func (s *steps) SendNotice(context.Context, activities.NoticeRef) error { return nil }

// unknownTransfer is a payout of which the provider says nothing, and then what a person says.
func unknownTransfer(then []answer) func(*testing.T) map[string][]*history.HistoryEvent {
	return func(t *testing.T) map[string][]*history.HistoryEvent {
		st := newStage(t, func(string) []answer { return nil })
		st.money.transfer = func(partnership.PayoutID) (partnership.PayoutState, error) { return partnership.PayoutUnknown, nil }
		st.pending = then
		payout := payoutOf(t, 1)
		id := workflows.PayoutWorkflowID(payout)
		st.park(id, workflows.PayoutType, workflows.PayoutInput{PayoutID: payout, Day: 24 * time.Hour})
		return map[string][]*history.HistoryEvent{"": st.history(id)}
	}
}
