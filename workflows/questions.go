package workflows

import (
	"slices"
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/partnership"
)

// questionsState is what people of the brand are asked to decide, and how it ended. Both travel with the story's row on the board, so
// that a question stands in every door's list for as long as the story asks it, and no longer; what came of it is the story's word.
type questionsState struct {
	Asks    []partnership.Question `json:"Asks,omitempty"`
	Settled []partnership.Closing  `json:"Settled,omitempty"` // since the last projection
}

// puts opens a question. The next projection shows it.
func (s *questionsState) puts(ctx workflow.Context, q partnership.Question) {
	q.At = workflow.Now(ctx)
	s.Asks = append(s.Asks, q)
}

// settles closes the questions of a kind that fit, with what came of them.
func (s *questionsState) settles(ctx workflow.Context, kind partnership.QuestionKind, as partnership.Closing, fits func(partnership.Question) bool) {
	s.Asks = slices.DeleteFunc(s.Asks, func(q partnership.Question) bool {
		if q.Kind != kind || !fits(q) {
			return false
		}
		one := as
		one.Kind, one.Of, one.At = q.Kind, q.Of, workflow.Now(ctx)
		s.Settled = append(s.Settled, one)
		return true
	})
}

// told takes what the next projection tells of endings; untold gives it back when nobody has heard.
func (s *questionsState) told() []partnership.Closing {
	closed := s.Settled
	s.Settled = nil
	return closed
}

func (s *questionsState) untold(closed []partnership.Closing) {
	s.Settled = append(closed, s.Settled...)
}

// questionsOver closes all that is still asked when the story ends. What a silence decided has lapsed; a person who cancels this
// partnership alone has answered what to do about a step that was refused.
func (s *questionsState) questionsOver(ctx workflow.Context, end Ending, came string) {
	silent := end.Outcome == partnership.Ghosted || end.Outcome == partnership.Expired
	for _, kind := range []partnership.QuestionKind{partnership.AsksCounter, partnership.AsksDraft, partnership.AsksSilence, partnership.AsksStep} {
		as := partnership.Closing{State: partnership.QuestionOver, Came: came}
		if silent && kind == partnership.AsksSilence {
			as.State = partnership.QuestionLapsed
		}
		if kind == partnership.AsksStep && end.Outcome == partnership.Cancelled && end.Letter == alone {
			as.State, as.Choice, as.By = partnership.QuestionAnswered, partnership.ChoiceCancel, end.By
		}
		s.settles(ctx, kind, as, every)
	}
}

func every(partnership.Question) bool { return true }

// about fits the questions that an answer to that subject answers.
func about(subject string) func(partnership.Question) bool {
	return func(q partnership.Question) bool { return q.Subject() == subject }
}

// stepIs closes what was asked about a step.
func (s *questionsState) stepIs(ctx workflow.Context, summary string, as partnership.Closing) {
	s.settles(ctx, partnership.AsksStep, as, func(q partnership.Question) bool { return q.What == summary })
}

// onDay is a date in what came of a question.
func onDay(t time.Time) string { return t.UTC().Format("Mon 2 Jan 15:04 UTC") }
