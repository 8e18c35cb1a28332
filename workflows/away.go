package workflows

import (
	"fmt"
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/roster"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

// A creator on whom nobody counts any more is away: the campaign looks for a standby, and they may still come back. Whose the slot
// is then, the campaign alone decides, so that it never has two creators whom the budget does not cover.

// awayState is whether the campaign still counts on the creator.
type awayState struct {
	Away     *Away  `json:"Away"`     // set while the campaign looks for somebody else
	Absences int    `json:"Absences"` // how often they were given up
	Place    string `json:"Place"`    // the campaign's answer to a creator who came back: SlotKept, SlotGone

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
func (s *awayState) awayFrom(at time.Time) {
	if s.Away != nil {
		s.Away.Since = at
	}
}

// hearSlot takes the campaign's word on the slot.
func (s *story) hearSlot(ctx workflow.Context, sel workflow.Selector) {
	on(ctx, sel, SignalSlotDecided, func(m SlotDecided) { s.slotDecided(ctx, m.Decision) })
}

// returnDays is how long after they were given up a creator may come back, in campaign days: their link works until then.
const returnDays = 14

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

// back says whether a creator who was away has answered or given another sign of life.
func (s *story) back(a ask) bool {
	return s.Away != nil && (a.done() || s.LastActive.After(s.Away.Since))
}

// released says whether the slot of a creator who was only at risk has been given on.
func (s *story) released() bool { return s.Away != nil && s.Away.Released }

// away tells the creator that their place is offered to somebody else, and waits for their return: the task stays open.
func (s *story) away(ctx workflow.Context, a ask) (again bool, err error) {
	s.Absences++
	gone := func() bool { return s.Stop != nil || s.Quiet != nil || s.back(a) }
	s.note(ctx, "place_offered", "rapport", "No sign of life while waiting for "+a.what+": their place is offered to the next in line.")
	s.waitFor(ctx, "the creator's return", s.cal.Add(workflow.Now(ctx), returnDays))
	s.idle(ctx, s.cal.Add(s.Reminded, 1), gone) // not on the day of a reminder
	for day := s.byDay(ctx); !gone() && day.After(workflow.Now(ctx)); day = s.byDay(ctx) {
		s.idle(ctx, day, gone)
	}
	if !gone() {
		back := s.cal.Add(workflow.Now(ctx), returnDays)
		letter := activities.Letter{PartnershipID: s.PartnershipID, Stage: s.Stage, Kind: "place_offered", Task: a.task, Step: fmt.Sprintf("away-%d", s.Absences), Due: back}
		if _, err := step(ctx, s, sendLetter, "Tell the creator that their place is offered", letter); err != nil {
			return false, err
		}
		s.idle(ctx, back, gone)
	}
	switch {
	case s.Stop != nil:
		return false, s.stopped()
	case s.back(a):
		return s.comeBack(ctx, a)
	case s.Quiet != nil:
		return s.decideQuiet(ctx, a)
	default:
		return false, &Ending{Outcome: partnership.Ghosted, Reason: "no sign of life while waiting for " + a.what}
	}
}

// byDay is the next moment at which the creator may be written to.
func (s *story) byDay(ctx workflow.Context) time.Time {
	return s.cal.Quiet(workflow.Now(ctx), s.CreatorZone)
}

// idle waits for a moment, or until gone. A pause stops the clock, and nothing happens while it lasts.
func (s *story) idle(ctx workflow.Context, moment time.Time, gone func() bool) {
	for !gone() && (s.Paused != "" || workflow.Now(ctx).Before(moment)) {
		if s.Paused == "" {
			within(ctx, moment.Sub(workflow.Now(ctx)), s.summary(), func() bool { return s.Paused != "" || gone() })
			continue
		}
		lost := s.Lost
		until(ctx, func() bool { return s.Paused == "" || gone() })
		moment = s.cal.Add(moment, s.Lost-lost)
	}
}

// comeBack meets a late return: the story goes on where it stood if the campaign still has a slot.
func (s *story) comeBack(ctx workflow.Context, a ask) (again bool, err error) {
	if err := s.reclaim(ctx, a); err != nil {
		return false, err
	}
	if s.Quiet != nil && s.Quiet.Decision == partnership.ChoiceReplace { // said while the campaign was asked
		return s.decideQuiet(ctx, a)
	}
	s.notQuiet()
	s.needs("")
	if a.done() {
		return false, nil
	}
	before := s.Plan
	s.extend(ctx, a, s.fromNow(ctx, a, max(quietExtension, s.Extra))) // Extra when they asked for more time
	letter := activities.Letter{Kind: "welcome_back", Task: a.task, Step: fmt.Sprintf("back-%d", s.Absences), Due: a.due()}
	return true, s.tellMoved(ctx, before, move{owner: timeline.Creator, cause: "The creator came back and has more time", letter: letter})
}

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
