package forecasttest

import (
	"math"
	"testing"
)

func TestLeastIsTheBinomials(t *testing.T) {
	for _, c := range []struct {
		n        int
		p, alarm float64
		want     int
	}{
		{20, 0.8, namedAlarm, 13}, {20, 0.8, otherAlarm, 11}, {20, 1, otherAlarm, 20}, {3, 0.8, otherAlarm, 0},
	} {
		if got := least(c.n, c.p, c.alarm); got != c.want {
			t.Errorf("least(%d, %g, %g) = %d, want %d", c.n, c.p, c.alarm, got, c.want)
		}
	}
}

func TestABiasedForecastIsRefused(t *testing.T) {
	true20 := make([]int64, 20) // evenly from 1 to 20
	for i := range true20 {
		true20[i] = int64(i + 1)
	}
	b := band{Name: "posts", P10: 3, P50: 10, P90: 18, Mean: 10.5, Deviation: 5.77, Inside: 0.8}
	if v := b.judge(true20, 0); len(v.faults) > 0 || v.inside != 16 {
		t.Errorf("a true forecast: %+v", v)
	}
	for name, off := range map[string]band{
		"too high":   {Name: "posts", P10: 7, P50: 15, P90: 22, Mean: 14.9, Deviation: 5.77, Inside: 0.8},
		"too narrow": {Name: "posts", P10: 9, P50: 10, P90: 12, Mean: 10.5, Deviation: 1.2, Inside: 0.8},
		"one number": {Name: "posts", P10: 10, P50: 10, P90: 10, Mean: 10, Inside: 1},
	} {
		if v := off.judge(true20, 0); len(v.faults) == 0 {
			t.Errorf("%s: nothing is wrong with %+v", name, v)
		}
	}
	constant := band{Name: "cancelled", Inside: 1}
	if v := constant.judge([]int64{0, 0, 0}, 0); len(v.faults) > 0 || math.IsNaN(v.away) {
		t.Errorf("a number that never changes: %+v", v)
	}
}
