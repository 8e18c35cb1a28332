package workflows

import (
	"time"

	p "github.com/rapport-dev/rapport/partnership"
)

// Updates are people's answers: a validator refuses a wrong one before it costs anything or changes anything.
const (
	UpdateAnswerOffer      = p.DeedAnswerOffer
	UpdateDecideCounter    = p.DeedDecideCounter
	UpdateSubmitDraft      = p.DeedSubmitDraft
	UpdateReviewDraft      = p.DeedReviewDraft
	UpdateSubmitPost       = p.DeedSubmitPost
	UpdateConfirmDelivery  = p.DeedConfirmDelivery
	UpdateRequestExtension = p.DeedRequestExtension
	UpdateDecideQuiet      = p.DeedDecideQuiet
	UpdateRetryStep        = p.DeedRetryStep
	UpdateAmend            = p.DeedAmend
	UpdateCancel           = p.DeedCancel
	UpdatePause            = p.DeedPause
	UpdateResume           = p.DeedResume
	UpdateApproveRun       = p.DeedApproveRun
	UpdateRejectRun        = p.DeedRejectRun
	UpdateResolvePayout    = p.DeedResolvePayout
)

// Signals are vendors' facts, in the past tense. They may come twice, late and out of order.
const (
	SignalEnvelopeChanged    = "envelope_changed"
	SignalParcelMoved        = "parcel_moved"
	SignalCreatorActive      = "creator_active"
	SignalMailFailed         = "mail_failed"
	SignalOptedOut           = "opted_out"
	SignalPayoutAccountReady = "payout_account_ready"
	SignalPartnershipClosed  = "partnership_closed"
	SignalSlotChanged        = "slot_changed" // to the campaign: a creator went quiet or came back, or a standby took the slot
	SignalSlotDecided        = "slot_decided" // from the campaign, who alone decides whose a slot is
	SignalAmended            = "amended"      // from the campaign: its file was changed in flight
	SignalStopped            = "stopped"      // from the campaign: paused, resumed or cancelled as a whole
	SignalPayoutWaits        = "payout_waits" // to its run: it waits for a person, and holds up no other
)

// Proven is what every update carries: the proof of the door that made it. The worker lets in none without one (wiring/doors);
// only histories from before there were proofs hold some.
type Proven struct {
	Proof *p.Proof `json:"Proof,omitempty"`
}

// Provenance is the message's proof, nil for none.
func (m Proven) Provenance() *p.Proof { return m.Proof }

// QuerySnapshot is what a workflow knows of itself now.
const QuerySnapshot = "snapshot"

// Ack is what an accepted update answers.
type Ack struct {
	Stage      p.Stage `json:"Stage"`
	WaitingFor string  `json:"WaitingFor"`
}

// Answers to an offer.
const (
	Accept  = "accept"
	Counter = "counter"
	Decline = "decline"
)

// AnswerOffer is the creator's answer. FeeMinor is the fee asked for in a counter-offer, in the terms' currency.
type AnswerOffer struct {
	Task         string `json:"Task"`
	Answer       string `json:"Answer"` // accept, counter, decline
	FeeMinor     int64  `json:"FeeMinor"`
	SubmissionID string `json:"SubmissionID"` // the creator's words, kept in Postgres; optional
	Proven
}

// Decisions on a counter-offer.
const Refuse = "refuse"

// DecideCounter is a manager's decision on a counter-offer of that round: accept or refuse (the standing offer stays open).
type DecideCounter struct {
	Round    int    `json:"Round"`
	Decision string `json:"Decision"`
	By       string `json:"By"` // an opaque id of the person
	Proven
}

// SubmitDraft hands in a draft; the text and link are in Postgres under SubmissionID.
type SubmitDraft struct {
	Task         string `json:"Task"`
	SubmissionID string `json:"SubmissionID"`
	Proven
}

// Decisions on a draft.
const (
	Approve = "approve"
	Changes = "changes"
)

// ReviewDraft is a manager's review; Changes needs the feedback's SubmissionID.
type ReviewDraft struct {
	Task         string `json:"Task"`
	Decision     string `json:"Decision"`
	SubmissionID string `json:"SubmissionID"`
	By           string `json:"By"`
	Proven
}

// SubmitPost tells where the content went live.
type SubmitPost struct {
	Task         string `json:"Task"`
	SubmissionID string `json:"SubmissionID"`
	Proven
}

// Conditions of a parcel that arrived.
const (
	Received = "received"
	Damaged  = "damaged"
)

// ConfirmDelivery is the creator's word on the parcel.
type ConfirmDelivery struct {
	Condition string `json:"Condition"`
	Proven
}

// RequestExtension asks for more days on the task that is open. Granted by rule once per task, up to the buffer left.
type RequestExtension struct {
	Task string  `json:"Task"`
	Days float64 `json:"Days"`
	Proven
}

// Decisions on a creator who went quiet.
const (
	Extend      = "extend"
	KeepWaiting = "keep_waiting"
	Replace     = "replace"
)

// DecideQuiet is a manager's decision on a quiet creator.
type DecideQuiet struct {
	Task     string `json:"Task"`
	Decision string `json:"Decision"`
	By       string `json:"By"`
	Proven
}

// RetryStep asks to try the step again that a vendor refused for good (once its cause is mended).
type RetryStep struct {
	By string `json:"By"`
	Proven
}

// What a campaign does to all its partnerships.
const (
	Paused    = "paused"
	Resumed   = "resumed"
	Cancelled = "cancelled"
)

// Stopped is a campaign's pause, resume or cancel.
type Stopped struct {
	Action string `json:"Action"`
	Reason string `json:"Reason"`
	By     string `json:"By"`
	Addressed
}

// Amended is a change of the campaign's file as it concerns one partnership. Versions count from 1; one that was applied is not
// applied again.
type Amended struct {
	Version  int        `json:"Version"`
	Schedule p.Schedule `json:"Schedule"`
	Offer    p.Terms    `json:"Offer"` // for this partnership's tier
	Addressed
}

// Amend tells a campaign that a new version of its file has been kept.
type Amend struct {
	Version int    `json:"Version"`
	By      string `json:"By"`
	Proven
}

// Stop is a cancel or a pause, and resume.
type Stop struct {
	Reason string `json:"Reason"`
	By     string `json:"By"`
	Proven
}

// EnvelopeChanged says that something happened to an envelope; the workflow asks the vendor what.
type EnvelopeChanged struct {
	EnvelopeID string `json:"EnvelopeID"`
	EventID    string `json:"EventID"`
	Addressed
}

// ParcelMoved is the carrier's news.
type ParcelMoved struct {
	ShipmentID string         `json:"ShipmentID"`
	Status     p.ParcelStatus `json:"Status"`
	At         time.Time      `json:"At"`  // the carrier's time
	ETA        time.Time      `json:"ETA"` // the carrier's estimate of the delivery, zero when it gives none
	EventID    string         `json:"EventID"`
	Addressed
}

// CreatorActive is a sign of life: mail_reply, click, upload, manager_note (a manager has spoken with them elsewhere).
type CreatorActive struct {
	Channel string    `json:"Channel"`
	EventID string    `json:"EventID"`
	At      time.Time `json:"At"`
	Addressed
}

// MailFailed says that a mail bounced or was dropped.
type MailFailed struct {
	Key     string `json:"Key"`
	Why     string `json:"Why"`
	EventID string `json:"EventID"`
	Addressed
}

// OptedOut says that the creator wants no more mail.
type OptedOut struct {
	EventID string `json:"EventID"`
	Addressed
}

// PayoutAccountReady says that the creator's account may receive transfers.
type PayoutAccountReady struct {
	EventID string `json:"EventID"`
	Addressed
}

// PartnershipClosed tells a campaign how one of its partnerships ended.
type PartnershipClosed struct {
	PartnershipID p.PartnershipID `json:"PartnershipID"`
	Outcome       p.Outcome       `json:"Outcome"`
	Niche         string          `json:"Niche"`
	Addressed
}

// What a partnership tells its campaign about a slot.
const (
	SlotAtRisk   = "at_risk"  // its creator has likely gone quiet for good
	SlotGhosted  = "ghosted"  // its creator was given up
	SlotReturned = "returned" // the creator is back and asks for the slot
	SlotTaken    = "taken"    // a standby creator has accepted it
)

// SlotChanged is what happened to the slot of the partnership that says so; with SlotTaken, to the slot that it was offered.
type SlotChanged struct {
	PartnershipID p.PartnershipID `json:"PartnershipID"`
	Change        string          `json:"Change"`
	Terms         p.Terms         `json:"Terms"` // with SlotReturned: what the budget has to cover
	Addressed
}

// What a campaign decides about a slot.
const (
	SlotKept      = "kept"      // the creator who came back goes on
	SlotGone      = "gone"      // and cannot: somebody else has the slot, and the budget covers no further one
	SlotReleased  = "released"  // a standby creator has taken it
	SlotWithdrawn = "withdrawn" // a standby's unanswered offer is taken back: the first creator returned
)

// SlotDecided is the campaign's word on a slot, to the partnership whom it concerns.
type SlotDecided struct {
	Decision string `json:"Decision"`
	Addressed
}

// ApproveRun approves a payout run's lines as they hash. Nothing sets or reads Also any more, which messages of before may carry: the step that
// records the approval looks up who is one person under several names.
type ApproveRun struct {
	By   string   `json:"By"`
	Also []string `json:"Also,omitempty"`
	Hash string   `json:"Hash"`
	Proven
}

// RejectRun sends a payout run back, as its lines hash: its rows are released.
type RejectRun struct {
	By     string `json:"By"`
	Reason string `json:"Reason"`
	Hash   string `json:"Hash,omitempty"`
	Proven
}

// Decisions on a transfer of which nobody knows whether it was done.
const (
	ResolvedPaid    = "paid"    // a person found it at the provider
	ResolvedRelease = "release" // a person is sure that it is not there: it may be sent again
)

// PayoutWaits says that a payout waits for a person.
type PayoutWaits struct {
	PayoutID p.PayoutID `json:"PayoutID"`
}

// ResolvePayout is a person's word on an unknown transfer.
type ResolvePayout struct {
	By         string `json:"By"`
	Decision   string `json:"Decision"`
	TransferID string `json:"TransferID"` // with paid
	Proven
}

// PartnershipInput starts a Partnership. Everything that a later change of the program must not touch is pinned here.
type PartnershipInput struct {
	CampaignID    p.CampaignID        `json:"CampaignID"`
	PartnershipID p.PartnershipID     `json:"PartnershipID"`
	CreatorID     p.CreatorID         `json:"CreatorID"`
	Tier          p.Tier              `json:"Tier"`
	Niche         string              `json:"Niche"`
	CreatorZone   string              `json:"CreatorZone"` // IANA, for quiet hours; "" the campaign's
	Offer         p.Terms             `json:"Offer"`       // what is offered first
	Limits        p.NegotiationLimits `json:"Limits"`
	Schedule      p.Schedule          `json:"Schedule"`
	Day           time.Duration       `json:"Day"`              // one campaign day
	Zone          string              `json:"Zone"`             // the campaign's IANA zone
	Covers        p.PartnershipID     `json:"Covers"`           // whose slot a standby creator is offered; "" a free one
	Carried       *State              `json:"Carried"`          // carried over continue-as-new
	Ending        *Ending             `json:"Ending,omitempty"` // set where a person ends what cannot go on: the run does nothing else
}

// CampaignInput starts a Campaign.
type CampaignInput struct {
	CampaignID p.CampaignID   `json:"CampaignID"`
	Day        time.Duration  `json:"Day"`
	Carried    *CampaignState `json:"Carried"` // carried over continue-as-new
}

// PayoutRunInput starts a PayoutRun. By hand Period is set; a Schedule leaves it empty and the scheduled time decides.
type PayoutRunInput struct {
	Program    string        `json:"Program"`
	Zone       string        `json:"Zone"`
	Period     string        `json:"Period"` // yyyy-mm
	PreparedBy string        `json:"PreparedBy"`
	Day        time.Duration `json:"Day"`
	ReviewDays float64       `json:"ReviewDays"` // campaign days between statements and the plan
}

// PayoutInput starts a Payout.
type PayoutInput struct {
	PayoutID p.PayoutID    `json:"PayoutID"`
	Day      time.Duration `json:"Day"`
}
