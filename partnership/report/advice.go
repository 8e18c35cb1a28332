package report

import "fmt"

// Advice is what to do next with a creator, a niche, a tier.
type Advice string

// What can be advised.
const (
	Scale Advice = "scale"
	Hold  Advice = "hold"
	Stop  Advice = "stop"
)

const (
	scaleFrom = 2.0 // ROAS
	breakEven = 1.0
)

// Advise says what to do and why. It takes both ends of the interval: luck with a few orders scales nothing and stops nothing.
func (l Line) Advise() (Advice, string) {
	if !l.Comparable {
		return Hold, Apart
	}
	roas, ok := l.ROAS()
	in := l.ROASWithin
	switch {
	case !ok:
		return Hold, "nothing was spent"
	case in.High == 0:
		return Hold, "nothing was sold yet by anybody"
	}
	orders := fmt.Sprintf("%d orders", l.Orders)
	if l.Orders == 1 {
		orders = "1 order"
	}
	switch {
	case roas >= scaleFrom && in.Low >= breakEven:
		return Scale, "it pays for itself even at the low end"
	case in.High < breakEven:
		return Stop, "it does not pay for itself even at the high end"
	case roas >= scaleFrom:
		return Hold, "good, but with " + orders + " it may be luck"
	case roas >= breakEven:
		return Hold, "it pays for itself; try another product or message before more budget"
	default:
		return Hold, "below cost, but " + orders + " say too little"
	}
}
