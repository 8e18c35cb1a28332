package activities

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"

	"github.com/rapport-dev/rapport/partnership"
)

// What all transfers fail of ends the step with that reason, and the payout is planned as before: it fails nobody. What one fails of
// by itself is a refusal, and what is in doubt is neither.
func TestAPlatformsFaultIsNoRefusal(t *testing.T) {
	for name, c := range map[string]struct {
		class partnership.Class
		says  string // of the platform, "" when it is the payout's own
		key   partnership.EffectKey
		state partnership.PayoutState
	}{
		"a refused key":     {partnership.Barred, "no", "payout/po1", partnership.PayoutPlanned},
		"a short balance":   {partnership.Short, "no", "payout/po1/2", partnership.PayoutPlanned},
		"a closed account":  {partnership.Permanent, "", "payout/po1", partnership.PayoutPosted},
		"no answer":         {partnership.Ambiguous, "", "payout/po1", partnership.PayoutPosted},
		"too many requests": {partnership.Retry, "", "payout/po1", partnership.PayoutPosted},
	} {
		t.Run(name, func(t *testing.T) {
			a, b := newBank()
			b.answer = &partnership.VendorError{Vendor: "stripe", Class: c.class, Status: 400, Message: "no"}
			_, err := a.ExecuteTransfer(t.Context(), PayoutRef{PayoutID: "po1", Pauses: true})
			var app *temporal.ApplicationError
			require.True(t, errors.As(err, &app), "%v", err)
			require.Equal(t, c.says != "", app.Type() == PlatformError)
			require.Equal(t, c.state, b.payout.State)
			require.Equal(t, c.key, b.payout.IdempotencyKey)
			if c.says == "" {
				return
			}
			require.Equal(t, c.says, app.Message())
			require.True(t, app.NonRetryable(), "the run waits, not the step")
			b.answer = nil
			state, err := a.ExecuteTransfer(t.Context(), PayoutRef{PayoutID: "po1", Pauses: true})
			require.NoError(t, err)
			require.Equal(t, partnership.PayoutPaid, state)
		})
	}
}

// A process that dies between a refusal and the row leaves the payout posted. The refusal that the provider repeats to the same key says
// that nothing was made; another one, of a key that was forgotten, does not.
func TestARepeatedAnswerSaysWhatBecameOfTheFirst(t *testing.T) {
	for name, c := range map[string]struct {
		class    partnership.Class
		replayed bool
		key      partnership.EffectKey
		state    partnership.PayoutState // of the row
		unknown  bool                    // and of the step's answer
	}{
		"a short balance, repeated":    {partnership.Short, true, "payout/po1/2", partnership.PayoutPlanned, false},
		"a short balance, found anew":  {partnership.Short, false, "payout/po1", partnership.PayoutPosted, false},
		"a closed account, repeated":   {partnership.Permanent, true, "payout/po1", partnership.PayoutPosted, false},
		"a closed account, found anew": {partnership.Permanent, false, "payout/po1", partnership.PayoutPosted, true},
	} {
		t.Run(name, func(t *testing.T) {
			a, b := newBank()
			b.payout.State = partnership.PayoutPosted
			b.answer = &partnership.VendorError{Vendor: "stripe", Class: c.class, Status: 400, Message: "no", Replayed: c.replayed}
			state, err := a.ExecuteTransfer(t.Context(), PayoutRef{PayoutID: "po1", Pauses: true})
			require.Equal(t, c.unknown, state == partnership.PayoutUnknown && err == nil, "%s, %v", state, err)
			require.Equal(t, c.state, b.payout.State)
			require.Equal(t, c.key, b.payout.IdempotencyKey)
		})
	}
}

// A provider that answers nothing of one payout and all else is not away: that one is tried on by itself, and the others are sent.
func TestOnePayoutsFaultIsNoOutage(t *testing.T) {
	retry := &partnership.VendorError{Vendor: "stripe", Class: partnership.Retry, Status: 500, Message: "no"}
	yes, no := func() bool { return true }, func() bool { return false }
	for name, c := range map[string]struct {
		err     error
		attempt int32
		answers func() bool
		outage  bool
	}{
		"a hiccup":                  {retry, outageAfter - 1, no, false},
		"the provider is away":      {retry, outageAfter, no, true},
		"this payout's alone":       {retry, outageAfter, yes, false},
		"this payout's, for long":   {retry, 1000, yes, false},
		"a refused key":             {&partnership.VendorError{Class: partnership.Barred, Message: "no"}, 1, yes, true},
		"a transfer that is unsure": {noAnswer, 1000, no, false},
	} {
		if got := cannotNow(c.err, c.attempt, c.answers) != ""; got != c.outage {
			t.Errorf("%s: it is the platform's: %t", name, got)
		}
	}
	a, b := newBank()
	b.balance = retry
	require.False(t, a.answers(t.Context(), PayoutRef{PayoutID: "po1"}))
	b.balance = nil
	require.True(t, a.answers(t.Context(), PayoutRef{PayoutID: "po1"}))
}
