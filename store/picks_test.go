package store_test

import (
	"testing"

	"github.com/rapport-dev/rapport/partnership"
)

// Whom somebody leaves out is on no list that is ranked, and stands by no more, until they are put back.
func TestAVetoIsKeptAndTakenBack(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	id, _, err := f.CreateCampaign(ctx, campaign(), people(3), "picks")
	must(t, err)
	all, err := f.CampaignCreators(ctx, id)
	if err != nil || len(all) < 2 {
		t.Fatalf("%d creators, %v", len(all), err)
	}
	who := all[1].ID
	if err := f.SaveRoster(ctx, id, []partnership.RosterEntry{{CreatorID: who, Tier: partnership.Nano, Niche: "sleep", Rank: 7, Standby: true}}); err != nil {
		t.Fatal(err)
	}
	standing := func() (listed, vetoed bool) {
		list, err := f.StandingBy(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range list {
			if one.CreatorID == who {
				return true, one.Vetoed
			}
		}
		return false, false
	}
	for range 2 { // repeated, it changes nothing
		listed, entry, err := f.LeaveOutCreator(ctx, id, who, false)
		if err != nil || !listed || entry == nil || entry.Rank != 7 || !entry.Standby || entry.PartnershipID != partnership.PartnershipFor(id, who) {
			t.Fatalf("%v %+v %v", listed, entry, err)
		}
	}
	if listed, vetoed := standing(); !listed || !vetoed {
		t.Errorf("listed %v, left out %v", listed, vetoed)
	}
	if left, err := f.CampaignCreators(ctx, id); err != nil || len(left) != len(all)-1 {
		t.Errorf("%d are ranked when the file is amended, %v", len(left), err)
	}
	if back, err := f.ListCreator(ctx, id, who); err != nil || back.ID != who {
		t.Errorf("%+v %v", back, err)
	}
	if listed, vetoed := standing(); !listed || vetoed {
		t.Errorf("invited by name: listed %v, left out %v", listed, vetoed)
	}
	if listed, _, err := f.LeaveOutCreator(ctx, id, "nobody", false); err != nil || listed {
		t.Errorf("who is not on the list: %v %v", listed, err)
	}
	if _, err := f.ListCreator(ctx, id, "nobody"); partnership.CodeOf(err) != partnership.NotFound {
		t.Errorf("nobody: %v", err)
	}
}

// Whoever launched in the chat what runs hears of what is wrong there; who did at a shell has no direct messages.
func TestOwnersInTheChat(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	for who, name := range map[string]string{"slack:U1": "Dreams", "slack:U2": "Over", "cli:ana": "Noon"} {
		spec := campaign()
		spec.Name = name
		id, _, err := f.CreateCampaign(ctx, spec, people(1), name)
		must(t, err)
		must(t, f.Record(ctx, partnership.Deed{Who: who, Deed: partnership.DeedLaunch, Subject: "campaign/" + string(id)}))
		if name == "Over" {
			must(t, f.SetCampaignState(ctx, id, partnership.CampaignFinished, ""))
		}
	}
	owners, err := f.OwnersInChat(ctx, "slack")
	if err != nil || len(owners) != 1 || owners[0].Who != "slack:U1" || len(owners[0].Campaigns) != 1 || owners[0].Campaigns[0] != "Dreams" {
		t.Errorf("%+v %v", owners, err)
	}
}
