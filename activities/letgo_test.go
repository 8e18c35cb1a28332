package activities

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	p "github.com/rapport-dev/rapport/partnership"
)

// eventsFake is a ledgerFake that also knows what the mail vendor reported.
type eventsFake struct {
	*ledgerFake
	accepted bool
}

func (e *eventsFake) Effect(_ context.Context, key p.EffectKey) (p.Effect, error) {
	if row := e.rows[key]; row != nil {
		return e.aged(row), nil
	}
	return p.Effect{}, p.Errorf(p.NotFound, "there is no such effect")
}

func (e *eventsFake) MailStatus(context.Context, p.EffectKey) (p.MailStatus, error) {
	return p.MailStatus{Accepted: e.accepted}, nil
}

func TestAMailThatIsNoLongerNeededIsSettled(t *testing.T) {
	const key = "partnership/x/performance/payout_setup/request/1"
	for name, tc := range map[string]struct {
		row      *p.Effect
		accepted bool
		want     p.EffectState
		waits    bool
	}{
		"never begun":                     {},
		"certainly not sent":              {row: &p.Effect{State: p.EffectIntent}, want: p.EffectFailed},
		"sent, as the vendor reports":     {row: &p.Effect{State: p.EffectIntent, Attempts: 1}, accepted: true, want: p.EffectConfirmed},
		"in doubt":                        {row: &p.Effect{State: p.EffectIntent, Attempts: 1}, want: p.EffectIntent, waits: true},
		"in doubt and a person was asked": {row: &p.Effect{State: p.EffectUnknown, Attempts: 1}, want: p.EffectUnknown, waits: true},
		"a person said that it was not":   {row: &p.Effect{State: p.EffectReleased, Attempts: 1}, want: p.EffectReleased},
		"confirmed":                       {row: &p.Effect{State: p.EffectConfirmed, Attempts: 1}, want: p.EffectConfirmed},
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
