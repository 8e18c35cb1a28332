package store

import (
	"context"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/asking"
	"github.com/rapport-dev/rapport/store/db"
)

// The decisions that stand in the rows that they are about.

// looks are the partnerships at which somebody should look, and the workflows that stand: what no answer settles but the mending itself. A
// partnership that asks a question says more with that.
func (s *Store) looks(ctx context.Context, most int) (all []asking.Decision, err error) {
	rows, err := s.q.AttentionPartnerships(ctx, int32(most))
	if err != nil {
		return nil, err
	}
	for _, pa := range rows {
		all = append(all, asking.LookAsked(pa.ID, pa.CampaignID, pa.Campaign, pa.Handle, pa.Attention, pa.UpdatedAt))
	}
	findings, err := s.OpenFindings(ctx)
	for _, f := range findings {
		all = append(all, asking.MendAsked(f))
	}
	return all, err
}

func (s *Store) unknownEffects(ctx context.Context, most int) ([]asking.Decision, error) {
	rows, err := s.q.UnknownEffects(ctx, int32(most))
	return each(rows, func(e db.Effect) asking.Decision { return asking.EffectAsked(effectOf(e, e.LastAt)) }), err
}

func (s *Store) effectAsked(ctx context.Context, key partnership.EffectKey) ([]asking.Decision, error) {
	e, err := s.Effect(ctx, key)
	return []asking.Decision{asking.EffectAsked(e)}, err
}

func (s *Store) unknownPayouts(ctx context.Context, most int) ([]asking.Decision, error) {
	return s.payoutsAsked(ctx, db.UnknownPayoutsParams{Most: int32(most)})
}

func (s *Store) payoutsAsked(ctx context.Context, which db.UnknownPayoutsParams) ([]asking.Decision, error) {
	rows, err := s.q.UnknownPayouts(ctx, which)
	return each(rows, func(r db.UnknownPayoutsRow) asking.Decision {
		return asking.PayoutAsked(payoutOf(r.Payout), r.Handle, r.Payout.UpdatedAt)
	}), err
}

func (s *Store) differencesToSettle(ctx context.Context, _ int) ([]asking.Decision, error) {
	open, err := openDifferences(ctx, s.q, "")
	var all []asking.Decision
	for _, d := range open {
		if d.Settled == partnership.Unsettled {
			all = append(all, asking.DifferenceAsked(d))
		}
	}
	return all, err
}

func (s *Store) objectionsToDecide(ctx context.Context, _ int) ([]asking.Decision, error) {
	open, err := s.Objections(ctx, true)
	return each(open, asking.ObjectionAsked), err
}

func (s *Store) runsToApprove(ctx context.Context, most int) ([]asking.Decision, error) {
	rows, err := s.q.RunsToApprove(ctx, int32(most))
	if err != nil {
		return nil, err
	}
	var all []asking.Decision
	for _, row := range rows {
		run, err := s.PayoutRun(ctx, row.ID)
		if err != nil {
			return nil, err
		}
		all = append(all, asking.RunAsked(run, int(row.NeedApprovers), row.CreatedAt))
	}
	return all, nil
}

// runAsked are all runs of a month, whatever became of them.
func (s *Store) runAsked(ctx context.Context, program, period string) (all []asking.Decision, err error) {
	runs, err := s.PayoutRuns(ctx, program, period)
	for _, run := range runs {
		all = append(all, asking.RunAsked(run, 0, run.Cutoff))
	}
	return all, err
}
