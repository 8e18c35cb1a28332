package workflows_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/worker"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/proof/temporaltest"
	"github.com/rapport-dev/rapport/workflows"
)

// toAStory is one signal of each kind, such that it changes how a story goes that has just begun, or has a creator who is away.
func toAStory() map[string]workflows.Signal {
	in := input()
	dearer := offer()
	dearer.FeeMinor *= 2
	return map[string]workflows.Signal{
		workflows.SignalEnvelopeChanged:    workflows.EnvelopeChanged{EnvelopeID: "env-1", EventID: "e"},
		workflows.SignalParcelMoved:        workflows.ParcelMoved{ShipmentID: "shp-1", Status: partnership.ParcelDelivered, EventID: "e"},
		workflows.SignalCreatorActive:      workflows.CreatorActive{Channel: "click", EventID: "e", At: monday.Add(100 * day)},
		workflows.SignalMailFailed:         workflows.MailFailed{Key: "k", Why: "bounced", EventID: "e"},
		workflows.SignalOptedOut:           workflows.OptedOut{EventID: "e"},
		workflows.SignalPayoutAccountReady: workflows.PayoutAccountReady{EventID: "e"},
		workflows.SignalAmended:            workflows.Amended{Version: 1, Schedule: in.Schedule, Offer: dearer},
		workflows.SignalSlotDecided:        workflows.SlotDecided{Decision: workflows.SlotWithdrawn},
		workflows.SignalStopped:            workflows.Stopped{Action: workflows.Cancelled, Reason: "recalled", By: "U1"},
	}
}

// A signal that was made for another story changes nothing in this one, whatever it says; one that was made for it does.
func TestASignalThatWasMadeForAnotherStoryIsDropped(t *testing.T) {
	lapses := func(name string, m any) *play {
		pl := newPlay(t)
		if m != nil {
			pl.after(time.Hour, func() { pl.env.SignalWorkflow(name, m) })
		}
		pl.env.SetStartWorkflowOptions(startAs("partnership/p1"))
		pl.run()
		return pl
	}
	undisturbed := lapses("", nil)
	for name, m := range toAStory() {
		t.Run(name, func(t *testing.T) {
			pl := lapses(name, workflows.For("partnership/p2", m))
			require.Equal(t, undisturbed.steps.log, pl.steps.log)
			require.Equal(t, undisturbed.steps.board, pl.steps.board)
		})
	}
	ended := lapses(workflows.SignalStopped, workflows.For("partnership/p1", toAStory()[workflows.SignalStopped]))
	require.Equal(t, partnership.Cancelled, ended.steps.board[len(ended.steps.board)-1].Outcome)
}

// And so it is of what partnerships say to a campaign.
func TestACampaignDropsWhatWasMadeForAnotherOne(t *testing.T) {
	c := newCrowd(t, rosterOf(2, 2), func(partnership.PartnershipID) partnership.Outcome { return partnership.Completed })
	c.env.RegisterDelayedCallback(func() {
		for name, m := range map[string]workflows.Signal{
			workflows.SignalPartnershipClosed: workflows.PartnershipClosed{PartnershipID: "p01", Outcome: partnership.Ghosted, Niche: "home"},
			workflows.SignalSlotChanged:       workflows.SlotChanged{PartnershipID: "p02", Change: workflows.SlotGhosted},
		} {
			c.env.SignalWorkflow(name, workflows.For("campaign/c2", m))
		}
	}, time.Hour)
	require.Equal(t, map[partnership.Outcome]int{partnership.Completed: 2}, c.run(t).Outcomes)
	require.Len(t, c.started, 2)
}

// Under keys a stranger can read nothing and say nothing, but could say again, encrypted as it is, what was said to another story.
func TestACopiedSignalIsNoneForAnotherStory(t *testing.T) {
	ours, stranger := temporaltest.Client(t, encrypted), temporaltest.Client(t)
	w := worker.New(ours, workflows.QueueLifecycle, worker.Options{LocalActivityWorkerOnly: true}) // steps are never done: stories stand at their beginning
	workflows.Register(w)
	w.RegisterActivity(&steps{now: time.Now})
	require.NoError(t, w.Start())
	t.Cleanup(w.Stop)
	start := func() string {
		in := realInput()
		run, err := ours.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{
			ID: workflows.PartnershipWorkflowID(partnership.PartnershipID(uuid.NewString())), TaskQueue: workflows.QueueLifecycle,
		}, workflows.PartnershipType, in)
		require.NoError(t, err)
		t.Cleanup(func() { _ = ours.TerminateWorkflow(t.Context(), run.GetID(), "", "the test is over") })
		return run.GetID()
	}
	paused := func(id string) string {
		value, err := ours.QueryWorkflow(t.Context(), id, "", workflows.QuerySnapshot)
		require.NoError(t, err)
		var now workflows.Snapshot
		require.NoError(t, value.Get(&now))
		return now.Paused
	}
	first, second := start(), start()
	pause := workflows.Stopped{Action: workflows.Paused, Reason: "stock is late", By: "U1"}
	require.NoError(t, ours.SignalWorkflow(t.Context(), first, "", workflows.SignalStopped, workflows.For(first, pause)))
	require.Equal(t, "stock is late", paused(first))

	var copied *commonpb.Payload
	for _, event := range (&stage{t: t, client: ours}).history(first) {
		if said := event.GetWorkflowExecutionSignaledEventAttributes(); said != nil {
			copied = said.GetInput().GetPayloads()[0]
		}
	}
	require.NotContains(t, string(copied.GetData()), "stock is late", "it is not encrypted")
	require.NoError(t, stranger.SignalWorkflow(t.Context(), second, "", workflows.SignalStopped, converter.NewRawValue(copied)))
	require.Empty(t, paused(second))
	require.NoError(t, ours.SignalWorkflow(t.Context(), second, "", workflows.SignalStopped, workflows.For(second, pause)))
	require.Equal(t, "stock is late", paused(second))
}
