package workflows_test

import (
	"context"
	"errors"
	"time"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
)

// payoutSteps stands in for the activities of a payout run.
type payoutSteps struct {
	*steps
	payouts   []partnership.PayoutID
	creators  []partnership.CreatorID // who gets a statement, two when nil
	approvers int
	approved  []string // before the run was begun again
	transfer  func(partnership.PayoutID) (partnership.PayoutState, error)
	lookUps   []partnership.PayoutState // what each look-up finds, in turn; unknown when used up
	opened    activities.OpenRun
	sameAs    map[string]string // names of one person, as the books know them
	books     []error           // what each look at the books finds, in turn; then they hold
	closed    bool              // its books
	mute      time.Time         // until then the chat refuses everybody
}

func (s *payoutSteps) barred() error {
	if s.now().Before(s.mute) {
		return errors.New("barred: slack refuses everybody")
	}
	return nil
}

func (s *payoutSteps) OpenPayoutRun(_ context.Context, in activities.OpenRun) (partnership.PayoutRun, error) {
	s.opened = in
	s.did("open %s", in.Period)
	return partnership.PayoutRun{ID: in.Program + "/" + in.Period + "/1", Program: in.Program, Period: in.Period, PreparedBy: in.PreparedBy, Approvals: s.approved}, nil
}

func (s *payoutSteps) StatementCreators(context.Context, activities.RunRef) ([]partnership.CreatorID, error) {
	if s.creators != nil {
		return s.creators, nil
	}
	return []partnership.CreatorID{"a", "b"}, nil
}

func (s *payoutSteps) SendStatement(_ context.Context, in activities.StatementFor) error {
	if in.CreatorID == "b" {
		return refusedForGood("address does not exist")
	}
	return nil
}

func (s *payoutSteps) PlanPayouts(context.Context, activities.RunRef) (partnership.PayoutPlan, error) {
	return partnership.PayoutPlan{RunID: "dreams/2026-11/1", Payouts: s.payouts, TotalMinor: 5_000, Currency: "USD", LinesHash: "h1", NeedApprovers: s.approvers}, nil
}

func (s *payoutSteps) CheckFunds(context.Context, activities.Funds) error { return nil }

func (s *payoutSteps) CheckBooks(context.Context, activities.RunRef) error {
	if len(s.books) == 0 {
		return nil
	}
	err := s.books[0]
	s.books = s.books[1:]
	return err
}

func (s *payoutSteps) AskForApproval(context.Context, activities.ApprovalCard) error {
	if err := s.barred(); err != nil {
		return err
	}
	_, err := s.card("approval", "", "run")
	return err
}

func (s *payoutSteps) ApproveRun(_ context.Context, in activities.Approval) error {
	if other := s.sameAs[in.By]; other != "" && s.has("approved by "+other) {
		return refusedForGood("you have approved this run already, under another name; it needs another person")
	}
	s.did("approved by %s", in.By)
	return nil
}

func (s *payoutSteps) VoidPayoutPlan(context.Context, activities.Rejection) error {
	s.did("void")
	return nil
}

func (s *payoutSteps) ExecuteTransfer(_ context.Context, in activities.PayoutRef) (partnership.PayoutState, error) {
	s.did("transfer %s", in.PayoutID)
	if s.transfer == nil {
		return partnership.PayoutPaid, nil
	}
	return s.transfer(in.PayoutID)
}

func (s *payoutSteps) LookUpTransfer(_ context.Context, in activities.LookUp) (partnership.PayoutState, error) {
	if err := s.refused("look up"); err != nil {
		return "", err
	}
	s.did("look up %s %s", in.PayoutID, in.Resolved)
	if in.Resolved == partnership.ChoiceRelease {
		return partnership.PayoutFailed, nil
	}
	if len(s.lookUps) == 0 {
		return partnership.PayoutUnknown, nil
	}
	st := s.lookUps[0]
	s.lookUps = s.lookUps[1:]
	return st, nil
}

func (s *payoutSteps) ReleaseRefused(_ context.Context, in activities.Refused) (partnership.PayoutState, error) {
	s.did("released %s: %s", in.PayoutID, in.Why)
	return partnership.PayoutFailed, nil
}

func (s *payoutSteps) ReconcileRun(context.Context, activities.RunRef) error {
	s.did("reconcile")
	return nil
}

func (s *payoutSteps) ReportStuckRun(context.Context, activities.StuckRun) error {
	if err := s.barred(); err != nil {
		return err
	}
	s.did("stuck")
	return nil
}

func (s *payoutSteps) SetRunState(_ context.Context, in activities.RunEnd) error {
	s.did("made sure that it ended %s", in.State)
	return nil
}

func (s *payoutSteps) FinishRun(_ context.Context, in activities.RunDone) error {
	if !s.closed {
		s.closed = true
		s.did("ended %s", in.State)
	}
	if err := s.barred(); err != nil {
		return err
	}
	s.did("finish %s %d", in.State, in.Paid)
	return nil
}

func (s *payoutSteps) AskAboutTransfer(_ context.Context, in activities.LookUp) error {
	if err := s.barred(); err != nil {
		return err
	}
	s.did("ask about %s %d", in.PayoutID, in.Asked)
	return nil
}

func (s *payoutSteps) TellRefused(_ context.Context, in activities.Refused) error {
	if err := s.barred(); err != nil {
		return err
	}
	s.did("told that %s was refused", in.PayoutID)
	return nil
}
