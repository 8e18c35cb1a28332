package worlds

import (
	"testing"
)

// The world's own sums, by hand: RULES §Money 2 and 5.
func TestAWorldCountsAsTheRulesSay(t *testing.T) {
	c := &creator{fees: map[string]int64{"reel": 1_000}}
	w := &world{month: month{bps: 290, creators: []*creator{c}}}
	o := &order{of: c, net: 500}
	w.orders = []*order{o}
	if got := w.earned(c); got != 1_015 { // 500 at 2.9 % is 14.5
		t.Errorf("earned %d", got)
	}
	for back, want := range map[int64]int64{1: 1_015, 17: 1_014, 250: 1_007, 500: 1_000, 900: 1_000} {
		o.refunds = map[string]int64{"r": back}
		if got := w.earned(c); got != want {
			t.Errorf("with %d given back: %d, want %d", back, got, want)
		}
	}
}
