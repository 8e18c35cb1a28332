package amend

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/roster"
	"github.com/rapport-dev/rapport/partnership/timeline"
	"github.com/rapport-dev/rapport/workflows"
)

// Invites is what a change means for those who are not invited yet.
type Invites struct {
	Reranked  bool         `json:"reranked"`   // false: those who wait stay as they are, and only the budget or nothing changes for them
	Held      int          `json:"held_slots"` // by open and completed partnerships
	Free      int          `json:"free_slots"` // afterwards
	Fit       [2]int       `json:"fit"`        // creators who were never invited and pass the selection, before and after
	NewNiches []NicheCount `json:"new_niches,omitempty"`
	Standby   [2]int       `json:"standby"` // creators held ready, before and after
	Next      []Candidate  `json:"next"`    // who is invited at once, best first
	NeedMinor int64        `json:"need_minor"`
	LeftMinor int64        `json:"left_minor"` // of the budget, before they are invited
	Paused    bool         `json:"paused"`     // they are invited when the campaign is resumed
	TooLate   bool         `json:"too_late"`   // nobody who is invited now could still post in the window, so nobody is
}

// NicheCount is how many creators of a niche fit that was not asked for before.
type NicheCount struct {
	Niche string `json:"niche"`
	Fit   int    `json:"fit"`
}

// Candidate is a creator who would be invited.
type Candidate struct {
	Creator   string           `json:"creator"` // handle
	Tier      partnership.Tier `json:"tier"`
	Niche     string           `json:"niche"`
	CostMinor int64            `json:"cost_minor"`
	Covered   bool             `json:"covered"` // by the budget left; those who are not wait until some is free
}

// invites is nil when the change concerns neither the selection, nor the list, nor the budget.
func (a *Amender) invites(ctx context.Context, old partnership.Campaign, ch partnership.CampaignChange, committed int64) (*Invites, error) {
	before, err := a.Store.CampaignCreators(ctx, old.ID)
	if err != nil {
		return nil, err
	}
	after, err := a.Store.CreatorsAfter(ctx, old.ID, ch)
	if err != nil {
		return nil, err
	}
	var now workflows.CampaignState
	if err := a.Workflows.Query(ctx, workflows.CampaignWorkflowID(old.ID), workflows.QuerySnapshot, &now); err != nil {
		return nil, err
	}
	in := &Invites{Reranked: !same(old.Selection, ch.Spec.Selection) || !same(before, after), Paused: now.Paused != "", Next: []Candidate{}}
	if !in.Reranked && old.BudgetMinor == ch.Spec.BudgetMinor {
		return nil, nil
	}
	taken := now.Taken()
	in.Held, in.Free = taken.Held, max(ch.Spec.Selection.Target-taken.Held, 0)
	fitBefore := roster.Refill(old.ID, before, old.Selection, taken)
	fitAfter := roster.Refill(old.ID, after, ch.Spec.Selection, taken)
	in.Fit, in.NewNiches = [2]int{len(fitBefore), len(fitAfter)}, newNiches(old.Selection, ch.Spec.Selection, fitAfter)
	waiting := now.Waiting
	if in.Reranked {
		waiting = roster.Entries(old.ID, fitAfter)
	}
	if n := len(now.Open) + len(waiting); n > roster.MaxPlaces { // those who were invited before the change stay open beside the new ones
		return nil, partnership.FieldErrorf("selection.target", "%d stories are open and %d creators would wait: %d at once; one campaign carries at most %d "+
			"(Temporal keeps no more open children of a workflow). Launch a further campaign of the same program", len(now.Open), len(waiting), n, roster.MaxPlaces)
	}
	in.Standby = [2]int{len(standby(now.Waiting)), len(standby(waiting))}
	cal := timeline.Calendar{Day: a.Day, Zone: old.Timezone}
	if in.TooLate = !timeline.InTime(cal, ch.Spec.Schedule, a.Now()); in.TooLate {
		in.LeftMinor = ch.Spec.BudgetMinor - committed
		return in, nil
	}
	if err := in.fill(old.ID, waiting, after, ch.Spec, committed); err != nil {
		return nil, err
	}
	return in, nil
}

// fill says who of those who wait is invited at once, and what that takes.
func (in *Invites) fill(id partnership.CampaignID, waiting []partnership.RosterEntry, creators []partnership.Creator, spec partnership.Campaign, committed int64) error {
	handles := make(map[partnership.PartnershipID]string, len(creators))
	for _, c := range creators {
		handles[partnership.PartnershipFor(id, c.ID)] = c.Handle
	}
	in.LeftMinor = spec.BudgetMinor - committed
	left, covered := in.LeftMinor, true
	order := slices.SortedStableFunc(slices.Values(waiting), roster.Order)
	for _, e := range order[:min(in.Free, len(order))] {
		terms, err := partnership.OfferFor(spec, e.Tier)
		if err != nil {
			return err
		}
		cost := terms.CostMinor()
		in.NeedMinor += cost
		left -= cost
		covered = covered && left >= 0
		in.Next = append(in.Next, Candidate{Creator: handles[e.PartnershipID], Tier: e.Tier, Niche: e.Niche, CostMinor: cost, Covered: covered})
	}
	return nil
}

func standby(waiting []partnership.RosterEntry) []partnership.RosterEntry {
	return slices.DeleteFunc(slices.Clone(waiting), func(e partnership.RosterEntry) bool { return !e.Standby })
}

// newNiches counts who fits in each niche that the selection did not ask for before.
func newNiches(old, changed partnership.Selection, fit []roster.Ranked) (out []NicheCount) {
	was := niches(old)
	if len(was) == 0 {
		return nil // it asked for none: every niche was welcome
	}
	for _, niche := range niches(changed) {
		if slices.ContainsFunc(was, func(w string) bool { return strings.EqualFold(w, niche) }) {
			continue
		}
		one := NicheCount{Niche: niche}
		for _, r := range fit {
			if strings.EqualFold(r.Creator.Niche, niche) {
				one.Fit++
			}
		}
		out = append(out, one)
	}
	return out
}

func niches(s partnership.Selection) []string {
	all := slices.Clone(s.Niches)
	for _, arm := range s.Arms {
		if !slices.ContainsFunc(all, func(n string) bool { return strings.EqualFold(n, arm.Niche) }) {
			all = append(all, arm.Niche)
		}
	}
	return all
}

// same compares as the store does: as kept.
func same[T any](a, b T) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}
