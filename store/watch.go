package store

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store/db"
)

// KeepFinding keeps what the watchdog found. The same trouble of the same run is one finding, told once; one that was settled and
// is back stands again.
func (s *Store) KeepFinding(ctx context.Context, t partnership.Stuck) (partnership.Finding, error) {
	row, err := s.q.KeepFinding(ctx, db.KeepFindingParams{
		WorkflowID: t.WorkflowID, RunID: t.RunID, WorkflowType: t.WorkflowType, Kind: string(t.Kind),
		CampaignID: string(partnership.CampaignOfWorkflow(t.WorkflowID)), PartnershipID: partnership.PartnershipOfWorkflow(t.WorkflowID),
		Since: t.Since, Why: t.Why, Now: s.now(),
	})
	return findingOf(row), mapped("keep finding", err)
}

// OpenFindings are the workflows that stand, longest first.
func (s *Store) OpenFindings(ctx context.Context) ([]partnership.Finding, error) {
	rows, err := s.q.OpenFindings(ctx)
	return each(rows, findingOf), mapped("findings", err)
}

// Findings are those of that id, settled or not.
func (s *Store) Findings(ctx context.Context, ids []int64) ([]partnership.Finding, error) {
	rows, err := s.q.FindingsByID(ctx, ids)
	return each(rows, findingOf), mapped("findings", err)
}

// FindingsTold says that a person was told of them.
func (s *Store) FindingsTold(ctx context.Context, ids []int64) error {
	now := s.now()
	return mapped("findings told", s.q.FindingsTold(ctx, db.FindingsToldParams{Ids: ids, Now: &now}))
}

// SettleFinding says how one that stood is over. Repeated, it changes nothing.
func (s *Store) SettleFinding(ctx context.Context, id int64, how string) error {
	now := s.now()
	_, err := s.q.SettleFinding(ctx, db.SettleFindingParams{ID: id, Settled: how, Now: &now})
	return mapped("settle finding", err)
}

// SettleFindingsOf says how all that stood about a workflow is over. It stands again where the same trouble of its run is found again.
func (s *Store) SettleFindingsOf(ctx context.Context, workflowID, how string) error {
	return s.settleFindings(ctx, db.SettleFindingsOfParams{WorkflowID: workflowID, Settled: how})
}

// EndFindingsOf is SettleFindingsOf for a workflow that a person has ended: it stays settled, however long the server lists the run.
func (s *Store) EndFindingsOf(ctx context.Context, workflowID, how string) error {
	return s.settleFindings(ctx, db.SettleFindingsOfParams{WorkflowID: workflowID, Settled: how, Ended: true})
}

func (s *Store) settleFindings(ctx context.Context, which db.SettleFindingsOfParams) error {
	now := s.now()
	which.Now = &now
	_, err := s.q.SettleFindingsOf(ctx, which)
	return mapped("settle findings", err)
}

// KeepFailingStep keeps that a step has failed for long.
func (s *Store) KeepFailingStep(ctx context.Context, f partnership.FailingStep) error {
	return mapped("keep failing step", s.q.KeepFailingStep(ctx, db.KeepFailingStepParams{
		WorkflowID: f.WorkflowID, RunID: f.RunID, ActivityID: f.ActivityID, Activity: f.Activity,
		CampaignID: string(partnership.CampaignOfWorkflow(f.WorkflowID)), PartnershipID: partnership.PartnershipOfWorkflow(f.WorkflowID),
		Since: f.Since, LastAt: s.now(), Attempts: int64(f.Attempts), Vendor: f.Vendor, Why: f.Why,
	}))
}

// StepDone forgets a step that fails no longer, or whose workflow is closed.
func (s *Store) StepDone(ctx context.Context, workflowID, runID, activityID string) error {
	return mapped("step done", s.q.StepDone(ctx, db.StepDoneParams{WorkflowID: workflowID, RunID: runID, ActivityID: activityID}))
}

// FailingSteps are the steps that have failed for long, longest first.
func (s *Store) FailingSteps(ctx context.Context) ([]partnership.FailingStep, error) {
	rows, err := s.q.FailingSteps(ctx)
	return each(rows, failingOf), mapped("failing steps", err)
}

// WatchdogLooked keeps when the watchdog last looked at everything.
func (s *Store) WatchdogLooked(ctx context.Context, at time.Time) error {
	return mapped("watchdog", s.q.WatchdogLooked(ctx, at))
}

// WatchdogLast is when the watchdog last looked, zero when it never did.
func (s *Store) WatchdogLast(ctx context.Context) (time.Time, error) {
	at, err := s.q.WatchdogLast(ctx)
	if errors.Is(err, pgx.ErrNoRows) {
		return time.Time{}, nil
	}
	return at, mapped("watchdog", err)
}

// WatchCount is how many workflows are in one kind of trouble.
type WatchCount struct {
	Kind   partnership.StuckKind
	Open   int
	Found  int // ever
	Oldest time.Time
}

// WatchCounts are the numbers of every kind that was ever found.
func (s *Store) WatchCounts(ctx context.Context) ([]WatchCount, error) {
	rows, err := s.q.FindingCounts(ctx)
	return each(rows, func(r db.FindingCountsRow) WatchCount {
		return WatchCount{partnership.StuckKind(r.Kind), int(r.Open), int(r.Found), r.Oldest}
	}), mapped("findings", err)
}

func findingOf(r db.WorkflowFinding) partnership.Finding {
	return partnership.Finding{
		ID: r.ID, CampaignID: r.CampaignID, Settled: r.Settled, ToldAt: orZero(r.ToldAt), SettledAt: orZero(r.SettledAt),
		Stuck: partnership.Stuck{WorkflowID: r.WorkflowID, RunID: r.RunID, WorkflowType: r.WorkflowType, Kind: partnership.StuckKind(r.Kind), Since: r.Since, Why: r.Why},
	}
}

func failingOf(r db.FailingStep) partnership.FailingStep {
	return partnership.FailingStep{
		WorkflowID: r.WorkflowID, RunID: r.RunID, ActivityID: r.ActivityID, Activity: r.Activity, Since: r.Since, LastAt: r.LastAt,
		Attempts: int(r.Attempts), Vendor: r.Vendor, Why: r.Why,
	}
}
