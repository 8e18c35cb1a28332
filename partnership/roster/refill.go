package roster

import (
	"strings"

	"github.com/rapport-dev/rapport/partnership"
)

// Taken is what of a campaign's slots is taken already.
type Taken struct {
	Started []partnership.PartnershipID `json:"Started"` // invited once, whatever became of it
	Held    int                         `json:"Held"`    // slots that are held now, by an open or a completed partnership
	Niches  map[string]int              `json:"Niches"`  // the partnerships that hold them, by niche
}

func (t Taken) in(niche string) (n int) {
	for name, held := range t.Niches {
		if strings.EqualFold(name, niche) {
			n += held
		}
	}
	return n
}

// Refill is Rank for a campaign that runs: it ranks those who were never invited, and gives places for the slots that nobody
// holds and for the standby that the selection asks for. What an arm holds already counts against its share. Ranks go on behind
// those who were invited.
func Refill(id partnership.CampaignID, creators []partnership.Creator, s partnership.Selection, t Taken) []Ranked {
	started := make(map[partnership.PartnershipID]bool, len(t.Started))
	for _, pa := range t.Started {
		started[pa] = true
	}
	out := ordered(creators, s, func(c partnership.Creator) bool {
		return len(started) > 0 && started[partnership.PartnershipFor(id, c.ID)]
	})
	place(out, s, t)
	for i := range out {
		out[i].Rank = len(started) + i + 1
	}
	return out
}

// Entries are the creators with a place, as a campaign waits with them. No personal data but a time zone.
func Entries(id partnership.CampaignID, ranked []Ranked) []partnership.RosterEntry {
	var out []partnership.RosterEntry
	for _, r := range ranked {
		if r.Place == Spare {
			continue
		}
		out = append(out, partnership.RosterEntry{
			PartnershipID: partnership.PartnershipFor(id, r.Creator.ID), CreatorID: r.Creator.ID, Tier: partnership.TierOf(r.Creator.Followers),
			Niche: r.Creator.Niche, Rank: r.Rank, Standby: r.Place == Standby, Zone: r.Creator.Timezone,
		})
	}
	return out
}
