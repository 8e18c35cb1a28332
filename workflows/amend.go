package workflows

import (
	"fmt"

	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

// amendState is what the campaign changed in flight.
type amendState struct {
	Amendment *Amended `json:"Amendment"` // waits to be applied
	Amended   int      `json:"Amended"`   // version of the last one that was

	amending bool
}

// Amended is a change of the campaign's file as it concerns one partnership. Versions count from 1; one that was applied is not
// applied again.
type Amended struct {
	Version  int                  `json:"Version"`
	Schedule partnership.Schedule `json:"Schedule"`
	Offer    partnership.Terms    `json:"Offer"` // for this partnership's tier
	Addressed
}

// hearAmendments takes the newest.
func (s *story) hearAmendments(ctx workflow.Context, sel workflow.Selector) {
	on(ctx, sel, SignalAmended, func(m Amended) {
		if m.Version > s.Amended && (s.Amendment == nil || m.Version > s.Amendment.Version) {
			s.Amendment = &m
		}
	})
}

// amendments takes in, one by one and in order, what the campaign changes in flight. It runs beside the stages: whoever waits on
// a ladder draws it anew once the dates have moved. Whoever has no slot has no dates and no budget to change: for them an amendment
// waits until they are back. While the campaign is asked for the slot nothing changes what it has to cover.
func (s *story) amendments(ctx workflow.Context) {
	for {
		until(ctx, func() bool { return s.Amendment != nil && s.outcome == "" && !s.slotless() && !s.reclaiming })
		m := *s.Amendment
		s.amending = true
		err := s.amend(ctx, m)
		s.amending = false
		if err != nil {
			return // the story ends: there is nothing left to amend
		}
		s.Amended = m.Version
		if s.Amendment.Version == m.Version {
			s.Amendment = nil
		}
	}
}

// standing is where this partnership stands; the preview of an amendment asks for it by query.
func (s *story) standing() timeline.Standing {
	st := timeline.Standing{
		Stage: s.Stage, Outcome: s.outcome, Tier: s.Tier, Facts: s.Facts, Plan: s.Plan, Terms: s.Terms,
		Signed:   s.Signed,
		Numbered: s.ContractVersion, Standby: s.Covers != "", Away: s.slotless(),
	}
	if s.Unsigned != nil {
		asked := s.Unsigned.Terms
		st.Asked = &asked
	}
	return st
}

// effect is what an amendment does here. In a story of before a contract that was out counted as signed.
func (s *story) effect(ctx workflow.Context, m Amended) timeline.Effect {
	st := s.standing()
	st.Signed = st.Signed || s.Stage == partnership.Contracting && !replacesContract(ctx)
	e := timeline.Amend(s.cal, st, m.Schedule, s.Offer, m.Offer)
	if e.Schedule.WindowDays != m.Schedule.WindowDays && !windowOfTheTerms(ctx) {
		e.Schedule.WindowDays = m.Schedule.WindowDays
	}
	return e
}

// unfrozen takes back a contract that is out with terms that no longer hold. What was signed before that, or while the budget was
// looked at, is frozen: then the effect is another.
func (s *story) unfrozen(ctx workflow.Context, m Amended, e timeline.Effect) (timeline.Effect, error) {
	if len(e.Words) == 0 || e.Reach == timeline.Contract || s.Stage.Order() < partnership.Contracting.Order() || !replacesContract(ctx) {
		return e, nil
	}
	if !s.Signed {
		if err := s.recontract(ctx, m.Offer, e); err != nil {
			return e, err
		}
	}
	if s.Signed {
		return s.effect(ctx, m), nil
	}
	return e, nil
}

// covered says whether the budget covers changed terms. If it does not, the partnership stays as it is and a person should look.
func (s *story) covered(ctx workflow.Context, e timeline.Effect) (bool, error) {
	if e.Terms.CostMinor() <= s.dearest().CostMinor() {
		return true, nil
	}
	until(ctx, func() bool { return !s.givingBack })
	granted, err := s.reserve(ctx, e.Terms)
	if err != nil || granted {
		return granted, err
	}
	s.needs("the budget does not cover the amended terms")
	s.note(ctx, "amendment_refused", "brand", "The budget does not cover the amended terms: they stay as they were.")
	s.project(ctx, "")
	return false, nil
}

// amend applies one amendment as previewed. Signed terms stay frozen until the creator has signed the change too.
func (s *story) amend(ctx workflow.Context, m Amended) error {
	effect := s.effect(ctx, m)
	if effect.Withdraws { // first of all, so that what no longer holds is not signed meanwhile
		if err := s.closeAmendment(ctx, "the campaign was amended again"); err != nil {
			return err
		}
		effect = s.effect(ctx, m) // it may have been signed just before
		if effect.Reach == timeline.Unchanged {
			effect.Reach = timeline.Withdrawn
		}
	}
	s.note(ctx, "amended", "brand", fmt.Sprintf("Amendment %d of the campaign: %s.", m.Version, reached[effect.Reach]))
	if effect.Reach == timeline.Over {
		return nil
	}
	if covered, err := s.covered(ctx, effect); err != nil || !covered {
		return err
	}
	effect, err := s.unfrozen(ctx, m, effect)
	if err != nil {
		return err
	}
	if err := s.reterm(ctx, m, effect); err != nil {
		return err
	}
	if s.Facts.DraftAt.IsZero() && s.Facts.PostedAt.IsZero() { // else the dates stay
		before := s.Plan
		s.timeToRead(ctx, effect)
		if err := s.reschedule(ctx, effect.Schedule, before); err != nil {
			return err
		}
	}
	s.project(ctx, "") // not every wait writes to the board by itself: one for a parcel does not
	return nil
}

var reached = map[timeline.Reach]string{
	timeline.Moves:     "open dates move",
	timeline.Keeps:     "a draft is in, so the dates stay",
	timeline.Contract:  "signed terms change only with a contract amendment",
	timeline.Unchanged: "nothing of it touches this partnership",
	timeline.Withdrawn: "the contract amendment that was open is closed",
	timeline.Over:      "this partnership is past it",
}

// reterm changes the offer, or asks for the signature that changed terms need. What is asked for already is not asked for again.
func (s *story) reterm(ctx workflow.Context, m Amended, e timeline.Effect) error {
	if e.Reach == timeline.Contract {
		if s.Unsigned != nil {
			s.unsignedFollows(m.Offer)
			return nil
		}
		return s.amendContract(ctx, m.Offer, e)
	}
	s.follow(m.Offer)
	if len(e.Words) == 0 {
		return nil
	}
	s.hold(e.Terms)
	letter := activities.Letter{
		PartnershipID: s.PartnershipID, Stage: s.Stage, Kind: "terms_changed", Task: "terms", Step: fmt.Sprintf("changed-%d", m.Version), Words: e.Words,
	}
	_, err := step(ctx, s, sendLetter, "Tell the creator what changed in the offer", letter)
	return err
}
