package deeds

import (
	"context"
	"slices"

	"github.com/rapport-dev/rapport/partnership"
)

// Objectors keep what a creator objects to on their statement; O says whose statement it is.
type Objectors[O any] interface {
	Object(ctx context.Context, of O, row, words string, d partnership.Deed) (partnership.Objection, error)
}

// Object objects to a line of a creator's own statement. What comes of it at once stands in the objection: what can be stopped is held.
func Object[O any](ctx context.Context, kept Objectors[O], by By, of O, row, words string) (partnership.Objection, error) {
	if err := by.May(partnership.DeedObject); err != nil {
		return partnership.Objection{}, err
	}
	return kept.Object(ctx, of, row, words, partnership.Deed{Who: by.Who})
}

// Objections keep what a person decides about what a creator objects to.
type Objections interface {
	DecideObjection(ctx context.Context, id string, how partnership.Choice, words string, d partnership.Deed) (partnership.Objection, error)
}

// DecideObjection lets a line that was objected to stand, rejects it, or answers in words; the creator is mailed the words.
func DecideObjection(ctx context.Context, kept Objections, by By, id string, how partnership.Choice, words string) (partnership.Objection, error) {
	if err := by.May(partnership.DeedDecideObjection); err != nil {
		return partnership.Objection{}, err
	}
	if !slices.Contains(partnership.ObjectionChoices(), how) {
		return partnership.Objection{}, partnership.FieldErrorf("decision", "must be %s, %s or %s", partnership.ChoiceRelease, partnership.ChoiceVoid, partnership.ChoiceAnswer)
	}
	return kept.DecideObjection(ctx, id, how, words, partnership.Deed{Who: by.Who})
}
