package activities

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/asking"
)

// Engine is what the watchdog asks of the machine that runs the stories.
type Engine interface {
	// Ended are the workflows whose newest run ended as no story ends by itself.
	Ended(ctx context.Context) ([]partnership.Stuck, error)
	// Open looks at some of the open workflows, from cursor on, and returns those that stand and where to go on.
	Open(ctx context.Context, cursor []byte) (standing []partnership.Stuck, next []byte, err error)
	// Look looks at one workflow: nil when it goes on or has ended by itself. *partnership.Error NotFound when nothing is known of it any more.
	Look(ctx context.Context, workflowID string) (*partnership.Stuck, error)
	// PendingSteps are the activities that a run waits for; none when it is closed.
	PendingSteps(ctx context.Context, workflowID, runID string) ([]string, error)
}

// Watching is what the watchdog keeps.
type Watching interface {
	// KeepFinding keeps a trouble; the same one of the same run is one finding.
	KeepFinding(ctx context.Context, t partnership.Stuck) (partnership.Finding, error)
	OpenFindings(ctx context.Context) ([]partnership.Finding, error)
	Findings(ctx context.Context, ids []int64) ([]partnership.Finding, error)
	FindingsTold(ctx context.Context, ids []int64) error
	SettleFinding(ctx context.Context, id int64, how string) error
	FailingSteps(ctx context.Context) ([]partnership.FailingStep, error)
	StepDone(ctx context.Context, workflowID, runID, activityID string) error
	WatchdogLooked(ctx context.Context, at time.Time) error
}

// WatchWorkflows looks at every workflow that may stand, keeps what it finds, settles what is over, and says whom nobody was told of yet.
func (a *Activities) WatchWorkflows(ctx context.Context, in Watch) (out Watched, err error) {
	defer mapped(&err)
	began := a.Clock.Now()
	standing, err := a.Engine.Ended(ctx)
	if err != nil {
		return out, err
	}
	open, next, err := a.Engine.Open(ctx, in.Cursor)
	if err != nil {
		return out, err
	}
	out.Cursor, standing = next, append(standing, open...)
	for _, t := range standing {
		if _, err := a.Store.KeepFinding(ctx, t); err != nil {
			return out, err
		}
	}
	if out.Untold, err = a.settleFindings(ctx, standing); err != nil {
		return out, err
	}
	if err := a.settleSteps(ctx); err != nil {
		return out, err
	}
	return out, a.Store.WatchdogLooked(ctx, began)
}

// settleFindings closes the findings of workflows that go on and returns those that stand and were not told. Of one that is gone for
// good, or cannot be looked at, nobody can say that it goes on.
func (a *Activities) settleFindings(ctx context.Context, standing []partnership.Stuck) (untold []int64, err error) {
	findings, err := a.Store.OpenFindings(ctx)
	if err != nil {
		return nil, err
	}
	for _, f := range findings {
		same := func(t partnership.Stuck) bool {
			return t.WorkflowID == f.WorkflowID && t.RunID == f.RunID && t.Kind == f.Kind
		}
		if !slices.ContainsFunc(standing, same) {
			now, err := a.Engine.Look(ctx, f.WorkflowID)
			if err != nil && partnership.CodeOf(err) != partnership.NotFound {
				slog.WarnContext(ctx, "a workflow could not be looked at", "workflow_id", f.WorkflowID, "error", err)
			}
			if err == nil && (now == nil || !same(*now)) {
				how := "it goes on"
				if now != nil {
					how = "it is " + string(now.Kind) + " now"
				}
				if err := a.Store.SettleFinding(ctx, f.ID, how); err != nil {
					return nil, err
				}
				continue
			}
		}
		if f.ToldAt.IsZero() {
			untold = append(untold, f.ID)
		}
	}
	return untold, nil
}

// settleSteps forgets failing steps that nobody waits for any more: their success was not seen, or their workflow is closed.
func (a *Activities) settleSteps(ctx context.Context) error {
	steps, err := a.Store.FailingSteps(ctx)
	if err != nil {
		return err
	}
	for _, s := range steps {
		pending, err := a.Engine.PendingSteps(ctx, s.WorkflowID, s.RunID)
		if err != nil {
			return err
		}
		if !slices.Contains(pending, s.ActivityID) {
			if err := a.Store.StepDone(ctx, s.WorkflowID, s.RunID, s.ActivityID); err != nil {
				return err
			}
		}
	}
	return nil
}

// oneByOne is how many findings have a card each; more are told in one.
const oneByOne = 5

// TellStuck tells people of workflows that stand: a card for each, or one for all when many were found at once. What the chat has not
// taken was told to nobody, and is told by a later look.
func (a *Activities) TellStuck(ctx context.Context, in StuckCards) (err error) {
	defer mapped(&err)
	findings, err := a.Store.Findings(ctx, in.Findings)
	if err != nil || len(findings) == 0 {
		return err
	}
	if len(findings) > oneByOne {
		if _, err := a.post(ctx, a.manyStuck(findings)); err != nil {
			return err
		}
		return a.Store.FindingsTold(ctx, in.Findings)
	}
	for _, f := range findings {
		err = first(err, a.tellOneStuck(ctx, f)) // one card that is refused silences no other
	}
	return err
}

func (a *Activities) tellOneStuck(ctx context.Context, f partnership.Finding) error {
	m, err := a.stuckCard(ctx, f)
	if err != nil {
		return err
	}
	if _, err := a.post(ctx, m); err != nil {
		return err
	}
	return a.Store.FindingsTold(ctx, []int64{f.ID})
}

// stuckCard says who stands, where, since when, why and what to do.
func (a *Activities) stuckCard(ctx context.Context, f partnership.Finding) (partnership.Message, error) {
	m := partnership.Message{
		Key: asking.StuckCard(f), Kind: "workflow_stuck", Decision: partnership.AsksMend.ID(f.WorkflowID),
		Text: f.WorkflowID + " stands still: " + f.Kind.Words(),
		Body: "It does not go on by itself. Once its cause is mended: rapport workflows mend " + f.WorkflowID +
			"\nTo end it instead, so that its slot and budget come back: rapport workflows mend " + f.WorkflowID + " --end --reason \"why\"",
	}
	if noEnd(f.WorkflowType) {
		m.Body = "It does not go on by itself, and money may be under way: it is never ended, only mended. rapport workflows mend " + f.WorkflowID
	}
	zone := "UTC"
	campaign := partnership.CampaignOfWorkflow(f.WorkflowID)
	if id := partnership.PartnershipOfWorkflow(f.WorkflowID); id != "" {
		v, err := a.Store.View(ctx, id)
		if err != nil && partnership.CodeOf(err) != partnership.NotFound {
			return m, err
		}
		if err == nil {
			m.Text = "The story of @" + v.Creator.Handle + " stands still: " + f.Kind.Words()
			m.Facts = append(m.Facts, partnership.Fact{Label: "Campaign", Value: v.Campaign.Name})
			zone = v.Campaign.Timezone
		}
		m.LinkURL, m.LinkText = a.partnershipURL(id), "Open"
	}
	if campaign != "" {
		c, err := a.Store.Campaign(ctx, campaign)
		if err != nil && partnership.CodeOf(err) != partnership.NotFound {
			return m, err
		}
		if err == nil {
			m.Text = "The campaign " + c.Name + " stands still: " + f.Kind.Words()
			zone = c.Timezone
		}
		m.LinkURL, m.LinkText = a.PublicURL+"/campaigns/"+string(campaign), "Open the campaign"
	}
	m.Facts = append(m.Facts, partnership.Fact{Label: "Since", Value: asking.Day(f.Since, zone)})
	if f.Why != "" {
		m.Facts = append(m.Facts, partnership.Fact{Label: "Last words", Value: f.Why})
	}
	return m, nil
}

// noEnd are the workflows behind which money moves.
func noEnd(workflowType string) bool { return workflowType == "PayoutRun" || workflowType == "Payout" }

func (a *Activities) manyStuck(findings []partnership.Finding) partnership.Message {
	kinds := map[partnership.StuckKind]int{}
	for _, f := range findings {
		kinds[f.Kind]++
	}
	m := partnership.Message{
		Key: partnership.EffectKey(fmt.Sprintf("workflow/stuck/%d-%d/%d", findings[0].ID, findings[len(findings)-1].ID, len(findings))), Kind: "workflow_stuck",
		Text:    fmt.Sprintf("%d workflows stand still", len(findings)),
		Body:    "They do not go on by themselves, and likely for one cause. See each with: rapport workflows stuck\nOnce the cause is mended: rapport workflows mend ID, for each that does not go on by then.",
		LinkURL: a.PublicURL + "/", LinkText: "Open the board",
	}
	for _, k := range partnership.StuckKinds() {
		if kinds[k] > 0 {
			m.Facts = append(m.Facts, partnership.Fact{Label: fmt.Sprint(kinds[k]), Value: k.Words()})
		}
	}
	slog.Warn("workflows stand still", "workflows", len(findings))
	return m
}
