package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/roster"
)

// Whose a slot is, the campaign alone decides, so that it never has two creators whom the budget does not cover: a partnership tells it
// what happens to its slot, and asks for it back when the creator returns.

// slotState is whether the campaign still counts on the creator.
type slotState struct {
	Away  *Away  `json:"Away"`  // set while the campaign looks for somebody else
	Place string `json:"Place"` // the campaign's answer to a creator who came back: SlotKept, SlotGone

	reclaiming bool // the campaign is asked for the slot back
}

// Away is a creator whom the campaign no longer counts on.
type Away struct {
	Since    time.Time `json:"Since"`    // the story told the campaign
	Ghosted  bool      `json:"Ghosted"`  // given up; before, only at risk
	Released bool      `json:"Released"` // a standby creator has taken the slot
}

// What a partnership tells its campaign about a slot.
const (
	SlotAtRisk   = "at_risk"  // its creator has likely gone quiet for good
	SlotGhosted  = "ghosted"  // its creator was given up
	SlotReturned = "returned" // the creator is back and asks for the slot
	SlotTaken    = "taken"    // a standby creator has accepted it
)

// SlotChanged is what happened to the slot of the partnership that says so; with SlotTaken, to the slot that it was offered.
type SlotChanged struct {
	PartnershipID partnership.PartnershipID `json:"PartnershipID"`
	Change        string                    `json:"Change"`
	Terms         partnership.Terms         `json:"Terms"` // with SlotReturned: what the budget has to cover
	Addressed
}

// What a campaign decides about a slot.
const (
	SlotKept      = "kept"      // the creator who came back goes on
	SlotGone      = "gone"      // and cannot: somebody else has the slot, and the budget covers no further one
	SlotReleased  = "released"  // a standby creator has taken it
	SlotWithdrawn = "withdrawn" // a standby's unanswered offer is taken back: the first creator returned
)

// SlotDecided is the campaign's word on a slot, to the partnership whom it concerns.
type SlotDecided struct {
	Decision string `json:"Decision"`
	Addressed
}

// awayFrom counts the absence of whoever is away from then on.
func (s *slotState) awayFrom(at time.Time) {
	if s.Away != nil {
		s.Away.Since = at
	}
}

// hearSlot takes the campaign's word on the slot.
func (s *story) hearSlot(ctx workflow.Context, sel workflow.Selector) {
	on(ctx, sel, SignalSlotDecided, func(m SlotDecided) { s.slotDecided(ctx, m.Decision) })
}

// slotDecided takes in the campaign's word.
func (s *story) slotDecided(ctx workflow.Context, decision string) {
	switch decision {
	case SlotReleased:
		if s.Away != nil {
			s.Away.Released = true
			s.note(ctx, "slot_released", "rapport", "A standby creator has taken the slot.")
		}
	case SlotWithdrawn: // one that was accepted meanwhile is kept: its budget is reserved
		if s.Facts.AcceptedAt.IsZero() && (s.Answer == nil || s.Answer.Answer != partnership.ChoiceAccept) {
			s.end(Ending{Outcome: partnership.Cancelled, Reason: "the slot's first creator stays after all", By: "rapport", Letter: "withdrawn"})
		}
	case SlotKept, SlotGone:
		s.Place = decision
	}
}

// watch tells the campaign of a creator who has likely gone for good, before they are given up.
func (s *story) watch(ctx workflow.Context, a ask, risk float64) {
	if a.done() || workflow.Now(ctx).Before(a.due()) {
		return // whoever has time left is not gone, however prompt they are otherwise
	}
	if risk < roster.CoverFrom || s.Away != nil || a.kind != partnership.TaskDraft && a.kind != partnership.TaskPost {
		return // an offer or a contract lapses by itself, and whoever only has to be paid has done their part
	}
	s.Away = &Away{Since: workflow.Now(ctx)}
	s.note(ctx, "at_risk", "rapport", "The risk that they are gone is high: a standby creator is looked for.")
	s.tellSlot(ctx, SlotChanged{Change: SlotAtRisk})
}

// giveUp counts the creator as ghosted.
func (s *story) giveUp(ctx workflow.Context) {
	if s.Away == nil {
		s.Away = &Away{}
	}
	s.Away.Since, s.Away.Ghosted = workflow.Now(ctx), true
	s.tellSlot(ctx, SlotChanged{Change: SlotGhosted})
}

// tellSlot tells the campaign. heard is false when there is no campaign any more.
func (s *story) tellSlot(ctx workflow.Context, m SlotChanged) (heard bool) {
	m.PartnershipID = s.PartnershipID
	if err := tell(ctx, CampaignWorkflowID(s.CampaignID), SignalSlotChanged, m).Get(ctx, nil); err != nil {
		s.log.Info("the campaign did not hear of its slot", "change", m.Change)
		return false
	}
	return true
}

// back says whether a creator who was away has answered or given another sign of life.
func (s *story) back(a ask) bool {
	return s.Away != nil && (a.done() || s.LastActive.After(s.Away.Since))
}

// released says whether the slot of a creator who was only at risk has been given on.
func (s *story) released() bool { return s.Away != nil && s.Away.Released }

// slotless says whether the creator was given up or their slot given on. One who is only at risk still has theirs.
func (s *story) slotless() bool { return s.Away != nil && (s.Away.Ghosted || s.Away.Released) }

// reclaim asks the campaign for the slot back, because the creator is there again or because the manager wants to go on waiting.
// Without a campaign nobody else wants it.
func (s *story) reclaim(ctx workflow.Context, a ask) error {
	s.reclaiming = true
	defer func() { s.reclaiming = false }()
	until(ctx, func() bool { return !s.amending && !s.givingBack || s.Stop != nil })
	asked := s.dearest()
	if s.tellSlot(ctx, SlotChanged{Change: SlotReturned, Terms: asked}) {
		until(ctx, func() bool { return s.Place != "" || s.Stop != nil })
		if s.Stop != nil {
			return s.stopped()
		}
	}
	place, there := s.Place, s.back(a)
	s.Place, s.Away = "", nil
	if place != SlotGone && s.dearest().CostMinor() < asked.CostMinor() { // an amendment lapsed meanwhile
		if _, err := s.reserve(ctx, s.dearest()); err != nil {
			return err
		}
	}
	switch {
	case place != SlotGone && there:
		s.note(ctx, "returned", "creator", "Came back; the slot is theirs again.")
	case place != SlotGone:
		s.note(ctx, "slot_kept", "rapport", "The slot stays theirs.")
	case there:
		s.note(ctx, "returned_too_late", "rapport", "Came back after the slot was given on, and the budget covers no further one.")
		return &Ending{Outcome: partnership.Ghosted, Reason: "came back after the slot was given on", Letter: "too_late"}
	default:
		return &Ending{Outcome: partnership.Ghosted, Reason: "the slot had been given on before the manager decided"}
	}
	return nil
}
