package people

import (
	"fmt"
	"testing"
)

func TestEveryPersonaIsDealt(t *testing.T) {
	var handles []string
	for i := range 24 {
		handles = append(handles, fmt.Sprintf("creator-%d", i))
	}
	count := map[persona]int{}
	for _, p := range deal(1, handles) {
		count[p]++
	}
	for _, p := range deck {
		if count[p] == 0 {
			t.Errorf("nobody is %s", p)
		}
	}
	if len(deck) != 24 {
		t.Errorf("the deck has %d cards", len(deck))
	}
	again := deal(1, handles)
	for h, p := range deal(1, handles) {
		if again[h] != p {
			t.Errorf("%s is %s, then %s", h, p, again[h])
		}
	}
}

func TestReactions(t *testing.T) {
	d := dice(1, "x")
	for _, test := range []struct {
		p        persona
		about    subject
		reminder bool
		step     string
		acts     bool
	}{
		{prompt, aboutOffer, false, "request", true},
		{prompt, aboutOther, false, "request", false},
		{slow, aboutOffer, false, "request", false},
		{slow, aboutOffer, true, "nudge", true},
		{silent, aboutOffer, true, "second_nudge", false},
		{vanisher, aboutSign, false, "request", true},
		{vanisher, aboutDraft, true, "due", false},
		{late, aboutDraft, true, "due", false},
		{late, aboutDraft, true, "check_in", true},
		{late, aboutPost, false, "request", true},
	} {
		if _, acts := test.p.reacts(test.about, test.reminder, test.step, d); acts != test.acts {
			t.Errorf("%s on %s (%s): acts %v", test.p, test.about, test.step, acts)
		}
	}
}
