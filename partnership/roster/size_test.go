package roster_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/roster"
)

// The most that a campaign carries fits into a payload, with the longest of what is usual.
func TestARosterOfTheMostPlacesFits(t *testing.T) {
	t.Parallel()
	rows := make([]partnership.RosterEntry, roster.MaxPlaces)
	for i := range rows {
		id := fmt.Sprintf("019ae2f0-0000-7000-8000-%012d", i)
		rows[i] = partnership.RosterEntry{
			PartnershipID: partnership.PartnershipFor("019ae2f0-0000-7000-8000-000000000000", partnership.CreatorID(id)), CreatorID: partnership.CreatorID(id),
			Tier: partnership.AboveMicro, Niche: strings.Repeat("n", 60), Rank: i, Standby: true, Zone: "America/Argentina/ComodRivadavia",
		}
	}
	if err := roster.Fits(rows); err != nil {
		t.Error(err)
	}
	for i := range rows {
		rows[i].Niche = strings.Repeat("n", 400)
	}
	if err := roster.Fits(rows); err == nil || !strings.Contains(err.Error(), "1000 KB") {
		t.Errorf("niches of 400 letters: %v", err)
	}
}
