package store_test

import (
	"testing"

	"github.com/rapport-dev/rapport/partnership"
)

func (f *fixture) handles(id partnership.CampaignID) (out []string) {
	f.t.Helper()
	creators, err := f.CampaignCreators(f.t.Context(), id)
	must(f.t, err)
	for _, c := range creators {
		out = append(out, c.Handle)
	}
	return out
}

func (f *fixture) retargets(id partnership.CampaignID, version int) bool {
	f.t.Helper()
	yes, err := f.Retargets(f.t.Context(), id, version)
	must(f.t, err)
	return yes
}

func TestFurtherCreatorsAreListedOnceAndTakenBack(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	id, _ := f.launch(2)
	spec, err := f.Campaign(ctx, id)
	must(t, err)
	change := partnership.CampaignChange{Spec: spec, Creators: people(5)[1:], Summary: "3 more creators fit."}

	after, err := f.CreatorsAfter(ctx, id, change)
	must(t, err)
	if len(after) != 5 || len(f.handles(id)) != 2 {
		t.Fatalf("the look-ahead gives %d creators and leaves %d on the list", len(after), len(f.handles(id)))
	}
	all, err := f.Creators(ctx)
	must(t, err)
	if len(all) != 2 {
		t.Errorf("the look-ahead imported %d creators", len(all)-2)
	}

	first, err := f.KeepAmendment(ctx, id, change, "cli:ada")
	must(t, err)
	again, err := f.KeepAmendment(ctx, id, change, "cli:ada")
	must(t, err)
	if first.Version != 1 || again.Version != 1 || len(f.handles(id)) != 5 || f.handles(id)[4] != "Creator4" {
		t.Errorf("versions %d and %d, list %v", first.Version, again.Version, f.handles(id))
	}
	if !f.retargets(id, 1) || again.Summary != "3 more creators fit." {
		t.Errorf("retargets %v, summary %q", f.retargets(id, 1), again.Summary)
	}

	// One of them is invited before it is taken back: that one stays.
	creators, err := f.CampaignCreators(ctx, id)
	must(t, err)
	must(t, f.ReserveBudget(ctx, id, partnership.RosterEntry{CreatorID: creators[2].ID, Tier: partnership.Nano, Rank: 3}, terms(), 0))
	undo := partnership.CampaignChange{Spec: spec, Undoes: 1}
	back, err := f.KeepAmendment(ctx, id, undo, "cli:ada")
	must(t, err)
	backAgain, err := f.KeepAmendment(ctx, id, undo, "cli:ada")
	must(t, err)
	if back.Version != 2 || backAgain.Version != 2 || back.Undoes != 1 || len(f.handles(id)) != 3 || f.handles(id)[2] != "Creator2" {
		t.Errorf("versions %d and %d, list %v", back.Version, backAgain.Version, f.handles(id))
	}
}

func TestAChangedSelectionRetargetsAndAChangedDateDoesNot(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	id, _ := f.launch(2)
	spec, err := f.Campaign(ctx, id)
	must(t, err)
	keep := func(edit func(*partnership.Campaign)) int {
		edit(&spec)
		a, err := f.KeepAmendment(ctx, id, partnership.CampaignChange{Spec: spec}, "cli:ada")
		must(t, err)
		return a.Version
	}
	apply := func(version int) {
		_, err := f.ApplyAmendment(ctx, id, version)
		must(t, err)
	}
	dates := keep(func(c *partnership.Campaign) { c.Schedule.ProduceDays = 20 })
	if f.retargets(id, dates) {
		t.Error("a change of dates ranks anew")
	}
	niche := keep(func(c *partnership.Campaign) { c.Selection.Niches = []string{"sleep", "ceramics"} })
	budget := keep(func(c *partnership.Campaign) { c.BudgetMinor = 9_000_000 })
	// The campaign takes the last of the three alone: what was skipped counts, also when it is asked again.
	apply(budget)
	if !f.retargets(id, niche) || !f.retargets(id, budget) {
		t.Error("the new niche of a skipped version is forgotten")
	}
	later := keep(func(c *partnership.Campaign) { c.BudgetMinor = 9_500_000 })
	apply(later)
	if f.retargets(id, later) {
		t.Error("a niche that was applied before ranks anew")
	}
	// The raised budget covers what the launched one did not.
	creators, err := f.CampaignCreators(ctx, id)
	must(t, err)
	must(t, f.ReserveBudget(ctx, id, partnership.RosterEntry{CreatorID: creators[0].ID}, terms(), 9_400_000))
}
