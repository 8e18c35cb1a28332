package partnership

import (
	"slices"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership/money"
)

// What Rapport itself keeps in Postgres about a partnership in flight. None of it but Submission and Contract bytes holds personal data.

// RosterEntry is one ranked creator of a campaign. Standby ones wait for a slot of their niche.
type RosterEntry struct {
	PartnershipID PartnershipID `json:"partnership_id"` // known before the invitation, so that a repeated launch finds it again
	CreatorID     CreatorID     `json:"creator_id"`
	Tier          Tier          `json:"tier"`
	Niche         string        `json:"niche"`
	Rank          int           `json:"rank"` // 1 is the best
	Standby       bool          `json:"standby"`
	Zone          string        `json:"zone,omitempty"` // the creator's IANA zone, for quiet hours; only ever in encrypted payloads
}

// TimelineEvent is something that happened in a partnership, as people read it.
type TimelineEvent struct {
	At     time.Time `json:"at"`
	Kind   string    `json:"kind"`           // invited, accepted, signed, tracking_verified, deadline_moved, slipped, ...
	Owner  string    `json:"owner"`          // brand, creator, carrier, rapport
	Detail string    `json:"detail"`         // one plain sentence, no personal data
	Days   float64   `json:"days,omitempty"` // of a slip, and of nothing else: campaign days that the owner lost; negative were given back
}

// Milestone is one date of a partnership's plan, as the board keeps it; package timeline makes them and says what the kinds mean.
type Milestone struct {
	Kind       string    `json:"kind"` // offer_due, sign_due, ship_by, deliver_by, draft_due, review_due, publish_due, window_end
	Due        time.Time `json:"due"`
	BufferDays float64   `json:"buffer_days,omitempty"` // campaign days that may still slip before this date moves
	Fact       bool      `json:"fact,omitempty"`        // it has happened
	At         time.Time `json:"at,omitzero"`           // when it happened
}

// Projection is a partnership's row on the board. Seq grows with every change, so an old write never overtakes a new one.
type Projection struct {
	PartnershipID  PartnershipID   `json:"partnership_id"`
	Seq            int             `json:"seq"`
	Stage          Stage           `json:"stage"`
	WaitingFor     string          `json:"waiting_for"` // "the creator's signature", "" when nothing is awaited
	Deadline       time.Time       `json:"deadline,omitzero"`
	BufferDaysLeft float64         `json:"buffer_days_left"`
	Plan           []Milestone     `json:"plan,omitempty"` // every date, in the order of the story; nil keeps what the board has
	Outcome        Outcome         `json:"outcome,omitempty"`
	EndedAt        time.Time       `json:"ended_at,omitzero"` // when it ended, before what the end took back
	Reason         string          `json:"reason,omitempty"`
	Attention      string          `json:"attention,omitempty"` // why a person should look, "" when all is well
	Paused         bool            `json:"paused,omitempty"`
	Terms          *Terms          `json:"terms,omitempty"`  // set when they change
	Events         []TimelineEvent `json:"events,omitempty"` // since the last projection
	ClosedTasks    []string        `json:"closed_tasks,omitempty"`
	OpenTask       string          `json:"open_task,omitempty"`      // what the creator is asked now
	OpenDue        time.Time       `json:"open_due,omitzero"`        // until when: its page shows the date that the plan has
	RunID          string          `json:"run_id,omitempty"`         // which run of its workflow says so
	HistoryLength  int             `json:"history_length,omitempty"` // and how far that had got: a task that is run again may know more
	Asks           []Question      `json:"asks,omitempty"`           // all that people of the brand are asked now
	Settled        []Closing       `json:"settled,omitempty"`        // how questions have ended since the last projection
}

// TaskKind says which page a task shows.
type TaskKind string

// The kinds of tasks that creators answer.
const (
	TaskOffer       TaskKind = "offer"        // accept, counter, decline
	TaskSign        TaskKind = "sign"         // a reminder to sign; the signing itself is at the vendor
	TaskReceive     TaskKind = "receive"      // "I have it" or "it is damaged", while a parcel is under way
	TaskDraft       TaskKind = "draft"        // send a draft
	TaskPost        TaskKind = "post"         // tell the post's URL
	TaskPayoutSetup TaskKind = "payout_setup" // set up how to be paid
)

// Task is something that a creator was asked to do by mail.
type Task struct {
	ID            TaskID        `json:"id"`
	PartnershipID PartnershipID `json:"partnership_id"`
	Kind          TaskKind      `json:"kind"`
	Name          string        `json:"name"` // unique in the partnership: offer, draft-1, draft-2, post, ...
	Due           time.Time     `json:"due,omitzero"`
	Note          string        `json:"note,omitempty"` // what the page says besides: the feedback on a draft, the answer to a counter-offer
	ClosedAt      time.Time     `json:"closed_at,omitzero"`
}

// Submission is what a creator sent in: a draft, a post, a counter-offer's words. Personal data; workflows carry its ID only.
type Submission struct {
	ID            string
	PartnershipID PartnershipID
	Task          string
	URL           string
	UploadID      string // of the file that was sent instead of a link, or beside it
	Caption       string
	Note          string
	At            time.Time
}

// Contract is one version of a partnership's agreement at the signing vendor.
type Contract struct {
	PartnershipID PartnershipID
	Version       int
	EnvelopeID    string
	Status        EnvelopeStatus
	PDF           []byte // as sent, later as signed
	PDFSHA256     string
	Certificate   []byte
	CompletedAt   time.Time
}

// TrackingKit is how a creator's sales are known: a link, a code, UTM parameters.
type TrackingKit struct {
	PartnershipID PartnershipID     `json:"partnership_id"`
	LinkCode      string            `json:"link_code"`     // the {code} of /c/{code}
	Link          string            `json:"link"`          // the whole short link
	Destination   string            `json:"destination"`   // where it leads, UTM included
	DiscountID    string            `json:"discount_id"`   // at the shop
	DiscountCode  string            `json:"discount_code"` // what buyers type
	DiscountBPS   int               `json:"discount_bps"`
	UTM           map[string]string `json:"utm"`
	VerifiedAt    time.Time         `json:"verified_at,omitzero"`
	Links         []PostLink        `json:"links,omitempty"` // of each deliverable; Link is the first one's, and in kits of before for all
}

// PostLink is the link of one deliverable: what is sold by it belongs to that post.
type PostLink struct {
	Deliverable string            `json:"deliverable"`
	Code        string            `json:"code"`
	Link        string            `json:"link"`
	Destination string            `json:"destination"`
	UTM         map[string]string `json:"utm"`
}

// LinkOf is a deliverable's link, nil where it has none of its own.
func (k TrackingKit) LinkOf(deliverable string) *PostLink {
	for i, link := range k.Links {
		if link.Deliverable == deliverable {
			return &k.Links[i]
		}
	}
	return nil
}

// Shown are the links as people are given them, each with the name of what it is for: the kit's own, without a name, where there is but one.
func (k TrackingKit) Shown() []PostLink {
	if len(k.Links) < 2 {
		return []PostLink{{Link: k.Link, Code: k.LinkCode, Destination: k.Destination, UTM: k.UTM}}
	}
	return k.Links
}

// Name is the deliverable in words: "instagram reel 1".
func (l PostLink) Name() string {
	return strings.NewReplacer("_", " ", "-", " ").Replace(l.Deliverable)
}

// Delivery is a partnership's gift: the shop's order and the parcel.
type Delivery struct {
	PartnershipID PartnershipID
	GiftOrderID   string // the shop's draft
	OrderID       string // the shop's order
	ShipmentID    string
	Carrier       string
	TrackingCode  string
	LabelURL      string
	CostMinor     int64  // of the label
	CostCurrency  string // its carrier's, "" before there is one
	Status        ParcelStatus
	LabelRefunded bool
	GiftCancelled bool // the shop's order, which may be too late for the parcel
}

// EffectState is how far an act outside has come.
type EffectState string

// The states of an effect.
const (
	EffectIntent    EffectState = "intent"    // written down, perhaps sent
	EffectConfirmed EffectState = "confirmed" // done once; Receipt says what came back
	EffectUnknown   EffectState = "unknown"   // perhaps done; a person has to say
	EffectFailed    EffectState = "failed"    // certainly not done and not to be tried again
	EffectReleased  EffectState = "released"  // a person said it was not done: it may be sent again
)

// Effect is a line of the effect ledger.
type Effect struct {
	Key      EffectKey
	Kind     string // mail, message, envelope, gift_order, label, code, transfer, account
	State    EffectState
	Attempts int           // calls begun, this one included
	FirstAt  time.Time     // of the first attempt
	Age      time.Duration // since then, by the database's clock
	Receipt  []byte        // JSON
	Progress []byte        // JSON: what a two-step act has so far (a shipment before its label)
	Note     string
}

// MailStatus is what the mail vendor's events have said about a mail.
type MailStatus struct {
	Accepted bool // any event has come back for this key
	Bounced  bool
}

// PartnershipView is what activities need to write to a creator or a vendor. Personal data: it never leaves an activity.
type PartnershipView struct {
	ID          PartnershipID
	Creator     Creator
	Address     *Address
	Campaign    Campaign
	Terms       Terms
	Kit         *TrackingKit
	Delivery    *Delivery
	Contract    *Contract // the one that stands: the newest that is signed, else the newest
	OptedOut    bool      // the address is not written to, whatever the cause
	SaidNo      bool      // its owner said so
	PayoutReady bool      // by a rail that the campaign's program offers
	AccountID   string    // the current one, "" none yet
	AccountRail string    // "" the first
	Waits       string    // why an account that is ready waits, "" when it does not
	Lacking     []Gate    // what they still have to give beside the account, before money moves
}

// MayBePaid says whether nothing is missing of whoever is to be paid that they could give.
func (v PartnershipView) MayBePaid() bool {
	return v.PayoutReady && !slices.ContainsFunc(v.Lacking, func(g Gate) bool { return g != GateNames })
}

// Missing is all that they still have to give, the account first.
func (v PartnershipView) Missing() []Gate {
	if v.PayoutReady {
		return v.Lacking
	}
	return append([]Gate{GateAccount}, v.Lacking...)
}

// CampaignTotals is what the campaign's report is made of.
type CampaignTotals struct {
	Invited, Live, Completed, Declined, Expired, Ghosted, Replaced, Cancelled, OptedOut int
	Committed, Spent, Revenue                                                           money.Sums // revenue net of refunds
	Currency                                                                            string
	Clicks, Orders                                                                      int
}

// Results is what one partnership brought.
type Results struct {
	Clicks, Orders int
	Revenue        money.Sums // net of refunds
	Costs          Costs
	Currency       string      // of its terms
	Rates          money.Rates // as its campaign has them

	Squares map[string]float64 // by currency, the sum of the squares of its orders' amounts in minor units: how far chance may have moved the sum
	Typical float64            // where it has no orders: what one of its campaign's brings, in minor units of Currency, 0 where there is none
}

// Plus is what two brought together, each amount in its currency. Whose it is and at what rates is the first one's.
func (r Results) Plus(more Results) Results {
	r.Clicks, r.Orders, r.Revenue = r.Clicks+more.Clicks, r.Orders+more.Orders, r.Revenue.Plus(more.Revenue...)
	r.Costs = r.Costs.Plus(more.Costs)
	squares := map[string]float64{}
	for _, of := range []map[string]float64{r.Squares, more.Squares} {
		for currency, n := range of {
			squares[currency] += n
		}
	}
	r.Squares = squares
	return r
}

// Costs are what creators earned, as it stands after refunds, and what was sent to them (RULES, money 12).
type Costs struct{ Fees, Commission, Product, Shipping money.Sums }

// Plus is two together, each kind in its currencies.
func (c Costs) Plus(more Costs) Costs {
	return Costs{
		Fees: c.Fees.Plus(more.Fees...), Commission: c.Commission.Plus(more.Commission...),
		Product: c.Product.Plus(more.Product...), Shipping: c.Shipping.Plus(more.Shipping...),
	}
}

// All is every cost together, by currency.
func (c Costs) All() money.Sums {
	return c.Fees.Plus(c.Commission...).Plus(c.Product...).Plus(c.Shipping...)
}

// Add counts a cost under its kind.
func (c *Costs) Add(kind CostKind, a money.Amount) {
	of := map[CostKind]*money.Sums{FeeCost: &c.Fees, CommissionCost: &c.Commission, ProductCost: &c.Product, ShippingCost: &c.Shipping}[kind]
	*of = of.Plus(a)
}

// CostKind is what something was spent on.
type CostKind string

// The kinds of costs.
const (
	FeeCost        CostKind = "fee"
	CommissionCost CostKind = "commission"
	ProductCost    CostKind = "product"
	ShippingCost   CostKind = "shipping"
)
