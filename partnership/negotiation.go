package partnership

import (
	"strconv"

	"github.com/rapport-dev/rapport/partnership/money"
)

// Verdict is what becomes of a counter-offer.
type Verdict string

// The verdicts.
const (
	AcceptByRule Verdict = "accept"
	AskManager   Verdict = "manager"
	RefuseByRule Verdict = "refuse"
)

// Decision is a verdict and its reason in words.
type Decision struct {
	Verdict Verdict `json:"verdict"`
	Reason  string  `json:"reason"`
}

// Decide judges a counter-offer to the first offer's terms in that round (1 is the first). Within the campaign's limits it is
// accepted by rule; outside them, and after the last round, a manager decides. The limit counts from the first offer, so that
// several rounds cannot climb past it.
func Decide(limits NegotiationLimits, offered Terms, counterFeeMinor int64, round int) Decision {
	limit := offered.FeeMinor + money.ShareBPS(offered.FeeMinor, limits.MaxFeeUpliftBPS)
	show := func(minor int64) string { return money.Display(minor, offered.Currency) }
	switch {
	case counterFeeMinor < 0:
		return Decision{RefuseByRule, "a fee cannot be negative"}
	case round > limits.Rounds:
		return Decision{AskManager, "last round: the campaign allows " + rounds(limits.Rounds) + " by rule; this answer should be final"}
	case counterFeeMinor <= offered.FeeMinor:
		return Decision{AcceptByRule, show(counterFeeMinor) + " is not more than what was offered"}
	case counterFeeMinor <= limit:
		return Decision{AcceptByRule, show(counterFeeMinor) + " is within the campaign's limit of " + show(limit)}
	case offered.FeeMinor == 0:
		return Decision{AskManager, "the offer has no fee and " + show(counterFeeMinor) + " is asked for"}
	default:
		return Decision{AskManager, show(counterFeeMinor) + " is above the campaign's limit of " + show(limit)}
	}
}

func rounds(n int) string {
	switch n {
	case 0:
		return "no round"
	case 1:
		return "one round"
	default:
		return strconv.Itoa(n) + " rounds"
	}
}
