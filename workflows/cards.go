package workflows

import (
	"cmp"
	"time"

	"go.temporal.io/sdk/workflow"
)

// A card is how a manager hears of a question, and no part of the question: what the chat does not take (its channel is gone, its
// token was revoked, it is not there at all) is said on the board, the rules go on, and every other door can answer. "Try again"
// posts it again.

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
	s.waitsForRetry()
	err = s.awaitManager(ctx, q.due, func() bool { return q.answered() || s.Retries > seen })
	s.recovered()
	return err == nil && !q.answered() && s.Retries > seen, err
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
			s.worked(ctx, summary)
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

// awaitManager waits for a decision, until due; the story may end meanwhile.
func (s *story) awaitManager(ctx workflow.Context, due time.Time, done func() bool) error {
	within(ctx, due.Sub(workflow.Now(ctx)), s.summary(), func() bool { return done() || s.Stop != nil })
	return s.stopped()
}

// notShown says on the board that a card did not reach the chat.
func (s *story) notShown(ctx workflow.Context, summary, reason string) {
	s.log.Warn("a card was not shown", "card", summary, "why", reason)
	s.needsToo("not in the chat: " + summary + ": " + reason)
	s.note(ctx, "card_refused", "rapport", summary+" did not work: "+reason+". Every other door asks it too, and the rules go on.")
}
