package workflows

import p "github.com/rapport-dev/rapport/partnership"

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
	More       int     `json:"More,omitempty"` // how many others still have to say the same: their question stays open
}
