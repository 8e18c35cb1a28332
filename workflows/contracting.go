package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

// contracting draws the contract from the frozen terms, has it signed, and believes a signature only when the vendor, asked
// again, says that it is complete.
func (s *story) contracting(ctx workflow.Context) error {
	s.enter(ctx, p.Contracting)
	s.takesBack(undoContract)
	due, accepted := func() time.Time { return s.Plan.Due(timeline.SignDue) }, workflow.Now(ctx)
	sent, err := step[p.Envelope](ctx, s, QueueSigning, "Send the contract", act.SendContract,
		activities.Contract{PartnershipID: s.PartnershipID, Version: 1, Terms: s.Terms, Due: due()})
	if err != nil {
		return err
	}
	s.Envelope = sent.ID
	s.note(ctx, "contract_sent", "brand", "Contract sent for signature.")

	seen := 0
	sign := ask{
		kind: p.TaskSign, task: "sign", what: "the creator's signature",
		due: due,
		ladder: func(from, due time.Time) []timeline.CheckIn {
			return timeline.OfferLadder(s.cal, from, due)
		},
		done: func() bool { return s.EnvelopeMove > seen },
	}
	if _, err := s.askedLate(ctx, sign, accepted); err != nil {
		return err
	}
	for !s.Signed {
		if err := s.await(ctx, sign); err != nil {
			return s.lastLookAtContract(ctx, err)
		}
		seen = s.EnvelopeMove
		if err := s.checkContract(ctx); err != nil {
			return err
		}
	}
	return nil
}

// checkContract re-reads the envelope from the vendor and files the signed documents.
func (s *story) checkContract(ctx workflow.Context) error {
	now, err := step[p.Envelope](ctx, s, QueueSigning, "Re-read the contract from the signing vendor", act.ConfirmSignature,
		activities.Contract{PartnershipID: s.PartnershipID, Version: 1, EnvelopeID: s.Envelope})
	if err != nil {
		return err
	}
	switch now.Status {
	case p.EnvelopeCompleted:
		s.Signed = true
		s.Facts.SignedAt = now.CompletedAt
		s.keep(undoContract) // a signed contract stands
		s.replan(ctx)
		s.note(ctx, "signed", "creator", "Signed; the contract and its certificate are on file.")
	case p.EnvelopeDeclined:
		return &Ending{Outcome: p.Declined, Reason: "the creator declined to sign", By: "creator"}
	case p.EnvelopeVoided:
		return &Ending{Outcome: p.Cancelled, Reason: "the contract was voided at the signing vendor", By: "vendor"}
	}
	return nil
}

// lastLookAtContract asks the vendor once more before a contract lapses: its message may have been lost.
func (s *story) lastLookAtContract(ctx workflow.Context, end error) error {
	if s.Stop != nil {
		return end
	}
	if err := s.checkContract(ctx); err != nil {
		return err
	}
	if s.Signed {
		return nil
	}
	return end
}
