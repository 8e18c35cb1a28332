package workflows_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/testsuite"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// play is a partnership on the SDK's virtual clock with a creator and a manager who answer as the test says.
type play struct {
	t      *testing.T
	env    *testsuite.TestWorkflowEnvironment
	steps  *steps
	start  time.Time
	acks   map[string]error
	zone   string                      // of the creator
	slot   func(workflows.SlotChanged) // the campaign, when it hears of the slot; it gives a place to whoever comes back
	slots  []workflows.SlotChanged
	covers partnership.PartnershipID
}

const day = 24 * time.Hour

// Monday noon in New York.
var monday = time.Date(2026, 11, 30, 17, 0, 0, 0, time.UTC)

func newPlay(t *testing.T) *play {
	env := newEnv()
	env.SetStartTime(monday)
	env.SetTestTimeout(30 * time.Second)
	workflows.Register(env)
	pl := &play{t: t, env: env, start: monday, acks: map[string]error{}}
	pl.steps = &steps{now: env.Now, refuse: map[string]error{}, envelope: partnership.EnvelopeCompleted, envelopes: map[int]partnership.EnvelopeStatus{}, parcel: partnership.ParcelInTransit}
	env.RegisterActivity(pl.steps)
	env.OnSignalExternalWorkflow("default-test-namespace", "campaign/c1", "", workflows.SignalPartnershipClosed, anything()).Return(
		func(_, _, _, _ string, arg any) error {
			require.Equal(t, "campaign/c1", arg.(workflows.PartnershipClosed).To)
			return nil
		}).Maybe()
	pl.slot = func(m workflows.SlotChanged) {
		if m.Change == workflows.SlotReturned {
			pl.decide(workflows.SlotKept)
		}
	}
	env.OnSignalExternalWorkflow("default-test-namespace", "campaign/c1", "", workflows.SignalSlotChanged, anything()).Return(
		func(_, _, _, _ string, arg any) error {
			m := arg.(workflows.SlotChanged)
			require.Equal(t, "campaign/c1", m.To)
			pl.slots = append(pl.slots, m)
			pl.slot(m)
			return nil
		}).Maybe()
	return pl
}

// decide is the campaign's word on the slot, a minute later.
func (pl *play) decide(decision string) {
	pl.after(time.Minute, func() { pl.env.SignalWorkflow(workflows.SignalSlotDecided, workflows.SlotDecided{Decision: decision}) })
}

func input() workflows.PartnershipInput {
	return workflows.PartnershipInput{
		CampaignID: "c1", PartnershipID: "p1", CreatorID: "cr1", Tier: partnership.Nano, Niche: "fragrance", Offer: offer(),
		Limits: partnership.NegotiationLimits{MaxFeeUpliftBPS: 2_000, Rounds: 2}, Day: day, Zone: "America/New_York",
		Schedule: partnership.Schedule{
			PublishFrom: monday.Add(10 * day), PublishTo: monday.Add(60 * day),
			OutreachDays: 10, SignDays: 5, ProduceDays: 10, ReviewDays: 3, BufferDays: 4, WindowDays: 30,
		},
	}
}

// after runs f that much virtual time from now.
func (pl *play) after(d time.Duration, f func()) { pl.env.RegisterDelayedCallback(f, d) }

type callback struct {
	reject func(error)
	done   func(any, error)
}

func (c callback) Accept()                   {}
func (c callback) Reject(err error)          { c.reject(err) }
func (c callback) Complete(r any, err error) { c.done(r, err) }

// update sends an update and keeps how it was taken under the update's name.
func (pl *play) update(name string, arg any) {
	keep := func(err error) { pl.acks[name] = err }
	pl.env.UpdateWorkflow(name, name+pl.env.Now().String(), callback{reject: keep, done: func(_ any, err error) { keep(err) }}, arg)
}

// eager makes everybody answer within days: the creator the letters, the signer, the carrier and the manager.
func (pl *play) eager() {
	pl.steps.onMail = func(l activities.Letter) {
		switch l.Kind {
		case "invitation", "counter_refused":
			pl.after(day, func() {
				pl.update(workflows.UpdateAnswerOffer, workflows.AnswerOffer{Task: l.Task, Answer: partnership.ChoiceAccept})
			})
		case "draft_request", "draft_changes":
			pl.after(2*day, func() {
				pl.update(workflows.UpdateSubmitDraft, workflows.SubmitDraft{Task: l.Task, SubmissionID: "s"})
			})
		case "cleared_to_post", "disclosure_fix":
			pl.after(2*day, func() {
				pl.update(workflows.UpdateSubmitPost, workflows.SubmitPost{Task: l.Task, SubmissionID: "s"})
			})
		case "payout_setup":
			pl.after(day, func() {
				pl.env.SignalWorkflow(workflows.SignalPayoutAccountReady, workflows.PayoutAccountReady{EventID: "e"})
			})
		}
	}
	pl.steps.onSign = func() {
		pl.after(day, func() {
			pl.env.SignalWorkflow(workflows.SignalEnvelopeChanged, workflows.EnvelopeChanged{EnvelopeID: "env-1", EventID: "e"})
		})
	}
	pl.steps.onLabel = func() {
		pl.after(3*day, func() {
			pl.env.SignalWorkflow(workflows.SignalParcelMoved, workflows.ParcelMoved{ShipmentID: "shp-1", Status: partnership.ParcelDelivered, At: pl.env.Now()})
		})
	}
	pl.steps.onCard = func(kind string, _ partnership.PartnershipID, task string) {
		if kind == "review" {
			pl.after(day, func() {
				pl.update(workflows.UpdateReviewDraft, workflows.ReviewDraft{Task: task, Decision: partnership.ChoiceApprove, By: "U1"})
			})
		}
	}
}

func (pl *play) run() workflows.PartnershipResult {
	pl.t.Helper()
	in := input()
	in.CreatorZone, in.Covers = pl.zone, pl.covers
	return pl.runWith(in)
}

func (pl *play) runWith(in workflows.PartnershipInput) workflows.PartnershipResult {
	pl.t.Helper()
	pl.env.ExecuteWorkflow(workflows.PartnershipType, in)
	require.True(pl.t, pl.env.IsWorkflowCompleted(), "the story did not end; so far:\n%s", strings.Join(pl.steps.log, "\n"))
	require.NoError(pl.t, pl.env.GetWorkflowError(), strings.Join(pl.steps.log, "\n"))
	var r workflows.PartnershipResult
	require.NoError(pl.t, pl.env.GetWorkflowResult(&r))
	return r
}
