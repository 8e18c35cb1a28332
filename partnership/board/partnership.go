package board

import (
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/roster"
)

// Partnership is a partnership as people read it. The creator's handle is personal data.
type Partnership struct {
	ID             partnership.PartnershipID   `json:"id"`
	CampaignID     partnership.CampaignID      `json:"campaign_id"`
	Creator        Creator                     `json:"creator"`
	Standby        bool                        `json:"standby,omitempty"`
	Stage          partnership.Stage           `json:"stage"`
	WaitingFor     string                      `json:"waiting_for"`
	Outcome        partnership.Outcome         `json:"outcome"`
	Reason         string                      `json:"reason,omitempty"`
	Attention      string                      `json:"attention,omitempty"`
	Paused         bool                        `json:"paused,omitempty"`
	Deadline       *time.Time                  `json:"deadline"`
	BufferDaysLeft float64                     `json:"buffer_days_left"`
	GhostRisk      float64                     `json:"ghost_risk"`       // 0 (none) to 1 (gone): the sum of its parts
	GhostRiskParts []roster.RiskPart           `json:"ghost_risk_parts"` // none while the creator is asked for nothing
	Terms          Terms                       `json:"terms"`
	Tracking       *Tracking                   `json:"tracking"`
	Shipment       *Shipment                   `json:"shipment"`
	Contract       *Contract                   `json:"contract"`
	Amendment      *Contract                   `json:"contract_amendment"` // the newest since the contract was signed, unless it is signed too
	Posts          []Post                      `json:"posts"`
	Drafts         []partnership.Draft         `json:"drafts,omitempty"` // oldest first; not in a campaign's document
	Slips          []Slip                      `json:"slips"`
	Timeline       []partnership.TimelineEvent `json:"timeline"`
	Stuck          []Stuck                     `json:"stuck,omitempty"` // its workflow stands
	FailingSteps   []FailingStep               `json:"failing_steps,omitempty"`
}

// Creator is who a partnership is with.
type Creator struct {
	Platform string           `json:"platform"`
	Handle   string           `json:"handle"`
	Tier     partnership.Tier `json:"tier"`
	Niche    string           `json:"niche"`
}

// Terms is the money of the terms.
type Terms struct {
	FeeMinor      int64  `json:"fee_minor"`
	CommissionBPS int    `json:"commission_bps"`
	GiftMinor     int64  `json:"gift_minor,omitempty"` // the product's value
	Currency      string `json:"currency"`
	Version       int    `json:"version"`
}

// Tracking is how a partnership's sales are known.
type Tracking struct {
	Link       string            `json:"link"`
	Code       string            `json:"code"`
	UTM        map[string]string `json:"utm"`
	VerifiedAt *time.Time        `json:"verified_at"`
	Links      []PostLink        `json:"links"` // of each deliverable; link is the first one's
}

// PostLink is the link of one deliverable.
type PostLink struct {
	Deliverable string `json:"deliverable"`
	Link        string `json:"link"`
}

// Shipment is a partnership's parcel.
type Shipment struct {
	Carrier      string                   `json:"carrier"`
	TrackingCode string                   `json:"tracking_code"`
	Status       partnership.ParcelStatus `json:"status"`
}

// Contract is a version of a partnership's agreement: the one that stands, or an amendment of it that is not signed.
type Contract struct {
	EnvelopeID string                     `json:"envelope_id"`
	Status     partnership.EnvelopeStatus `json:"status"`
	Version    int                        `json:"version"`
}

// Post is a post that was confirmed.
type Post struct {
	URL        string    `json:"url"`
	ApprovedAt time.Time `json:"approved_at"`
	Disclosed  bool      `json:"disclosed"`
}

// Slip is days lost and who lost them: brand, carrier or creator. Negative days were given back.
type Slip struct {
	Days   float64 `json:"days"`
	Owner  string  `json:"owner"`
	Reason string  `json:"reason"`
}

// PartnershipFacts is what is known of a partnership. What there is several of is in the order in which it came.
type PartnershipFacts struct {
	CampaignID partnership.CampaignID
	Creator    Creator
	Standby    bool
	Shows      partnership.Projection // what its workflow said last; its events and plan are not read
	Terms      partnership.Terms
	Risk       *roster.RiskFacts // nil while the creator is asked for nothing
	Kit        *partnership.TrackingKit
	Delivery   *partnership.Delivery
	Contracts  []partnership.Contract // without their files
	Posts      []Post
	Events     []partnership.TimelineEvent
	Standing   Standing // of this partnership alone
}

// PartnershipOf is a partnership's document.
func PartnershipOf(f PartnershipFacts) Partnership {
	doc := Partnership{
		ID: f.Shows.PartnershipID, CampaignID: f.CampaignID, Creator: f.Creator, Standby: f.Standby, Stage: f.Shows.Stage, WaitingFor: f.Shows.WaitingFor,
		Outcome: f.Shows.Outcome, Reason: f.Shows.Reason, Attention: f.Shows.Attention, Paused: f.Shows.Paused, Deadline: timeOrNil(f.Shows.Deadline),
		BufferDaysLeft: f.Shows.BufferDaysLeft, GhostRiskParts: []roster.RiskPart{},
		Terms: termsOf(f.Terms),
		Posts: append([]Post{}, f.Posts...), Slips: []Slip{}, Timeline: append([]partnership.TimelineEvent{}, f.Events...),
	}
	if f.Risk != nil {
		doc.GhostRisk, doc.GhostRiskParts = roster.Risk(*f.Risk)
	}
	if f.Kit != nil {
		doc.Tracking = &Tracking{f.Kit.Link, f.Kit.DiscountCode, f.Kit.UTM, timeOrNil(f.Kit.VerifiedAt), []PostLink{}}
		for _, link := range f.Kit.Links {
			doc.Tracking.Links = append(doc.Tracking.Links, PostLink{link.Deliverable, link.Link})
		}
	}
	if f.Delivery != nil {
		doc.Shipment = &Shipment{f.Delivery.Carrier, f.Delivery.TrackingCode, f.Delivery.Status}
	}
	for _, e := range f.Events {
		if e.Days != 0 {
			doc.Slips = append(doc.Slips, Slip{e.Days, e.Owner, e.Detail})
		}
	}
	doc.agreed(f.Contracts)
	doc.stands(f.Standing)
	return doc
}

func termsOf(t partnership.Terms) Terms {
	out := Terms{FeeMinor: t.FeeMinor, CommissionBPS: t.CommissionBPS, Currency: t.Currency, Version: t.Version}
	if t.Gift != nil {
		out.GiftMinor = t.Gift.ValueMinor
	}
	return out
}

// agreed shows the version that stands, and the newest after it while that is not signed.
func (doc *Partnership) agreed(versions []partnership.Contract) {
	for _, c := range versions {
		version := &Contract{c.EnvelopeID, c.Status, c.Version}
		if stands := doc.Contract; stands != nil && stands.Status == partnership.EnvelopeCompleted && c.Status != partnership.EnvelopeCompleted {
			doc.Amendment = version
			continue
		}
		doc.Contract, doc.Amendment = version, nil
	}
}

// stands says that its story stands, since when and what to do. That comes before whatever else needs attention: a story that stands
// says nothing new. A step that fails comes after.
func (doc *Partnership) stands(all Standing) {
	for _, f := range all.Findings {
		doc.Stuck = append(doc.Stuck, StuckOf(f))
	}
	if len(doc.Stuck) > 0 {
		doc.Attention = doc.Stuck[0].standsSince()
	}
	for _, step := range all.Steps {
		doc.FailingSteps = append(doc.FailingSteps, FailingStepOf(step))
		if doc.Attention == "" {
			doc.Attention = step.Words()
		}
	}
}
