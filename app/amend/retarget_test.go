package amend_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/app/amend"
	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/roster"
	"github.com/rapport-dev/rapport/proof/pgtest"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/workflows"
)

var now = time.Date(2026, 11, 10, 12, 0, 0, 0, time.UTC)

// engine answers for the campaign and its partnerships, and keeps the versions that it was told of.
type engine struct {
	state workflows.CampaignState
	told  []string
	fail  error
}

func (e *engine) Query(_ context.Context, workflowID, _ string, result any) error {
	var answer any = e.state
	if strings.HasPrefix(workflowID, "partnership/") {
		terms, err := partnership.OfferFor(spec(), partnership.Nano)
		if err != nil {
			return err
		}
		now := workflows.Snapshot{Stage: partnership.Outreach, Terms: terms, Offer: terms}
		now.Standing.Stage, now.Standing.Tier, now.Standing.Terms = partnership.Outreach, partnership.Nano, terms
		answer = now
	}
	text, err := json.Marshal(answer)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, result)
}

func (e *engine) Decide(_ context.Context, d partnership.Deed, _, _, _ any) error {
	e.told = append(e.told, d.Who+" "+d.ID)
	return e.fail
}

func spec() partnership.Campaign {
	return partnership.Campaign{
		Name: "Dreams Sunset", Program: "dreams", Round: 1, Currency: "USD", Timezone: "UTC", BudgetMinor: 400_000,
		Selection: partnership.Selection{Target: 3, Standby: 1, MinEngagement: 2, Niches: []string{"home"}},
		Offer: partnership.Offer{
			FeeMinor: map[partnership.Tier]int64{partnership.Nano: 50_000, partnership.Micro: 200_000}, CommissionBPS: 1_000,
			UsageRights: partnership.UsageRights{Channels: []string{"email"}, Days: 30}, Deliverables: []partnership.Deliverable{{Kind: "instagram_reel", Count: 1}},
		},
		Schedule:    partnership.Schedule{PublishFrom: now.AddDate(0, 0, 20), PublishTo: now.AddDate(0, 0, 50), OutreachDays: 5, SignDays: 4, ProduceDays: 8, ReviewDays: 3},
		Payout:      partnership.PayoutPolicy{HoldDays: 30, MinimumMinor: 2_500, Provider: "stripe"},
		Destination: "https://shop.example/",
	}
}

func people(niche string, n int) (out []partnership.Creator) {
	for i := range n {
		handle := fmt.Sprintf("%s%d", niche, i+1)
		out = append(out, partnership.Creator{
			Handle: handle, Name: "N", Email: handle + "@mail.example", Platform: "instagram", Followers: 9_000, EngagementRate: 6 - float64(i)/10, Niche: niche,
		})
	}
	return out
}

// running is a campaign with three open partnerships (home1 to home3), one standby (home4) and three ceramics creators on its
// list who do not pass its selection.
func running(t *testing.T) (*amend.Amender, *store.Store, *engine, partnership.CampaignID) {
	t.Helper()
	s, err := store.Open(t.Context(), pgtest.New(t, store.Migrate), store.Options{
		SecretKey: []byte("a secret of thirty-two bytes....."), PublicURL: "https://rapport.example", Now: func() time.Time { return now },
	})
	must(t, err)
	t.Cleanup(s.Close)
	id, _, err := s.CreateCampaign(t.Context(), spec(), append(people("home", 6), people("ceramics", 3)...), "hash")
	must(t, err)
	creators, err := s.CampaignCreators(t.Context(), id)
	must(t, err)
	e := &engine{}
	e.state.Ranked, e.state.Open, e.state.Ended = true, map[partnership.PartnershipID]partnership.RosterEntry{}, map[partnership.PartnershipID]workflows.EndedSlot{}
	e.state.Spec.Target = 3
	for _, entry := range roster.Entries(id, roster.Rank(creators, spec().Selection)) {
		if entry.Standby {
			e.state.Waiting = append(e.state.Waiting, entry)
			continue
		}
		terms, err := partnership.OfferFor(spec(), entry.Tier)
		must(t, err)
		must(t, s.ReserveBudget(t.Context(), id, entry, terms, terms.CostMinor()))
		e.state.Open[entry.PartnershipID] = entry
	}
	return &amend.Amender{Store: s, Workflows: e, Day: 24 * time.Hour, Now: func() time.Time { return now }}, s, e, id
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// load is what the campaign is told when it takes a version.
func load(t *testing.T, s *store.Store, e *engine, id partnership.CampaignID, version int) activities.AmendmentPlan {
	t.Helper()
	a := activities.New(activities.Deps{Store: s, Clock: partnership.SystemClock{}})
	plan, err := a.LoadAmendment(t.Context(), activities.AmendmentRef{CampaignID: id, Version: version, Taken: e.state.Taken()})
	must(t, err)
	return plan
}

func handles(t *testing.T, s *store.Store, entries []partnership.RosterEntry, standby bool) (out []string) {
	t.Helper()
	for _, entry := range entries {
		c, err := s.Creator(t.Context(), entry.CreatorID)
		must(t, err)
		if entry.Standby == standby {
			out = append(out, c.Handle)
		}
	}
	return out
}

func names(in *amend.Invites) (out []string) {
	for _, c := range in.Next {
		out = append(out, c.Creator)
	}
	return out
}

func same(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestMoreSlotsAndANewNicheArePreviewedAsTheyAreApplied(t *testing.T) {
	a, s, e, id := running(t)
	changed := spec()
	changed.Selection.Target, changed.Selection.Standby = 7, 3
	changed.Selection.Niches = []string{"home", "ceramics"}
	changed.Selection.Arms = []partnership.Arm{{Niche: "ceramics", Share: 30}, {Niche: "home", Share: 70}}
	change := partnership.CampaignChange{Spec: changed, Creators: people("ceramics", 4)[3:]}
	pv, err := a.Preview(t.Context(), id, change)
	must(t, err)
	same(t, "words", []string{
		"Slots: 7 instead of 3.",
		"4 more slots; 4 more creators fit: 4 of them of the new niche ceramics; 2 more standbys; needs $2,000.00 of $2,500.00 left.",
		"0 of 3 open partnerships move; 0 have a draft in and keep their dates; 0 are signed and need a contract amendment; 3 are not touched; 0 are past it.",
	}, pv.Words())
	same(t, "next", []string{"ceramics1", "ceramics2", "home4", "home5"}, names(pv.Invites))
	if got, _ := s.LastAmendment(t.Context(), id); got.Version != 0 || len(e.told) != 0 {
		t.Error("the preview has changed something")
	}

	for _, by := range []deeds.By{shell("cli:ada"), shell("cli:bea")} { // twice applied is once, and each answers for what they did
		version, _, err := a.Apply(t.Context(), id, change, pv, by)
		must(t, err)
		same(t, "version", 1, version)
	}
	same(t, "told", []string{"cli:ada amend/" + string(id) + "/1/cli:ada", "cli:bea amend/" + string(id) + "/1/cli:bea"}, e.told)
	for range 2 { // and so is the step, when it is repeated
		plan := load(t, s, e, id, 1)
		same(t, "reranked", true, plan.Reranked)
		same(t, "target", 7, plan.Target)
		same(t, "invited next", names(pv.Invites), handles(t, s, plan.Roster, false))
		same(t, "standby", []string{"home6", "ceramics3", "ceramics4"}, inAnyOrder(handles(t, s, plan.Roster, true), "home6", "ceramics3", "ceramics4"))
	}
	kept, err := s.Amendment(t.Context(), id, 1)
	must(t, err)
	same(t, "summary", strings.Join(pv.Words(), "\n"), kept.Summary)
}

// inAnyOrder gives want when got holds the same.
func inAnyOrder(got []string, want ...string) []string {
	left := map[string]bool{}
	for _, g := range got {
		left[g] = true
	}
	for _, w := range want {
		if !left[w] {
			return got
		}
	}
	if len(got) != len(want) {
		return got
	}
	return want
}

func TestFewerSlotsSayThatNoPartnershipEnds(t *testing.T) {
	a, s, e, id := running(t)
	changed := spec()
	changed.Selection.Target = 1
	pv, err := a.Preview(t.Context(), id, partnership.CampaignChange{Spec: changed})
	must(t, err)
	same(t, "words", []string{
		"Slots: 1 instead of 3.",
		"2 fewer slots; 3 creators fit as before; 1 standby as before; $2,500.00 are left.",
		"No open partnership ends by this: 3 slots are held, and one that falls free is given on only while fewer than 1 are.",
	}, pv.Words()[:3])
	_, _, err = a.Apply(t.Context(), id, partnership.CampaignChange{Spec: changed}, pv, shell("cli:ada"))
	must(t, err)
	same(t, "invited next", []string(nil), handles(t, s, load(t, s, e, id, 1).Roster, false))
}

func TestABudgetThatIsTooSmallIsSaidAndARaisedOneHelps(t *testing.T) {
	a, s, _, id := running(t)
	changed := spec()
	changed.Selection.Target, changed.BudgetMinor = 6, 260_000
	pv, err := a.Preview(t.Context(), id, partnership.CampaignChange{Spec: changed})
	must(t, err)
	same(t, "words", []string{
		"Slots: 6 instead of 3.", "Budget: $2,600.00 instead of $4,000.00.",
		"3 more slots; 3 creators fit as before; no standby instead of 1; needs $1,500.00 of $1,100.00 left.",
		"The budget covers 2 of the next 3 invitations; a higher budget in the file invites the others.",
	}, pv.Words()[:4])
	changed.BudgetMinor = 900_000
	pv, err = a.Preview(t.Context(), id, partnership.CampaignChange{Spec: changed})
	must(t, err)
	same(t, "covered", true, pv.Invites.Next[2].Covered)
	version, _, err := a.Apply(t.Context(), id, partnership.CampaignChange{Spec: changed}, pv, shell("cli:ada"))
	must(t, err)
	_, err = s.ApplyAmendment(t.Context(), id, version)
	must(t, err)
	doc, err := s.CampaignDocument(t.Context(), id)
	must(t, err)
	same(t, "limit", int64(900_000), doc.Budget.LimitMinor)
}

func TestAnUndoRestoresTheSelectionAndTheListOnce(t *testing.T) {
	a, s, e, id := running(t)
	changed := spec()
	changed.Selection.Target, changed.Selection.Niches = 5, []string{"home", "ceramics"}
	change := partnership.CampaignChange{Spec: changed, Creators: people("ceramics", 5)}
	apply := func(ch partnership.CampaignChange) (amend.Preview, int) {
		t.Helper()
		pv, err := a.Preview(t.Context(), id, ch)
		must(t, err)
		version, _, err := a.Apply(t.Context(), id, ch, pv, shell("cli:ada"))
		must(t, err)
		return pv, version
	}
	_, version := apply(change)
	plan := load(t, s, e, id, version)
	e.state.Spec.Target = plan.Target
	e.state.Open[plan.Roster[0].PartnershipID] = plan.Roster[0] // is invited by it, and stays

	undo, err := a.Undo(t.Context(), id)
	must(t, err)
	pv, version := apply(undo)
	same(t, "version", 2, version)
	same(t, "held, free", [2]int{4, 0}, [2]int{pv.Invites.Held, pv.Invites.Free})
	again, err := a.Undo(t.Context(), id) // the command broke off before the campaign took it
	must(t, err)
	if _, version = apply(again); version != 2 {
		t.Errorf("a repeated undo is version %d", version)
	}
	plan = load(t, s, e, id, 2)
	same(t, "target", 3, plan.Target)
	same(t, "invited next", []string(nil), handles(t, s, plan.Roster, false))
	for _, handle := range handles(t, s, plan.Roster, true) {
		if !strings.HasPrefix(handle, "home") {
			t.Errorf("%s stands by, of the niche that was taken back", handle)
		}
	}
	creators, err := s.CampaignCreators(t.Context(), id)
	must(t, err)
	same(t, "creators on the list", 9, len(creators))
	if _, err := a.Undo(t.Context(), id); partnership.CodeOf(err) != partnership.Conflict || !strings.Contains(err.Error(), "taken back already") {
		t.Errorf("an undo of the undo: %v", err)
	}
}

func TestAnEndedCampaignIsNotAmended(t *testing.T) {
	a, s, _, id := running(t)
	must(t, s.SetCampaignState(t.Context(), id, "finished", ""))
	changed := spec()
	changed.Selection.Target = 9
	if _, err := a.Preview(t.Context(), id, partnership.CampaignChange{Spec: changed}); partnership.CodeOf(err) != partnership.Conflict {
		t.Errorf("got %v", err)
	}
}

// The campaign invites nobody who could not post in the window any more, and the preview promises nobody.
func TestThePreviewPromisesNobodyWhoWouldBeTooLate(t *testing.T) {
	a, _, _, id := running(t)
	changed := spec()
	changed.Selection.Target += 2
	changed.Schedule.ProduceDays, changed.Schedule.PublishTo = 8, now.AddDate(0, 0, 5)
	pv, err := a.Preview(t.Context(), id, partnership.CampaignChange{Spec: changed})
	must(t, err)
	same(t, "too late", true, pv.Invites.TooLate)
	same(t, "invited next", 0, len(pv.Invites.Next))
	same(t, "needs", int64(0), pv.Invites.NeedMinor)
	if words := strings.Join(pv.Words(), "\n"); !strings.Contains(words, "so nobody is: move publish_to") {
		t.Errorf("the preview says %q", words)
	}
}

// shell is somebody at a shell who may.
func shell(who string) deeds.By { return deeds.By{Who: who, Roles: []deeds.Role{deeds.Manager}} }
