package workflows

import (
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// endingState is whether the story has to end before its time, and how it ended.
type endingState struct {
	Stop *Ending `json:"Stop"` // set when the story has to end early

	outcome partnership.Outcome // set once it closes
	endedAt time.Time           // and when, before the end takes anything back: what is sold from here on earns nothing
}

// Ending is how a story ends before its time.
type Ending struct {
	Outcome partnership.Outcome `json:"Outcome"`
	Reason  string              `json:"Reason"`
	By      string              `json:"By"`
	Letter  string              `json:"Letter"` // how the creator is told, where the outcome alone would say it wrong: too_late, withdrawn, alone
}

// alone is the letter of an end that a person gave to this partnership and to no other of its campaign.
const alone = "alone"

func (e *Ending) Error() string { return string(e.Outcome) + ": " + e.Reason }

// end makes the story stop at its next step. The first reason wins: a later one finds the story already ending.
func (s *endingState) end(e Ending) {
	if s.Stop == nil && s.outcome == "" {
		s.Stop = &e
	}
}

// stopped is the error that leaves the stages when the story has to end.
func (s *endingState) stopped() error {
	if s.Stop == nil {
		return nil
	}
	return s.Stop
}

// ended says how the story ended, and when.
func (s *endingState) ended(as partnership.Outcome, at time.Time) { s.outcome, s.endedAt = as, at }

// closedDetail is an end in words.
func closedDetail(end Ending) string {
	if end.Letter == alone && end.Outcome == partnership.Replaced {
		return "Replaced by " + end.By + ": " + end.Reason + "."
	}
	if end.Letter == alone { // a person ended just this one
		return "Cancelled by " + end.By + ": " + end.Reason + "."
	}
	if end.Reason == "" {
		return "Ended: " + string(end.Outcome) + "."
	}
	return "Ended: " + string(end.Outcome) + " (" + end.Reason + ")."
}
