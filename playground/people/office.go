package people

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// Who decides what in the sandbox's Slack.
const (
	manager       = "U_MANAGER"
	finance       = "U_FINANCE"
	secondFinance = "U_FINANCE2"
)

// office is the brand's people at work. Their memory is short: a card that still has buttons after a while is looked at again.
type office struct {
	*town
	mu    sync.Mutex
	cards map[string]card // as they are now, by ts
	taken map[string]bool // those that somebody works on
	asked map[string]int  // decisions about one thing so far: a silence, a refused step
}

// watchSlack answers every card that asks for a decision.
func (t *town) watchSlack(ctx context.Context) {
	o := &office{town: t, cards: map[string]card{}, taken: map[string]bool{}, asked: map[string]int{}}
	var after int64
	for ; ctx.Err() == nil; sleep(ctx, look) {
		cards, err := t.sandbox.messages(ctx, after)
		if err != nil {
			continue // the sandbox starts or restarts
		}
		for _, card := range cards {
			after = max(after, card.Seq)
			o.consider(ctx, card)
		}
	}
}

// consider decides about a card once, and comes back as long as its buttons are there: a click that got lost (the front door
// was down, the engine busy) leaves them.
func (o *office) consider(ctx context.Context, card card) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.cards[card.TS] = card
	if o.taken[card.TS] || len(card.Buttons) == 0 {
		return
	}
	o.taken[card.TS] = true
	d := dice(o.seed, "office", card.Key)
	at := time.Now().Add(o.days(between(d, 0.3, 1.3)))
	o.later(ctx, at, func(ctx context.Context) { o.decide(ctx, card, d) })
}

// patience is how long an answer may take before somebody presses again.
const patience = 2 * time.Second

func (o *office) decide(ctx context.Context, card card, d *rand.Rand) {
	choice := o.choose(ctx, card, d)
	if choice.action == "" {
		return
	}
	for try := 0; ctx.Err() == nil && try < 60; try++ {
		who := choice.by
		if choice.second && try%2 == 1 {
			who = secondFinance
		}
		if err := o.press(ctx, card, choice, who); err == nil || try > 0 {
			sleep(ctx, patience)
		} else {
			sleep(ctx, look)
		}
		if !o.now(card.TS).offers(choice.action) {
			return
		}
	}
}

// now is a card as it stands.
func (o *office) now(ts string) card {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.cards[ts]
}

// choice is a button to press, by whom, and what to write where the button asks for words.
type choice struct {
	action, words, by string
	second            bool // a second person may have to press it too
}

// choose looks at a card as a manager would.
func (o *office) choose(ctx context.Context, card card, d *rand.Rand) choice {
	verb, value := card.verb()
	if o.away && slices.Contains([]string{partnership.ActReviewDraft, partnership.ActDecideCounter, partnership.ActDecideQuiet}, verb) {
		return choice{}
	}
	act := func(what partnership.Choice) choice {
		return choice{action: partnership.ActionID(verb, what), by: manager}
	}
	switch verb {
	case partnership.ActReviewDraft:
		if strings.HasSuffix(value, "draft-1") && d.Float64() < 0.15 {
			c := act(partnership.ChoiceChanges)
			c.words = "Lovely light. Please say once that a burning candle is never left alone."
			return c
		}
		return act(partnership.ChoiceApprove)
	case partnership.ActDecideCounter:
		if d.Float64() < 0.5 {
			return act(partnership.ChoiceAccept)
		}
		return act(partnership.ChoiceRefuse)
	case partnership.ActDecideQuiet:
		return o.aboutSilence(value, act, d)
	case partnership.ActResolveEffect:
		sent, err := o.sandbox.happened(ctx, value)
		if err != nil {
			return choice{}
		}
		if sent {
			return act(partnership.ChoiceSent)
		}
		return act(partnership.ChoiceNotSent)
	case partnership.ActRetryStep:
		if o.again("retry/"+value) > 2 { // twice is enough: something is wrong that pressing does not mend
			return act(partnership.ChoiceCancel)
		}
		return act(partnership.ChoiceAgain)
	case partnership.ActApproveRun:
		return choice{action: partnership.ActionID(verb, partnership.ChoiceApprove), by: finance, second: true}
	case partnership.ActResolvePayout:
		transfer, err := o.sandbox.transferOf(ctx, value)
		if err != nil {
			return choice{}
		}
		if transfer != "" {
			return choice{action: partnership.ActionID(verb, partnership.ChoicePaid), by: finance, words: transfer}
		}
		return choice{action: partnership.ActionID(verb, partnership.ChoiceRelease), by: finance}
	default:
		return choice{}
	}
}

// aboutSilence waits or gives more time at first; the second time the slot goes to somebody else, or nobody decides at all.
func (o *office) aboutSilence(value string, act func(partnership.Choice) choice, d *rand.Rand) choice {
	pa, _, _ := strings.Cut(value, "|")
	n, luck := o.again("silence/"+pa), d.Float64()
	switch {
	case n > 1 && luck < 0.5, n == 1 && luck < 0.3:
		return act(partnership.ChoiceReplace)
	case n > 1, luck < 0.5:
		return choice{} // on holiday: the ladder ends by itself
	case luck < 0.75:
		return act(partnership.ChoiceKeepWaiting)
	default:
		return act(partnership.ChoiceExtend)
	}
}

// again counts how often somebody was asked about a thing.
func (o *office) again(about string) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.asked[about]++
	return o.asked[about]
}

// press presses the button, and fills in and sends the form that it opens, if it opens one.
func (o *office) press(ctx context.Context, card card, c choice, who string) error {
	if err := o.sandbox.click(ctx, card, c.action, who); err != nil || c.words == "" {
		return err
	}
	return o.sandbox.answerForm(ctx, who, c.words)
}
