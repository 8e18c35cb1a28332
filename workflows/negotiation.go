package workflows

import (
	"cmp"
	"fmt"
	"strconv"

	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

// negotiationState is the counter-offer that is looked at.
type negotiationState struct {
	CounterFee int64          `json:"CounterFee"` // 0 none
	Round      int            `json:"Round"`
	Decision   *DecideCounter `json:"Decision"` // the manager's, until it is done
}

// DecideCounter is a manager's decision on a counter-offer of that round: accept or refuse (the standing offer stays open).
type DecideCounter struct {
	Round    int                `json:"Round"`
	Decision partnership.Choice `json:"Decision"`
	By       string             `json:"By"` // an opaque id of the person
	Proven
}

// handleCounter takes the manager's decision on a counter-offer.
func (s *story) handleCounter(ctx workflow.Context) error {
	return update(ctx, s, UpdateDecideCounter, func(m DecideCounter) error {
		if s.CounterFee == 0 || m.Round != s.Round || s.Decision != nil {
			return refuse(partnership.Conflict, "this counter-offer has been decided already")
		}
		if m.Decision != partnership.ChoiceAccept && m.Decision != partnership.ChoiceRefuse {
			return refuseField("decision", "must be accept or refuse")
		}
		return nil
	}, func(_ workflow.Context, m DecideCounter) { s.Decision = &m })
}

// negotiate answers one counter-offer: by rule within the campaign's limits, by a manager outside them. agreed means that
// the new fee is in the terms and the budget covers it.
func (s *story) negotiate(ctx workflow.Context, m AnswerOffer) (agreed bool, err error) {
	s.Round++
	s.CounterFee = m.FeeMinor
	s.enter(ctx, partnership.Negotiation)
	asked := money.Display(m.FeeMinor, s.Terms.Currency)
	s.note(ctx, "countered", "creator", fmt.Sprintf("Asked for a fee of %s (offered: %s).", asked, money.Display(s.Terms.FeeMinor, s.Terms.Currency)))

	verdict := partnership.Decide(s.Limits, s.Offer, m.FeeMinor, s.Round)
	accept := verdict.Verdict == partnership.AcceptByRule
	if verdict.Verdict == partnership.AskManager {
		if accept, err = s.askAboutCounter(ctx, m, verdict.Reason); err != nil {
			return false, err
		}
	}
	short := ""
	if accept {
		agreed, short, err = s.agree(ctx, m.FeeMinor)
	}
	if err == nil {
		s.counterSettled(ctx, agreed, short)
	}
	s.CounterFee, s.Decision = 0, nil
	if err == nil && !agreed {
		s.note(ctx, "counter_refused", "brand", "The counter-offer of "+asked+" was not taken; the standing offer stays open.")
	}
	return agreed, err
}

// askAboutCounter puts the counter-offer before a manager. No decision within the campaign's review time refuses it.
func (s *story) askAboutCounter(ctx workflow.Context, m AnswerOffer, why string) (accept bool, err error) {
	due := timeline.ReviewDue(s.cal.For(s.Schedule), workflow.Now(ctx), s.Schedule.ReviewDays)
	s.puts(ctx, partnership.Question{
		Kind: partnership.AsksCounter, Of: strconv.Itoa(s.Round), Card: partnership.Key(s.PartnershipID, partnership.Negotiation, "counter", s.Round), Due: due,
		Why: why, AskedMinor: m.FeeMinor, OfferedMinor: s.Terms.FeeMinor, Currency: s.Terms.Currency, SubmissionID: m.SubmissionID,
	})
	s.waitFor(ctx, "a manager's decision on the counter-offer", due)
	card := activities.CounterCard{
		PartnershipID: s.PartnershipID, Round: s.Round, Currency: s.Terms.Currency,
		OfferedMinor: s.Terms.FeeMinor, AskedMinor: m.FeeMinor, Why: why, SubmissionID: m.SubmissionID, Tier: s.Tier, Due: due,
	}
	if err := askManager(ctx, s, askAboutCounter, "Show the counter-offer to a manager", card, question{
		due: due, answered: func() bool { return s.Decision != nil },
	}); err != nil {
		return false, err
	}
	return s.Decision != nil && s.Decision.Decision == partnership.ChoiceAccept, nil
}

// counterSettled says what came of a counter-offer that a manager was asked about, in whichever way it went.
func (s *story) counterSettled(ctx workflow.Context, agreed bool, short string) {
	stands := "The offer of " + money.Display(s.Terms.FeeMinor, s.Terms.Currency) + " stands"
	as := partnership.Closing{State: partnership.QuestionLapsed, Came: "Nobody answered in time: it was refused by rule. " + stands + ", and the creator is told."}
	if s.Decision != nil {
		as.State, as.Choice, as.By = partnership.QuestionAnswered, s.Decision.Decision, s.Decision.By
		as.Came = stands + ", and the creator is told."
	}
	switch {
	case agreed:
		as.Came = money.Display(s.Terms.FeeMinor, s.Terms.Currency) + " is agreed, and the agreement is next."
	case as.Choice == partnership.ChoiceAccept:
		as.Came, as.Amiss = "The budget refused it: "+cmp.Or(short, "it does not cover the fee")+". "+stands+", and the creator is told.", true
	}
	s.settles(ctx, partnership.AsksCounter, as, about(strconv.Itoa(s.Round)))
}

// agree makes a higher fee the terms once the budget covers it. A budget that does not refuses, and short says by how much.
func (s *story) agree(ctx workflow.Context, feeMinor int64) (agreed bool, short string, err error) {
	terms := s.Terms.WithFee(feeMinor)
	granted, err := s.reserveFor(ctx, terms)
	if err == nil && granted.OK {
		s.hold(terms)
	}
	return granted.OK, granted.Short, err
}

// standingOffer asks again after a counter-offer was refused: the same offer, with its time started anew. What the brand took to
// decide is not the creator's.
func (s *story) standingOffer(ctx workflow.Context, offer ask) ask {
	offer.task, offer.mail = fmt.Sprintf("offer-%d", s.Round+1), "counter_refused"
	s.backTo(partnership.Outreach)
	if days := s.cal.Days(s.Plan.Due(timeline.OfferDue), s.cal.Add(workflow.Now(ctx), standingDays(s.Schedule))); days > 0 {
		s.grant(ctx, partnership.TaskOffer, days, timeline.Brand, "the counter-offer was refused and the offer made again")
	}
	return offer
}

// standingDays is the time to take a standing offer after a refused counter: half of the first time, in campaign days.
func standingDays(sch partnership.Schedule) float64 { return sch.OutreachDays / 2 }
