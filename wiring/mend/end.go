package mend

import (
	"context"
	"fmt"
	"slices"
	"strings"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/app/mending"
	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/workflows"
)

// End ends what cannot go on. Money under way is never ended from here.
func (m *Mender) End(ctx context.Context, o mending.Order) (mending.Done, error) {
	if id := partnership.PartnershipOfWorkflow(o.WorkflowID); id != "" {
		r, err := m.Store.Remains(ctx, id)
		if err != nil {
			return mending.Done{}, err
		}
		return m.endPartnership(ctx, o, r)
	}
	if id := partnership.CampaignOfWorkflow(o.WorkflowID); id != "" {
		return m.endCampaign(ctx, o, id)
	}
	return mending.Done{}, partnership.Errorf(partnership.Conflict, "%s is about money: it is never ended, for a transfer may be under way. Mend it without --end: a payout keeps its key, so nothing is paid twice; a run that cannot go on is begun again with `rapport payouts run`, which takes up what is planned", o.WorkflowID)
}

// EndUnknown ends what no books know, such as what was started past every door: nothing was made for it, and nothing has to be taken back.
func (m *Mender) EndUnknown(ctx context.Context, o mending.Order) (mending.Done, error) {
	kind, _, _ := strings.Cut(o.WorkflowID, "/")
	kind = strings.ReplaceAll(kind, "-", " ")
	err := m.Client.TerminateWorkflow(ctx, o.WorkflowID, "", "no "+kind+" of that id is in the books; ended by "+o.By) // Temporal shows it to everybody: no reason of a person
	if err != nil && !engine.IsNotFound(err) {
		return mending.Done{}, fmt.Errorf("terminate %s: %w", o.WorkflowID, err)
	}
	stood := err == nil
	switch trouble, err := m.Look(ctx, o.WorkflowID); {
	case err != nil && partnership.CodeOf(err) != partnership.NotFound:
		return mending.Done{}, err
	case trouble != nil: // kept before it is closed: the server lists it for as long as it keeps it
		f, err := m.Store.KeepFinding(ctx, *trouble)
		if err != nil {
			return mending.Done{}, err
		}
		stood = stood || f.SettledAt.IsZero()
	default: // the server has forgotten it, and the finding stands
		open, err := m.Store.OpenFindings(ctx)
		if err != nil {
			return mending.Done{}, err
		}
		stood = stood || slices.ContainsFunc(open, func(f partnership.Finding) bool { return f.WorkflowID == o.WorkflowID })
	}
	if !stood {
		return mending.Done{}, partnership.Errorf(partnership.NotFound, "no %s of that id is in the books, and nothing of %s is open: there is nothing to end", kind, o.WorkflowID)
	}
	return mending.Done{Did: "ended", Outcome: "No " + kind + " of that id is in the books: nothing was made for it, and the workflow is ended."}, nil
}

// endPartnership starts the run that only ends it, in the place of whatever is there under its id.
func (m *Mender) endPartnership(ctx context.Context, o mending.Order, r store.Remains) (mending.Done, error) {
	end := workflows.Ending{Outcome: partnership.Cancelled, Reason: o.Reason, By: o.By}
	if r.Outcome != "" { // it had ended, and what was left to do is done
		end.Outcome, end.Reason = r.Outcome, r.Reason
	}
	in := workflows.EndPartnership(workflows.PartnershipInput{
		CampaignID: r.Campaign.ID, PartnershipID: r.ID, CreatorID: r.CreatorID, Tier: r.Tier, Niche: r.Niche, CreatorZone: r.Zone,
		Offer: r.Terms, Limits: r.Campaign.Offer.Negotiation, Schedule: r.Campaign.Schedule, Day: m.Day, Zone: r.Campaign.Timezone,
	}, workflows.Left{Seq: r.Seq, Stage: r.Stage, Happened: r.Happened, OpenTasks: r.OpenTasks, Amendment: r.Amendment}, end)
	attributes := workflows.PartnershipAttributes(r.Campaign.ID, r.Campaign.Program, r.Happened["none"])
	run, err := m.startAnew(ctx, workflows.PartnershipWorkflowID(r.ID), workflows.PartnershipType, attributes, in)
	if err != nil {
		return mending.Done{}, err
	}
	done := mending.Done{Did: "ended", RunID: run, Outcome: "It is ended: what was made is taken back, its budget comes back, and its campaign is told."}
	if r.Outcome != "" {
		done.Outcome = fmt.Sprintf("It had ended already, as %s, and that stands. Its campaign is told once more; the reason that you gave stands in the audit alone.", r.Outcome)
	}
	return done, nil
}

// startAnew starts a workflow under an id that may be taken: whatever runs there is terminated in the same step.
func (m *Mender) startAnew(ctx context.Context, id, kind string, attributes temporal.SearchAttributes, in any) (run string, err error) {
	started, err := m.Client.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: id, TaskQueue: workflows.QueueLifecycle,
		WorkflowIDReusePolicy:    enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_TERMINATE_EXISTING,
		TypedSearchAttributes:    attributes,
	}, kind, in)
	if err != nil {
		return "", fmt.Errorf("start %s anew: %w", id, err)
	}
	return started.GetRunID(), nil
}

// endCampaign ends a campaign that cannot go on: a run of its own waits for the ends of its partnerships. Those that go on are
// cancelled as any cancel does, those that stand are ended like itself.
func (m *Mender) endCampaign(ctx context.Context, o mending.Order, id partnership.CampaignID) (mending.Done, error) {
	c, err := m.Store.Campaign(ctx, id)
	if err != nil {
		return mending.Done{}, err
	}
	board, err := m.Store.CampaignDocument(ctx, id)
	if err != nil {
		return mending.Done{}, err
	}
	open, ended := map[partnership.PartnershipID]partnership.RosterEntry{}, map[partnership.PartnershipID]workflows.EndedSlot{}
	remains := map[partnership.PartnershipID]store.Remains{}
	for _, one := range board.Partnerships {
		if one.Outcome != "" {
			ended[one.ID] = workflows.EndedSlot{Outcome: one.Outcome, Niche: one.Creator.Niche}
			continue
		}
		r, err := m.Store.Remains(ctx, one.ID)
		if err != nil {
			return mending.Done{}, err
		}
		remains[one.ID] = r
		open[one.ID] = partnership.RosterEntry{PartnershipID: one.ID, CreatorID: r.CreatorID, Tier: r.Tier, Niche: r.Niche, Rank: r.Rank, Standby: r.Standby}
	}
	plan := activities.CampaignPlan{
		Target: c.Selection.Target, Zone: c.Timezone, Schedule: c.Schedule, Limits: c.Offer.Negotiation, Program: c.Program,
	}
	in := workflows.EndCampaign(workflows.CampaignInput{CampaignID: id, Day: m.Day}, plan, open, ended, workflows.Stop{Reason: o.Reason, By: o.By})
	run, err := m.startAnew(ctx, o.WorkflowID, workflows.CampaignType, workflows.CampaignAttributes(id, c.Program), in)
	if err != nil {
		return mending.Done{}, err
	}
	for one, r := range remains {
		if err := m.stop(ctx, o, one, r); err != nil {
			return mending.Done{}, fmt.Errorf("%w; the campaign waits for the rest: mend each that `rapport workflows stuck` shows", err)
		}
	}
	return mending.Done{Did: "ended", RunID: run, Outcome: fmt.Sprintf("It is ended: nobody more is invited, %d open partnership(s) end, and it closes after the last.", len(open))}, nil
}

// stop cancels a partnership that goes on and ends one that does not.
func (m *Mender) stop(ctx context.Context, o mending.Order, id partnership.PartnershipID, r store.Remains) error {
	workflowID := workflows.PartnershipWorkflowID(id)
	trouble, err := m.Look(ctx, workflowID)
	if err != nil && partnership.CodeOf(err) != partnership.NotFound {
		return err
	}
	if err == nil && trouble == nil {
		stop := workflows.Stopped{Action: workflows.Cancelled, Reason: o.Reason, By: o.By}
		err = m.Client.SignalWorkflow(ctx, workflowID, "", workflows.SignalStopped, workflows.For(workflowID, stop))
		if !engine.IsNotFound(err) {
			return err
		}
		if r, err = m.Store.Remains(ctx, id); err != nil { // it ended by itself a moment ago: its campaign hears of that end
			return err
		}
	}
	if _, err := m.endPartnership(ctx, o, r); err != nil {
		return err
	}
	return m.Store.EndFindingsOf(ctx, workflowID, "ended with its campaign by "+o.By)
}

// CatchUp tells a campaign that goes on of the partnerships that ended while it did not hear, and returns how many.
func (m *Mender) CatchUp(ctx context.Context, workflowID string) (told int, err error) {
	id := partnership.CampaignOfWorkflow(workflowID)
	if id == "" {
		return 0, nil
	}
	ctx, cancel := context.WithTimeout(ctx, moments)
	defer cancel()
	value, err := m.Client.QueryWorkflow(ctx, workflowID, "", workflows.QuerySnapshot)
	var state workflows.CampaignState
	if err == nil {
		err = value.Get(&state)
	}
	if err != nil {
		return 0, &mending.UnheardError{WorkflowID: workflowID}
	}
	board, err := m.Store.CampaignDocument(ctx, id)
	if err != nil {
		return 0, err
	}
	for _, one := range board.Partnerships {
		if _, waits := state.Open[one.ID]; !waits || one.Outcome == "" {
			continue
		}
		news := workflows.PartnershipClosed{PartnershipID: one.ID, Outcome: one.Outcome, Niche: one.Creator.Niche}
		if err := m.Client.SignalWorkflow(ctx, workflowID, "", workflows.SignalPartnershipClosed, workflows.For(workflowID, news)); err != nil {
			return told, err
		}
		told++
	}
	return told, nil
}
