package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/store/db"
)

// OpenPayoutRun opens a run over a program's month (yyyy-mm in the program's zone), whose instants are fixed from here on. While
// a run of that month is open it is returned again; once it has finished, a further run takes the rows that nothing has claimed.
func (s *Store) OpenPayoutRun(ctx context.Context, program, period, preparedBy string, now time.Time) (run partnership.PayoutRun, err error) {
	err = s.tx(ctx, "open payout run", func(q *db.Queries) error {
		pr, err := q.LockProgram(ctx, program)
		if err != nil {
			return notFound("program", err)
		}
		row, err := q.OpenRun(ctx, db.OpenRunParams{Program: program, Period: period})
		if errors.Is(err, pgx.ErrNoRows) {
			row, err = s.insertRun(ctx, q, pr, period, preparedBy, partnership.RunClosing, now)
		}
		if err != nil {
			return err
		}
		run, err = runOf(ctx, q, row)
		return err
	})
	return run, err
}

// insertRun adds a further run of a month.
func (s *Store) insertRun(ctx context.Context, q *db.Queries, pr db.Program, period, preparedBy string, state partnership.PayoutRunState, now time.Time) (db.PayoutRun, error) {
	from, to, err := ledger.Period(pr.Timezone, period)
	if err != nil {
		return db.PayoutRun{}, err
	}
	before, err := q.RunCount(ctx, db.RunCountParams{Program: pr.Name, Period: period})
	if err != nil {
		return db.PayoutRun{}, err
	}
	return q.InsertRun(ctx, db.InsertRunParams{
		ID: fmt.Sprintf("%s/%s/%d", pr.Name, period, before+1), Program: pr.Name, Period: period, N: before + 1, FromAt: from, ToAt: to, Cutoff: ledger.Cutoff(to, now),
		State: state, PreparedBy: preparedBy, Currency: pr.Currency, Now: s.now(),
	})
}

// runOrder is how far a state is. Runs only move forward; the last three are ends.
var runOrder = map[partnership.PayoutRunState]int{
	partnership.RunClosing: 0, partnership.RunReview: 1, partnership.RunPlanned: 2, partnership.RunApproved: 3, partnership.RunExecuting: 4, partnership.RunReconciled: 5, partnership.RunRejected: 5, partnership.RunEmpty: 5,
}

// SetPayoutRunState moves a run forward. A repeated or late older state changes nothing.
func (s *Store) SetPayoutRunState(ctx context.Context, runID string, state partnership.PayoutRunState) error {
	to, ok := runOrder[state]
	if !ok {
		return partnership.FieldErrorf("state", "%q is not a state of a payout run", state)
	}
	return s.tx(ctx, "set payout run state", func(q *db.Queries) error {
		run, err := q.LockRun(ctx, runID)
		if err != nil {
			return lostRun(err)
		}
		if runOrder[run.State] >= to {
			return nil
		}
		if state == partnership.RunRejected { // its rows were given back with it, in books that have gone back since
			return s.voidPlan(ctx, q, runID, "the run was rejected")
		}
		if state == partnership.RunReconciled { // who was erased may have been paid the last of it
			if err := q.WipeReceivers(ctx, s.now()); err != nil {
				return err
			}
		}
		return q.SetRunState(ctx, db.SetRunStateParams{ID: runID, State: state})
	})
}

// PayoutRun is a run by its id.
func (s *Store) PayoutRun(ctx context.Context, runID string) (partnership.PayoutRun, error) {
	row, err := s.q.Run(ctx, runID)
	if err != nil {
		return partnership.PayoutRun{}, notFound("payout run", err)
	}
	return runOf(ctx, s.q, row)
}

// PayoutRuns are the runs of a program and month in their order; "" is every program or month.
func (s *Store) PayoutRuns(ctx context.Context, program, period string) ([]partnership.PayoutRun, error) {
	rows, err := s.q.Runs(ctx, db.RunsParams{Program: program, Period: period})
	if err != nil {
		return nil, mapped("payout runs", err)
	}
	return runsOf(ctx, s.q, rows)
}

// runsOf reads what became of runs and who approved them, however many they are, in one question each.
func runsOf(ctx context.Context, q *db.Queries, rows []db.PayoutRun) ([]partnership.PayoutRun, error) {
	approvals, err := q.ApprovalsOfRuns(ctx, each(rows, func(r db.PayoutRun) string { return r.ID }))
	by := map[string][]string{}
	for _, a := range approvals {
		by[a.RunID] = append(by[a.RunID], a.ApprovedBy)
	}
	runs := each(rows, func(r db.PayoutRun) partnership.PayoutRun {
		return partnership.PayoutRun{
			ID: r.ID, Program: r.Program, Period: r.Period, From: r.FromAt, To: r.ToAt, Cutoff: r.Cutoff, State: r.State, LinesHash: r.LinesHash,
			PreparedBy: r.PreparedBy, TotalMinor: r.TotalMinor, Currency: r.Currency, Payees: int(r.Payees), Approvals: append([]string{}, by[r.ID]...), Waits: r.Waits,
			RestRejected: deref(r.RestRejected),
		}
	})
	return runs, mapped("payout runs", errors.Join(err, tally(ctx, q, runs)))
}

func runOf(ctx context.Context, q *db.Queries, r db.PayoutRun) (partnership.PayoutRun, error) {
	runs, err := runsOf(ctx, q, []db.PayoutRun{r})
	return runs[0], err
}

// ApprovePayoutRun records an approval bound to the hash of the run's lines, with its line in the audit, and returns how many there
// are. *partnership.Error Conflict when the lines are others than those approved, Forbidden when the approver prepared the run, or approved it,
// under any of their names. With enough of them the run is approved. workflowRun is the run of its workflow.
func (s *Store) ApprovePayoutRun(ctx context.Context, runID, hash string, d partnership.Deed, workflowRun string, names []string) (approvals int, err error) {
	by, person := d.Who, ledger.Approver{By: d.Who, Also: names}
	err = s.tx(ctx, "approve payout run", func(q *db.Queries) error {
		run, err := q.LockRun(ctx, runID)
		if err != nil {
			return lostRun(err)
		}
		if person.Prepared(run.PreparedBy) {
			return partnership.Errorf(partnership.Forbidden, "a run is approved by someone other than who prepared it")
		}
		if runOrder[run.State] < runOrder[partnership.RunPlanned] {
			return partnership.Errorf(partnership.WentBack, "the run is %s in the books, and was planned: they have gone back to before that", run.State)
		}
		if run.State != partnership.RunPlanned && run.State != partnership.RunApproved {
			return partnership.Errorf(partnership.Conflict, "the run is %s; only a planned run can be approved", run.State)
		}
		if err := checkLines(ctx, q, run, hash); err != nil {
			return err
		}
		approved, err := q.Approvals(ctx, db.ApprovalsParams{RunID: runID, LinesHash: hash})
		if err != nil {
			return err
		}
		if person.Under(each(approved, func(a db.RunApproval) string { return a.ApprovedBy })) {
			return partnership.Errorf(partnership.Forbidden, "you have approved this run already, under another name; it needs another person")
		}
		if err := s.recordDecision(ctx, q, d, workflowRun); err != nil {
			return err
		}
		_, err = q.AddApproval(ctx, db.AddApprovalParams{RunID: runID, ApprovedBy: by, LinesHash: hash, At: s.now()})
		if err != nil {
			return err
		}
		if approvals, err = s.countApprovals(ctx, q, run); err != nil {
			return err
		}
		if run.State == partnership.RunPlanned && approvals >= int(run.NeedApprovers) {
			return q.SetRunState(ctx, db.SetRunStateParams{ID: runID, State: partnership.RunApproved})
		}
		return nil
	})
	return approvals, err
}

func (s *Store) countApprovals(ctx context.Context, q *db.Queries, run db.PayoutRun) (int, error) {
	rows, err := q.Approvals(ctx, db.ApprovalsParams{RunID: run.ID, LinesHash: run.LinesHash})
	return len(rows), err
}

// checkLines computes the hash of a run's lines from its rows and compares it with what was planned and what was approved.
func checkLines(ctx context.Context, q *db.Queries, run db.PayoutRun, approved string) error {
	lines, err := linesOf(ctx, q, run.ID)
	if err != nil {
		return err
	}
	fits := runHash(lines) == run.LinesHash || ledger.LinesHash(lines) == run.LinesHash || ledger.LinesHash(withoutDestination(lines)) == run.LinesHash
	if !fits || approved != run.LinesHash {
		return partnership.Errorf(partnership.Conflict, "the run's lines are not those that were shown; look at the run again before approving")
	}
	return nil
}

// checkLine holds a payout's line against the hash that it was planned with.
func checkLine(ctx context.Context, q *db.Queries, run db.PayoutRun, payout db.Payout) error {
	if payout.LineHash == "" {
		return checkLines(ctx, q, run, run.LinesHash)
	}
	line, err := q.LineOfPayout(ctx, payout.ID)
	if err != nil {
		return err
	}
	now := ledger.Payout{CreatorID: payout.CreatorID, Destination: payout.Destination, Currency: payout.Currency, AmountMinor: payout.AmountMinor, Rows: line.Rows}
	if line.RowsMinor != payout.AmountMinor || now.LineHash() != payout.LineHash {
		return partnership.Errorf(partnership.Conflict, "payout %s is not the line that was approved", payout.ID)
	}
	return nil
}

// CheckRun refuses to go on with a run of which the books know less than it does (partnership.WentBack), and holds all lines of one that is
// approved against the hash that its approvals are bound to.
func (s *Store) CheckRun(ctx context.Context, runID string, known partnership.RunKnown) error {
	run, err := s.q.Run(ctx, runID)
	switch {
	case err != nil:
		return lostRun(err)
	case known.LinesHash != "" && run.LinesHash != known.LinesHash:
		return wentBack("the plan of this run")
	case known.Sending && runOrder[run.State] < runOrder[partnership.RunApproved]:
		return wentBack("the approval of this run")
	case known.Rejected && run.RestRejected == nil:
		return wentBack("the rejection of this run's rest")
	case run.State != partnership.RunApproved:
		return nil
	}
	return mapped("lines of a run", checkLines(ctx, s.q, run, run.LinesHash))
}

func wentBack(what string) error {
	return partnership.Errorf(partnership.WentBack, "the books do not have %s any more: they have gone back to before it", what)
}

// withoutDestination are the lines of runs that were planned before their hash held where the money goes.
func withoutDestination(lines []ledger.Payout) []ledger.Payout {
	return each(lines, func(line ledger.Payout) ledger.Payout {
		line.Destination = ""
		return line
	})
}

func runHash(lines []ledger.Payout) string {
	return ledger.RunHash(each(lines, ledger.Payout.LineHash))
}

// linesOf are a run's payouts and their rows as they stand now.
func linesOf(ctx context.Context, q *db.Queries, runID string) ([]ledger.Payout, error) {
	rows, err := q.LinesOfRun(ctx, runID)
	if err != nil {
		return nil, err
	}
	lines := make([]ledger.Payout, len(rows))
	for i, row := range rows {
		if row.RowsMinor != row.AmountMinor {
			return nil, partnership.Errorf(partnership.Conflict, "payout %s does not sum to its rows", row.PayoutID)
		}
		lines[i] = ledger.Payout{CreatorID: row.CreatorID, Destination: row.Destination, Currency: row.Currency, AmountMinor: row.AmountMinor, Rows: row.Rows}
	}
	return lines, nil
}

// RejectPayoutRun ends a run that was not approved, releases every row that it has claimed, and writes the decision's line into the
// audit, all or none: of an approval and a rejection at one time the run's row takes one, and the other is refused. *partnership.Error Conflict
// when the run is approved. workflowRun is the run of its workflow.
func (s *Store) RejectPayoutRun(ctx context.Context, runID string, d partnership.Deed, workflowRun string) error {
	return s.tx(ctx, "reject payout run", func(q *db.Queries) error {
		if err := s.voidPlan(ctx, q, runID, d.Reason); err != nil {
			return err
		}
		return s.recordDecision(ctx, q, d, workflowRun)
	})
}

// VoidPayoutPlan is RejectPayoutRun for a decision whose line is written already.
func (s *Store) VoidPayoutPlan(ctx context.Context, runID, reason string) error {
	return s.tx(ctx, "void payout plan", func(q *db.Queries) error { return s.voidPlan(ctx, q, runID, reason) })
}

func (s *Store) voidPlan(ctx context.Context, q *db.Queries, runID, reason string) error {
	run, err := q.LockRun(ctx, runID)
	if err != nil {
		return lostRun(err)
	}
	switch run.State {
	case partnership.RunRejected:
		return nil
	case partnership.RunClosing, partnership.RunReview, partnership.RunPlanned:
	default:
		return partnership.Errorf(partnership.Conflict, "the run is %s; only a run that was not approved can be rejected", run.State)
	}
	payouts, err := q.PayoutsOfRun(ctx, runID)
	if err != nil {
		return err
	}
	for _, payout := range payouts {
		if err := s.sendBack(ctx, q, payout, reason); err != nil {
			return err
		}
	}
	return q.SetRunState(ctx, db.SetRunStateParams{ID: runID, State: partnership.RunRejected})
}
