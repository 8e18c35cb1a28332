package store_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"go.temporal.io/sdk/temporal"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
)

// rail is a provider whose answers get lost: it counts what was sent, shows what it was told to show, and answers what it was told to.
type rail struct {
	activities.PayoutRail
	answer error
	during func() // the call
	sent   int
	shows  []partnership.Transfer
}

func (r *rail) Onboarding() partnership.Onboarding { return partnership.OnboardHosted }

func (r *rail) Transfer(_ context.Context, in partnership.TransferRequest) (partnership.Transfer, error) {
	r.sent++
	if r.during != nil {
		r.during()
	}
	return partnership.Transfer{ID: "tr_1", PayoutID: in.PayoutID, Destination: in.Destination, AmountMinor: in.AmountMinor, Currency: in.Currency}, r.answer
}

func (r *rail) TransfersOf(context.Context, partnership.PayoutID, string) ([]partnership.Transfer, error) {
	return r.shows, nil
}

// sending is one approved payout over the books themselves, and the steps that send it.
func (f *fixture) sending() (*activities.Activities, *rail, partnership.PayoutID) {
	f.t.Helper()
	_, plan := f.month(1)
	f.approve(plan)
	r := &rail{}
	return activities.New(activities.Deps{Store: f.Store, Rails: activities.Only[activities.PayoutRail]("stripe", r), Day: day}), r, plan.Payouts[0]
}

// A payout that waits for a person is sent by nobody, however the workflow that settles it comes to be begun anew: by hand after it was
// terminated, by a reset, by a restored Temporal. Its key may be forgotten, and the list does not show what was made.
func TestAPayoutThatWaitsForAPersonIsNotSentAgain(t *testing.T) {
	t.Parallel()
	for _, age := range []time.Duration{time.Hour, 23*time.Hour + time.Minute, 40 * day} {
		f := open(t)
		a, r, id := f.sending()
		r.answer = &partnership.VendorError{Vendor: "stripe", Class: partnership.Ambiguous, Message: "no answer"}
		if _, err := a.ExecuteTransfer(t.Context(), activities.PayoutRef{PayoutID: id}); err == nil {
			t.Fatal("a lost answer is no answer")
		}
		f.pass(age)
		state, err := a.LookUpTransfer(t.Context(), activities.LookUp{PayoutID: id, Beside: true})
		if err != nil || state != partnership.PayoutUnknown {
			t.Fatalf("an empty list makes it %s, %v", state, err)
		}
		posting, err := f.BeginTransfer(t.Context(), id)
		must(t, err)
		if posting.State != partnership.PayoutUnknown || !posting.Again || posting.Age != age {
			t.Errorf("the books say that it is %s, again %v, first posted %s ago; want %s", posting.State, posting.Again, posting.Age, age)
		}
		r.answer = nil
		state, err = a.ExecuteTransfer(t.Context(), activities.PayoutRef{PayoutID: id})
		if err != nil || state != partnership.PayoutUnknown || r.sent != 1 {
			t.Errorf("%s after the first post it is sent %d times and becomes %s, %v", age, r.sent, state, err)
		}
		r.shows = []partnership.Transfer{{ID: "tr_1", PayoutID: id, Destination: posting.Destination, AmountMinor: posting.AmountMinor, Currency: posting.Currency}}
		if state, err := a.ExecuteTransfer(t.Context(), activities.PayoutRef{PayoutID: id}); err != nil || state != partnership.PayoutPaid {
			t.Errorf("the provider's list shows it, and it is %s, %v", state, err)
		}
		f.sound()
	}
}

// noKey is what a provider answers to a key that was revoked: nothing was made.
var noKey = &partnership.VendorError{Vendor: "stripe", Op: "transfer.create", Class: partnership.Barred, Status: http.StatusUnauthorized, Message: "the API key was refused"}

// A key that was revoked for days makes no question to a person out of money that never left: it is sent once the key is mended.
func TestWhatAProviderRefusesToEverybodyWasNotSent(t *testing.T) {
	t.Parallel()
	f := open(t)
	a, r, id := f.sending()
	r.answer = noKey
	for range 3 {
		if _, err := a.ExecuteTransfer(t.Context(), activities.PayoutRef{PayoutID: id}); err == nil {
			t.Fatal("a revoked key is no answer")
		}
		f.pass(12 * time.Hour)
	}
	look := activities.LookUp{PayoutID: id, Beside: true, Sends: true}
	if state, err := a.LookUpTransfer(t.Context(), look); err != nil || state != partnership.PayoutPlanned {
		t.Errorf("what was never sent is %s, %v", state, err)
	}
	r.answer = &partnership.VendorError{Vendor: "stripe", Class: partnership.Ambiguous, Message: "no answer"}
	if _, err := a.ExecuteTransfer(t.Context(), activities.PayoutRef{PayoutID: id}); err == nil || r.sent != 4 {
		t.Errorf("with a mended key it is sent %d times, %v", r.sent, err)
	}
	if state, err := a.LookUpTransfer(t.Context(), look); err != nil || state != partnership.PayoutUnknown {
		t.Errorf("what was sent and is not found is %s, %v", state, err)
	}
	f.sound()
}

// The post before it may have paid.
func TestARepetitionThatIsRefusedToEverybodyProvesNothing(t *testing.T) {
	t.Parallel()
	f := open(t)
	a, r, id := f.sending()
	for _, r.answer = range []error{&partnership.VendorError{Vendor: "stripe", Class: partnership.Ambiguous, Message: "no answer"}, noKey} {
		if _, err := a.ExecuteTransfer(t.Context(), activities.PayoutRef{PayoutID: id}); err == nil {
			t.Fatal("it has no answer")
		}
		f.pass(time.Minute)
	}
	if one, err := f.Payout(t.Context(), id); err != nil || one.State != partnership.PayoutPosted || r.sent != 2 {
		t.Errorf("sent %d times the row is %s, %v", r.sent, one.State, err)
	}
}

// Only the answer to the newest post proves anything: while it was under way another attempt may have begun.
func TestALateRefusalDoesNotUnsayAnotherPost(t *testing.T) {
	t.Parallel()
	f := open(t)
	a, r, id := f.sending()
	r.answer = noKey
	r.during = func() {
		f.pass(time.Second)
		_, err := f.BeginTransfer(t.Context(), id)
		must(t, err)
	}
	if _, err := a.ExecuteTransfer(t.Context(), activities.PayoutRef{PayoutID: id}); err == nil {
		t.Fatal("a revoked key is no answer")
	}
	if one, err := f.Payout(t.Context(), id); err != nil || one.State != partnership.PayoutPosted {
		t.Errorf("the row is %s, %v", one.State, err)
	}
}

// A creator leaves their account while nobody sends: nothing was sent, so nothing is found out, and the rows are in the next run.
func TestAPayoutThatWasNeverSentIsRefusedAndFreed(t *testing.T) {
	t.Parallel()
	f := open(t)
	a, r, id := f.sending()
	one, err := f.Payout(t.Context(), id)
	must(t, err)
	f.moveAccount(party{creator: one.CreatorID}, "acct_new")
	f.pass(2 * day)
	if state, err := a.LookUpTransfer(t.Context(), activities.LookUp{PayoutID: id, Beside: true, Sends: true}); err != nil || state != partnership.PayoutPlanned {
		t.Errorf("what was never sent is %s, %v", state, err)
	}
	_, err = a.ExecuteTransfer(t.Context(), activities.PayoutRef{PayoutID: id})
	var refused *temporal.ApplicationError
	if !errors.As(err, &refused) || !refused.NonRetryable() || r.sent != 0 {
		t.Fatalf("it is sent %d times, %v", r.sent, err)
	}
	state, err := a.ReleaseRefused(t.Context(), activities.Refused{PayoutID: id, Why: refused.Message(), Beside: true})
	if err != nil || state != partnership.PayoutFailed {
		t.Errorf("refused, it is %s, %v", state, err)
	}
	must(t, f.SetPayoutRunState(t.Context(), one.RunID, partnership.RunReconciled))
	if next := f.plan(); len(next.Payouts) != 1 {
		t.Errorf("the next run claims %+v", next)
	}
	f.sound()
}
