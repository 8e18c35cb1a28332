package roster

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
)

// Place is what a ranked creator is for.
type Place string

// The places.
const (
	Slot    Place = "slot"    // invited first
	Standby Place = "standby" // invited when a slot falls free, best of the same niche first
	Spare   Place = "spare"   // beyond target and standby
)

// Ranked is a creator with a place. Rank 1 is the best.
type Ranked struct {
	Creator partnership.Creator
	Rank    int
	Place   Place
	Arm     string // the niche arm whose share the slot counts against, "" none
	Score   int    // 0..10,000
	Why     []string
}

// Rank orders the creators who pass Vet, best first, and gives the places: each arm's share of the target to the best of its
// niche, what an arm cannot fill to the best of the rest, then standby. The same creators in any order give the same result.
func Rank(creators []partnership.Creator, s partnership.Selection) []Ranked {
	return Refill("", creators, s, Taken{})
}

// ordered are the creators who pass Vet and are not left out, best first, without places.
func ordered(creators []partnership.Creator, s partnership.Selection, out func(partnership.Creator) bool) []Ranked {
	var found []Ranked
	for _, c := range creators {
		if !out(c) && Passes(Vet(c, s)) {
			score, why := Score(c, s)
			found = append(found, Ranked{Creator: c, Place: Spare, Arm: armOf(c.Niche, s.Arms), Score: score, Why: why})
		}
	}
	slices.SortFunc(found, func(a, b Ranked) int {
		return cmp.Or(
			cmp.Compare(b.Score, a.Score),
			cmp.Compare(b.Creator.Followers, a.Creator.Followers), // followers only break ties
			cmp.Compare(a.Creator.Handle, b.Creator.Handle),
			cmp.Compare(a.Creator.ID, b.Creator.ID),
		)
	})
	return found
}

// place gives each arm what it lacks of its share of the target, then the free slots that are left to anyone, then standby.
func place(ranked []Ranked, s partnership.Selection, t Taken) {
	target := min(max(s.Target, 0), t.Held+len(ranked))
	free := max(target-t.Held, 0)
	shares := make([]int64, len(s.Arms))
	for i, arm := range s.Arms {
		shares[i] = int64(arm.Share)
	}
	lacking, sum := money.Allocate(int64(target), shares), int64(0)
	for i, arm := range s.Arms {
		lacking[i] = max(lacking[i]-int64(t.in(arm.Niche)), 0)
		sum += lacking[i]
	}
	for i, quota := range money.Allocate(min(int64(free), sum), lacking) {
		free -= take(ranked, int(quota), Slot, func(r Ranked) bool { return strings.EqualFold(r.Arm, s.Arms[i].Niche) })
	}
	anyone := func(Ranked) bool { return true }
	take(ranked, free, Slot, anyone)
	take(ranked, s.Standby, Standby, anyone)
}

// take gives a place to the best n spare creators that fit, and says how many it found.
func take(ranked []Ranked, n int, to Place, fits func(Ranked) bool) int {
	found := 0
	for i := range ranked {
		if found < n && ranked[i].Place == Spare && fits(ranked[i]) {
			ranked[i].Place = to
			found++
		}
	}
	return found
}

func armOf(niche string, arms []partnership.Arm) string {
	for _, a := range arms {
		if strings.EqualFold(a.Niche, niche) {
			return a.Niche
		}
	}
	return ""
}

// The weights of a score, in parts of 10,000. Followers have none: 18,000 engaged in the niche beat 60,000 passive and broad.
const (
	engagementWeight = 4_000
	audienceWeight   = 2_500
	nicheWeight      = 1_000
	customerWeight   = 1_000
)

// sources in the guide's order of preference, in points of the same 10,000.
var sources = map[string]int{"customer": 1_500, "organic_mention": 1_200, "inbound": 800, "referral": 600, "search": 200}

// Score rates a creator for a campaign, and says why in words without personal data. Whole numbers only, so that it is the
// same on every machine.
func Score(c partnership.Creator, s partnership.Selection) (score int, why []string) {
	const best = 13 // per cent: the guide's upper end for nano and micro; more is rather bought than earned
	rate := min(max(c.EngagementRate, 0), best)
	score = int(math.Round(rate * engagementWeight / best))
	why = append(why, fmt.Sprintf("%g %% engagement", c.EngagementRate))

	audience := min(max(c.AudienceMatch, 0), 100)
	if audience == 0 {
		audience = 40 // unknown: less than a known good one, more than a known bad one
	} else {
		why = append(why, fmt.Sprintf("%g %% of the audience is in the target", audience))
	}
	score += int(math.Round(audience * audienceWeight / 100))

	if points, ok := sources[c.Source]; ok {
		score += points
		why = append(why, "source: "+strings.ReplaceAll(c.Source, "_", " "))
	}
	if (len(s.Niches) > 0 || len(s.Arms) > 0) && wanted(c.Niche, s) {
		score += nicheWeight
		why = append(why, "in the niche")
	}
	if c.PastCustomer || c.Source == "customer" {
		score += customerWeight
		why = append(why, "is a customer")
	}
	return score, why
}

// Order puts those who are to have a slot before the standby, and the better ranked first.
func Order(a, b partnership.RosterEntry) int {
	switch {
	case a.Standby == b.Standby:
		return cmp.Compare(a.Rank, b.Rank)
	case b.Standby:
		return -1
	default:
		return 1
	}
}
