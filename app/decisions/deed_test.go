package decisions_test

import (
	"slices"
	"testing"

	"github.com/rapport-dev/rapport/app/decisions"
	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
)

// TestEachAnswerIsADeed of those that may be asked for by a decision's id; that the answer then asks for that one, the plays of agents show.
func TestEachAnswerIsADeed(t *testing.T) {
	t.Parallel()
	of, seen := deeds.Of(deeds.API, deeds.AnyDecision), map[string]bool{}
	for _, kind := range []partnership.QuestionKind{
		partnership.AsksCounter, partnership.AsksDraft, partnership.AsksSilence, partnership.AsksStep, partnership.AsksEffect, partnership.AsksMail, partnership.AsksRun,
		partnership.AsksPayout, partnership.AsksDifference, partnership.AsksObjection, partnership.AsksHeld, partnership.AsksHit, partnership.AsksWriteOff,
	} {
		for _, choice := range []partnership.Choice{"", partnership.ChoiceCancel, partnership.ChoiceReject, partnership.ChoiceVoid, partnership.ChoiceClear, partnership.ChoiceWithdraw} {
			deed := decisions.DeedOf(kind, choice)
			if seen[deed] = true; !slices.Contains(of, deed) {
				t.Errorf("%s answered %q is %q, which is none of %v", kind, choice, deed, of)
			}
		}
	}
	for _, deed := range of {
		if !seen[deed] {
			t.Errorf("no answer is %s", deed)
		}
	}
	if deed := decisions.DeedOf(partnership.AsksMend, "x"); deed != "" {
		t.Errorf("nothing settles a workflow that is stuck, but %s", deed)
	}
}
