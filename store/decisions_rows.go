package store

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/asking"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/ledger"
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
	if err != nil {
		return nil, err
	}
	d := asking.EffectAsked(e)
	return s.decidedAsAudited(ctx, d, "effect/"+string(key), partnership.DeedResolveEffect)
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

func (s *Store) payoutAsked(ctx context.Context, id partnership.PayoutID) ([]asking.Decision, error) {
	all, err := s.payoutsAsked(ctx, db.UnknownPayoutsParams{ID: string(id)})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return s.decidedAsAudited(ctx, all[0], "payout/"+string(id), partnership.DeedResolvePayout)
}

// decidedAsAudited is a question that is over with who decided it, as the audit has it: the rows that it is about do not say.
func (s *Store) decidedAsAudited(ctx context.Context, d asking.Decision, subject string, by ...string) ([]asking.Decision, error) {
	if d.Open() {
		return []asking.Decision{d}, nil
	}
	trail, err := s.q.AuditOf(ctx, subject)
	for _, a := range slices.Backward(trail) {
		if !slices.Contains(by, a.Action) || a.Outcome == Refused {
			continue
		}
		d.State, d.DecidedBy, d.DecidedAt = partnership.QuestionAnswered, a.Actor, &a.At
		var said struct {
			Resolution partnership.Choice `json:"resolution"` // of what no workflow waits for
			Decision   partnership.Choice // of what one does
		}
		if json.Unmarshal(a.Details, &said) == nil && d.Choice == "" {
			d.Choice = cmp.Or(said.Resolution, said.Decision)
		}
		break
	}
	return []asking.Decision{d}, mapped("decision", err)
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

func (s *Store) differenceAsked(ctx context.Context, rail, transfer string) ([]asking.Decision, error) {
	rows, err := s.q.OpenDifferences(ctx, db.OpenDifferencesParams{Provider: rail, TransferID: transfer})
	return each(rows, func(r db.OpenDifferencesRow) asking.Decision { return asking.DifferenceAsked(differenceOf(r)) }), err
}

func (s *Store) hitsToDecide(ctx context.Context, _ int) ([]asking.Decision, error) {
	hits, err := s.NameHits(ctx, false)
	var open []asking.Decision
	for _, h := range hits {
		if d := asking.HitAsked(h); d.Open() { // one that was confirmed stands among them, and asks nothing
			open = append(open, d)
		}
	}
	return open, err
}

func (s *Store) hitAsked(ctx context.Context, _ string) ([]asking.Decision, error) {
	hits, err := s.NameHits(ctx, true)
	return each(hits, asking.HitAsked), err
}

func (s *Store) writeOffsToDecide(ctx context.Context, _ int) ([]asking.Decision, error) {
	open, err := s.WriteOffsToApprove(ctx)
	return each(open, asking.WriteOffAsked), err
}

func (s *Store) writeOffAsked(ctx context.Context, id string) ([]asking.Decision, error) {
	rows, err := s.q.WriteOffAsked(ctx, id)
	return each(rows, func(r db.WriteOffAskedRow) asking.Decision {
		w := writeOffOf(r.WriteOff)
		w.Platform, w.Creator = r.Platform, r.Handle
		return asking.WriteOffAsked(w)
	}), err
}

func (s *Store) rowAsked(ctx context.Context, id string) ([]asking.Decision, error) {
	rows, err := s.q.LedgerRowAsked(ctx, id)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	r := rows[0]
	d := asking.HeldAsked(board.HeldRow{
		ID: r.ID, PartnershipID: r.PartnershipID, Platform: r.Platform, Creator: r.Handle, Kind: r.Kind, AmountMinor: r.AmountMinor, Currency: r.Currency, Reason: r.Reason, Since: r.CreatedAt,
	}, r.CampaignID, r.Campaign)
	switch r.State {
	case ledger.Held:
	case ledger.Voided:
		d.State, d.Choice, d.Outcome = partnership.QuestionOver, partnership.ChoiceVoid, "It is never paid."
	default:
		d.State, d.Choice, d.Outcome = partnership.QuestionOver, partnership.ChoiceRelease, "It goes on where it was."
	}
	return s.decidedAsAudited(ctx, d, subjectOf(id), partnership.DeedReleaseRow, partnership.DeedVoidRow)
}

func (s *Store) mailAsked(ctx context.Context, message string) ([]asking.Decision, error) {
	rows, err := s.q.MailAsked(ctx, message)
	return each(rows, func(r db.MailAskedRow) asking.Decision {
		d := asking.MailToAnswer(r.MessageID, r.PartnershipID, r.CampaignID, r.Campaign, r.Handle, r.At)
		if r.SettledAt != nil {
			d.State, d.Choice, d.DecidedBy, d.DecidedAt, d.Outcome = partnership.QuestionAnswered, partnership.ChoiceNone, r.SettledBy, r.SettledAt, "It waits for nobody any more."
			if r.Answered {
				d.Choice, d.Outcome = partnership.ChoiceAnswer, "The words stand in the conversation, with what became of the mail."
			}
		}
		return d
	}), err
}

func (s *Store) findingAsked(ctx context.Context, workflow string) ([]asking.Decision, error) {
	rows, err := s.q.FindingsOf(ctx, workflow)
	return each(rows, func(r db.WorkflowFinding) asking.Decision { return asking.MendAsked(findingOf(r)) }), err
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
		plan, err := planShown(ctx, s.q, row)
		if err != nil {
			return nil, err
		}
		all = append(all, asking.RunAsked(run, plan, row.CreatedAt))
	}
	return all, nil
}

// runAsked are all runs of a month, whatever became of them.
func (s *Store) runAsked(ctx context.Context, program, period string) (all []asking.Decision, err error) {
	rows, err := s.q.Runs(ctx, db.RunsParams{Program: program, Period: period})
	if err != nil {
		return nil, mapped("payout runs", err)
	}
	runs, err := runsOf(ctx, s.q, rows)
	if err != nil {
		return nil, err
	}
	for i, run := range runs {
		plan, err := planShown(ctx, s.q, rows[i])
		if err != nil {
			return nil, err
		}
		d := asking.RunAsked(run, plan, rows[i].CreatedAt)
		deed := partnership.DeedApproveRun
		if run.State == partnership.RunRejected {
			deed = partnership.DeedRejectRun
		}
		by := d.DecidedBy
		told, err := s.decidedAsAudited(ctx, d, "payout-run/"+program+"/"+period, deed)
		if err != nil {
			return nil, err
		}
		if d = told[0]; by != "" {
			d.DecidedBy = by
		}
		all = append(all, d)
	}
	return all, nil
}
