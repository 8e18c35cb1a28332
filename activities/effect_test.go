package activities

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"
	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/partnership"
)

// ledgerFake is the effect ledger in memory, with the rules of the real one.
type ledgerFake struct {
	Store
	rows map[partnership.EffectKey]*partnership.Effect
	now  time.Time
	down int // how many calls from now on fail, as in a database outage
	kept []partnership.Delivery
}

func (l *ledgerFake) SaveDelivery(_ context.Context, d partnership.Delivery) error {
	l.kept = append(l.kept, d)
	return nil
}

func (l *ledgerFake) outage() error {
	if l.down > 0 {
		l.down--
		return errors.New("database is down")
	}
	return nil
}

func (l *ledgerFake) BeginEffect(_ context.Context, key partnership.EffectKey, kind string) (partnership.Effect, error) {
	if err := l.outage(); err != nil {
		return partnership.Effect{}, err
	}
	e := l.rows[key]
	if e == nil {
		e = &partnership.Effect{Key: key, Kind: kind, State: partnership.EffectIntent, FirstAt: l.now}
		l.rows[key] = e
	}
	if e.State == partnership.EffectReleased || e.State == partnership.EffectFailed {
		e.State, e.Attempts = partnership.EffectIntent, 0
	}
	if e.Attempts == 0 {
		e.FirstAt = l.now
	}
	e.Attempts++
	return l.aged(e), nil
}

func (l *ledgerFake) Effect(_ context.Context, key partnership.EffectKey) (partnership.Effect, error) {
	if e := l.rows[key]; e != nil {
		return l.aged(e), nil
	}
	return partnership.Effect{}, partnership.Errorf(partnership.NotFound, "never begun")
}

// aged is a row with its age by the ledger's own clock, as the database answers.
func (l *ledgerFake) aged(e *partnership.Effect) partnership.Effect {
	row := *e
	row.Age = l.now.Sub(row.FirstAt)
	return row
}

func (l *ledgerFake) set(key partnership.EffectKey, state partnership.EffectState, change func(*partnership.Effect)) error {
	if err := l.outage(); err != nil {
		return err
	}
	e := l.rows[key]
	if e.State != partnership.EffectIntent && e.State != state && state != partnership.EffectConfirmed { // as the store has it
		return partnership.Errorf(partnership.Conflict, "an effect that is %s does not become %s", e.State, state)
	}
	e.State = state
	if change != nil {
		change(e)
	}
	return nil
}

func (l *ledgerFake) ConfirmEffect(_ context.Context, key partnership.EffectKey, receipt any) error {
	data, err := json.Marshal(receipt)
	if err != nil {
		return err
	}
	return l.set(key, partnership.EffectConfirmed, func(e *partnership.Effect) { e.Receipt = data })
}

func (l *ledgerFake) RevertEffect(_ context.Context, key partnership.EffectKey, _ string) error {
	return l.set(key, partnership.EffectIntent, func(e *partnership.Effect) { e.Attempts = 0 })
}

func (l *ledgerFake) RestartEffect(_ context.Context, key partnership.EffectKey, seen time.Time) (partnership.Effect, error) {
	e := l.rows[key]
	if e.State != partnership.EffectIntent || e.Attempts < 2 || !e.FirstAt.Equal(seen) {
		return partnership.Effect{}, partnership.Errorf(partnership.Conflict, "somebody else has begun this since")
	}
	e.Attempts, e.FirstAt = 1, l.now
	return l.aged(e), nil
}

func (l *ledgerFake) ParkEffect(_ context.Context, key partnership.EffectKey, _ string) error {
	return l.set(key, partnership.EffectUnknown, nil)
}

func (l *ledgerFake) FailEffect(_ context.Context, key partnership.EffectKey, _ string) error {
	return l.set(key, partnership.EffectFailed, nil)
}

func (l *ledgerFake) Now() time.Time { return l.now }

// vendorFake does one act, and counts how often it really did.
type vendorFake struct {
	done  int
	knows bool // it can say whether the act was done
}

func (v *vendorFake) act(key partnership.EffectKey, fault string) effect[partnership.Receipt] {
	return effect[partnership.Receipt]{
		key: key, kind: "mail",
		do: func(context.Context, partnership.Effect) (partnership.Receipt, error) {
			switch fault {
			case "retry":
				return partnership.Receipt{}, &partnership.VendorError{Class: partnership.Retry, RetryAfter: time.Minute, Message: "429"}
			case "permanent":
				return partnership.Receipt{}, &partnership.VendorError{Class: partnership.Permanent, Message: "400"}
			case "reset-before":
				return partnership.Receipt{}, &partnership.VendorError{Class: partnership.Ambiguous, Message: "connection reset"}
			case "execute-then-drop":
				v.done++
				return partnership.Receipt{}, &partnership.VendorError{Class: partnership.Ambiguous, Message: "connection reset"}
			}
			v.done++
			return partnership.Receipt{ID: "r"}, nil
		},
		find: func(context.Context, partnership.Effect) (partnership.Receipt, sighting, error) {
			switch {
			case v.done > 0 && v.knows:
				return partnership.Receipt{ID: "r"}, found, nil
			case v.knows:
				return partnership.Receipt{}, absent, nil
			default:
				return partnership.Receipt{}, unsure, nil
			}
		},
	}
}

func newFakes(knows bool) (*Activities, *ledgerFake, *vendorFake) {
	l := &ledgerFake{rows: map[partnership.EffectKey]*partnership.Effect{}, now: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)}
	return New(Deps{Store: l, Clock: l, Day: 24 * time.Hour}), l, &vendorFake{knows: knows}
}

// However attempts fail, crash and repeat, the act is done at most once; and once it has been tried for long enough without
// faults it is done exactly once, or waits for a person.
func TestAnEffectHappensAtMostOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		knows := rapid.Bool().Draw(t, "the vendor can look up by key")
		a, ledger, vendor := newFakes(knows)
		const key = partnership.EffectKey("partnership/x/outreach/offer/1")
		faults := []string{"", "retry", "permanent", "reset-before", "execute-then-drop"}
		for i := range rapid.IntRange(0, 8).Draw(t, "attempts") {
			ledger.down = rapid.SampledFrom([]int{0, 0, 0, 1, 2}).Draw(t, "outage")
			ledger.now = ledger.now.Add(time.Duration(rapid.IntRange(0, 900).Draw(t, "seconds")) * time.Second)
			if rapid.IntRange(0, 4).Draw(t, "crash before the call") == 0 {
				_, _ = ledger.BeginEffect(context.Background(), key, "mail")
				continue
			}
			_, _ = once(context.Background(), a, vendor.act(key, rapid.SampledFrom(faults).Draw(t, "fault")))
			if vendor.done > 1 {
				t.Fatalf("done %d times after attempt %d", vendor.done, i)
			}
		}
		ledger.down = 0
		for range 4 {
			ledger.now = ledger.now.Add(time.Hour)
			_, _ = once(context.Background(), a, vendor.act(key, ""))
		}
		row := ledger.rows[key]
		switch row.State {
		case partnership.EffectConfirmed:
			if vendor.done != 1 {
				t.Fatalf("confirmed, but done %d times", vendor.done)
			}
		case partnership.EffectUnknown:
			if knows {
				t.Fatal("a person was asked although the vendor can say")
			}
		default:
			t.Fatalf("ended as %s", row.State)
		}
	})
}

func TestAPersonsWordEndsTheDoubt(t *testing.T) {
	for word, want := range map[partnership.EffectState]int{partnership.EffectConfirmed: 0, partnership.EffectReleased: 1} {
		a, ledger, vendor := newFakes(false)
		const key = partnership.EffectKey("partnership/x/outreach/offer/1")
		_, err := once(t.Context(), a, vendor.act(key, "reset-before"))
		require.Error(t, err)
		ledger.now = ledger.now.Add(time.Hour)
		_, err = once(t.Context(), a, vendor.act(key, ""))
		require.ErrorContains(t, err, "waits for a person")
		require.Equal(t, partnership.EffectUnknown, ledger.rows[key].State)
		ledger.rows[key].State = word
		_, err = once(t.Context(), a, vendor.act(key, ""))
		require.NoError(t, err)
		require.Equal(t, want, vendor.done)
	}
}

func TestTheErrorMap(t *testing.T) {
	for name, tc := range map[string]struct {
		err       error
		kind      string
		permanent bool
		wait      time.Duration
	}{
		"a vendor's wish for a pause": {&partnership.VendorError{Class: partnership.Retry, RetryAfter: time.Minute}, "retry", false, time.Minute},
		"a vendor's refusal":          {&partnership.VendorError{Class: partnership.Permanent}, "permanent", true, 0},
		"no answer":                   {&partnership.VendorError{Class: partnership.Ambiguous}, "ambiguous", false, 0},
		"a refusal by our rules":      {partnership.Errorf(partnership.Conflict, "already signed"), "conflict", true, 0},
		"a missing vendor":            {partnership.Errorf(partnership.Missing, "set it"), "missing", true, 0},
	} {
		t.Run(name, func(t *testing.T) {
			var app *temporal.ApplicationError
			require.ErrorAs(t, errorMap(tc.err), &app)
			require.Equal(t, tc.kind, app.Type())
			require.Equal(t, tc.permanent, app.NonRetryable())
			require.Equal(t, tc.wait, app.NextRetryDelay())
		})
	}
	plain := errors.New("database is down")
	require.Equal(t, plain, errorMap(plain), "what nobody classified is tried again")
}

func (l *ledgerFake) PlaceMessage(_ context.Context, m partnership.Message) (partnership.Message, *partnership.Message, error) {
	return m, nil, nil
}
