package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"

	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

// outreach invites the creator, follows up until they answer, and negotiates until both agree or one says no.
func (s *story) outreach(ctx workflow.Context) error {
	s.Facts.InvitedAt = workflow.Now(ctx)
	s.replan(ctx)
	invited := "Invited."
	if s.Covers != "" {
		invited = "Invited to take the slot of a creator who went quiet."
	}
	s.note(ctx, "invited", "brand", invited)
	offer := ask{
		kind: p.TaskOffer, task: "offer", mail: "invitation", what: "the creator's answer to the offer",
		due: func() time.Time { return s.Plan.Due(timeline.OfferDue) },
		ladder: func(from, due time.Time) []timeline.CheckIn {
			return timeline.OfferLadder(s.cal, from, due)
		},
		done: func() bool { return s.Answer != nil },
	}
	for {
		if err := s.await(ctx, offer); err != nil {
			return err
		}
		answer := *s.Answer
		s.Answer = nil
		switch answer.Answer {
		case Decline:
			s.note(ctx, "declined", "creator", "Declined the offer.")
			return &Ending{Outcome: p.Declined, Reason: "the creator declined the offer", By: "creator"}
		case Counter:
			agreed, err := s.negotiate(ctx, answer)
			if err != nil {
				return err
			}
			if !agreed {
				offer = s.standingOffer(ctx, offer)
				continue
			}
			if err := s.stopped(); err != nil { // while the budget was being reserved
				return err
			}
			if days := s.cal.Days(s.Plan.Due(timeline.OfferDue), workflow.Now(ctx)); days > 0 { // they had answered in time
				s.grant(ctx, p.TaskOffer, days, timeline.Brand, "the counter-offer was decided late")
			}
		}
		s.Facts.AcceptedAt = workflow.Now(ctx)
		s.replan(ctx)
		s.note(ctx, "accepted", "creator", "Accepted: "+s.Terms.Summary()+".")
		if s.Covers != "" {
			s.tellSlot(ctx, SlotChanged{Change: SlotTaken})
		}
		return nil
	}
}
