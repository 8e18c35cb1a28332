package workflows_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.temporal.io/sdk/temporal"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
)

// payoutSteps stands in for the activities of a payout run.
type payoutSteps struct {
	*steps
	payouts   []partnership.PayoutID
	creators  []partnership.CreatorID // who gets a statement, two when nil
	approvers int
	approved  []string // before the run was begun again
	transfer  func(partnership.PayoutID) (partnership.PayoutState, error)
	underway  map[partnership.PayoutID][]partnership.PayoutState // what each look at one finds, in turn
	lookUps   []partnership.PayoutState                          // what each look-up finds, in turn; unknown when used up
	opened    activities.OpenRun
	sameAs    map[string]string // names of one person, as the books know them
	books     []error           // what each look at the books finds, in turn; then they hold
	closed    bool              // its books

	approving, lookingUp, reconciling, ending error // what these steps end with
	onVoid                                    func()
	shown                                     string // the hash of the lines that the books had before the run was begun
	askedAgain                                string
	sendingBack                               error                         // what the transfer of a payout ends with of which the run says that it was sent back
	unaware                                   int                           // transfers since the rest was rejected of which the run did not say so
	over                                      map[partnership.PayoutID]bool // whose fate the books know
	poor                                      bool                          // the rail's balance does not cover the run
	named                                     map[string]error              // what differs of a transfer that a person names
	mute                                      time.Time                     // until then the chat refuses everybody
	rails                                     []partnership.RailTotal       // what goes by each, of several
	funded                                    []string                      // the rails whose balance was looked at
	by                                        map[partnership.PayoutID]string
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
	return partnership.PayoutRun{ID: in.Program + "/" + in.Period + "/1", Program: in.Program, Period: in.Period, PreparedBy: in.PreparedBy, Approvals: s.approved, LinesHash: s.shown}, nil
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
	if len(s.rails) > 0 {
		return partnership.PayoutPlan{RunID: "dreams/2026-11/1", Count: len(s.payouts), Batches: len(s.rails), TotalMinor: 5_000, Currency: "USD", LinesHash: "h1", NeedApprovers: s.approvers, Rail: s.rails[0].Rail, Rails: s.rails}, nil
	}
	return partnership.PayoutPlan{RunID: "dreams/2026-11/1", Count: len(s.payouts), Batches: ledger.Batches(len(s.payouts)), TotalMinor: 5_000, Currency: "USD", LinesHash: "h1", NeedApprovers: s.approvers}, nil
}

func (s *payoutSteps) DrawStatements(ctx context.Context, in activities.RunRef) (int, error) {
	ids, err := s.StatementCreators(ctx, in)
	return ledger.Batches(len(ids)), err
}

func (s *payoutSteps) StatementBatch(ctx context.Context, in activities.RunRef) ([]partnership.CreatorID, error) {
	ids, err := s.StatementCreators(ctx, in)
	from := in.Batch * ledger.BatchPayees
	return ids[from:min(len(ids), from+ledger.BatchPayees)], err
}

func (s *payoutSteps) BatchPayouts(_ context.Context, in activities.RunRef) (open []partnership.PayoutID, _ error) {
	from := in.Batch * ledger.BatchPayees
	to := min(len(s.payouts), from+ledger.BatchPayees)
	if len(s.rails) > 0 { // a batch for each
		from = 0
		for _, of := range s.rails[:in.Batch] {
			from += of.Payees
		}
		to = from + s.rails[in.Batch].Payees
	}
	for _, id := range s.payouts[from:to] {
		if !s.settled(id) {
			open = append(open, id)
		}
	}
	return open, nil
}

// settled says whether the books know what became of a payout.
func (s *payoutSteps) settled(id partnership.PayoutID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.over[id]
}

func (s *payoutSteps) PauseRun(_ context.Context, in activities.RunPause) error {
	s.did("waits: %s", in.Why)
	return nil
}

func (s *payoutSteps) CheckFunds(_ context.Context, in activities.Funds) error {
	s.mu.Lock()
	s.funded = append(s.funded, fmt.Sprint(in.Rail, " ", in.AmountMinor))
	s.mu.Unlock()
	if s.poor {
		return temporal.NewApplicationError("waits for funds", "funds_missing")
	}
	return nil
}

func (s *payoutSteps) CheckTransfer(_ context.Context, in activities.NamedTransfer) error {
	s.did("hold %s against the provider's", in.TransferID)
	return s.named[in.TransferID]
}

func (s *payoutSteps) CheckBooks(context.Context, activities.RunRef) error {
	if len(s.books) == 0 {
		return nil
	}
	err := s.books[0]
	s.books = s.books[1:]
	return err
}

func (s *payoutSteps) AskForApproval(_ context.Context, in activities.ApprovalCard) error {
	s.askedAgain = in.Again
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
	if s.approving != nil {
		return s.approving
	}
	s.did("approved by %s", in.By)
	return nil
}

func (s *payoutSteps) VoidPayoutPlan(_ context.Context, in activities.Rejection) error {
	if in.Again {
		s.did("void once more")
		return nil
	}
	s.did("void")
	if s.onVoid != nil {
		s.onVoid()
	}
	return nil
}

func (s *payoutSteps) ExecuteTransfer(_ context.Context, in activities.PayoutRef) (partnership.PayoutState, error) {
	s.did("transfer %s", in.PayoutID)
	s.mu.Lock()
	if s.by == nil {
		s.by = map[partnership.PayoutID]string{}
	}
	s.by[in.PayoutID] = in.Rail
	s.mu.Unlock()
	switch {
	case in.Rejected && s.sendingBack != nil:
		return "", s.sendingBack
	case !in.Rejected && s.has("void"):
		s.unaware++
	}
	state, err := partnership.PayoutPaid, error(nil)
	if s.transfer != nil {
		state, err = s.transfer(in.PayoutID)
	}
	if err == nil && state != partnership.PayoutUnknown {
		s.end(in.PayoutID)
	}
	return state, err
}

// railOf is by which rail a payout was sent.
func (s *payoutSteps) railOf(id partnership.PayoutID) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.by[id]
}

func (s *payoutSteps) end(id partnership.PayoutID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over == nil {
		s.over = map[partnership.PayoutID]bool{}
	}
	s.over[id] = true
}

func (s *payoutSteps) LookUpTransfer(_ context.Context, in activities.LookUp) (partnership.PayoutState, error) {
	if err := s.refused("look up"); err != nil {
		return "", err
	}
	if s.lookingUp != nil {
		return "", s.lookingUp
	}
	s.did("look up %s %s", in.PayoutID, in.Resolved)
	if in.Resolved == partnership.ChoiceRelease {
		return partnership.PayoutFailed, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if of := s.underway[in.PayoutID]; len(of) > 0 {
		s.underway[in.PayoutID] = of[1:]
		return of[0], nil
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
	s.end(in.PayoutID)
	return partnership.PayoutFailed, nil
}

func (s *payoutSteps) ReconcileRun(context.Context, activities.RunRef) error {
	s.did("reconcile")
	return s.reconciling
}

func (s *payoutSteps) ReportStuckRun(_ context.Context, in activities.StuckRun) error {
	if err := s.barred(); err != nil {
		return err
	}
	if in.Lost {
		s.did("ended before its time")
		return nil
	}
	s.did("stuck")
	return nil
}

func (s *payoutSteps) SetRunState(_ context.Context, in activities.RunEnd) error {
	if s.ending != nil {
		return s.ending
	}
	s.did("made sure that it ended %s", in.State)
	return nil
}

func (s *payoutSteps) FinishRun(_ context.Context, in activities.RunDone) error {
	if s.ending != nil {
		return s.ending
	}
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
