package store_test

import (
	"testing"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
)

func TestThePastCountsWhatPeopleDid(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(5)
	tell := func(i int, o partnership.Outcome, kinds ...string) {
		events := make([]partnership.TimelineEvent, len(kinds))
		for j, kind := range kinds {
			events[j] = partnership.TimelineEvent{At: f.clock(), Kind: kind, Owner: "creator", Detail: kind}
		}
		must(t, f.SaveProjection(t.Context(), partnership.Projection{PartnershipID: parties[i].id, Seq: 1, Stage: partnership.Closed, Outcome: o, Events: events}))
	}
	tell(0, partnership.Completed, "invited", "countered", "accepted", "signed", "shipped", "disclosure_missing", "posted")
	tell(1, partnership.Expired, "invited")
	tell(2, partnership.Ghosted, "invited", "accepted", "signed", "shipped", "parcel_lost")
	tell(3, partnership.Cancelled, "invited", "accepted")
	tell(4, "", "invited", "accepted", "signed") // still under way
	past, err := f.Past(t.Context())
	must(t, err)
	want := store.PastRow{
		Tier: past[0].Tier, Offers: 3, Silent: 1, Countered: 1, Accepted: 2, Signed: 2, Lost: 1, Posted: 1, Undisclosed: 1, Shipped: 2, ParcelsLost: 1,
	}
	if len(past) != 1 || past[0] != want {
		t.Errorf("got  %+v\nwant %+v", past, want)
	}
}
