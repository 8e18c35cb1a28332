package workflows

import (
	"errors"
	"time"

	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

// PartnershipInput starts a Partnership. Everything that a later change of the program must not touch is pinned here.
type PartnershipInput struct {
	CampaignID    partnership.CampaignID        `json:"CampaignID"`
	PartnershipID partnership.PartnershipID     `json:"PartnershipID"`
	CreatorID     partnership.CreatorID         `json:"CreatorID"`
	Tier          partnership.Tier              `json:"Tier"`
	Niche         string                        `json:"Niche"`
	CreatorZone   string                        `json:"CreatorZone"` // IANA, for quiet hours; "" the campaign's
	Offer         partnership.Terms             `json:"Offer"`       // what is offered first
	Limits        partnership.NegotiationLimits `json:"Limits"`
	Schedule      partnership.Schedule          `json:"Schedule"`
	Day           time.Duration                 `json:"Day"`              // one campaign day
	Zone          string                        `json:"Zone"`             // the campaign's IANA zone
	Covers        partnership.PartnershipID     `json:"Covers"`           // whose slot a standby creator is offered; "" a free one
	Carried       *State                        `json:"Carried"`          // carried over continue-as-new
	Ending        *Ending                       `json:"Ending,omitempty"` // set where a person ends what cannot go on: the run does nothing else
}

// PartnershipResult is how a partnership ended.
type PartnershipResult struct {
	Outcome partnership.Outcome `json:"Outcome"`
	Reason  string              `json:"Reason"`
}

// story is one run of a Partnership.
type story struct {
	PartnershipInput
	State
	cal     timeline.Calendar
	log     log.Logger
	signals signals
	board   board

	recording map[string]bool // decisions that are being written down, by the update's name
}

// progressState is how far the story has come.
type progressState struct {
	Next int `json:"Next"` // index into stages: the first stage that is not finished
}

// stages is the story in order. Tracking runs inside gifting's wait: both start at the signature and neither needs the other.
var stages = []struct {
	stage partnership.Stage
	run   func(*story, workflow.Context) error
}{
	{partnership.Outreach, (*story).outreach},
	{partnership.Contracting, (*story).contracting},
	{partnership.Tracking, (*story).trackingAndGifting},
	{partnership.Content, (*story).content},
	{partnership.Performance, (*story).performance},
	{partnership.PayoutStage, (*story).payoutHandOver},
}

// Partnership is one creator's whole story in one campaign round, from the invitation to the hand-over to payouts.
func Partnership(ctx workflow.Context, in PartnershipInput) (PartnershipResult, error) {
	s := &story{PartnershipInput: in, board: newBoard(in.Day)}
	// A cancelled workflow must still take back what it did: the story runs on a context of its own and hears of the
	// cancellation as one more reason to stop.
	detached, _ := workflow.NewDisconnectedContext(ctx)
	s.setup(detached)
	workflow.GoNamed(detached, "operator-cancel", func(own workflow.Context) {
		ctx.Done().Receive(own, nil)
		s.end(Ending{Outcome: partnership.Cancelled, Reason: "cancelled by an operator", By: "operator"})
	})
	if in.Ending != nil {
		return s.close(detached, *in.Ending), nil //nolint:nilerr // an Ending is how a story ends, not a failure
	}
	return s.run(detached)
}

// setup registers every handler before anything blocks, so that no early message finds nobody.
func (s *story) setup(ctx workflow.Context) {
	s.cal = timeline.Calendar{Day: s.Day, Zone: s.Zone}
	s.log = log.With(workflow.GetLogger(ctx), "partnership_id", s.PartnershipID, "campaign_id", s.CampaignID)
	if s.Carried != nil {
		s.State, s.Carried = *s.Carried, nil
		s.forgetWhoWaited(ctx)
		s.draw()
	} else {
		s.hold(s.Offer)
		s.moveTo(partnership.Outreach)
		s.firstDates(timeline.Facts{Start: workflow.Now(ctx), Gift: s.Terms.Gift != nil})
	}
	s.listen(ctx)
	workflow.GoNamed(ctx, "amendments", s.amendments)
	if s.Unsigned != nil { // sent by the run before this one; its signature may have come between the two
		s.watchAmendment(ctx, s.Unsigned, -1)
	}
	must(s.handle(ctx))
}

// run tells the story stage by stage and brings it to its end. It is the one exit: a stage returns an *Ending, or it is told again.
// No error of a database, a vendor, a payload or a clock ends a story, whatever a stage has let pass.
func (s *story) run(ctx workflow.Context) (PartnershipResult, error) {
	for failures := 0; s.Next < len(stages); {
		err := stages[s.Next].run(s, ctx)
		if end, ok := errors.AsType[*Ending](err); ok {
			return s.close(ctx, *end), nil
		}
		if err != nil && s.Stop != nil {
			return s.close(ctx, *s.Stop), nil //nolint:nilerr // it has to end, whatever its last stage failed of
		}
		if err != nil {
			s.park(ctx, stageStep(stages[s.Next].stage), err, failures)
			failures++
			continue
		}
		s.worked(ctx, stageStep(stages[s.Next].stage))
		s.Next, failures = s.Next+1, 0
		if renewal(ctx) && s.Next < len(stages) && s.settled(ctx) {
			return PartnershipResult{}, s.continueAsNew(ctx)
		}
	}
	return s.close(ctx, Ending{Outcome: partnership.Completed}), nil
}

func stageStep(stage partnership.Stage) string { return "The stage " + string(stage) }

// settled says whether nothing runs beside the stages, and no step beside them waits to be tried again. What does is not carried over:
// the next stage's end is soon enough.
func (s *story) settled(ctx workflow.Context) bool {
	return !s.amending && !s.givingBack && s.Refused == 0 && s.showing == 0 && s.board.written() && workflow.AllHandlersFinished(ctx)
}

// continueAsNew starts the next run where this one stands; every message that has arrived is in the state.
func (s *story) continueAsNew(ctx workflow.Context) error {
	s.signals.drain(ctx)
	in := s.PartnershipInput
	in.Carried = &s.State
	return continueAs(ctx, PartnershipType, in)
}
