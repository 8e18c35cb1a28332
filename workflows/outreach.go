package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

// outreachState is what the creator has said to the offer and nobody has looked at yet.
type outreachState struct {
	Answer *AnswerOffer `json:"Answer"`
}

// AnswerOffer is the creator's answer. FeeMinor is the fee asked for in a counter-offer, in the terms' currency.
type AnswerOffer struct {
	Task         string             `json:"Task"`
	Answer       partnership.Choice `json:"Answer"` // accept, counter, decline
	FeeMinor     int64              `json:"FeeMinor"`
	SubmissionID string             `json:"SubmissionID"` // the creator's words, kept in Postgres; optional
	Proven
}

// handleAnswer takes the creator's answer.
func (s *story) handleAnswer(ctx workflow.Context) error {
	return update(ctx, s, UpdateAnswerOffer, s.mayAnswer, func(ctx workflow.Context, m AnswerOffer) {
		s.Answer = &m
		s.active(ctx)
	})
}

func (s *story) mayAnswer(m AnswerOffer) error {
	if !s.asked(partnership.TaskOffer, m.Task) || s.Answer != nil {
		return refuse(partnership.Conflict, "this offer has been answered already")
	}
	switch m.Answer {
	case partnership.ChoiceAccept, partnership.ChoiceDecline:
		return nil
	case partnership.ChoiceCounter:
		if m.FeeMinor <= 0 {
			return refuseField("fee", "must be more than zero")
		}
		return nil
	default:
		return refuseField("answer", "must be accept, counter or decline")
	}
}

// outreach invites the creator, follows up until they answer, and negotiates until both agree or one says no.
func (s *story) outreach(ctx workflow.Context) error {
	s.happened(ctx, func(f *timeline.Facts) { f.InvitedAt = workflow.Now(ctx) })
	invited := "Invited."
	if s.Covers != "" {
		invited = "Invited to take the slot of a creator who went quiet."
	}
	s.note(ctx, "invited", "brand", invited)
	offer := ask{
		kind: partnership.TaskOffer, task: "offer", mail: "invitation", what: "the creator's answer to the offer",
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
		case partnership.ChoiceDecline:
			s.note(ctx, "declined", "creator", "Declined the offer.")
			return &Ending{Outcome: partnership.Declined, Reason: "the creator declined the offer", By: "creator"}
		case partnership.ChoiceCounter:
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
				s.grant(ctx, partnership.TaskOffer, days, timeline.Brand, "the counter-offer was decided late")
			}
		}
		s.happened(ctx, func(f *timeline.Facts) { f.AcceptedAt = workflow.Now(ctx) })
		s.note(ctx, "accepted", "creator", "Accepted: "+s.Terms.Summary()+".")
		if s.Covers != "" {
			s.tellSlot(ctx, SlotChanged{Change: SlotTaken})
		}
		return nil
	}
}
