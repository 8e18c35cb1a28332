package workflows

import (
	"strings"

	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
)

// PartnershipClosed tells a campaign how one of its partnerships ended.
type PartnershipClosed struct {
	PartnershipID partnership.PartnershipID `json:"PartnershipID"`
	Outcome       partnership.Outcome       `json:"Outcome"`
	Niche         string                    `json:"Niche"`
	Addressed
}

// close takes back what an unhappy end leaves behind, tells the creator and the campaign, and writes the last projection.
func (s *story) close(ctx workflow.Context, end Ending) PartnershipResult {
	s.ended(end.Outcome, workflow.Now(ctx))
	s.asksNothing()
	s.questionsOver(ctx, end, closedDetail(end))
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

// tellCampaign frees or keeps the slot. A campaign that is gone needs no news.
func (s *story) tellCampaign(ctx workflow.Context, o partnership.Outcome) {
	news := PartnershipClosed{PartnershipID: s.PartnershipID, Outcome: o, Niche: s.Niche}
	if err := tell(ctx, CampaignWorkflowID(s.CampaignID), SignalPartnershipClosed, news).Get(ctx, nil); err != nil {
		s.log.Info("campaign did not hear of the end", "outcome", o)
	}
}

// undo takes back, newest first, what the story did before it had to end. Each step finds what there is by its key, so it is
// right whether the thing was made, half made or never made. One that is refused is told to the manager and the next goes on; left
// says for the board what stays behind.
func (s *story) undo(ctx workflow.Context, end Ending) (left string) {
	var behind []activities.RefusedStep
	for len(s.Undo) > 0 {
		last := s.Undo[len(s.Undo)-1]
		u := undoing[last]
		arg := activities.Undo{PartnershipID: s.PartnershipID, Reason: end.Reason, Version: 1}
		switch last {
		case undoContract:
			arg.Version = s.contract().Version
		case undoAmendment:
			arg.Version = s.AmendmentVersion
		case undoLabel:
			arg.Carrier = s.ShippedBy
			u.activity = u.activity.by(arg.Carrier)
		}
		done, refused := call(ctx, s.Day, u.activity, u.summary, arg)
		if refused != nil {
			behind = append(behind, activities.RefusedStep{PartnershipID: s.PartnershipID, Stage: s.Stage, Step: u.summary, Why: why(refused), Seq: s.Seq})
			s.note(ctx, "undo_refused", "rapport", u.summary+" was refused: "+why(refused))
		} else {
			s.note(ctx, last, "rapport", done.Detail)
		}
		s.undone()
	}
	s.tellEnd(ctx, end)
	return s.tellBehind(ctx, behind)
}

// tellBehind tells the manager what could not be taken back: nobody else will look for it once the story is over.
func (s *story) tellBehind(ctx workflow.Context, behind []activities.RefusedStep) string {
	var words []string
	for _, step := range behind {
		words = append(words, step.Step+" was refused: "+step.Why)
		if tellsBehind(ctx) {
			courtesy(ctx, s.Day, reportRefusedStep, "Tell the manager what stays behind", step)
		}
	}
	return strings.Join(words, "; ")
}

// tellsBehind is false in stories whose refused take-backs stood in the timeline alone.
func tellsBehind(ctx workflow.Context) bool {
	return workflow.GetVersion(ctx, "tells-what-stays-behind", workflow.DefaultVersion, 1) == 1
}

// tellEnd tells the creator that it has ended, if they would wonder.
func (s *story) tellEnd(ctx workflow.Context, end Ending) {
	if s.Facts.AcceptedAt.IsZero() && (end.Outcome != partnership.Cancelled && end.Letter != alone || !s.Invited) {
		return // they declined, never answered, or never heard of it: nothing to tell
	}
	if end.Outcome == partnership.OptedOut || end.Outcome == partnership.Declined {
		return
	}
	letter := activities.Letter{PartnershipID: s.PartnershipID, Stage: partnership.Closed, Kind: "ended", Task: "ended", Step: string(end.Outcome)}
	if end.Letter != "" {
		letter.Step = end.Letter
	}
	if _, refused := call(ctx, s.Day, sendLetter, "Tell the creator that it has ended", letter); refused != nil {
		s.note(ctx, "letter_refused", "rapport", "The creator could not be told by mail: "+why(refused))
	}
}
