package workflows

import (
	"errors"
	"time"

	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/workflow"

	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

// story is one run of a Partnership.
type story struct {
	PartnershipInput
	State
	cal     timeline.Calendar
	log     log.Logger
	outcome p.Outcome
	signals signals
	board   board
	showing int // writes to the board beside the story's own

	recording map[string]bool // decisions that are being written down, by the update's name
	answered  func() bool     // whether the answer to the open task is there
	unranked  bool            // in a story of before: an answer that came while a decision was written down does not refuse it

	amending   bool // an amendment is being applied
	reclaiming bool // the campaign is asked for the slot back
	givingBack bool // the budget of an amendment that was not signed is being given back
}

// PartnershipResult is how a partnership ended.
type PartnershipResult struct {
	Outcome p.Outcome `json:"Outcome"`
	Reason  string    `json:"Reason"`
}

// stages is the story in order. Tracking runs inside gifting's wait: both start at the signature and neither needs the other.
var stages = []struct {
	stage p.Stage
	run   func(*story, workflow.Context) error
}{
	{p.Outreach, (*story).outreach},
	{p.Contracting, (*story).contracting},
	{p.Tracking, (*story).trackingAndGifting},
	{p.Content, (*story).content},
	{p.Performance, (*story).performance},
	{p.PayoutStage, (*story).payoutHandOver},
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
		s.end(p.Cancelled, "cancelled by an operator", "operator")
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
		if s.Refused > 0 && forgetsWhoWaited(ctx) { // the run before did not wait for them
			s.Refused = 0
			if s.Attention != giftDamaged {
				s.Attention = ""
			}
		}
	} else {
		s.Terms = s.Offer
		s.Facts = timeline.Facts{Start: workflow.Now(ctx), Gift: s.Terms.Gift != nil}
		s.Stage = p.Outreach
	}
	s.Plan = timeline.Make(s.cal, s.Schedule, s.Tier, s.Facts)
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
			s.park(ctx, "The stage "+string(stages[s.Next].stage), err, failures)
			failures++
			continue
		}
		s.Next, failures = s.Next+1, 0
		if renewal(ctx) && s.Next < len(stages) && s.settled(ctx) {
			return PartnershipResult{}, s.continueAsNew(ctx)
		}
	}
	return s.close(ctx, Ending{Outcome: p.Completed}), nil
}

// settled says whether nothing runs beside the stages, and no step beside them waits to be tried again. What does is not carried over:
// the next stage's end is soon enough.
func (s *story) settled(ctx workflow.Context) bool {
	return !s.amending && !s.givingBack && s.Refused == 0 && s.showing == 0 && s.board.written() && workflow.AllHandlersFinished(ctx)
}

// forgetsWhoWaited is false in runs that counted steps of the run before among those that wait to be tried again.
func forgetsWhoWaited(ctx workflow.Context) bool {
	return workflow.GetVersion(ctx, "forgets-who-waited", workflow.DefaultVersion, 1) == 1
}

// continueAsNew starts the next run where this one stands; every message that has arrived is in the state.
func (s *story) continueAsNew(ctx workflow.Context) error {
	s.signals.drain(ctx)
	in := s.PartnershipInput
	in.Carried = &s.State
	return continueAs(ctx, PartnershipType, in)
}

// end makes the story stop at its next step. The first reason wins: a later one finds the story already ending.
func (s *story) end(o p.Outcome, reason, by string) {
	if s.Stop == nil && s.outcome == "" {
		s.Stop = &Ending{Outcome: o, Reason: reason, By: by}
	}
}

// stopped is the error that leaves the stages when the story has to end.
func (s *story) stopped() error {
	if s.Stop == nil {
		return nil
	}
	return s.Stop
}

// close takes back what an unhappy end leaves behind, tells the creator and the campaign, and writes the last projection.
func (s *story) close(ctx workflow.Context, end Ending) PartnershipResult {
	s.outcome, s.OpenTask = end.Outcome, ""
	left := ""
	if end.Outcome != p.Completed {
		left = s.undo(ctx, end)
	}
	if s.Stage != p.Closed { // else the run before has written it, and was ended in its last moments
		s.note(ctx, "closed", "rapport", closedDetail(end))
	}
	s.Stage, s.WaitingFor, s.Deadline, s.Attention = p.Closed, "", time.Time{}, left
	s.project(ctx, end.Reason)
	within(ctx, longestPause, "until the board shows the end", s.board.written) // what was reserved is free then: the campaign may give it on
	s.tellCampaign(ctx, end.Outcome)
	until(ctx, func() bool { return s.showing == 0 && s.board.written() && workflow.AllHandlersFinished(ctx) })
	return PartnershipResult{Outcome: end.Outcome, Reason: end.Reason}
}

func closedDetail(end Ending) string {
	if end.Letter == "alone" { // a person ended just this one
		return "Cancelled by " + end.By + ": " + end.Reason + "."
	}
	if end.Reason == "" {
		return "Ended: " + string(end.Outcome) + "."
	}
	return "Ended: " + string(end.Outcome) + " (" + end.Reason + ")."
}

// tellCampaign frees or keeps the slot. A campaign that is gone needs no news.
func (s *story) tellCampaign(ctx workflow.Context, o p.Outcome) {
	news := PartnershipClosed{PartnershipID: s.PartnershipID, Outcome: o, Niche: s.Niche}
	if err := tell(ctx, CampaignWorkflowID(s.CampaignID), SignalPartnershipClosed, news).Get(ctx, nil); err != nil {
		s.log.Info("campaign did not hear of the end", "outcome", o)
	}
}
