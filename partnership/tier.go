package partnership

// Tier is a creator's size class.
type Tier string

// The tiers. Above 75,000 followers the field's guide names no further threshold, so neither do we.
const (
	Nano       Tier = "nano"
	Micro      Tier = "micro"
	AboveMicro Tier = "above_micro"
)

// TierOf classifies by followers: nano below 15,000; micro from 15,000 to 75,000, both ends in (RULES, creators and offers).
func TierOf(followers int) Tier {
	switch {
	case followers < 15_000:
		return Nano
	case followers <= 75_000:
		return Micro
	default:
		return AboveMicro
	}
}
