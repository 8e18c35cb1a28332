package store_test

import (
	"context"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
)

// remembering is a provider that shows what it has moved for a payout.
type remembering struct{ provider }

func (p *remembering) TransfersOf(_ context.Context, id partnership.PayoutID, _ string) (found []partnership.Transfer, err error) {
	for _, t := range p.moved {
		if t.PayoutID == id {
			found = append(found, t)
		}
	}
	return found, nil
}

// A backup came back from before a payout was sent, and its creator has another account since: what the provider shows is booked, and is not
// owed a second time. Where it shows nothing, nothing was sent, and the next run pays.
func TestAPayoutThatWasSentBeforeTheBackupIsNotRefused(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(2)
	f.order(parties[0], "o1", 50_000)
	f.order(parties[1], "o2", 30_000)
	f.pass(3 * day)
	plan := f.plan()
	f.approve(plan)
	sent, err := f.Payout(ctx, plan.Payouts[0])
	must(t, err)
	rail := &remembering{provider{moved: []partnership.Transfer{
		{ID: "tr_before", PayoutID: sent.ID, Destination: sent.Destination, AmountMinor: sent.AmountMinor, Currency: sent.Currency, CreatedAt: f.clock()},
	}}}
	for _, pa := range parties {
		f.moveAccount(pa, "acct_"+string(pa.creator)[:8])
	}
	a := activities.New(activities.Deps{Store: f.Store, Rails: activities.Only[activities.PayoutRail](theRail, rail), Day: day})
	if state, err := a.ExecuteTransfer(ctx, activities.PayoutRef{PayoutID: plan.Payouts[0]}); err != nil || state != partnership.PayoutPaid {
		t.Fatalf("what was sent is %s, %v", state, err)
	}
	if state, err := a.ExecuteTransfer(ctx, activities.PayoutRef{PayoutID: plan.Payouts[1]}); err == nil || !strings.Contains(err.Error(), "nothing was sent") {
		t.Errorf("what was not sent is %s, %v", state, err)
	}
	if one, err := f.Payout(ctx, plan.Payouts[0]); err != nil || one.ProviderRef != "tr_before" {
		t.Errorf("%+v %v", one, err)
	}
	if len(rail.moved) != 1 {
		t.Errorf("the provider moved %v", rail.moved)
	}
	f.sound()
}
