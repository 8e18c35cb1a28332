package rehearsal

import "math"

// dice throws numbers that follow from their names alone: the same seed, run, creator and question give the same answer in
// whatever order and on whatever core they are asked, and also under another number of standbys or buffer days.
type dice uint64

func newDice(seed uint64) dice { return dice(mix(seed + 0x9e3779b97f4a7c15)) }

// of are the dice of something smaller: a run, a creator, an order.
func (d dice) of(name string) dice {
	h := uint64(d) ^ 0xcbf29ce484222325
	for i := range len(name) {
		h = (h ^ uint64(name[i])) * 0x100000001b3
	}
	return dice(mix(h))
}

// at are the dice of the nth of something.
func (d dice) at(n int) dice { return dice(mix(uint64(d) + (uint64(n)+1)*0x9e3779b97f4a7c15)) }

// share throws a number in (0, 1).
func (d dice) share(name string) float64 {
	return (float64(uint64(d.of(name))>>11) + 0.5) / (1 << 53)
}

// will says yes with that chance.
func (d dice) will(name string, chance float64) bool { return d.share(name) < chance }

// between throws a number in (low, high).
func (d dice) between(name string, low, high float64) float64 { return low + d.share(name)*(high-low) }

// takes throws a time of that distribution.
func (d dice) takes(name string, t Time) float64 {
	if t.Median <= 0 {
		return 0
	}
	z := math.Sqrt(-2*math.Log(d.share(name))) * math.Cos(2*math.Pi*d.share(name+"'"))
	return t.Median * math.Exp(max(-3, min(3, z))*math.Log(max(t.P90, t.Median)/t.Median)/z90)
}

// z90 is the standard normal distribution's 90th percentile.
const z90 = 1.2815515655446004

// count throws how often something rare happens that happens mean times on average (Poisson), at most most times.
func (d dice) count(name string, mean float64, most int) int {
	if mean > 30 { // near enough to normal, and exp(-mean) stays a number
		z := math.Sqrt(-2*math.Log(d.share(name))) * math.Cos(2*math.Pi*d.share(name+"'"))
		return max(0, min(most, int(math.Round(mean+math.Sqrt(mean)*z))))
	}
	n, p, u := 0, math.Exp(-mean), d.share(name)
	for sum := p; u > sum && n < most; sum += p {
		n++
		p *= mean / float64(n)
	}
	return n
}

// mix is splitmix64's finalizer: every bit of the input moves every bit of the output.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
