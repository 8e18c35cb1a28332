// Package partnership holds the rules of creator partnerships: ids, stages, terms, tiers, the offers that may be made and
// the errors that say no. It is pure: no Temporal, SQL, HTTP, environment or clock, so every rule can be read and tested alone.
package partnership

import (
	"slices"
	"time"

	"github.com/rapport-dev/rapport/partnership/money"
)

// The ids are opaque (UUIDs), safe for logs, vendors' metadata and Temporal.
type (
	// CampaignID is one round of a campaign.
	CampaignID string
	// PartnershipID is one creator in one round of a campaign.
	PartnershipID string
	// CreatorID is one creator in all campaigns.
	CreatorID string
	// TaskID is one thing that a partnership's creator is asked for.
	TaskID string
	// PayoutID is what one creator is paid in one payout run.
	PayoutID string
)

// Stage is where a partnership stands in its story.
type Stage string

// The stages in the order of the story. INTERFACES fixes the names.
const (
	Outreach    Stage = "outreach"
	Negotiation Stage = "negotiation"
	Contracting Stage = "contracting"
	Tracking    Stage = "tracking"
	Gifting     Stage = "gifting"
	Content     Stage = "content"
	Performance Stage = "performance"
	PayoutStage Stage = "payout"
	Renewal     Stage = "renewal"
	Closed      Stage = "closed"
)

// Outcome is how a partnership ended; "" while it runs.
type Outcome string

// The outcomes.
const (
	Completed Outcome = "completed"
	Declined  Outcome = "declined"
	Expired   Outcome = "expired"
	Ghosted   Outcome = "ghosted"
	Replaced  Outcome = "replaced"
	Cancelled Outcome = "cancelled"
	OptedOut  Outcome = "opted_out"
)

// CampaignState is how a campaign stands, as people read it.
type CampaignState string

// The states of a campaign. The last two are its ends.
const (
	CampaignLaunched  CampaignState = "launched" // nobody is ranked yet
	CampaignRunning   CampaignState = "running"
	CampaignPaused    CampaignState = "paused"
	CampaignFinished  CampaignState = "finished"
	CampaignCancelled CampaignState = "cancelled"
)

// Ended says whether nothing comes after it.
func (s CampaignState) Ended() bool { return s == CampaignFinished || s == CampaignCancelled }

// Creator is a person whom a campaign may work with. Name, Email, Handle and Timezone are personal data: they stay in
// Postgres and the vendors' requests, never in workflow inputs, logs or ids.
type Creator struct {
	ID             CreatorID
	Handle         string // without "@", unique on its platform
	Name           string
	Email          string
	Platform       string // instagram, youtube, tiktok, ...
	Followers      int
	EngagementRate float64 // per cent: 4.2 means 4.2 %
	Niche          string
	Country        string  // ISO 3166-1 alpha-2, "" unknown
	Language       string  // BCP 47, "" unknown
	Timezone       string  // IANA, "" unknown
	Source         string  // customer, organic_mention, inbound, referral, search, "" unknown
	AudienceMatch  float64 // 0..100, share of the audience in the target; 0 unknown
	PastCustomer   bool
	Notes          string
	Extra          map[string]string // further CSV columns, kept and ignored
	Erased         bool              // at their own wish; only the id and what is counted are left
}

// Address is where a gift goes. Personal data.
type Address struct {
	Name, Line1, Line2, City, Region, PostalCode, Country, Phone string
}

// Brand is who speaks to the creator. PostalAddress stands under every commercial mail (CAN-SPAM).
type Brand struct {
	Name          string `json:"name"`
	PostalAddress string `json:"postal_address"`
	ReplyTo       string `json:"reply_to"`
}

// Brief is the goal, not a script. One version is pinned to each partnership.
type Brief struct {
	Goal             string   `json:"goal"`
	Values           []string `json:"values"`
	Objectives       []string `json:"objectives"`
	VisualGuidelines string   `json:"visual_guidelines"`
	NonNegotiables   []string `json:"non_negotiables"`
	Disclosure       string   `json:"disclosure"` // e.g. "#ad"; must come first in a caption
}

// Arm is a niche tested side by side with others; Share is its per cent of the slots.
type Arm struct {
	Niche string `json:"niche"`
	Share int    `json:"share"`
}

// Selection says whom to invite and how many.
type Selection struct {
	Target        int      `json:"target"`  // slots to fill
	Standby       int      `json:"standby"` // further creators held ready
	Tiers         []Tier   `json:"tiers"`
	MinEngagement float64  `json:"min_engagement"` // per cent
	Niches        []string `json:"niches"`
	Arms          []Arm    `json:"arms"`
}

// Gift is the product that goes to the creator.
type Gift struct {
	SKU        string  `json:"sku"`
	Name       string  `json:"name"`
	ValueMinor int64   `json:"value_minor"`
	WeightOz   float64 `json:"weight_oz"`
	Carrier    string  `json:"carrier,omitempty"` // who ships it; "" in what was agreed before there were several
}

// UsageRights are what the brand may do with the content, where and for how long.
type UsageRights struct {
	Channels []string `json:"channels"`
	Days     int      `json:"days"`
	Paid     bool     `json:"paid"`
}

// Deliverable is a kind of content and how many of it.
type Deliverable struct {
	Kind  string `json:"kind"` // instagram_reel, youtube_video, tiktok_video, ...
	Count int    `json:"count"`
}

// NegotiationLimits bound what is accepted by rule. Outside them a manager decides.
type NegotiationLimits struct {
	MaxFeeUpliftBPS int `json:"max_fee_uplift_bps"`
	Rounds          int `json:"rounds"`
}

// Offer is what a campaign offers; Fee by tier is empty for gift or commission only.
type Offer struct {
	FeeMinor      map[Tier]int64 `json:"fee_minor"`
	CommissionBPS int            `json:"commission_bps"`
	CommissionCap int64          `json:"commission_cap_minor,omitempty"` // all that one creator's sales may earn, 0 no end
	Incentives
	Gift         *Gift             `json:"gift"`
	DiscountBPS  int               `json:"discount_bps"`
	UsageRights  UsageRights       `json:"usage_rights"`
	Deliverables []Deliverable     `json:"deliverables"`
	Negotiation  NegotiationLimits `json:"negotiation"`
}

// Schedule holds a campaign's own deadlines, in campaign days (RAPPORT_DAY each), and its publish window.
type Schedule struct {
	PublishFrom  time.Time `json:"publish_from"` // first instant of the first live day, in the campaign's zone
	PublishTo    time.Time `json:"publish_to"`   // last instant of the last live day (exclusive)
	OutreachDays float64   `json:"outreach_days"`
	SignDays     float64   `json:"sign_days"`
	ProduceDays  float64   `json:"produce_days"`
	ReviewDays   float64   `json:"review_days"`
	BufferDays   float64   `json:"buffer_days"`
	WindowDays   float64   `json:"window_days"`        // attribution and performance window after the post, default 30
	Holidays     string    `json:"holidays,omitempty"` // the country (ISO 3166) whose holidays are no business days, or none; "" is that of the campaign's zone
}

// PayoutPolicy says when and how earnings are paid.
type PayoutPolicy struct {
	HoldDays          float64 `json:"hold_days"` // campaign days, default 30
	MinimumMinor      int64   `json:"minimum_minor"`
	Provider          string  `json:"provider"` // the rail
	ApproveAboveMinor int64   `json:"approve_above_minor"`
	Gates             []Gate  `json:"gates,omitempty"`        // what a payee has to give besides an account
	TaxFormURL        string  `json:"tax_form_url,omitempty"` // where a vendor collects tax forms; "" they are uploaded here

	Also []string `json:"also,omitempty"` // further rails, of which a creator chooses one

	SelfBilling *SelfBilling `json:"self_billing,omitempty"` // nil where the brand writes no invoices for its creators
}

// Rails are the rails that creators may choose from.
func (p PayoutPolicy) Rails() []string { return append([]string{p.Provider}, p.Also...) }

// Offers says whether a creator may be paid by a rail; "" is the first, as accounts have it from before there were several.
func (p PayoutPolicy) Offers(rail string) bool {
	return rail == "" || slices.Contains(p.Rails(), rail)
}

// Campaign is one campaign as launched: a campaign.yaml that passed validation. It never changes under a signed partnership.
type Campaign struct {
	ID          CampaignID   `json:"id"`
	Name        string       `json:"name"`
	Program     string       `json:"program"`
	Round       int          `json:"round"` // 1 for the first launch of a file; later rounds invite again
	Brand       Brand        `json:"brand"`
	Currency    string       `json:"currency"`
	Timezone    string       `json:"timezone"`
	BudgetMinor int64        `json:"budget_minor"`
	Brief       Brief        `json:"brief"`
	Selection   Selection    `json:"selection"`
	Offer       Offer        `json:"offer"`
	Schedule    Schedule     `json:"schedule"`
	Payout      PayoutPolicy `json:"payout"`
	Destination string       `json:"destination"`     // https URL of the product
	Rates       money.Rates  `json:"rates,omitempty"` // for reports: nothing is paid or reserved at them
}

// Terms are what one creator and the brand agree on. Frozen at signature.
type Terms struct {
	Version       int    `json:"version"` // 1 the offer; +1 for each change agreed in negotiation
	Currency      string `json:"currency"`
	FeeMinor      int64  `json:"fee_minor"`
	CommissionBPS int    `json:"commission_bps"`
	CommissionCap int64  `json:"commission_cap_minor,omitempty"` // all that the creator's sales may earn, 0 no end
	Incentives
	DiscountBPS  int           `json:"discount_bps"`
	Gift         *Gift         `json:"gift"`
	UsageRights  UsageRights   `json:"usage_rights"`
	Deliverables []Deliverable `json:"deliverables"`
	HoldDays     float64       `json:"hold_days"`
	WindowDays   float64       `json:"window_days"`
	BriefVersion int           `json:"brief_version"`
	Rail         string        `json:"rail,omitempty"` // who pays; "" in what was agreed before there were several
}
