package activities

import (
	"context"
	"fmt"
	"log/slog"
	"path"
	"strconv"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/asking"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/partnership/money"
)

// OpenPayoutRun fixes the period as two instants and what counts in it.
func (a *Activities) OpenPayoutRun(ctx context.Context, in OpenRun) (run partnership.PayoutRun, err error) {
	defer mapped(&err)
	now, err := a.Store.Time(ctx)
	if err != nil {
		return run, err
	}
	return a.Store.OpenPayoutRun(ctx, in.Program, in.Period, in.PreparedBy, now)
}

// mostUnbatched is what a run carries whose history holds an event for each creator.
const mostUnbatched = 3_000

// StatementCreators lists who gets a statement. More than one run can carry are refused here, before the first mail.
func (a *Activities) StatementCreators(ctx context.Context, in RunRef) (ids []partnership.CreatorID, err error) {
	defer mapped(&err)
	if ids, err = a.Store.StatementCreators(ctx, in.RunID); err != nil {
		return nil, err
	}
	if len(ids) > mostUnbatched {
		return nil, partnership.Errorf(partnership.Conflict, "%d creators get a statement: this run was begun by an older build, which carries %d at most; end it and begin it anew", len(ids), mostUnbatched)
	}
	return ids, ledger.Carries(in.Program, in.Period, len(ids))
}

// SendStatement mails one creator's month.
func (a *Activities) SendStatement(ctx context.Context, in StatementFor) (err error) {
	defer mapped(&err)
	s, err := a.Store.Statement(ctx, in.RunID, in.CreatorID)
	if err != nil {
		return err
	}
	if !s.PayoutReady { // before the plan, which passes over accounts that are not ready
		ready, err := a.looksReady(ctx, s.Rail, s.AccountID)
		if err != nil {
			slog.WarnContext(ctx, "the payout account was not read", "creator_id", in.CreatorID, "error", err)
		}
		if ready {
			if s, err = a.Store.Statement(ctx, in.RunID, in.CreatorID); err != nil {
				return err
			}
		}
	}
	key := partnership.EffectKey("payout-run/" + in.RunID + "/statement/" + string(in.CreatorID))
	if s.Before != nil && len(s.Changed()) == 0 { // nothing has changed since it was told
		return nil
	}
	m, err := statementMail(key, s, in.Until)
	if err != nil {
		return err
	}
	if err := a.deliver(ctx, m); err != nil {
		return err
	}
	return a.Store.StatementTold(ctx, in.RunID, s)
}

// PlanPayouts claims the payable rows of the run.
func (a *Activities) PlanPayouts(ctx context.Context, in RunRef) (plan partnership.PayoutPlan, err error) {
	defer mapped(&err)
	now, err := a.Store.Time(ctx)
	if err != nil {
		return plan, err
	}
	if plan, err = beating(ctx, func() (partnership.PayoutPlan, error) { return a.Store.PlanPayouts(ctx, in.RunID, now) }); in.Batched {
		plan.Payouts = nil
	} else {
		plan.Batches, plan.Count = 0, 0
	}
	return plan, err
}

// AskForApproval shows finance the totals and the hash that an approval is bound to.
func (a *Activities) AskForApproval(ctx context.Context, in ApprovalCard) (err error) {
	defer mapped(&err)
	run, err := a.Store.PayoutRun(ctx, in.RunID)
	if err != nil {
		return err
	}
	run.State, run.LinesHash, run.Approvals = partnership.RunPlanned, in.Plan.LinesHash, nil // as it is asked, whatever the books say by now
	card := asking.RunAsked(run, in.Plan, a.Clock.Now())
	card.Card = asking.RunCard(in.RunID, in.Again)
	_, err = a.post(ctx, card.ToChat(a.PublicURL))
	return err
}

// ApproveRun records an approval that a door has made; the store refuses other lines than were shown, and whoever prepared or
// approved the run under any of their names.
func (a *Activities) ApproveRun(ctx context.Context, in Approval) (err error) {
	defer mapped(&err)
	if in.Decision == nil {
		return partnership.Errorf(partnership.Forbidden, "no door made this approval; approve the run in the chat, with a token or by rapport payouts approve")
	}
	deed, names, err := a.proven(ctx, *in.Decision)
	if err != nil {
		return err
	}
	_, err = a.Store.ApprovePayoutRun(ctx, in.RunID, in.Hash, deed, in.Decision.Run, names)
	return err
}

// VoidPayoutPlan rejects a run as a door has decided, and gives its rows back; the store refuses when the run was approved meanwhile. Again
// is what a door has decided before, in books that have lost it.
func (a *Activities) VoidPayoutPlan(ctx context.Context, in Rejection) (err error) {
	defer mapped(&err)
	if in.Again {
		return a.Store.RejectRestAgain(ctx, in.RunID, partnership.Deed{
			Who: in.By, Deed: partnership.DeedRejectRun, Subject: "payout-run/" + path.Dir(in.RunID), Reason: in.Reason, Details: map[string]any{"again": "the books had gone back to before it"},
		})
	}
	if in.Decision == nil {
		return a.Store.VoidPayoutPlan(ctx, in.RunID, in.Reason)
	}
	deed, _, err := a.proven(ctx, *in.Decision)
	if err != nil {
		return err
	}
	if in.Rest {
		return a.Store.RejectRest(ctx, in.RunID, deed, in.Decision.Run)
	}
	return a.Store.RejectPayoutRun(ctx, in.RunID, deed, in.Decision.Run)
}

// ReportStuckRun tells finance which step does not get through, and what they can do.
func (a *Activities) ReportStuckRun(ctx context.Context, in StuckRun) (err error) {
	defer mapped(&err)
	of, text, again := "payout-run/"+in.Program+"/"+in.Period, "Payouts of "+in.Program+" for "+in.Period+" do not get on", ""
	if in.PayoutID != "" {
		of, text = string(partnership.PayoutKey(in.PayoutID)), "Payout "+string(in.PayoutID)+" does not get on"
	} else {
		again = fmt.Sprintf(" To try it at once: rapport payouts run --program %s --period %s", in.Program, in.Period)
	}
	body := in.Step + ": " + in.Why + ". Nothing was given up, and nothing is paid twice."
	if in.Lost {
		text = "Payouts of " + in.Program + " for " + in.Period + " have ended before their time"
		body = in.Why + ". What was sent of them is found at the provider, and nothing is sent twice. To begin the month again"
		again = fmt.Sprintf(": rapport payouts run --program %s --period %s", in.Program, in.Period)
	}
	if in.Again {
		body += " It is tried again by itself once its cause is mended."
	}
	return a.tell(ctx, partnership.Message{Key: partnership.EffectKey(fmt.Sprintf("%s/stuck/%d", of, in.Since.Unix())), Kind: "run_stuck", Text: text, Body: body + again})
}

// SetRunState closes the books of a run whose end could not be told.
func (a *Activities) SetRunState(ctx context.Context, in RunEnd) (err error) {
	defer mapped(&err)
	return a.Store.SetPayoutRunState(ctx, in.RunID, in.State)
}

// failedWords say why payouts failed, a line for each reason.
func failedWords(why []partnership.FailedFor) string {
	var lines []string
	for _, one := range why {
		lines = append(lines, fmt.Sprintf("%d failed: %s", one.Payouts, one.Why))
	}
	if len(lines) > 0 {
		lines = append(lines, "What they were owed is in the next run.")
	}
	return strings.Join(lines, "\n")
}

// FinishRun closes the books of a run, and then tells finance how it ended.
func (a *Activities) FinishRun(ctx context.Context, in RunDone) (err error) {
	defer mapped(&err)
	if err := a.Store.SetPayoutRunState(ctx, in.RunID, in.State); err != nil {
		return err
	}
	run, err := a.Store.PayoutRun(ctx, in.RunID)
	if err != nil {
		return err
	}
	why, err := a.Store.WhyFailed(ctx, in.RunID)
	if err != nil {
		return err
	}
	_, err = a.post(ctx, partnership.Message{
		Key: partnership.EffectKey("payout-run/" + in.RunID + "/finished"), Kind: "run_finished", Text: run.Ending(), Body: failedWords(why),
		Facts: []partnership.Fact{
			{Label: "Paid", Value: fmt.Sprintf("%d of %d, %s", run.Tally.Paid, run.Tally.Payouts, money.Display(run.Tally.PaidMinor, run.Currency))},
			{Label: "Total planned", Value: money.Display(in.Plan.TotalMinor, in.Plan.Currency)},
			{Label: "Carried over", Value: strconv.Itoa(in.Plan.Carried)},
		},
	})
	return err
}
