package workflows

import (
	"strings"

	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

// unsignedState is the contract amendment that waits for a signature.
type unsignedState struct {
	Unsigned         *Unsigned `json:"Unsigned"`
	AmendmentVersion int       `json:"AmendmentVersion"` // its version

	givingBack bool // the budget of one that was not signed is being given back
}

// Unsigned is a contract amendment that waits for the creator's signature. Until then what was signed before holds.
type Unsigned struct {
	activities.Contract
	Offer partnership.Terms `json:"Offer"` // the amended offer that its terms follow from
}

// unsignedFollows says that the campaign's offer changed and leaves the amendment as it is.
func (s *unsignedState) unsignedFollows(offer partnership.Terms) { s.Unsigned.Offer = offer }

// amendContract asks the creator to sign the changed terms. They hold once the vendor says that they are signed; until then, and
// if the creator declines, the signed terms stand, and the offer that they follow from.
func (s *story) amendContract(ctx workflow.Context, offer partnership.Terms, e timeline.Effect) error {
	s.numbered(e.Terms.Version)
	u := &Unsigned{Offer: offer, Contract: activities.Contract{
		PartnershipID: s.PartnershipID, Version: e.Terms.Version, Terms: e.Terms, Due: s.cal.Add(workflow.Now(ctx), s.Schedule.SignDays),
	}}
	s.Unsigned, s.AmendmentVersion = u, u.Version
	s.takesBack(undoAmendment)
	seen := s.EnvelopeMove
	sent, err := step(ctx, s, sendContract, "Send the contract amendment", u.Contract)
	if err != nil {
		return err
	}
	u.EnvelopeID = sent.ID
	if s.Unsigned != u { // it was closed before it was there
		_, err := s.void(ctx, u, "it came too late")
		return err
	}
	s.note(ctx, "amendment_sent", "brand", "Contract amendment sent for signature: "+strings.Join(e.Words, "; ")+".")
	s.watchAmendment(ctx, u, seen)
	return nil
}

// watchAmendment waits beside the stages for the signature under an amendment. seen is how many of the vendor's messages were known
// when it was sent.
func (s *story) watchAmendment(ctx workflow.Context, u *Unsigned, seen int) {
	open := func() bool { return s.Unsigned == u && s.outcome == "" }
	workflow.GoNamed(ctx, "contract amendment", func(ctx workflow.Context) {
		for {
			left := u.Due.Sub(workflow.Now(ctx))
			within(ctx, left, "the creator's signature under the amendment", func() bool { return s.EnvelopeMove > seen || !open() })
			if !open() {
				return
			}
			seen = s.EnvelopeMove
			now, err := step(ctx, s, confirmSignature, "Re-read the contract amendment", u.Contract)
			if err != nil || !open() {
				return
			}
			switch {
			case now.Status == partnership.EnvelopeCompleted:
				err = s.signed(ctx, now)
			case now.Status == partnership.EnvelopeDeclined || now.Status == partnership.EnvelopeVoided:
				err = s.notSigned(ctx, "amendment_declined", "creator", "The amendment was not signed: the signed terms stand.")
			case workflow.Now(ctx).Before(u.Due):
				continue
			default:
				err = s.closeAmendment(ctx, "its time is over")
			}
			if err != nil {
				s.log.Info("the story ends: its end takes the amendment back")
				return
			}
			if s.outcome == "" {
				s.show(ctx)
			}
			return
		}
	})
}

// closeAmendment takes back an amendment that waits for its signature, so that nobody can sign what no longer holds: once the work
// is done, once its time is over, and when another takes its place. What was signed before stands, and so does the amendment
// itself when it was signed a moment ago.
func (s *story) closeAmendment(ctx workflow.Context, why string) error {
	u := s.Unsigned
	if u == nil {
		return nil
	}
	done, err := s.void(ctx, u, why)
	if err != nil {
		return err
	}
	var now partnership.Envelope
	if u.EnvelopeID != "" {
		if now, err = step(ctx, s, confirmSignature, "Re-read the contract amendment", u.Contract); err != nil {
			return err
		}
	}
	switch {
	case s.Unsigned != u: // whoever waits for the signature has seen to it
		return nil
	case now.Status == partnership.EnvelopeCompleted:
		return s.signed(ctx, now)
	default:
		return s.notSigned(ctx, "amendment_lapsed", "brand", "The amendment was not signed: "+why+". "+done.Detail)
	}
}

func (s *story) void(ctx workflow.Context, u *Unsigned, why string) (activities.Undone, error) {
	arg := activities.Undo{PartnershipID: s.PartnershipID, Version: u.Version, Reason: why}
	return step(ctx, s, voidContract, "Void the contract amendment", arg)
}

// signed makes the amended terms those that hold.
func (s *story) signed(ctx workflow.Context, now partnership.Envelope) error {
	if window := s.Unsigned.Terms.WindowDays; window != s.Terms.WindowDays && windowOfTheTerms(ctx) {
		s.newWindow(ctx, window)
	}
	s.hold(s.Unsigned.Terms)
	s.follow(s.Unsigned.Offer)
	s.Unsigned, s.AmendmentVersion = nil, 0
	s.keep(undoAmendment)
	s.note(ctx, "amendment_signed", "creator", "The creator signed the amended terms: "+s.Terms.Summary()+".")
	if s.Signed || !signsTheAgreement(ctx) {
		return nil
	}
	first := s.contract()
	s.contractSigned(ctx, now)
	_, err := step(ctx, s, voidContract, "Void the contract of before the amendment",
		activities.Undo{PartnershipID: s.PartnershipID, Version: first.Version, Reason: "the newer agreement is signed"})
	return err
}

// signsTheAgreement is false in stories of before, where whoever signed an amendment while the contract itself was still out lapsed
// under that one. Nothing sends an amendment then any more, so only their next runs come here.
func signsTheAgreement(ctx workflow.Context) bool {
	return workflow.GetVersion(ctx, "an-amendment-signs-the-agreement", workflow.DefaultVersion, 1) == 1
}

// notSigned leaves the terms as they were, and gives back what was reserved for the amended ones. Whoever is away has their budget
// settled by the campaign, when they come back.
func (s *story) notSigned(ctx workflow.Context, kind, owner, detail string) error {
	spare := s.Unsigned.Terms.CostMinor() > s.Terms.CostMinor() && s.Away == nil
	s.Unsigned, s.AmendmentVersion = nil, 0
	s.keep(undoAmendment)
	s.note(ctx, kind, owner, detail)
	if !spare {
		return nil
	}
	s.givingBack = true
	defer func() { s.givingBack = false }()
	_, err := s.reserve(ctx, s.Terms)
	return err
}
