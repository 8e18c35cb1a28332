package activities

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/partnership"
)

// eventsFake is a ledgerFake that also knows what the mail vendor reported.
type eventsFake struct {
	*ledgerFake
	accepted bool
}

func (e *eventsFake) Effect(_ context.Context, key partnership.EffectKey) (partnership.Effect, error) {
	if row := e.rows[key]; row != nil {
		return e.aged(row), nil
	}
	return partnership.Effect{}, partnership.Errorf(partnership.NotFound, "there is no such effect")
}

func (e *eventsFake) MailStatus(context.Context, partnership.EffectKey) (partnership.MailStatus, error) {
	return partnership.MailStatus{Accepted: e.accepted}, nil
}

func TestAMailThatIsNoLongerNeededIsSettled(t *testing.T) {
	const key = "partnership/x/performance/payout_setup/request/1"
	for name, tc := range map[string]struct {
		row      *partnership.Effect
		accepted bool
		want     partnership.EffectState
		waits    bool
	}{
		"never begun":                     {},
		"certainly not sent":              {row: &partnership.Effect{State: partnership.EffectIntent}, want: partnership.EffectFailed},
		"sent, as the vendor reports":     {row: &partnership.Effect{State: partnership.EffectIntent, Attempts: 1}, accepted: true, want: partnership.EffectConfirmed},
		"in doubt":                        {row: &partnership.Effect{State: partnership.EffectIntent, Attempts: 1}, want: partnership.EffectIntent, waits: true},
		"in doubt and a person was asked": {row: &partnership.Effect{State: partnership.EffectUnknown, Attempts: 1}, want: partnership.EffectUnknown, waits: true},
		"a person said that it was not":   {row: &partnership.Effect{State: partnership.EffectReleased, Attempts: 1}, want: partnership.EffectReleased},
		"confirmed":                       {row: &partnership.Effect{State: partnership.EffectConfirmed, Attempts: 1}, want: partnership.EffectConfirmed},
	} {
		t.Run(name, func(t *testing.T) {
			_, l, _ := newFakes(false)
			events := &eventsFake{l, tc.accepted}
			a := New(Deps{Store: events, Clock: l, Day: 24 * time.Hour})
			if tc.row != nil {
				tc.row.Key, tc.row.FirstAt = key, l.now
				l.rows[key] = tc.row
			}
			err := a.letGo(t.Context(), key)
			require.Equal(t, tc.waits, err != nil, "%v", err)
			if tc.row != nil {
				require.Equal(t, tc.want, l.rows[key].State)
			} else {
				require.Empty(t, l.rows)
			}
		})
	}
}
