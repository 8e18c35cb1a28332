// Package payouts starts a month's payout run by hand, and says beforehand what one would pay.
package payouts

import (
	"context"
	"slices"
	"time"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/workflows"
)

// Books are what a run is planned from.
type Books interface {
	deeds.Recorder
	// CheckMonth refuses a month that no run can be of.
	CheckMonth(ctx context.Context, program, period string) error
	PreviewPayouts(ctx context.Context, program, period string, now time.Time) ([]ledger.Payout, []ledger.Carry, error)
	PayoutRuns(ctx context.Context, program, period string) ([]partnership.PayoutRun, error)
}

// Workflows start runs and are asked how they stand.
type Workflows interface {
	deeds.Decider
	Query(ctx context.Context, workflowID, name string, result any) error
	// StartPayoutRun starts a run; one that is under way for that month stays as it is, and began is false.
	StartPayoutRun(ctx context.Context, in workflows.PayoutRunInput) (began bool, err error)
}

// Month is a program's month, such as 2026-11 in its zone.
type Month struct{ Program, Period string }

// RunID is the run of that month, as the audit and the engine name it.
func (m Month) RunID() string { return workflows.PayoutRunWorkflowID(m.Program, m.Period) }

// StartFunc is Start as the doors call it: creators have no further days to object.
type StartFunc func(ctx context.Context, by deeds.By, m Month) (Outlook, error)

// Plan is what a run started now would pay, and what waits.
type Plan struct {
	Payouts []ledger.Payout
	Carried []ledger.Carry
}

// Starter starts runs.
type Starter struct {
	Books     Books
	Workflows func() (Workflows, error) // asked for only when a run is started
	Now       func() time.Time
}

// Preview is what Start would find. It changes nothing.
func (s *Starter) Preview(ctx context.Context, m Month) (Plan, error) {
	if err := s.Books.CheckMonth(ctx, m.Program, m.Period); err != nil {
		return Plan{}, err
	}
	pays, carried, err := s.Books.PreviewPayouts(ctx, m.Program, m.Period, s.Now())
	return Plan{pays, carried}, err
}

// Start starts the run of a month, or takes up the one that is there: what it had parked is tried again by who may, and a run whose workflow was
// ended from outside is begun again. reviewDays is how long creators may object to their statements.
func (s *Starter) Start(ctx context.Context, by deeds.By, m Month, reviewDays float64) (Outlook, error) {
	if err := by.May(partnership.DeedStartRun); err != nil {
		return Outlook{}, err
	}
	plan, err := s.Preview(ctx, m)
	if err != nil {
		return Outlook{}, err
	}
	if err := ledger.Carries(m.Program, m.Period, len(plan.Payouts)); err != nil {
		return Outlook{}, err
	}
	runs, err := s.Books.PayoutRuns(ctx, m.Program, m.Period)
	if err != nil {
		return Outlook{}, err
	}
	w, err := s.Workflows()
	if err != nil {
		return Outlook{}, err
	}
	id := m.RunID()
	in := workflows.PayoutRunInput{Program: m.Program, Period: m.Period, PreparedBy: by.Who, ReviewDays: reviewDays}
	began, err := w.StartPayoutRun(ctx, in) // of many who ask at once one begins it
	if err != nil {
		return Outlook{}, err
	}
	if err := s.Books.Record(ctx, partnership.Deed{Who: by.Who, Deed: partnership.DeedStartRun, Subject: id}); err != nil {
		return Outlook{}, err
	}
	found := Outlooks(m, runs, plan, began)
	if !began {
		found.Ends, err = s.takeUp(ctx, w, by, m)
	}
	return found, err
}

// takeUp tries the steps again that the run has parked. One of which the books know less than it does, because they went back to a backup,
// is told to look at them, and ends: then the month can be begun again. One that was just begun has parked nothing and may not answer yet.
func (s *Starter) takeUp(ctx context.Context, w Workflows, by deeds.By, m Month) (ends bool, err error) {
	var run workflows.PayoutRunSnapshot
	if err := w.Query(ctx, m.RunID(), workflows.QuerySnapshot, &run); err != nil {
		return false, nil //nolint:nilerr // it was started: that it does not answer yet is no failure of this deed
	}
	books, err := s.Books.PayoutRuns(ctx, m.Program, m.Period) // after it was asked: what it has written by then is there
	if err != nil {
		return false, err
	}
	if ends = wentBack(run, books); !ends && len(run.Parked) == 0 {
		return false, nil
	}
	by.ID, by.Once = by.ID+"/retry", false
	err = deeds.RetryRun(m.Program, m.Period).Decide(ctx, w, by, nil)
	switch partnership.CodeOf(err) {
	case partnership.Conflict, partnership.NotFound: // it has just gone on, or ended
		return ends, nil
	}
	return ends, err
}

// wentBack says whether the books know less of a run than its workflow: they have no such run, or not the lines that it has planned.
func wentBack(run workflows.PayoutRunSnapshot, books []partnership.PayoutRun) bool {
	at := slices.IndexFunc(books, func(r partnership.PayoutRun) bool { return r.ID == run.Run.ID })
	switch {
	case run.Run.ID == "":
		return false
	case at < 0:
		return true
	case run.State == partnership.RunExecuting && len(books[at].Approvals) == 0, run.Rejected && books[at].RestRejected == "":
		return true
	}
	return run.Plan.LinesHash != "" && run.Plan.LinesHash != books[at].LinesHash
}
