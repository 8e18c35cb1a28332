package workflows

import (
	"cmp"
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
)

// A card is how a manager hears of a question, and no part of the question: what the chat does not take (its channel is gone, its
// token was revoked, it is not there at all) is said on the board, the rules go on, and every other door can answer. "Try again"
// posts it again.

// chatPatience is how long a message may be on its way to the chat before the story goes on without it.
func chatPatience(day time.Duration) time.Duration {
	if compressed(day) {
		return 10 * time.Second
	}
	return 10 * time.Minute
}

// question is what a manager is asked, beside its card.
type question struct {
	waiting  string    // for the board, while the manager is waited for; "" says it already
	due      time.Time // what happens without an answer happens then
	answered func() bool
}

// askManager shows a question and waits for its answer, until due. Its only error is the story's *Ending.
func askManager[I, R any](ctx workflow.Context, s *story, a activity[I, R], summary string, card I, q question) error {
	for {
		_, shown, err := showCard(ctx, s, a, summary, card, q.due.Sub(workflow.Now(ctx)), q.answered)
		if err != nil {
			return err
		}
		if q.waiting != "" || !shown {
			s.waitFor(ctx, cmp.Or(q.waiting, s.WaitingFor), q.due)
		}
		again, err := s.awaitAnswer(ctx, q, shown)
		if err != nil || !again {
			return err
		}
	}
}

// awaitAnswer waits for the manager; again says that the card is to be posted once more.
func (s *story) awaitAnswer(ctx workflow.Context, q question, shown bool) (again bool, err error) {
	if shown {
		return false, s.awaitManager(ctx, q.due, q.answered)
	}
	seen := s.Retries
	s.Refused++
	err = s.awaitManager(ctx, q.due, func() bool { return q.answered() || s.Retries > seen })
	s.recovered()
	return err == nil && !q.answered() && s.Retries > seen, err
}

// recovered takes back what a card that was not shown said on the board.
func (s *story) recovered() {
	s.Refused--
	if s.Refused == 0 && s.Attention != giftDamaged {
		s.Attention = ""
	}
}

// inform tells the team something that nobody has to answer, and goes on in any case.
func inform[I, R any](ctx workflow.Context, s *story, a activity[I, R], summary string, message I) error {
	_, _, err := showCard(ctx, s, a, summary, message, chatPatience(s.Day), func() bool { return false })
	return err
}

// showCard posts a card and says whether it is there. It keeps trying for as long as most, and no longer than until over.
func showCard[I, R any](ctx workflow.Context, s *story, a activity[I, R], summary string, card I, most time.Duration, over func() bool) (r R, shown bool, err error) {
	for failures := 0; ; failures++ {
		if err := s.stopped(); err != nil {
			return r, false, err
		}
		r, err := settleCard(ctx, s, a, summary, card, max(most, 2*attempt(s.Day)), over)
		if err == nil {
			return r, true, nil
		}
		if s.Stop != nil {
			continue
		}
		if cardsNeverBlock(ctx) {
			if !over() {
				s.notShown(ctx, summary, why(err))
			}
			return r, false, nil
		}
		s.park(ctx, summary, err, failures)
	}
}

// settleCard is settle for a card: a question that is answered meanwhile needs none.
func settleCard[I, R any](ctx workflow.Context, s *story, a activity[I, R], summary string, card I, most time.Duration, over func() bool) (r R, err error) {
	actx, cancel := workflow.WithCancel(ctx)
	future := begin(actx, s.Day, a, summary, card, bounded(most))
	until(ctx, func() bool { return future.IsReady() || s.Stop != nil || over() })
	if !future.IsReady() && s.Stop == nil && !cardsNeverBlock(ctx) {
		until(ctx, func() bool { return future.IsReady() || s.Stop != nil })
	}
	if !future.IsReady() && (s.Stop == nil || !within(ctx, s.grace(), "grace for "+summary, future.IsReady)) {
		cancel() // what an attempt that still runs makes must be there before the story goes on
	}
	err = future.Get(ctx, &r)
	return r, err
}

// cardsNeverBlock is false in stories that were told before a refused card was no reason to wait.
func cardsNeverBlock(ctx workflow.Context) bool {
	return workflow.GetVersion(ctx, "cards-never-block", workflow.DefaultVersion, 1) == 1
}

// notShown says on the board that a card did not reach the chat.
func (s *story) notShown(ctx workflow.Context, summary, reason string) {
	s.log.Warn("a card was not shown", "card", summary, "why", reason)
	if s.Attention != "" {
		s.Attention += "; "
	}
	s.Attention += "not in the chat: " + summary + ": " + reason
	s.note(ctx, "card_refused", "rapport", summary+" did not work: "+reason+". Every other door asks it too, and the rules go on.")
}

// Unshown is a question about a silence that the chat did not take: the ladder goes on, and "try again" posts it again.
type Unshown struct {
	Card activities.QuietCard `json:"Card"`
	Seen int                  `json:"Seen"` // of the retries, when it was refused
}

// askAboutSilence asks the manager what to do about a silence. It keeps trying until the next rung of the ladder is due.
func (s *story) askAboutSilence(ctx workflow.Context, a ask, card activities.QuietCard, most time.Duration) error {
	s.forgetQuiet()
	s.Attention = "no sign of life while waiting for " + a.what
	over := func() bool { return a.done() || s.Quiet != nil || s.back(a) || s.released() }
	asked, shown, err := showCard(ctx, s, askAboutSilence, "Ask the manager about the silence", card, most, over)
	s.watch(ctx, a, asked.Risk)
	if err == nil && !shown && !over() {
		s.Unshown = &Unshown{Card: card, Seen: s.Retries}
		s.Refused++
		s.waitFor(ctx, s.WaitingFor, s.Deadline)
	}
	return err
}

// quietAgain says that somebody asked to post the question about a silence again.
func (s *story) quietAgain() bool { return s.Unshown != nil && s.Retries > s.Unshown.Seen }

// forgetQuiet drops a question that was not shown, once it is answered or asked again.
func (s *story) forgetQuiet() {
	if s.Unshown != nil {
		s.Unshown = nil
		s.recovered()
	}
}
