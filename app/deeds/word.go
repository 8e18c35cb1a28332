package deeds

import (
	"context"
	"encoding/json"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// Word is what the workflow of a deed answered.
type Word struct {
	WaitingFor string // what is awaited now
	More       int    // how many others still have to say the same: their question stays open
}

// Teller is the second half of a Decider: it tells the workflow of a deed that was kept, and waits for its word.
type Teller interface {
	Tell(ctx context.Context, kept partnership.Asked, answer any) error
}

// Tell tells a deed that was kept to its workflow. Errors are as of Request.Decide.
func Tell(ctx context.Context, w Teller, kept partnership.Asked) (Word, error) {
	var ack workflows.Ack
	err := w.Tell(ctx, kept, &ack)
	return word(ack), err
}

// WordOf is what was answered to a deed since. A workflow that has ended meanwhile has said nothing.
func WordOf(d partnership.Asked) (Word, error) {
	var ack workflows.Ack
	if len(d.Answer) == 0 {
		return Word{}, nil
	}
	err := json.Unmarshal(d.Answer, &ack)
	return word(ack), err
}

func word(ack workflows.Ack) Word { return Word{WaitingFor: ack.WaitingFor, More: ack.More} }
