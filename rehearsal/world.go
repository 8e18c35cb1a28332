package rehearsal

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/partnership/roster"
)

// world is one way a campaign could go: what all stories of a run share, and their dice. It is read only.
type world struct {
	Campaign  partnership.Campaign
	Behaviour Behaviour
	Start     time.Time
	Day       time.Duration
	Limit     time.Duration // of the machine's time, for one workflow
	Listing   bool          // whether to note every event

	unit   int64  // minor units in one unit of the currency
	labels string // the currency that labels are counted in
	dice   dice
	roster []partnership.RosterEntry
	people map[partnership.CreatorID]partnership.Creator
	file   []partnership.CreatorID            // everybody in the creators' file
	dealt  map[partnership.CreatorID]*Creator // this run's cards; nil without a deck
	offers map[partnership.Tier]partnership.Terms
	known  map[partnership.PartnershipID]*story // stories of this run that were played before, by whom they are about; nil keeps none
}

// campaignID is the id of every rehearsed campaign.
const campaignID = partnership.CampaignID("rehearsal")

// newWorld prepares a campaign. Creators get ids that follow from their place in the file.
func newWorld(o Options) (*world, error) {
	w := &world{
		Campaign: o.Campaign, Behaviour: o.Behaviour, Start: o.Start.UTC(), Day: o.Day, Limit: o.Limit,
		unit: int64(math.Pow10(money.Exponent(o.Campaign.Currency))), labels: o.Campaign.Currency, dice: newDice(o.Seed),
		people: map[partnership.CreatorID]partnership.Creator{}, offers: map[partnership.Tier]partnership.Terms{},
	}
	w.Campaign.ID = campaignID
	if _, rated := o.Campaign.Rates[o.Behaviour.Carrier.Currency]; !rated {
		w.labels = o.Behaviour.Carrier.Currency
	}
	creators := slices.Clone(o.Creators)
	for i := range creators {
		creators[i].ID = partnership.CreatorID(fmt.Sprintf("creator-%05d", i+1))
		w.file = append(w.file, creators[i].ID)
	}
	everybody := w.Campaign.Selection
	everybody.Standby = len(creators)
	for _, r := range roster.Rank(creators, everybody) {
		tier := partnership.TierOf(r.Creator.Followers)
		if _, known := w.offers[tier]; !known {
			terms, err := partnership.OfferFor(w.Campaign, tier)
			if err != nil {
				return nil, err
			}
			w.offers[tier] = terms
		}
		w.people[r.Creator.ID] = r.Creator
		w.roster = append(w.roster, partnership.RosterEntry{
			PartnershipID: partnership.PartnershipFor(campaignID, r.Creator.ID), CreatorID: r.Creator.ID, Tier: tier,
			Niche: r.Creator.Niche, Zone: r.Creator.Timezone, Rank: r.Rank, Standby: r.Place != roster.Slot,
		})
	}
	if len(w.roster) == 0 {
		return nil, partnership.FieldErrorf("selection", "none of the creators passes the campaign's selection")
	}
	return w, nil
}

// rateNote says at which rate labels were brought to the campaign's currency, "" where none was.
func (w *world) rateNote() string {
	price := money.SumOf(money.Amount{Currency: w.Behaviour.Carrier.Currency, Minor: 1})
	return w.Campaign.Rates.Note(w.Campaign.Currency, price)
}

// pool is how many creators of the file could stand by.
func (w *world) pool() int {
	n := 0
	for _, e := range w.roster {
		if e.Standby {
			n++
		}
	}
	return n
}

// withStandby is the same world with n creators on standby. Where the file has fewer, others are assumed who are like those
// in it, ranked behind them: fewer standbys are always the first of more.
func (w *world) withStandby(n int) *world {
	out := *w
	out.roster = nil
	standby := 0
	for _, e := range w.roster {
		if e.Standby {
			if standby == n {
				continue
			}
			standby++
		}
		out.roster = append(out.roster, e)
	}
	if standby < n {
		out.people = make(map[partnership.CreatorID]partnership.Creator, len(w.people)+n-standby)
		for _, e := range w.roster {
			out.people[e.CreatorID] = w.people[e.CreatorID]
		}
	}
	for i := 0; standby < n; i, standby = i+1, standby+1 {
		like := w.roster[i%len(w.roster)]
		who := w.people[like.CreatorID]
		who.ID = partnership.CreatorID(string(like.CreatorID) + "+" + strconv.Itoa(1+i/len(w.roster)))
		who.Handle += "+" + strconv.Itoa(1+i/len(w.roster))
		out.people[who.ID] = who
		out.roster = append(out.roster, partnership.RosterEntry{
			PartnershipID: partnership.PartnershipFor(campaignID, who.ID), CreatorID: who.ID, Tier: like.Tier, Niche: like.Niche, Zone: like.Zone,
			Rank: len(out.roster) + 1, Standby: true,
		})
	}
	return &out
}

// earlier is the same world launched so many days earlier before the same dates. That is what buffers a last date: a plan with
// more buffer_days only promises a later post, and people take the time that they are given.
func (w *world) earlier(days float64) *world {
	out := *w
	more := time.Duration(days * float64(w.Day))
	s := &out.Campaign.Schedule
	if !s.PublishTo.IsZero() {
		s.PublishTo = s.PublishTo.Add(more)
	}
	if !s.PublishFrom.IsZero() {
		s.PublishFrom = s.PublishFrom.Add(more)
	}
	out.known = nil
	return &out
}

// run is the nth way this world could go.
func (w *world) run(n int) *world {
	out := *w
	out.dice = w.dice.at(n)
	out.dealt = out.deal()
	return &out
}

// date is when people would read it: campaign days as real days, whatever RAPPORT_DAY is.
func (w *world) date(t time.Time) time.Time {
	if t.IsZero() || w.Day == 24*time.Hour {
		return t
	}
	return w.Start.Add(time.Duration(float64(t.Sub(w.Start)) * float64(24*time.Hour) / float64(w.Day)))
}
