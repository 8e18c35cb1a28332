// Package amend changes a running campaign's file: it shows whom a change reaches before anything happens, and applies it as one
// update of the campaign, which tells each open partnership once.
package amend

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/partnership/timeline"
	"github.com/rapport-dev/rapport/workflows"
)

// UndoWindow is how long an amendment can be taken back, in real time.
const UndoWindow = 24 * time.Hour

// Store keeps the versions of a campaign's file.
type Store interface {
	Campaign(ctx context.Context, id partnership.CampaignID) (partnership.Campaign, error)
	LaunchedAt(ctx context.Context, id partnership.CampaignID) (time.Time, error)
	CampaignDocument(ctx context.Context, id partnership.CampaignID) (board.Campaign, error)
	CampaignCreators(ctx context.Context, id partnership.CampaignID) ([]partnership.Creator, error)
	CreatorsAfter(ctx context.Context, id partnership.CampaignID, ch partnership.CampaignChange) ([]partnership.Creator, error)
	KeepAmendment(ctx context.Context, id partnership.CampaignID, ch partnership.CampaignChange, by string) (partnership.Amendment, error)
	LastAmendment(ctx context.Context, id partnership.CampaignID) (partnership.Amendment, error)
	Amendment(ctx context.Context, id partnership.CampaignID, version int) (partnership.Amendment, error)
}

// Workflows asks and tells the running ones.
type Workflows interface {
	deeds.Decider
	Query(ctx context.Context, workflowID, name string, result any) error
}

// Amender previews and applies.
type Amender struct {
	Store     Store
	Workflows Workflows
	Day       time.Duration
	Now       func() time.Time
}

// Line is what the change does to one open partnership.
type Line struct {
	PartnershipID partnership.PartnershipID `json:"partnership_id"`
	Creator       string                    `json:"creator"` // handle
	Stage         partnership.Stage         `json:"stage"`
	Reach         timeline.Reach            `json:"reach"`
	Changes       []timeline.Change         `json:"changes,omitempty"`
	Terms         []string                  `json:"terms,omitempty"`
}

// Preview is the blast radius of a change.
type Preview struct {
	Campaign partnership.CampaignID `json:"campaign_id"`
	Target   [2]int                 `json:"target"`       // slots before and after
	Budget   [2]int64               `json:"budget_minor"` // before and after
	Currency string                 `json:"currency"`
	Rates    [2]money.Rates         `json:"rates,omitzero"` // before, after
	Counts   map[timeline.Reach]int `json:"counts"`
	Lines    []Line                 `json:"partnerships"`
	Invites  *Invites               `json:"invites,omitempty"` // set when it changes whom the campaign invites
}

// Preview computes what a change would do, by the functions that the partnerships and the campaign apply it with. It changes
// nothing.
func (a *Amender) Preview(ctx context.Context, id partnership.CampaignID, ch partnership.CampaignChange) (Preview, error) {
	old, err := a.Store.Campaign(ctx, id)
	if err != nil {
		return Preview{}, err
	}
	spec := ch.Spec
	if err := fixed(old, spec); err != nil {
		return Preview{}, err
	}
	board, err := a.Store.CampaignDocument(ctx, id)
	if err != nil {
		return Preview{}, err
	}
	if board.State.Ended() {
		return Preview{}, partnership.Errorf(partnership.Conflict, "this campaign is %s: launch another round with the changed file", board.State)
	}
	out := Preview{Campaign: id, Target: [2]int{old.Selection.Target, spec.Selection.Target}, Budget: [2]int64{old.BudgetMinor, spec.BudgetMinor}, Currency: old.Currency, Rates: [2]money.Rates{old.Rates, spec.Rates}, Counts: map[timeline.Reach]int{}, Lines: []Line{}}
	cal := timeline.Calendar{Day: a.Day, Zone: old.Timezone}
	for _, one := range board.Partnerships {
		if one.Outcome != "" {
			continue
		}
		var now workflows.Snapshot
		if err := a.Workflows.Query(ctx, workflows.PartnershipWorkflowID(one.ID), workflows.QuerySnapshot, &now); err != nil {
			return out, err
		}
		offer, err := partnership.OfferFor(spec, now.Standing.Tier)
		if err != nil {
			return out, err
		}
		e := timeline.Amend(cal, now.Standing, spec.Schedule, now.Offer, offer)
		out.Counts[e.Reach]++
		if e.Withdraws {
			e.Words = append(e.Words, "the contract amendment that is not signed yet is taken back")
		}
		out.Lines = append(out.Lines, Line{PartnershipID: one.ID, Creator: one.Creator.Handle, Stage: one.Stage, Reach: e.Reach, Changes: e.Changes, Terms: e.Words})
	}
	out.Invites, err = a.invites(ctx, old, ch, board.Budget.CommittedMinor)
	return out, err
}

// fixed refuses what makes another campaign of it.
func fixed(old, spec partnership.Campaign) error {
	for _, f := range []struct{ field, was, is string }{
		{"name", old.Name, spec.Name},
		{"program", old.Program, spec.Program},
		{"currency", old.Currency, spec.Currency},
		{"timezone", old.Timezone, spec.Timezone},
		{"offer.bonuses", old.Offer.BonusWords(old.Currency), spec.Offer.BonusWords(spec.Currency)}, // what was signed counts all sales
		{"offer.commission_tiers", old.Offer.TierWords(old.Currency), spec.Offer.TierWords(spec.Currency)},
	} {
		if f.was != f.is {
			return partnership.FieldErrorf(f.field, "%q cannot become %q in a running campaign; launch another one", f.was, f.is)
		}
	}
	return nil
}

// Apply keeps a change as the next version and hands it to the campaign. The same content again is the same version, applied
// once: again says that the campaign had taken it before. pv is its preview, of which the team is told.
func (a *Amender) Apply(ctx context.Context, id partnership.CampaignID, ch partnership.CampaignChange, pv Preview, by deeds.By) (version int, again bool, err error) {
	if err := by.May(partnership.DeedAmend); err != nil {
		return 0, false, err
	}
	ch.Summary = strings.Join(pv.Words(), "\n")
	kept, err := a.Store.KeepAmendment(ctx, id, ch, by.Who)
	if err != nil {
		return 0, false, err
	}
	if kept.Version == 0 {
		return 0, false, partnership.Errorf(partnership.Conflict, "this is the file as it is already: nothing to amend")
	}
	// Whoever gives one again that broke off half way answers for that; whose it is stands with the version.
	by.ID = fmt.Sprintf("amend/%s/%d/%s", id, kept.Version, by.Who)
	err = deeds.Amend(id, kept.Version).Decide(ctx, a.Workflows, by, nil)
	return kept.Version, kept.AppliedAt != nil, err
}

// Undo is the change that takes the last amendment back, while the window is open: the file before it, without the creators whom
// it listed. Who was invited by it stays. An undo that broke off half way is given again; one that was applied is not undone.
func (a *Amender) Undo(ctx context.Context, id partnership.CampaignID) (partnership.CampaignChange, error) {
	last, err := a.Store.LastAmendment(ctx, id)
	switch {
	case partnership.CodeOf(err) == partnership.NotFound || err == nil && last.Version == 0:
		return partnership.CampaignChange{}, partnership.Errorf(partnership.Conflict, "this campaign was never amended: there is nothing to undo")
	case err != nil:
		return partnership.CampaignChange{}, err
	case last.Undoes > 0 && last.AppliedAt == nil:
		return partnership.CampaignChange{Spec: last.Spec, Undoes: last.Undoes}, nil
	case last.Undoes > 0:
		return partnership.CampaignChange{}, partnership.Errorf(partnership.Conflict, "amendment %d was taken back already: amend again with the file as it should be", last.Undoes)
	case a.Now().Sub(last.MadeAt) > UndoWindow:
		return partnership.CampaignChange{}, partnership.Errorf(partnership.Conflict, "the last amendment is older than a day: amend again with the file as it should be")
	}
	before, err := a.Store.Amendment(ctx, id, last.Version-1)
	return partnership.CampaignChange{Spec: before.Spec, Undoes: last.Version}, err
}

// Settled says which open partnerships have not taken the version in yet. None is done. Nobody waits for those who are away: they
// take it in when they come back, if they do.
func (a *Amender) Settled(ctx context.Context, pv Preview, version int) (missing []Line, err error) {
	for _, l := range pv.Lines {
		var now workflows.Snapshot
		err := a.Workflows.Query(ctx, workflows.PartnershipWorkflowID(l.PartnershipID), workflows.QuerySnapshot, &now)
		if err != nil {
			return nil, err
		}
		if now.Amended < version && now.Outcome == "" && !now.Standing.Away {
			missing = append(missing, l)
		}
	}
	return missing, nil
}
