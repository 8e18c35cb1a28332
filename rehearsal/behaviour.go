package rehearsal

import (
	"math"

	"github.com/rapport-dev/rapport/partnership"
)

// Time is how long something takes: half take less than Median, nine in ten less than P90 (lognormal, cut at three deviations).
type Time struct {
	Median float64 `json:"median"`
	P90    float64 `json:"p90"`
}

// even is the Time with the mean and the deviation of a number that is thrown evenly between low and high.
func even(low, high float64) Time {
	mean, deviation := (low+high)/2, (high-low)/math.Sqrt(12)
	return lasting(mean, deviation)
}

// lasting is the Time with that mean and deviation.
func lasting(mean, deviation float64) Time {
	v := math.Log1p(deviation * deviation / (mean * mean))
	median := mean * math.Exp(-v/2)
	return Time{percent(median), percent(median * math.Exp(z90*math.Sqrt(v)))}
}

// Behaviour is how everybody but the brand's software behaves. Chances are 0..1, times are in campaign days.
type Behaviour struct {
	Nano       Creator  `json:"nano"`
	Micro      Creator  `json:"micro"`
	AboveMicro Creator  `json:"above_micro"`
	Manager    Manager  `json:"manager"`
	Carrier    Carrier  `json:"carrier"`
	Audience   Audience `json:"audience"`
	// Deck is dealt to the creators of the file, so that every kind occurs as often as it says; without one, each creator throws
	// dice by the chances of their tier.
	Deck []Card `json:"deck,omitempty"`
}

// Card is a kind of creator.
type Card struct {
	Kind    string  `json:"kind"`
	Count   int     `json:"count"` // in a deck
	Creator Creator `json:"creator"`
}

// Creator is how creators of a tier behave. What an offer meets is one of OptsOut, Silent, Declines, Counters; the rest accept.
type Creator struct {
	OptsOut  float64 `json:"opts_out"`
	Silent   float64 `json:"silent"` // never answers
	Declines float64 `json:"declines"`
	Counters float64 `json:"counters"` // asks for 5-20 % more; only where a fee is offered
	Bold     float64 `json:"bold"`     // of those: for 40-80 % more
	Answers  Time    `json:"answers"`
	Waits    float64 `json:"waits"`    // of those who answer: only once reminded
	Reminded Time    `json:"reminded"` // from the reminder to their answer

	NeverSigns float64 `json:"never_signs"`
	Signs      Time    `json:"signs"`

	QuietGifted float64 `json:"quiet_gifted"` // goes quiet with the product in hand, where there is no fee
	QuietPaid   float64 `json:"quiet_paid"`   // the same, where there is a fee
	QuietLate   float64 `json:"quiet_late"`   // of those: only after the approved draft, before the post
	QuietAgain  bool    `json:"quiet_again"`  // over a revision too
	Returns     float64 `json:"returns"`      // of the quiet: comes back after a check-in
	ComesBack   Time    `json:"comes_back"`   // from the check-in

	Draft      Time    `json:"draft"`       // as a share of the time given: 1 is the due date
	Asks       float64 `json:"asks"`        // of those who will be late, or waited for a reminder: asks for more time before
	WaitsDraft float64 `json:"waits_draft"` // makes a draft only once reminded
	Post       Time    `json:"post"`        // as a share of the time given
	Brisk      bool    `json:"brisk"`       // Draft and Post are campaign days, whatever time is given
	Mends      Time    `json:"mends"`       // a post's disclosure

	Undisclosed float64 `json:"undisclosed"` // forgets the disclosure in the first post
	NeverSetsUp float64 `json:"never_sets_up"`
	SetsUp      Time    `json:"sets_up"` // how to be paid
}

// Manager is how the brand's own people behave. Times are in business days where days are real.
type Manager struct {
	Reviews      Time    `json:"reviews"`
	NeverReviews float64 `json:"never_reviews"` // the rule approves then
	Changes      float64 `json:"changes"`       // of the first drafts
	Decides      Time    `json:"decides"`       // about counter-offers, silences and parcels
	Accepts      float64 `json:"accepts"`       // of the counter-offers that the rule does not decide
	Extends      float64 `json:"extends"`       // of the silences; the rest up to 1 gets no decision
	KeepsWaiting float64 `json:"keeps_waiting"`
	Replaces     float64 `json:"replaces"`
	// ReplacesAgain holds where the same creator goes quiet again, and the rest gets no decision; 0 decides as the first time.
	ReplacesAgain float64 `json:"replaces_again"`
}

// Carrier is how parcels travel.
type Carrier struct {
	HandsOver float64 `json:"hands_over"` // business days from the label to the carrier
	Transit   Time    `json:"transit"`    // days from there to the door
	Slips     float64 `json:"slips"`
	Slip      Time    `json:"slip"` // days more, of those that slip
	Lost      float64 `json:"lost"`
	Base      float64 `json:"base"`     // of a label's price, in units of Currency
	PerOz     float64 `json:"per_oz"`   // of a label's price, in units of Currency
	Currency  string  `json:"currency"` // that the carrier asks in
}

// Audience is what a post brings.
type Audience struct {
	Clicks    float64 `json:"clicks"`     // of those who engage: follow the link
	Buys      float64 `json:"buys"`       // of those who click
	Looks     float64 `json:"looks"`      // clicks of a post whoever made it; 0 lets followers and Clicks decide
	Fewest    int     `json:"fewest"`     // orders of a post whoever made it, Fewest to Most of them;
	Most      int     `json:"most"`       // 0 lets clicks and Buys decide
	Order     Time    `json:"order"`      // an order's net, as a share of the gift's value, or of OrderUnit without a gift
	OrderUnit float64 `json:"order_unit"` // in units of the currency
	Peak      float64 `json:"peak"`       // times the expected orders, and PeakMore: a post never sells more; bounds the worst case
	PeakMore  int     `json:"peak_more"`
	MostValue float64 `json:"most_value"` // of an order, as a share like Order; bounds the worst case
	After     Time    `json:"after"`      // days from the post to an order
	From      float64 `json:"from"`       // where To is set: orders come evenly from this share of the sales window
	To        float64 `json:"to"`         // to that; 0 lets After decide
	Refunds   float64 `json:"refunds"`    // of the orders, whole, within the hold
}

// of is how creators of a tier behave.
func (b Behaviour) of(t partnership.Tier) Creator {
	switch t {
	case partnership.Nano:
		return b.Nano
	case partnership.Micro:
		return b.Micro
	default:
		return b.AboveMicro
	}
}

// What a bold counter-offer asks for at the most, as a multiple of the offered fee; it bounds the worst case.
const mostAsked = 1.8

// Defaults is the behaviour that stands in for a past of one's own. Sources says where its numbers come from.
func Defaults() Behaviour {
	nano := Creator{
		OptsOut: 0.01, Silent: 0.25, Declines: 0.12, Counters: 0.08, Bold: 0.3, Answers: Time{2, 5}, Waits: 0.25, Reminded: Time{0.5, 1.5},
		NeverSigns: 0.03, Signs: Time{1, 3},
		QuietGifted: 0.28, QuietPaid: 0.15, QuietLate: 0.2, Returns: 0.3, ComesBack: Time{0.5, 1.5},
		Draft: Time{0.8, 1.15}, Asks: 0.4, Post: Time{0.5, 0.95}, Mends: Time{0.5, 1.5},
		Undisclosed: 0.1, NeverSetsUp: 0.05, SetsUp: Time{3, 15},
	}
	micro := nano
	micro.Silent, micro.Declines, micro.Counters = 0.2, 0.15, 0.15
	micro.QuietGifted, micro.QuietPaid = 0.24, 0.08
	micro.Draft, micro.Undisclosed = Time{0.75, 1.05}, 0.07
	above := micro
	above.Silent, above.Declines, above.Counters, above.Bold = 0.3, 0.2, 0.25, 0.5
	above.QuietPaid, above.Undisclosed = 0.05, 0.05
	return Behaviour{
		Nano: nano, Micro: micro, AboveMicro: above,
		Manager: Manager{
			Reviews: Time{1, 2.5}, NeverReviews: 0.05, Changes: 0.2, Decides: Time{0.5, 2}, Accepts: 0.4,
			Extends: 0.3, KeepsWaiting: 0.2, Replaces: 0.2,
		},
		Carrier: Carrier{HandsOver: 1, Transit: Time{3, 5}, Slips: 0.08, Slip: Time{3, 8}, Lost: 0.01, Base: 4.10, PerOz: 0.09, Currency: "USD"},
		Audience: Audience{
			Clicks: 0.1, Buys: 0.013, Order: Time{1.2, 2.2}, OrderUnit: 40, Peak: 4, PeakMore: 5, MostValue: 5,
			After: Time{2, 12}, Refunds: 0.169,
		},
	}
}

// Source says where a default comes from.
type Source struct {
	What string `json:"what"`
	From string `json:"from"`
}

// Sources are where Defaults' numbers come from. What is not listed is an assumption: replace it by a past of one's own.
func Sources() []Source {
	return []Source{
		{
			"8 in 10 gifted creators post: 28 % of nano and 24 % of micro creators go quiet, 30 % of them return after a check-in",
			"hashgifted help centre: about 80 % of gifted creators post; more silence among nano creators, who have day jobs: the field's guide",
		},
		{"an answer to an offer within 2 days for half of those who answer", "#paid help centre: 48 hours as the norm for an answer"},
		{"13 of 1,000 clicks buy", "Oribi e-commerce benchmark 2020: 1.3 % of visitors from social channels buy on weekdays"},
		{"16.9 % of sales are returned", "National Retail Federation and Happy Returns, Consumer Returns 2024"},
		{"parcels take 3 days, 5 for the slowest tenth", "USPS Ground Advantage: 2 to 5 days; label prices are assumptions near its retail prices"},
		{"everything else", "assumptions; `rapport rehearse` replaces what your own past shows with at least 30 observations"},
	}
}

// Town is how the simulated people of `rapport dev --people` behave, so that a rehearsal can be held against what they then do.
// TestTownIsTheSimulatedPeople and `make forecast` hold it to them.
func Town() Behaviour {
	soon := even(0.2, 1.4)
	prompt := Creator{
		Answers: soon, Reminded: even(0.1, 0.4), Signs: soon, Draft: soon, Post: soon, Mends: soon, SetsUp: soon, Brisk: true,
	}
	kind := func(name string, count int, change func(*Creator)) Card {
		c := prompt
		change(&c)
		return Card{name, count, c}
	}
	quiet := func(c *Creator) { c.QuietGifted, c.QuietPaid = 1, 1 }
	return Behaviour{
		Deck: []Card{
			{"prompt", 7, prompt},
			kind("slow", 3, func(c *Creator) {
				unhurried := even(1, 2.5)
				c.Waits, c.WaitsDraft, c.Asks = 1, 1, 0.5
				c.Signs, c.Post, c.Mends, c.SetsUp = unhurried, unhurried, unhurried, unhurried
			}),
			kind("haggler", 2, func(c *Creator) { c.Counters = 1 }),
			kind("bold", 2, func(c *Creator) { c.Counters, c.Bold = 1, 1 }),
			kind("decliner", 3, func(c *Creator) { c.Declines = 1 }),
			kind("vanisher", 2, quiet),
			kind("quitter", 2, quiet),
			kind("forgetful", 1, func(c *Creator) { c.Undisclosed = 1 }),
			kind("late", 1, func(c *Creator) { quiet(c); c.QuietAgain, c.Returns, c.ComesBack = true, 1, even(3.2, 3.7) }),
			kind("silent", 1, func(c *Creator) { c.Silent = 1 }),
		},
		Manager: Manager{
			Reviews: even(0.3, 1.3), Changes: 0.15, Decides: even(0.3, 1.3), Accepts: 0.5,
			Extends: 0.25, KeepsWaiting: 0.25, Replaces: 0.3, ReplacesAgain: 0.5,
		},
		Carrier: Carrier{HandsOver: 0.7, Transit: even(2.15, 2.45), Slips: 0.12, Slip: even(1, 2), Base: 4.10, PerOz: 0.09, Currency: "USD"},
		Audience: Audience{
			// 3 to 8 look without buying, and of 2 to 6 buyers 65 % come by link. They buy one or two items of 20 to 60, each once to
			// three times, 70 % of them with 15 % off; 28 % send a third, two thirds or all of it back.
			Looks: 5.5 + 4*0.65, Fewest: 2, Most: 6, Order: lasting(107.3/36, 58.2/36), OrderUnit: 36, MostValue: 10,
			From: 0.03, To: 0.75, Refunds: 0.28 * 2 / 3,
		},
	}
}
