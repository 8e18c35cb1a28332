package systemtest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

// CampaignID is the only campaign of a system.
func (s *System) CampaignID() partnership.CampaignID {
	s.t.Helper()
	var all struct{ Campaigns []board.Campaign }
	s.API("/campaigns", &all)
	if len(all.Campaigns) != 1 {
		s.t.Fatalf("%d campaigns", len(all.Campaigns))
	}
	return all.Campaigns[0].ID
}

// Board is the campaign as the API gives it.
func (s *System) Board() board.Campaign {
	s.t.Helper()
	var doc board.Campaign
	s.API("/campaigns/"+string(s.CampaignID()), &doc)
	return doc
}

// Partnerships are those of the board by their creators' handles.
func (s *System) Partnerships() map[string]board.Partnership {
	s.t.Helper()
	out := map[string]board.Partnership{}
	for _, one := range s.Board().Partnerships {
		out[one.Creator.Handle] = one
	}
	return out
}

// Dates are the open milestones of each partnership.
type Dates map[partnership.PartnershipID]map[timeline.Kind]time.Time

// DatesOf reads them out of a campaign's calendar.
func DatesOf(doc board.Calendar) Dates {
	all := Dates{}
	for _, e := range doc.Entries {
		if e.PartnershipID == "" || e.Kind == board.DateAwaited {
			continue
		}
		if all[e.PartnershipID] == nil {
			all[e.PartnershipID] = map[timeline.Kind]time.Time{}
		}
		all[e.PartnershipID][timeline.Kind(e.Kind)] = e.Due
	}
	return all
}

// Dates are the open milestones as the API gives them.
func (s *System) Dates() Dates {
	s.t.Helper()
	var doc board.Calendar
	s.API("/campaigns/"+string(s.CampaignID())+"/calendar", &doc)
	return DatesOf(doc)
}

// Crowd makes n nano creators who fit any campaign for the niche home.
func Crowd(n int) []partnership.Creator {
	all := make([]partnership.Creator, n)
	for i := range all {
		all[i] = partnership.Creator{
			Handle: fmt.Sprintf("maker.%02d", i), Name: fmt.Sprintf("Maker No %d", i), Email: fmt.Sprintf("maker-%02d@mail.example", i),
			Platform: "instagram", Followers: 14_000 - 100*i, EngagementRate: 5, Niche: "home", Country: "US", Language: "en", Timezone: "America/New_York",
		}
	}
	return all
}

// CSV is a creators.csv of them.
func CSV(t testing.TB, creators []partnership.Creator) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("handle,name,email,platform,followers,engagement_rate,niche,country,language,timezone\n")
	for _, c := range creators {
		fmt.Fprintf(&b, "%s,%s,%s,%s,%d,%g,%s,%s,%s,%s\n", c.Handle, c.Name, c.Email, c.Platform, c.Followers, c.EngagementRate, c.Niche, c.Country, c.Language, c.Timezone)
	}
	return b.String()
}

// CrowdCampaign is a campaign.yaml for the first target of a Crowd, with a timeline such as "{publish_from: +9, publish_to: +40}".
func CrowdCampaign(target int, timeline string) string {
	return fmt.Sprintf(crowdCampaign, target, timeline)
}

const crowdCampaign = `version: 1
name: Made Together
program: makers
brand: {name: Acme Scents, postal_address: "1 Main St, Austin TX 78701, US", reply_to: partners@acme.example}
currency: USD
timezone: America/New_York
budget: "60000.00"
brief:
  goal: Show how the Sunset candle fits into an evening that is really yours.
  values: [slow evenings]
  objectives: [people try the sampler]
  disclosure: "#ad"
selection: {target: %d, standby: 2, tiers: [nano], niches: [home]}
offer:
  fee: {nano: "500.00"}
  commission_percent: "10"
  gift: {sku: SAMPLER-12, name: Sunset sampler, value: "36.00", weight_oz: 40}
  discount_percent: "15"
  usage_rights: {channels: [paid_social], days: 90, paid: true}
  deliverables: [{kind: instagram_reel, count: 1}]
  negotiation: {max_fee_uplift_percent: "20", rounds: 2}
timeline: %s
payout: {hold_days: 10, minimum: "25.00", provider: stripe, approve_above: "5000.00"}
destination: https://shop.example/products/sampler
`
