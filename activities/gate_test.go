package activities

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"go.temporal.io/sdk/temporal"

	"github.com/rapport-dev/rapport/partnership"
)

// outages is the table of troubles in memory.
type outages struct {
	mu    sync.Mutex
	now   func() time.Time
	open  map[string]*partnership.Trouble
	noted int
	ended int
}

func (o *outages) OpenTrouble(_ context.Context, vendor string, _ partnership.TroubleKind) (partnership.Trouble, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if t := o.open[vendor]; t != nil {
		return *t, nil
	}
	return partnership.Trouble{}, partnership.Errorf(partnership.NotFound, "none")
}

func (o *outages) NoteTrouble(_ context.Context, vendor string, kind partnership.TroubleKind, words string, wait time.Duration) (partnership.Trouble, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.noted++
	o.open[vendor] = &partnership.Trouble{Vendor: vendor, Kind: kind, Words: words, LastAt: o.now(), ProbeAt: o.now().Add(wait)}
	return *o.open[vendor], nil
}

func (o *outages) TakeProbe(_ context.Context, vendor string, _ partnership.TroubleKind, wait time.Duration) (bool, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	t := o.open[vendor]
	if t == nil || t.ProbeAt.After(o.now()) {
		return false, nil
	}
	t.ProbeAt = o.now().Add(wait)
	return true, nil
}

func (o *outages) EndTrouble(_ context.Context, vendor string, _ partnership.TroubleKind, until time.Time) (bool, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if t := o.open[vendor]; t == nil || !until.IsZero() && t.LastAt.After(until) {
		return false, nil
	}
	o.ended++
	delete(o.open, vendor)
	return true, nil
}

type movedClock struct{ at time.Time }

func (c *movedClock) Now() time.Time { return c.at }

// keyed is a mailer that knows a wrong key from a right one.
type keyed struct {
	calls int
	err   error
}

func (k *keyed) SendMail(context.Context, partnership.Mail) (partnership.Receipt, error) {
	k.calls++
	return partnership.Receipt{ID: "x"}, k.err
}

func wrongKey() error {
	return &partnership.VendorError{Vendor: "sendgrid", Op: "mail.send", Class: partnership.Barred, Status: 401, Message: "the API key was refused: check SENDGRID_API_KEY"}
}

func gatedFor(t *testing.T, m Mailer) (Mailer, *movedClock, *outages) {
	t.Helper()
	clock := &movedClock{time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC)}
	o := &outages{now: clock.Now, open: map[string]*partnership.Trouble{}}
	return behindGates(Deps{Mailer: m, Names: Names{Mail: "sendgrid"}, Troubles: o, Clock: clock}, 30*time.Second).Mailer, clock, o
}

func TestAVendorThatRefusesAllIsAskedByOneAtATime(t *testing.T) {
	vendor := &keyed{err: wrongKey()}
	mailer, clock, o := gatedFor(t, vendor)
	send := func() error { _, err := mailer.SendMail(t.Context(), partnership.Mail{}); return err }

	for range 50 {
		err := send()
		v, _ := errors.AsType[*partnership.VendorError](err)
		if v == nil || v.Class != partnership.Barred || v.RetryAfter < 30*time.Second || v.RetryAfter > time.Minute {
			t.Fatalf("%+v", err)
		}
	}
	if vendor.calls != 1 || o.noted != 1 {
		t.Errorf("50 steps made %d calls and %d notes, want one", vendor.calls, o.noted)
	}
	clock.at = clock.at.Add(31 * time.Second)
	for range 10 {
		_ = send()
	}
	if vendor.calls != 2 {
		t.Errorf("%d calls after half a minute, want one more", vendor.calls)
	}

	vendor.err = nil // mended
	clock.at = clock.at.Add(31 * time.Second)
	if err := send(); err != nil || o.ended != 1 {
		t.Errorf("the one that tried: %v, ended %d", err, o.ended)
	}
	for range 5 {
		if err := send(); err != nil {
			t.Errorf("after it works again: %v", err)
		}
	}
}

func TestAnotherProcessHearsOfIt(t *testing.T) {
	vendor := &keyed{}
	mailer, clock, o := gatedFor(t, vendor)
	if _, err := mailer.SendMail(t.Context(), partnership.Mail{}); err != nil {
		t.Fatal(err)
	}
	_, _ = o.NoteTrouble(t.Context(), "sendgrid", partnership.RefusesAll, "words", 45*time.Second)
	clock.at = clock.at.Add(31 * time.Second)
	if _, err := mailer.SendMail(t.Context(), partnership.Mail{}); partnership.ClassOf(err) != partnership.Barred || vendor.calls != 1 {
		t.Errorf("%v after %d calls", err, vendor.calls)
	}
}

// A vendor is asked again by the clock of the table, which all processes share, and a trouble ends whenever a call gets through.
func TestAWorkersClockDoesNotDecideWhenAVendorIsAskedAgain(t *testing.T) {
	for _, off := range []time.Duration{30 * time.Hour, -3 * time.Hour} {
		vendor := &keyed{err: wrongKey()}
		mailer, clock, o := gatedFor(t, vendor)
		table := &movedClock{clock.at}
		o.now = table.Now
		clock.at = clock.at.Add(off)
		send := func() error { _, err := mailer.SendMail(t.Context(), partnership.Mail{}); return err }
		for range 10 {
			_ = send()
		}
		if vendor.calls != 1 {
			t.Errorf("a worker whose clock is off by %s made %d calls at once, want one", off, vendor.calls)
		}
		vendor.err = nil // mended
		table.at, clock.at = table.at.Add(31*time.Second), clock.at.Add(31*time.Second)
		if err := send(); err != nil || len(o.open) != 0 {
			t.Errorf("a worker whose clock is off by %s, half a minute later: %v, open %v", off, err, o.open)
		}
	}
}

func TestARefusalOfOneIsNoTrouble(t *testing.T) {
	for _, err := range []error{
		&partnership.VendorError{Class: partnership.Permanent, Status: 400}, &partnership.VendorError{Class: partnership.Ambiguous}, &partnership.VendorError{Class: partnership.Retry, Status: 429}, errors.New("x"),
	} {
		mailer, _, o := gatedFor(t, &keyed{err: err})
		if _, got := mailer.SendMail(t.Context(), partnership.Mail{}); !errors.Is(got, err) || o.noted != 0 {
			t.Errorf("%v became %v, noted %d", err, got, o.noted)
		}
	}
}

// halfAllowed may read and not write.
type halfAllowed struct{ Shop }

func (halfAllowed) CreateDiscount(context.Context, partnership.DiscountRequest) (partnership.Discount, error) {
	return partnership.Discount{}, &partnership.VendorError{Vendor: "shopify", Class: partnership.Barred, OpOnly: true, Status: 403, Message: "a scope is missing"}
}

func (halfAllowed) FindDiscount(context.Context, string) (partnership.Discount, error) {
	return partnership.Discount{}, nil
}

func TestAMissingRightShutsItsOperationOnly(t *testing.T) {
	clock := &movedClock{time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC)}
	o := &outages{now: clock.Now, open: map[string]*partnership.Trouble{}}
	shop := behindGates(Deps{Shop: halfAllowed{}, Names: Names{Shop: "shopify"}, Troubles: o, Clock: clock}, 30*time.Second).Shop
	for range 3 {
		if _, err := shop.CreateDiscount(t.Context(), partnership.DiscountRequest{}); partnership.ClassOf(err) != partnership.Barred {
			t.Error(err)
		}
		if _, err := shop.FindDiscount(t.Context(), "x"); err != nil {
			t.Error(err)
		}
	}
	if o.noted != 1 || o.ended != 0 || o.open["shopify/create_discount"] == nil {
		t.Errorf("noted %d, ended %d, %v", o.noted, o.ended, o.open)
	}
}

func TestABarredStepIsTriedAgainAndNotRefused(t *testing.T) {
	err := errorMap(wrongKey())
	e, ok := errors.AsType[*temporal.ApplicationError](err)
	if !ok || e.NonRetryable() {
		t.Errorf("%v would be a question about one step", err)
	}
}
