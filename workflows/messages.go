package workflows

import (
	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
)

// Updates are people's answers: a validator refuses a wrong one before it costs anything or changes anything.
const (
	UpdateAnswerOffer      = partnership.DeedAnswerOffer
	UpdateDecideCounter    = partnership.DeedDecideCounter
	UpdateSubmitDraft      = partnership.DeedSubmitDraft
	UpdateReviewDraft      = partnership.DeedReviewDraft
	UpdateSubmitPost       = partnership.DeedSubmitPost
	UpdateConfirmDelivery  = partnership.DeedConfirmDelivery
	UpdateRequestExtension = partnership.DeedRequestExtension
	UpdateDecideQuiet      = partnership.DeedDecideQuiet
	UpdateGiveTime         = partnership.DeedGiveTime
	UpdateReplace          = partnership.DeedReplace
	UpdateRetryStep        = partnership.DeedRetryStep
	UpdateAmend            = partnership.DeedAmend
	UpdateInvite           = partnership.DeedInvite
	UpdateVeto             = partnership.DeedVeto
	UpdateCancel           = partnership.DeedCancel
	UpdatePause            = partnership.DeedPause
	UpdateResume           = partnership.DeedResume
	UpdateApproveRun       = partnership.DeedApproveRun
	UpdateRejectRun        = partnership.DeedRejectRun
	UpdateResolvePayout    = partnership.DeedResolvePayout
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
	SignalLookAgain          = "look_again"   // to a batch or payout: the books may not know it any more
	SignalPayoutMoved        = "payout_moved" // to the payout: its transfer, which was under way, has moved
)

// Proven is what every update carries: the proof of the door that made it. The worker lets in none without one (wiring/doors);
// only histories from before there were proofs hold some.
type Proven struct {
	Proof *partnership.Proof `json:"Proof,omitempty"`
}

// Provenance is the message's proof, nil for none.
func (m Proven) Provenance() *partnership.Proof { return m.Proof }

// QuerySnapshot is what a workflow knows of itself now.
const QuerySnapshot = "snapshot"

// Ack is what an accepted update answers.
type Ack struct {
	Stage      partnership.Stage `json:"Stage"`
	WaitingFor string            `json:"WaitingFor"`
	More       int               `json:"More,omitempty"` // how many others still have to say the same: their question stays open
}

// refuse is a validator's no, with its code, so that every door can say it in its own way.
func refuse(code partnership.Code, msg string) error {
	return activities.Refusal(&partnership.Error{Code: code, Message: msg})
}

// refuseField is the no to one field of a message.
func refuseField(field, msg string) error {
	return activities.Refusal(&partnership.Error{Code: partnership.Invalid, Field: field, Message: msg})
}
