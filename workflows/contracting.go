package workflows

import (
	"strings"
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

// contractState is the agreement that is out or signed.
type contractState struct {
	Envelope        string `json:"Envelope"`                  // "" while none is out or signed
	EnvelopeMove    int    `json:"EnvelopeMove"`              // counts envelope_changed signals
	EnvelopeVersion int    `json:"EnvelopeVersion,omitempty"` // of the contract that an amendment put in the place of the first, 0 none
	ContractVersion int    `json:"ContractVersion"`           // of the last contract amendment: it only grows, so that no two documents share one
	Signed          bool   `json:"Signed"`
	SignDeclined    bool   `json:"SignDeclined"` // nothing sets or reads it any more
}

// EnvelopeChanged says that something happened to an envelope; the workflow asks the vendor what.
type EnvelopeChanged struct {
	EnvelopeID string `json:"EnvelopeID"`
	EventID    string `json:"EventID"`
	Addressed
}

// numbered says which number a document has.
func (s *contractState) numbered(version int) { s.ContractVersion = version }

// hearContract takes the signing vendor's word that something happened to an envelope.
func (s *story) hearContract(ctx workflow.Context, sel workflow.Selector) {
	on(ctx, sel, SignalEnvelopeChanged, func(EnvelopeChanged) {
		s.EnvelopeMove++ // whichever of this partnership's envelopes it is: whoever waits asks the vendor
	})
}

// contracting draws the contract from the frozen terms, has it signed, and believes a signature only when the vendor, asked
// again, says that it is complete.
func (s *story) contracting(ctx workflow.Context) error {
	s.enter(ctx, partnership.Contracting)
	s.takesBack(undoContract)
	due, accepted := func() time.Time { return s.Plan.Due(timeline.SignDue) }, workflow.Now(ctx)
	sent, err := step(ctx, s, sendContract, "Send the contract",
		activities.Contract{PartnershipID: s.PartnershipID, Version: 1, Terms: s.Terms, Due: due()})
	if err != nil {
		return err
	}
	s.Envelope = sent.ID
	s.note(ctx, "contract_sent", "brand", "Contract sent for signature.")

	seen := 0
	sign := ask{
		kind: partnership.TaskSign, task: "sign", what: "the creator's signature",
		due: due,
		ladder: func(from, due time.Time) []timeline.CheckIn {
			return timeline.OfferLadder(s.cal, from, due)
		},
		done: func() bool { return s.Signed || s.Envelope != "" && s.EnvelopeMove > seen },
	}
	if _, err := s.askedLate(ctx, sign, accepted); err != nil {
		return err
	}
	for !s.Signed {
		if err := s.await(ctx, sign); err != nil {
			if err := s.lastLookAtContract(ctx, err); err != nil {
				return err
			}
			continue
		}
		s.reopens(sign.task) // what was said may be about another envelope: the page stays until this one is signed
		seen = s.EnvelopeMove
		if err := s.checkContract(ctx); err != nil {
			return err
		}
	}
	s.reopens(sign.task)
	s.closes(sign.task)
	return nil
}

// contract is the one that is out for the agreement itself.
func (s *story) contract() activities.Contract {
	return activities.Contract{PartnershipID: s.PartnershipID, Version: max(s.EnvelopeVersion, 1), EnvelopeID: s.Envelope}
}

// checkContract re-reads the envelope from the vendor and files the signed documents.
func (s *story) checkContract(ctx workflow.Context) error {
	out := s.contract()
	now, err := step(ctx, s, confirmSignature, "Re-read the contract from the signing vendor", out)
	if err != nil {
		return err
	}
	if now.Status == partnership.EnvelopeCompleted {
		s.contractSigned(ctx, now)
		return nil
	}
	if s.Signed || s.Envelope != out.EnvelopeID { // meanwhile another was signed, or has taken its place
		return nil
	}
	switch now.Status {
	case partnership.EnvelopeDeclined:
		return &Ending{Outcome: partnership.Declined, Reason: "the creator declined to sign", By: "creator"}
	case partnership.EnvelopeVoided:
		return &Ending{Outcome: partnership.Cancelled, Reason: "the contract was voided at the signing vendor", By: "vendor"}
	}
	return nil
}

func (s *story) contractSigned(ctx workflow.Context, now partnership.Envelope) {
	if s.Signed { // who asked at the same time has seen to it
		return
	}
	s.Signed = true
	s.keep(undoContract) // a signed contract stands
	s.happened(ctx, func(f *timeline.Facts) { f.SignedAt = now.CompletedAt })
	s.note(ctx, "signed", "creator", "Signed; the contract and its certificate are on file.")
}

// lastLookAtContract asks the vendor once more before a contract lapses: its message may have been lost. One that was replaced by
// another has the time of that one.
func (s *story) lastLookAtContract(ctx workflow.Context, end error) error {
	if s.Stop != nil {
		return end
	}
	if s.Envelope == "" || s.EnvelopeVersion > 0 {
		until(ctx, func() bool { return !s.amending || s.Stop != nil })
		if err := s.stopped(); err != nil {
			return err
		}
	}
	if !s.Signed {
		if err := s.checkContract(ctx); err != nil {
			return err
		}
	}
	if s.Signed || s.EnvelopeVersion > 0 && workflow.Now(ctx).Before(s.Plan.Due(timeline.SignDue)) {
		return nil
	}
	if s.lapses(ctx) {
		return end
	}
	return nil
}

// lapses takes back a contract whose time is over, and only then asks for the last time: whoever signed it in between has signed, and
// nobody is ended under an agreement that stands. What is refused here is tried once more with the end, and told.
func (s *story) lapses(ctx workflow.Context) bool {
	if s.Envelope == "" || !voidsBeforeItLapses(ctx) {
		return true
	}
	out, void := s.contract(), undoing[undoContract]
	arg := activities.Undo{PartnershipID: s.PartnershipID, Version: out.Version, Reason: "its time to be signed is over"}
	done, refused := call(ctx, s.Day, void.activity, void.summary, arg)
	if refused != nil {
		return true
	}
	now, refused := call(ctx, s.Day, confirmSignature, "Re-read the contract that was voided", out)
	if refused != nil {
		return true
	}
	if now.Status == partnership.EnvelopeCompleted {
		s.contractSigned(ctx, now)
		return false
	}
	s.keep(undoContract)
	s.note(ctx, undoContract, "rapport", done.Detail)
	return true
}

// voidsBeforeItLapses is false in stories whose contract was taken back after their end alone.
func voidsBeforeItLapses(ctx workflow.Context) bool {
	return workflow.GetVersion(ctx, "voids-before-it-lapses", workflow.DefaultVersion, 1) == 1
}

// recontract puts a contract of the amended terms in the place of the one that is out, so that there is one to sign and it says what
// holds. The old one is voided first, and nothing is replaced when it was signed a moment before: then it stands (Signed).
func (s *story) recontract(ctx workflow.Context, offer partnership.Terms, e timeline.Effect) error {
	until(ctx, func() bool { return s.Envelope != "" || s.Stop != nil }) // the first is on its way
	old := s.contract()
	s.Envelope = "" // none is out until the next is sent, so nobody asks what became of it
	arg := activities.Undo{PartnershipID: s.PartnershipID, Version: old.Version, Reason: "the campaign was amended; a new agreement follows"}
	if _, err := step(ctx, s, voidContract, "Void the contract of before the amendment", arg); err != nil {
		return err
	}
	now, err := step(ctx, s, confirmSignature, "Re-read the contract of before the amendment", old)
	switch {
	case err != nil:
		return err
	case s.Signed || now.Status == partnership.EnvelopeCompleted:
		s.Envelope = old.EnvelopeID
		s.contractSigned(ctx, now)
		return nil
	case now.Status == partnership.EnvelopeDeclined:
		s.end(Ending{Outcome: partnership.Declined, Reason: "the creator declined to sign", By: "creator"})
		return s.stopped()
	}
	s.hold(e.Terms)
	s.follow(offer)
	s.EnvelopeVersion = e.Terms.Version
	s.numbered(e.Terms.Version)
	sent, err := step(ctx, s, sendContract, "Send the contract with the amended terms",
		activities.Contract{PartnershipID: s.PartnershipID, Version: e.Terms.Version, Terms: e.Terms, Due: s.Plan.Due(timeline.SignDue)})
	if err != nil {
		return err
	}
	s.Envelope = sent.ID
	s.note(ctx, "contract_sent", "brand", "The contract was voided and sent anew with the amended terms: "+strings.Join(e.Words, "; ")+".")
	return nil
}

// timeToRead gives whoever got a contract anew at least half of the usual time to sign it.
func (s *story) timeToRead(ctx workflow.Context, e timeline.Effect) {
	if s.Signed || len(e.Words) == 0 || s.EnvelopeVersion != e.Terms.Version {
		return
	}
	if days := s.cal.Days(e.Plan.Due(timeline.SignDue), s.cal.Add(workflow.Now(ctx), e.Schedule.SignDays/2)); days > 0 {
		s.grant(ctx, partnership.TaskSign, days, timeline.Brand, "the contract was sent anew with amended terms")
	}
}

// replacesContract is false in stories that left a contract out when its terms were amended, and sent a second one beside it.
func replacesContract(ctx workflow.Context) bool {
	return workflow.GetVersion(ctx, "one-contract-before-the-signature", workflow.DefaultVersion, 1) == 1
}
