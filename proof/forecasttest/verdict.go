package forecasttest

import (
	"fmt"
	"math"
)

// The criteria were fixed before the first comparison.
//
// Inside: the forecast says which share of its own runs lies from P10 to P90, at least 0.8 and more where many runs come to the
// same number. Of n independent draws as many lie inside as a binomial of that share says; fewer than least() are refused. With a
// share of 0.8 that is 13 of 20 for a named number (a true forecast fails in 3.2 % of the suites), 11 for the others (0.3 %).
//
// Mean: the draws' mean lies within three standard errors of the forecast's, by the forecast's own deviation (0.3 %).
const (
	namedAlarm = 0.035 // what a comparison may fail by chance: the numbers that a campaign is judged by
	otherAlarm = 0.005 // each of the others: they are many
	errorsAway = 3.0

	forecastRuns = 400
)

// named are the numbers that a campaign is judged by.
var named = map[string]bool{"posts_by_last_date": true, "spend_minor": true, "ghosted": true}

// band is what the forecast says about a number.
type band struct {
	Name      string  `json:"name"`
	P10       int64   `json:"p10"`
	P50       int64   `json:"p50"`
	P90       int64   `json:"p90"`
	Mean      float64 `json:"mean"`
	Deviation float64 `json:"deviation"`
	Inside    float64 `json:"inside"`
}

func (b band) holds(v int64) bool { return b.P10 <= v && v <= b.P90 }

// verdict is how a number's draws compare with its band.
type verdict struct {
	inside, least int
	expected      float64 // of the draws inside
	mean          float64
	away          float64 // standard errors from the forecast's mean
	faults        []string
}

// judge compares the draws with the forecast. slack is how far the mean may be off for a stated reason besides chance.
func (b band) judge(draws []int64, slack float64) verdict {
	var v verdict
	n, sum := float64(len(draws)), 0.0
	for _, d := range draws {
		sum += float64(d)
		if b.holds(d) {
			v.inside++
		}
	}
	alarm := otherAlarm
	if named[b.Name] {
		alarm = namedAlarm
	}
	v.mean, v.expected, v.least = sum/n, n*b.Inside, least(len(draws), b.Inside, alarm)
	if v.inside < v.least {
		v.faults = append(v.faults, fmt.Sprintf("%s: %d of %d lie from P10 to P90, at least %d should", b.Name, v.inside, len(draws), v.least))
	}
	off, fault := v.mean-b.Mean, b.Deviation*math.Sqrt(1/n+1./forecastRuns)
	if beyond := max(0, math.Abs(off)-slack); beyond > 0 {
		v.away = math.Copysign(beyond/fault, off) // infinite where the forecast knows one number only
	}
	if math.Abs(v.away) > errorsAway {
		v.faults = append(v.faults, fmt.Sprintf("%s: the mean is %.5g, the forecast's %.5g: %.1f standard errors away", b.Name, v.mean, b.Mean, v.away))
	}
	return v
}

// least is the least number of n draws, each inside with chance p, that is reached in all but alarm of the cases.
func least(n int, p, alarm float64) int {
	below := 0.0 // the chance of fewer than k
	for k := range n {
		if below += chanceOf(n, k, p); below > alarm {
			return k
		}
	}
	return n
}

// chanceOf is the binomial chance of exactly k of n.
func chanceOf(n, k int, p float64) float64 {
	c := 1.0
	for i := range k {
		c *= float64(n-i) / float64(i+1)
	}
	return c * math.Pow(p, float64(k)) * math.Pow(1-p, float64(n-k))
}
