package finance

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// shelf keeps differences and what the chat says of each, and is that chat.
type shelf struct {
	Store
	all   map[string]*partnership.Difference
	told  map[string]string // by transfer: the state that its card shows
	order []string
	posts map[partnership.EffectKey]partnership.Message
	edits int
}

func (s *shelf) add(n int) {
	for range n {
		id := fmt.Sprintf("tr_%02d", len(s.order))
		s.order = append(s.order, id)
		s.all[id] = &partnership.Difference{Transfer: partnership.Transfer{ID: id, AmountMinor: 5000, Currency: "USD"}, Provider: "stripe", Why: "unknown", FoundAt: time.Unix(0, 0)}
	}
}

func (s *shelf) UntoldDifferences(context.Context) (untold []partnership.Difference, err error) {
	for _, id := range s.order {
		if d := s.all[id]; d.Card == nil && !d.Over() || d.Bundle != "" && s.told[id] != d.State() {
			untold = append(untold, *d)
		}
	}
	return untold, nil
}

func (s *shelf) OpenDifferences(context.Context, string) (open []partnership.Difference, err error) {
	for _, id := range s.order {
		if d := s.all[id]; !d.Over() {
			open = append(open, *d)
		}
	}
	return open, nil
}

func (s *shelf) DifferenceTold(_ context.Context, _, id string, ref partnership.MessageRef, state, bundle string) error {
	s.all[id].Card, s.all[id].Bundle, s.told[id] = &ref, bundle, state
	return nil
}

func (s *shelf) Post(_ context.Context, m partnership.Message, _ time.Time) (partnership.MessageRef, error) {
	s.posts[m.Key] = m
	return partnership.MessageRef{TS: string(m.Key)}, nil
}

func (s *shelf) UpdateMessage(_ context.Context, ref partnership.MessageRef, m partnership.Message) error {
	s.edits++
	s.posts[partnership.EffectKey(ref.TS)] = m
	return nil
}

// However many transfers the books have lost, finance has a handful of cards and one of all others, which says how many are left.
func TestManyDifferencesHaveOneCard(t *testing.T) {
	t.Parallel()
	s := &shelf{all: map[string]*partnership.Difference{}, told: map[string]string{}, posts: map[partnership.EffectKey]partnership.Message{}}
	b := &Board{Store: s, Poster: s, Editor: s, Title: strings.ToUpper, Log: slog.New(slog.DiscardHandler)}
	look := func(cards int, key, says string) {
		t.Helper()
		for range 2 { // what is told is not told again
			b.differences(t.Context())
		}
		if card := s.posts[partnership.EffectKey(key)]; len(s.posts) != cards || !strings.Contains(card.Text+card.Context, says) {
			t.Errorf("%d cards, want %d; %s says %q %q, want %q", len(s.posts), cards, key, card.Text, card.Context, says)
		}
	}
	const bundle = "differences/stripe/tr_04"
	s.add(4)
	look(4, "difference/stripe/tr_03", "STRIPE shows $50.00")
	s.add(40)
	look(5, bundle, "STRIPE shows 40 transfers that the books do not explain, $2,000.00")
	s.add(1)
	look(5, bundle, "shows 41 transfers")
	if edits := s.edits; edits != 1 {
		t.Errorf("the card was edited %d times", edits)
	}
	for _, id := range s.order[4:] {
		s.all[id].Settled, s.all[id].ClosedAt = partnership.SettleOurs, time.Now()
	}
	s.all["tr_10"].Settled, s.all["tr_10"].ClosedAt = partnership.SettleDouble, time.Time{}
	look(5, bundle, "those that are doubles (1) are reversed")
	s.all["tr_10"].ClosedAt = time.Now()
	look(5, bundle, "Each is settled.")
	s.all["tr_00"].Settled, s.all["tr_00"].ClosedAt = partnership.SettleForeign, time.Now()
	look(5, "difference/stripe/tr_00", "STRIPE shows $50.00") // whoever keeps the cards of decisions says what came of it
	s.add(2)
	look(7, "difference/stripe/tr_46", "STRIPE shows $50.00")
}
