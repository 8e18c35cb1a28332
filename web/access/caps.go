package access

import (
	"fmt"
	"strings"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership/money"
)

// Caps are what an agent may do by itself in a day, by role and currency, in minor units. Where nothing is said a person confirms whatever costs
// money.
type Caps map[deeds.Role]map[string]int64

// ParseCaps reads RAPPORT_AGENT_CAPS: "manager=500.00 USD, finance=1000.00 EUR".
func ParseCaps(text string) (Caps, error) {
	caps := Caps{}
	for _, item := range strings.Split(text, ",") {
		if item = strings.TrimSpace(item); item == "" {
			continue
		}
		role, worth, found := strings.Cut(item, "=")
		amount, currency, spaced := strings.Cut(strings.TrimSpace(worth), " ")
		roles, err := parseRoles(role)
		if !found || !spaced || err != nil {
			return nil, fmt.Errorf("%q: write it as manager=500.00 USD", item)
		}
		minor, err := money.Parse(amount, strings.TrimSpace(currency))
		if err != nil || minor < 0 {
			return nil, fmt.Errorf("%q: the amount must be one of its currency, such as 500.00 USD", item)
		}
		if caps[roles[0]] == nil {
			caps[roles[0]] = map[string]int64{}
		}
		caps[roles[0]][strings.TrimSpace(currency)] = minor
	}
	return caps, nil
}

// Of is what somebody with these roles may, by currency: the most of any role.
func (c Caps) Of(roles []deeds.Role) map[string]int64 {
	most := map[string]int64{}
	for _, role := range roles {
		for currency, minor := range c[role] {
			most[currency] = max(most[currency], minor)
		}
	}
	return most
}
