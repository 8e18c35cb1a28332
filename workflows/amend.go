package workflows

import (
	"fmt"
	"slices"
	"strings"

	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

// amendments takes in, one by one and in order, what the campaign changes in flight. It runs beside the stages: whoever waits on
// a ladder draws it anew once the dates have moved.
func (s *story) amendments(ctx workflow.Context) {
	for {
		if err := workflow.Await(ctx, func() bool { return s.Amendment != nil }); err != nil {
			return
		}
		m := *s.Amendment
		if err := s.amend(ctx, m); err != nil {
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
	return timeline.Standing{
		Stage: s.Stage, Outcome: s.outcome, Tier: s.Tier, Facts: s.Facts, Plan: s.Plan, Terms: s.Terms,
		Signed: s.Signed || s.Stage == p.Contracting,
	} // a contract that is out shows the terms as they were
}

// covered says whether the budget covers changed terms. If it does not, the partnership stays as it is and a person should look.
func (s *story) covered(ctx workflow.Context, e timeline.Effect) (bool, error) {
	if e.Terms.CostMinor() <= s.Terms.CostMinor() {
		return true, nil
	}
	granted, err := s.reserve(ctx, e.Terms)
	if err != nil || granted {
		return granted, err
	}
	s.Attention = "the budget does not cover the amended terms"
	s.note(ctx, "amendment_refused", "brand", "The budget does not cover the amended terms: they stay as they were.")
	return false, s.project(ctx, "")
}

// amend applies one amendment as previewed. Signed terms stay frozen until the creator has signed the change too.
func (s *story) amend(ctx workflow.Context, m Amended) error {
	effect := timeline.Amend(s.cal, s.standing(), m.Schedule, s.Offer, m.Offer)
	s.note(ctx, "amended", "brand", fmt.Sprintf("Amendment %d of the campaign: %s.", m.Version, reached[effect.Reach]))
	if effect.Reach == timeline.Over {
		return nil
	}
	if covered, err := s.covered(ctx, effect); err != nil || !covered {
		return err
	}
	s.Offer = m.Offer
	switch {
	case effect.Reach == timeline.Contract:
		if err := s.amendContract(ctx, effect); err != nil {
			return err
		}
	case len(effect.Words) > 0:
		s.Terms = effect.Terms
	}
	if len(effect.Words) > 0 && effect.Reach == timeline.Moves {
		letter := activities.Letter{
			PartnershipID: s.PartnershipID, Stage: s.Stage, Kind: "terms_changed", Task: "terms", Step: fmt.Sprintf("changed-%d", m.Version), Words: effect.Words,
		}
		if _, err := step[activities.Sent](ctx, s, QueueMail, "Tell the creator what changed in the offer", act.SendLetter, letter); err != nil {
			return err
		}
	}
	if s.Facts.DraftAt.IsZero() && s.Facts.PostedAt.IsZero() { // else the dates stay
		if err := s.reschedule(ctx, m.Schedule); err != nil {
			return err
		}
	}
	return s.project(ctx, "") // not every wait writes to the board by itself: one for a parcel does not
}

var reached = map[timeline.Reach]string{
	timeline.Moves:     "open dates move",
	timeline.Keeps:     "a draft is in, so the dates stay",
	timeline.Contract:  "signed terms change only with a contract amendment",
	timeline.Unchanged: "nothing of it touches this partnership",
	timeline.Over:      "this partnership is past it",
}

// closeAmendment takes back an amendment that waits for its signature, so that nobody can sign what no longer holds: once the work
// is done, and once its time is over. What was signed before stands.
func (s *story) closeAmendment(ctx workflow.Context, why string) error {
	if !slices.Contains(s.Undo, undoAmendment) {
		return nil
	}
	arg := activities.Undo{PartnershipID: s.PartnershipID, Version: s.AmendmentVersion, Reason: why}
	done, err := step[activities.Undone](ctx, s, QueueSigning, "Void the contract amendment", act.VoidContract, arg)
	if err != nil {
		return err
	}
	s.AmendmentVersion = 0
	s.keep(undoAmendment)
	s.note(ctx, "amendment_lapsed", "brand", "The amendment was not signed: "+why+". "+done.Detail)
	return nil
}

// amendContract asks the creator to sign the changed terms. They hold once the vendor says that they are signed; until then, and
// if the creator declines, the signed terms stand.
func (s *story) amendContract(ctx workflow.Context, e timeline.Effect) error {
	s.keep(undoAmendment)
	s.AmendmentVersion, s.Undo = e.Terms.Version, append(s.Undo, undoAmendment)
	contract := activities.Contract{PartnershipID: s.PartnershipID, Version: e.Terms.Version, Terms: e.Terms, Due: s.cal.Add(workflow.Now(ctx), s.Schedule.SignDays)}
	sent, err := step[p.Envelope](ctx, s, QueueSigning, "Send the contract amendment", act.SendContract, contract)
	if err != nil {
		return err
	}
	s.note(ctx, "amendment_sent", "brand", "Contract amendment sent for signature: "+strings.Join(e.Words, "; ")+".")
	workflow.GoNamed(ctx, "contract amendment", func(ctx workflow.Context) {
		contract.EnvelopeID = sent.ID
		for {
			seen := s.EnvelopeMove
			left := contract.Due.Sub(workflow.Now(ctx))
			if _, err := within(ctx, left, "the creator's signature under the amendment", func() bool { return s.EnvelopeMove > seen || s.outcome != "" || s.AmendmentVersion != contract.Version }); err != nil || s.outcome != "" || s.AmendmentVersion != contract.Version {
				return
			}
			now, err := step[p.Envelope](ctx, s, QueueSigning, "Re-read the contract amendment", act.ConfirmSignature, contract)
			if err != nil {
				return
			}
			switch now.Status {
			case p.EnvelopeCompleted:
				s.Terms = e.Terms
				s.keep(undoAmendment)
				s.note(ctx, "amendment_signed", "creator", "The creator signed the amended terms: "+s.Terms.Summary()+".")
				return
			case p.EnvelopeDeclined, p.EnvelopeVoided:
				s.keep(undoAmendment)
				s.note(ctx, "amendment_declined", "creator", "The amendment was not signed: the signed terms stand.")
				return
			}
			if !workflow.Now(ctx).Before(contract.Due) {
				if err := s.closeAmendment(ctx, "its time is over"); err != nil {
					s.log.Info("the story ends: its end takes the amendment back")
				}
				return
			}
		}
	})
	return nil
}
