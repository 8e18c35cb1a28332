package web_test

import (
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// full is a house with something on every page of the console.
func (h *house) full() {
	h.t.Helper()
	ctx := h.t.Context()
	_, err := h.store.EnsureKit(ctx, h.partnership)
	must(h.t, err)
	must(h.t, h.store.SaveDelivery(ctx, partnership.Delivery{PartnershipID: h.partnership, ShipmentID: "s", Carrier: "USPS", TrackingCode: "EZ1000000001", Status: partnership.ParcelInTransit}))
	h.planned()
	_, err = h.store.AddSubmission(ctx, partnership.Submission{ID: "s1", PartnershipID: h.partnership, Task: "draft-1", URL: "https://drive.example/draft", Caption: "#ad Calm evenings", At: time.Now().Add(-time.Hour)})
	must(h.t, err)
	now := time.Now()
	must(h.t, h.store.SaveProjection(ctx, partnership.Projection{
		PartnershipID: h.partnership, Seq: 2, RunID: "run", HistoryLength: 2, Stage: partnership.Content, WaitingFor: "the review of the draft", Deadline: now.Add(50 * time.Hour), BufferDaysLeft: 2,
		Attention: "the creator went quiet", Asks: []partnership.Question{
			counterAsked(h), {Kind: partnership.AsksDraft, Of: "draft-1", At: now, Due: now.Add(3 * time.Hour)}, {Kind: partnership.AsksSilence, Of: "draft-1:escalate", At: now, Due: now.Add(26 * time.Hour), What: "the creator's draft"},
		},
		Events: []partnership.TimelineEvent{{At: now.Add(-time.Hour), Kind: "accepted", Owner: "creator", Detail: "The creator accepted the offer."}, {At: now, Kind: "slipped", Owner: "carrier", Detail: "The parcel was delivered.", Days: 2}},
	}))
	h.run()
	h.other = h.more()
	_, err = h.store.NoteTrouble(ctx, "easypost", partnership.RefusesAll, "The key is refused: set EASYPOST_API_KEY to a live one.", time.Hour)
	must(h.t, err)
}

// more launches another campaign, with somebody in most stages.
func (h *house) more() partnership.CampaignID {
	h.t.Helper()
	ctx, now := h.t.Context(), time.Now()
	second := campaign()
	second.Name, second.Program, second.Selection.Target = "Slow Evenings", "evenings", 8
	var people []partnership.Creator
	stands := []struct {
		handle  string
		shows   partnership.Projection
		outcome partnership.Outcome
	}{
		{"noor.linen", partnership.Projection{Stage: partnership.Negotiation, WaitingFor: "the creator's answer to the offer", Deadline: now.Add(30 * time.Hour), BufferDaysLeft: 5}, ""},
		{"tomas.wicks", partnership.Projection{Stage: partnership.Contracting, WaitingFor: "the creator's signature", Deadline: now.Add(52 * time.Hour), BufferDaysLeft: 5}, ""},
		{"juno.bakes", partnership.Projection{Stage: partnership.Gifting, WaitingFor: "the parcel", Deadline: now.Add(80 * time.Hour), BufferDaysLeft: 4}, ""},
		{"paloma.reads", partnership.Projection{Stage: partnership.Content, WaitingFor: "the creator's draft", Deadline: now.Add(-20 * time.Hour), BufferDaysLeft: 1, Attention: "no sign of life since the parcel came"}, ""},
		{"kit.afterdark", partnership.Projection{Stage: partnership.Content, WaitingFor: "the review of the draft", Deadline: now.Add(6 * time.Hour), BufferDaysLeft: 3}, ""},
		{"mira.unwinds", partnership.Projection{Stage: partnership.Performance, WaitingFor: "the end of the sales window", Deadline: now.Add(500 * time.Hour), BufferDaysLeft: 5}, ""},
		{"dee.drapes", partnership.Projection{Stage: partnership.Performance, WaitingFor: "the end of the sales window", Deadline: now.Add(420 * time.Hour), BufferDaysLeft: 5}, ""},
		{"lior.maps", partnership.Projection{Stage: partnership.Closed}, partnership.Declined},
	}
	for i, one := range stands {
		people = append(people, partnership.Creator{
			Handle: one.handle, Name: canaryName, Email: one.handle + "@mail.example", Platform: "instagram", Followers: 4000 + 3100*i, EngagementRate: 3 + float64(i)/2, Niche: []string{"home", "reading", "baking"}[i%3], Country: "US", Timezone: "America/Chicago",
		})
	}
	id, _, err := h.store.CreateCampaign(ctx, second, people, "evenings")
	must(h.t, err)
	kept, err := h.store.CampaignCreators(ctx, id)
	must(h.t, err)
	for i, c := range kept {
		must(h.t, h.store.ReserveBudget(ctx, id, partnership.RosterEntry{CreatorID: c.ID, Tier: []partnership.Tier{partnership.Nano, partnership.Micro}[i%2], Niche: c.Niche, Rank: i + 1}, terms(), 50_000))
		for _, one := range stands {
			if one.handle == c.Handle {
				p := one.shows
				p.PartnershipID, p.Seq, p.Outcome = partnership.PartnershipFor(id, c.ID), 1, one.outcome
				must(h.t, h.store.SaveProjection(ctx, p))
			}
		}
	}
	return id
}
