package workflows

import (
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/partnership"
)

// endingState is whether the story has to end before its time, and how it ended.
type endingState struct {
	Stop *Ending `json:"Stop"` // set when the story has to end early

	outcome partnership.Outcome // set once it closes
}

// Ending is how a story ends before its time.
type Ending struct {
	Outcome partnership.Outcome `json:"Outcome"`
	Reason  string              `json:"Reason"`
	By      string              `json:"By"`
	Letter  string              `json:"Letter"` // how the creator is told, where the outcome alone would say it wrong: too_late, withdrawn, alone
}

func (e *Ending) Error() string { return string(e.Outcome) + ": " + e.Reason }

// PartnershipClosed tells a campaign how one of its partnerships ended.
type PartnershipClosed struct {
	PartnershipID partnership.PartnershipID `json:"PartnershipID"`
	Outcome       partnership.Outcome       `json:"Outcome"`
	Niche         string                    `json:"Niche"`
	Addressed
}

// end makes the story stop at its next step. The first reason wins: a later one finds the story already ending.
func (s *endingState) end(e Ending) {
	if s.Stop == nil && s.outcome == "" {
		s.Stop = &e
	}
}

// stopped is the error that leaves the stages when the story has to end.
func (s *endingState) stopped() error {
	if s.Stop == nil {
		return nil
	}
	return s.Stop
}

// close takes back what an unhappy end leaves behind, tells the creator and the campaign, and writes the last projection.
func (s *story) close(ctx workflow.Context, end Ending) PartnershipResult {
	s.outcome = end.Outcome
	s.asksNothing()
	left := ""
	if end.Outcome != partnership.Completed {
		left = s.undo(ctx, end)
	}
	if s.Stage != partnership.Closed { // else the run before has written it, and was ended in its last moments
		s.note(ctx, "closed", "rapport", closedDetail(end))
	}
	s.moveTo(partnership.Closed)
	s.needs(left)
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
func (s *story) tellCampaign(ctx workflow.Context, o partnership.Outcome) {
	news := PartnershipClosed{PartnershipID: s.PartnershipID, Outcome: o, Niche: s.Niche}
	if err := tell(ctx, CampaignWorkflowID(s.CampaignID), SignalPartnershipClosed, news).Get(ctx, nil); err != nil {
		s.log.Info("campaign did not hear of the end", "outcome", o)
	}
}
