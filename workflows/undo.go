package workflows

import (
	"slices"
	"strings"

	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
)

// undoState is what an unhappy end has to take back.
type undoState struct {
	Undo []string `json:"Undo"` // in the order it was done
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
		s.Undo = s.Undo[:len(s.Undo)-1]
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
	if s.Facts.AcceptedAt.IsZero() && (end.Outcome != partnership.Cancelled || !s.Invited) {
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

// keep forgets compensations: what they would take back stands from here on.
func (s *undoState) keep(names ...string) {
	s.Undo = slices.DeleteFunc(s.Undo, func(u string) bool { return slices.Contains(names, u) })
}

// takesBack says that the end has to take something back, before the step that makes it.
func (s *undoState) takesBack(name string) {
	if !slices.Contains(s.Undo, name) {
		s.Undo = append(s.Undo, name)
	}
}

// The compensations, pushed before the step that they take back.
const (
	undoContract  = "contract_voided"
	undoAmendment = "amendment_voided"
	undoCode      = "code_deactivated"
	undoGift      = "gift_order_cancelled"
	undoLabel     = "label_refunded"
)

var undoing = map[string]struct {
	summary  string
	activity activity[activities.Undo, activities.Undone]
}{
	undoContract:  {"Void the contract", voidContract},
	undoAmendment: {"Void the contract amendment", voidContract},
	undoCode:      {"Deactivate the discount code", deactivateCode},
	undoGift:      {"Cancel the gift order", cancelGift},
	undoLabel:     {"Refund the label", refundLabel},
}
