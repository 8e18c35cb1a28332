package rehearsal

import (
	"fmt"

	"github.com/rapport-dev/rapport/partnership"
)

// Tally is how often something happened of how often it could have.
type Tally struct{ Of, Hits int }

// Observed is what a tier's creators have done in the store's own past.
type Observed struct {
	Tier        partnership.Tier
	Silent      Tally // of the offers: never answered
	Declines    Tally // of the offers
	Counters    Tally // of the offers with a fee
	NeverSigns  Tally // of the contracts
	LostGifted  Tally // of the signed without a fee: given up or replaced before a post
	LostPaid    Tally // of the signed with a fee: the same
	Undisclosed Tally // of the first posts
}

// History is a store's own past; nil is none.
type History struct {
	Tiers []Observed
	Lost  Tally // of the parcels
}

// enough is the least number of observations that replace a default.
const enough = 30

const ownPast = "own past"

// Basis says what a number of the behaviour rests on.
type Basis struct {
	What         string  `json:"what"`
	Value        float64 `json:"value"`
	Observations int     `json:"observations"`
	Used         string  `json:"used"` // own past, default
}

// FromHistory is Defaults with every share that the past shows often enough put in its place. It says for each what was used.
func FromHistory(h *History) (Behaviour, []Basis) {
	b := Defaults()
	if h == nil {
		h = &History{}
	}
	var basis []Basis
	use := func(what string, t Tally, value *float64, of func(float64) float64) {
		from := Basis{What: what, Observations: t.Of, Used: "default"}
		if t.Of >= enough {
			*value, from.Used = of(float64(t.Hits)/float64(t.Of)), ownPast
		}
		from.Value = percent(*value)
		basis = append(basis, from)
	}
	same := func(x float64) float64 { return x }
	for _, tier := range []partnership.Tier{partnership.Nano, partnership.Micro, partnership.AboveMicro} {
		var o Observed
		for _, seen := range h.Tiers {
			if seen.Tier == tier {
				o = seen
			}
		}
		c := b.tier(tier)
		of := func(what string) string { return fmt.Sprintf("%s, %s", what, tier) }
		use(of("offers never answered"), o.Silent, &c.Silent, same)
		use(of("offers declined"), o.Declines, &c.Declines, same)
		use(of("offers countered"), o.Counters, &c.Counters, same)
		use(of("contracts never signed"), o.NeverSigns, &c.NeverSigns, same)
		// Given up are those who went quiet and did not return.
		quiet := func(lost float64) float64 { return min(1, lost/(1-c.Returns)) }
		use(of("quiet with a gift alone"), o.LostGifted, &c.QuietGifted, quiet)
		use(of("quiet with a fee"), o.LostPaid, &c.QuietPaid, quiet)
		use(of("first posts without a disclosure"), o.Undisclosed, &c.Undisclosed, same)
		if all := c.OptsOut + c.Silent + c.Declines + c.Counters; all > 1 { // each was seen alone
			c.OptsOut, c.Silent, c.Declines, c.Counters = c.OptsOut/all, c.Silent/all, c.Declines/all, c.Counters/all
		}
	}
	use("parcels lost", h.Lost, &b.Carrier.Lost, same)
	return b, basis
}

func (b *Behaviour) tier(t partnership.Tier) *Creator {
	switch t {
	case partnership.Nano:
		return &b.Nano
	case partnership.Micro:
		return &b.Micro
	default:
		return &b.AboveMicro
	}
}
