package rehearsal

import (
	"cmp"
	"slices"

	"github.com/rapport-dev/rapport/partnership"
)

// stride is how a deck is walked, so that the first few cards differ already: it has no divisor in common with a deck of 24.
const stride = 7

// deal gives each creator of the file a card, in an order that the run's dice throw.
func (w *world) deal() map[partnership.CreatorID]*Creator {
	cards := w.Behaviour.cards()
	if len(cards) == 0 {
		return nil
	}
	order, luck := slices.Clone(w.file), make(map[partnership.CreatorID]float64, len(w.file))
	for _, id := range order {
		luck[id] = w.dice.share("deal " + string(id))
	}
	slices.SortFunc(order, func(a, b partnership.CreatorID) int { return cmp.Or(cmp.Compare(luck[a], luck[b]), cmp.Compare(a, b)) })
	dealt := make(map[partnership.CreatorID]*Creator, len(order))
	for i, id := range order {
		dealt[id] = cards[i*stride%len(cards)]
	}
	return dealt
}

// cards are the deck's, each as often as it counts.
func (b Behaviour) cards() []*Creator {
	var all []*Creator
	for i, card := range b.Deck {
		all = append(all, slices.Repeat([]*Creator{&b.Deck[i].Creator}, card.Count)...)
	}
	return all
}

// mood is how a creator behaves in this run. Somebody who is only assumed draws a card of their own.
func (w *world) mood(id partnership.CreatorID, tier partnership.Tier) Creator {
	if card, dealt := w.dealt[id]; dealt {
		return *card
	}
	if cards := w.Behaviour.cards(); len(cards) > 0 {
		return *cards[int(w.dice.share("draws "+string(id))*float64(len(cards)))]
	}
	return w.Behaviour.of(tier)
}
