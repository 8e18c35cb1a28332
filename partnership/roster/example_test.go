package roster_test

import (
	"fmt"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/roster"
)

// Engagement in the niche goes before followers, each arm has its share of the slots, and the next best stand by.
func ExampleRank() {
	creators := []partnership.Creator{
		{ID: "1", Handle: "big.and.passive", Email: "a@mail.example", Followers: 60_000, EngagementRate: 1.3, Niche: "home"},
		{ID: "2", Handle: "small.and.loved", Email: "b@mail.example", Followers: 12_000, EngagementRate: 6, Niche: "home"},
		{ID: "3", Handle: "their.customer", Email: "c@mail.example", Followers: 9_000, EngagementRate: 5, Niche: "fragrance", Source: "customer"},
		{ID: "4", Handle: "no.address", Followers: 9_000, EngagementRate: 9, Niche: "home"},
	}
	selection := partnership.Selection{
		Target: 2, Standby: 1, Tiers: []partnership.Tier{partnership.Nano, partnership.Micro},
		Arms: []partnership.Arm{{Niche: "home", Share: 50}, {Niche: "fragrance", Share: 50}},
	}
	for _, r := range roster.Rank(creators, selection) {
		fmt.Println(r.Rank, r.Creator.Handle, r.Place)
	}
	for _, reason := range roster.Vet(creators[3], selection) {
		fmt.Println(creators[3].Handle, "is not invited:", reason.Message)
	}
	// Output:
	// 1 their.customer slot
	// 2 small.and.loved slot
	// 3 big.and.passive standby
	// no.address is not invited: there is no address to write to
}
