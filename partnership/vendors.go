package partnership

import "time"

// The types below are what Rapport asks of the outside world and what it gets back, free of any vendor's wire format.
// activities/ declares the interfaces that use them; integrations/ implement those.

// Port is something that Rapport needs somebody outside for. activities/ports.go says of each what it has to be able to do.
type Port string

// The ports. Several vendors may fill one side by side; a campaign says which carrier and which rail it takes.
const (
	ChatPort    Port = "chat"    // talks to the brand's people
	MailPort    Port = "mail"    // sends mails and takes their answers
	SigningPort Port = "signing" // has contracts signed
	CarrierPort Port = "carrier" // ships parcels
	ShopPort    Port = "shop"    // gift orders, codes and sales
	RailPort    Port = "rail"    // pays creators
)

// Mail is one rendered mail. Key, PartnershipID, Task, Step and Kind travel as custom arguments and come back in events;
// they hold no personal data.
type Mail struct {
	Key           EffectKey
	PartnershipID PartnershipID // "" for statements
	Kind          string        // the template: invitation, cleared_to_post, statement, ...
	Task          string        // the task it belongs to: offer, draft-2, shipment, ...
	Step          string        // request, nudge, day_before, due, check_in, ...
	To            string
	ToName        string
	FromName      string
	ReplyTo       string // a per-partnership address of the inbound domain
	Subject       string
	Text          string
	HTML          string
	Unsubscribe   string // https URL for List-Unsubscribe (one click, RFC 8058); "" for transactional mail

	// Where it stands in its reader's mail program: ids of mails without their brackets. A vendor may give a mail another id than this one;
	// the thread holds by those before it.
	MessageID string
	Earlier   []string // oldest first; the last is the one that it answers
}

// Receipt is what a vendor gave back for an act: enough to find it again.
type Receipt struct {
	ID  string `json:"id"`            // the vendor's id
	URL string `json:"url,omitempty"` // where people can look at it
}

// EnvelopeRequest is a contract to be signed by one creator.
type EnvelopeRequest struct {
	Key           EffectKey
	PartnershipID PartnershipID
	Version       int // 1 the agreement, 2.. its amendments
	Subject       string
	Message       string
	PDF           []byte
	SignerName    string
	SignerEmail   string
	WebhookURL    string // where the vendor reports changes
}

// EnvelopeStatus is where an envelope stands.
type EnvelopeStatus string

// The statuses that matter here.
const (
	EnvelopeSent      EnvelopeStatus = "sent"
	EnvelopeDelivered EnvelopeStatus = "delivered" // opened by the signer
	EnvelopeCompleted EnvelopeStatus = "completed"
	EnvelopeDeclined  EnvelopeStatus = "declined"
	EnvelopeVoided    EnvelopeStatus = "voided"
)

// Envelope is a contract as the vendor sees it.
type Envelope struct {
	ID          string         `json:"id"`
	Status      EnvelopeStatus `json:"status"`
	CompletedAt time.Time      `json:"completed_at,omitzero"`
}

// SignedDocuments are the signed contract and the vendor's certificate, both PDF.
type SignedDocuments struct {
	Contract    []byte
	Certificate []byte
}

// ShipmentRequest asks for a parcel from the brand to a creator.
type ShipmentRequest struct {
	Key           EffectKey
	PartnershipID PartnershipID
	To            Address
	From          Address
	WeightOz      float64
	WebhookURL    string
}

// Shipment is a parcel that may have a label.
type Shipment struct {
	ID           string `json:"id"`
	RateID       string `json:"rate_id"` // the cheapest rate offered
	CostMinor    int64  `json:"cost_minor"`
	Currency     string `json:"currency"`
	Carrier      string `json:"carrier"`
	LabelURL     string `json:"label_url,omitempty"`     // "" until bought
	TrackingCode string `json:"tracking_code,omitempty"` // "" until bought
	Refunded     bool   `json:"refunded,omitempty"`
}

// ParcelStatus is the carrier's last word on a parcel.
type ParcelStatus string

// The statuses that matter here.
const (
	ParcelUnknown    ParcelStatus = "unknown"
	ParcelPreTransit ParcelStatus = "pre_transit"
	ParcelInTransit  ParcelStatus = "in_transit"
	ParcelOut        ParcelStatus = "out_for_delivery"
	ParcelDelivered  ParcelStatus = "delivered"
	ParcelPickup     ParcelStatus = "available_for_pickup"
	ParcelReturned   ParcelStatus = "return_to_sender"
	ParcelFailure    ParcelStatus = "failure"
	ParcelCancelled  ParcelStatus = "cancelled"
	ParcelError      ParcelStatus = "error"
)

// Parcel is a shipment's tracking.
type Parcel struct {
	TrackingCode string       `json:"tracking_code"`
	Carrier      string       `json:"carrier"`
	Status       ParcelStatus `json:"status"`
	UpdatedAt    time.Time    `json:"updated_at,omitzero"`   // the carrier's time of that status
	EstimatedAt  time.Time    `json:"estimated_at,omitzero"` // estimated delivery, zero when unknown
}

// GiftOrderRequest is a draft order in the shop at 100 % discount.
type GiftOrderRequest struct {
	Key           EffectKey
	PartnershipID PartnershipID
	Gift          Gift
	Currency      string
	To            Address
	Email         string
}

// GiftOrder is the shop's draft or completed order for a gift.
type GiftOrder struct {
	ID      string `json:"id"`                 // the draft's id
	OrderID string `json:"order_id,omitempty"` // the order's id once completed
	Status  string `json:"status"`             // open, completed, cancelled
}

// DiscountRequest is a creator's own discount code.
type DiscountRequest struct {
	Key           EffectKey
	PartnershipID PartnershipID
	Program       string
	Code          string
	PercentBPS    int
	StartsAt      time.Time
}

// Discount is a code as the shop knows it.
type Discount struct {
	ID         string    `json:"id"`
	Code       string    `json:"code"`
	PercentBPS int       `json:"percent_bps"`
	Active     bool      `json:"active"`
	Key        EffectKey `json:"key"` // whose it is: the key that made it, as the shop shows it back; "" when it is not ours
}

// Message is a chat message for the brand's people: a headline, facts, and buttons for a decision.
type Message struct {
	Key      EffectKey
	Kind     string // campaign_started, review_draft, ghost_card, ...
	Decision string // the id of the question that it asks, "" none: it is closed when that is over
	Channel  string // "" the default channel
	ThreadTS string // "" starts a thread of its own
	Text     string // the plain-text form and the headline
	Body     string // plain text: what is markup in the chat is escaped by the adapter
	Facts    []Fact
	Buttons  []Button
	Context  string // small print: who decided what and when. It may hold marks, as facts may
	Mention  string // who is to look, as the audit knows them; "" nobody
	LinkURL  string // opened by a link button, "" none
	LinkText string
}

// What a message of ours bears beside what people see, where the chat keeps such: it is found by its key, and shown again with both.
const (
	MessageKey  = "key"
	MessageKind = "kind"
)

// Fact is a labelled value on a card.
type Fact struct{ Label, Value string }

// Button is a decision that a person can take. Value carries opaque ids only.
type Button struct {
	ActionID string // decide_counter:accept, ... ; unique in a message
	Label    string
	Value    string
	Style    string // "", primary, danger
	Confirm  string // "" no question first
}

// MessageRef finds a message again.
type MessageRef struct {
	Channel string `json:"channel"`
	TS      string `json:"ts"`
}

// AccountRequest asks the payout rail for an account that a creator will own.
type AccountRequest struct {
	Key       EffectKey
	CreatorID CreatorID
	Email     string
	Country   string
}

// PayoutAccount is a creator's account at the rail.
type PayoutAccount struct {
	ID      string `json:"id"`
	Rail    string `json:"rail,omitempty"`    // "" the first, in what was written before there were several
	Ready   bool   `json:"ready"`             // may receive transfers
	Closed  bool   `json:"closed,omitempty"`  // and never will again: another takes its place
	Shown   string `json:"shown,omitempty"`   // the last four characters of whom it pays, where the rail keeps no account
	Current bool   `json:"current,omitempty"` // money goes there

	WasReady bool   `json:"-"` // now or once, as the store knows: another takes its place only with the creator's code
	Holder   string `json:"-"` // the name on it, where the rail shows one. Personal data: it goes from the rail to the store and nowhere else
}

// TransferRequest moves money to a creator. Key is the idempotency key and PayoutID the group by which it is found again.
type TransferRequest struct {
	Key         EffectKey
	PayoutID    PayoutID
	Destination string
	To          Receiver // who that is, for rails that know no account of ours
	AmountMinor int64
	Currency    string
}

// TransferState is what a rail has made of a transfer so far.
type TransferState string

// The states. What is under way has not paid anybody; what failed never will, and all of it counts as having come back.
const (
	TransferMoved    TransferState = ""
	TransferUnderway TransferState = "underway"
	TransferFailed   TransferState = "failed"
)

// Transfer is money that moved.
type Transfer struct {
	ID            string    `json:"id"`
	PayoutID      PayoutID  `json:"payout_id"`
	Destination   string    `json:"destination"`
	AmountMinor   int64     `json:"amount_minor"`
	ReversedMinor int64     `json:"reversed_minor"`
	Currency      string    `json:"currency"`
	CreatedAt     time.Time `json:"created_at"`

	State    TransferState `json:"state,omitempty"`
	Why      string        `json:"why,omitempty"` // of a state, in words for people
	Receiver string        `json:"-"`             // how a rail names whom it paid that knows no account of ours; personal
}
