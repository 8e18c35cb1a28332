package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/proof/pgtest"
	"github.com/rapport-dev/rapport/store"
)

func TestAPartnershipIsFoundByItsCreator(t *testing.T) {
	kept, err := store.Open(t.Context(), pgtest.New(t, store.Migrate), store.Options{SecretKey: []byte("a secret of thirty-two bytes.....")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(kept.Close)
	a := &app{ctx: t.Context(), opened: kept}
	people := []partnership.Creator{{Handle: "ada.scents", Name: "Ada", Email: "ada@mail.example", Platform: "instagram"}, {Handle: "bo", Name: "Bo", Email: "bo@mail.example", Platform: "instagram"}}
	var ids []partnership.PartnershipID
	for i, name := range []string{"Dreams", "Jars"} {
		campaign, _, err := kept.CreateCampaign(t.Context(), partnership.Campaign{Name: name, Program: "dreams", Round: 1, Currency: "USD", Timezone: "UTC", BudgetMinor: 1000}, people[:2-i], name)
		if err != nil {
			t.Fatal(err)
		}
		creators, err := kept.CampaignCreators(t.Context(), campaign)
		if err != nil {
			t.Fatal(err)
		}
		for rank, creator := range creators {
			if err := kept.ReserveBudget(t.Context(), campaign, partnership.RosterEntry{CreatorID: creator.ID, Tier: partnership.Nano, Rank: rank + 1}, partnership.Terms{Version: 1, Currency: "USD"}, 0); err != nil {
				t.Fatal(err)
			}
			ids = append(ids, partnership.PartnershipFor(campaign, creator.ID))
		}
	}
	for _, c := range []struct {
		which whichPartnership
		want  partnership.PartnershipID
		says  string
	}{
		{which: whichPartnership{ID: string(ids[0])}, want: ids[0]},
		{which: whichPartnership{ID: "@bo"}, want: ids[1]},
		{which: whichPartnership{ID: "@ADA.scents", Campaign: "jars"}, want: ids[2]},
		{which: whichPartnership{ID: "@ada.scents"}, says: fmt.Sprintf("  %s  @ada.scents in Jars, round 1, outreach", ids[2])},
		{which: whichPartnership{ID: "@bo", Campaign: "Jars"}, says: "not invited to that campaign"},
		{which: whichPartnership{ID: string(ids[1])[:35]}, want: ids[1]},
		{which: whichPartnership{ID: "Bo"}, want: ids[1]},
		{which: whichPartnership{ID: "https://www.instagram.com/bo/"}, want: ids[1]},
		{which: whichPartnership{ID: "BO@mail.example"}, want: ids[1]},
		{which: whichPartnership{ID: "@nobody"}, says: "no creator has that handle"},
		{which: whichPartnership{ID: string(ids[0]), Campaign: "Jars"}, says: "goes with an @handle"},
	} {
		got, err := c.which.find(a)
		if got != c.want || (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%+v is %q, %v; want %q", c.which, got, err, c.says)
		}
	}
}
