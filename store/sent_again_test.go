package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/activities"
	p "github.com/rapport-dev/rapport/partnership"
)

// rail is a provider whose answers get lost: it counts what was sent, shows what it was told to show, and answers what it was told to.
type rail struct {
	activities.PayoutRail
	answer error
	sent   int
	shows  []p.Transfer
}

func (r *rail) Transfer(_ context.Context, in p.TransferRequest) (p.Transfer, error) {
	r.sent++
	return p.Transfer{ID: "tr_1", PayoutID: in.PayoutID, Destination: in.Destination, AmountMinor: in.AmountMinor, Currency: in.Currency}, r.answer
}

func (r *rail) TransfersOf(context.Context, p.PayoutID) ([]p.Transfer, error) { return r.shows, nil }

// sending is one approved payout over the books themselves, and the steps that send it.
func (f *fixture) sending() (*activities.Activities, *rail, p.PayoutID) {
	f.t.Helper()
	_, parties := f.launch(1)
	f.order(parties[0], "o1", 50_000)
	f.pass(2 * day)
	plan := f.plan()
	f.approve(plan)
	r := &rail{}
	return activities.New(activities.Deps{Store: f.Store, Rail: r, Day: day}), r, plan.Payouts[0]
}

// A payout that waits for a person is sent by nobody, however the workflow that settles it comes to be begun anew: by hand after it was
// terminated, by a reset, by a restored Temporal. Its key may be forgotten, and the list does not show what was made.
func TestAPayoutThatWaitsForAPersonIsNotSentAgain(t *testing.T) {
	t.Parallel()
	for _, age := range []time.Duration{time.Hour, 23*time.Hour + time.Minute, 40 * day} {
		f := open(t)
		a, r, id := f.sending()
		r.answer = &p.VendorError{Vendor: "stripe", Class: p.Ambiguous, Message: "no answer"}
		if _, err := a.ExecuteTransfer(t.Context(), activities.PayoutRef{PayoutID: id}); err == nil {
			t.Fatal("a lost answer is no answer")
		}
		f.pass(age)
		state, err := a.LookUpTransfer(t.Context(), activities.LookUp{PayoutID: id, Beside: true})
		if err != nil || state != p.PayoutUnknown {
			t.Fatalf("an empty list makes it %s, %v", state, err)
		}
		posting, err := f.BeginTransfer(t.Context(), id)
		must(t, err)
		if posting.State != p.PayoutUnknown || !posting.Again || posting.Age != age {
			t.Errorf("the books say that it is %s, again %v, first posted %s ago; want %s", posting.State, posting.Again, posting.Age, age)
		}
		r.answer = nil
		state, err = a.ExecuteTransfer(t.Context(), activities.PayoutRef{PayoutID: id})
		if err != nil || state != p.PayoutUnknown || r.sent != 1 {
			t.Errorf("%s after the first post it is sent %d times and becomes %s, %v", age, r.sent, state, err)
		}
		r.shows = []p.Transfer{{ID: "tr_1", PayoutID: id, Destination: posting.Destination, AmountMinor: posting.AmountMinor, Currency: posting.Currency}}
		if state, err := a.ExecuteTransfer(t.Context(), activities.PayoutRef{PayoutID: id}); err != nil || state != p.PayoutPaid {
			t.Errorf("the provider's list shows it, and it is %s, %v", state, err)
		}
		f.sound()
	}
}
