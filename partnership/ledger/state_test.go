package ledger_test

import (
	"testing"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
)

var (
	states = []ledger.State{ledger.Pending, ledger.Eligible, ledger.InPayout, ledger.Paid, ledger.Held, ledger.Reversed, ledger.Voided}
	events = []ledger.Event{ledger.Mature, ledger.Claim, ledger.Release, ledger.Pay, ledger.Hold, ledger.Clear, ledger.Reverse, ledger.Void}
)

func TestEveryMoveOfARow(t *testing.T) {
	t.Parallel()
	allowed := map[ledger.State]map[ledger.Event]ledger.State{
		ledger.Pending:  {ledger.Mature: ledger.Eligible, ledger.Hold: ledger.Held, ledger.Reverse: ledger.Reversed, ledger.Void: ledger.Voided},
		ledger.Eligible: {ledger.Claim: ledger.InPayout, ledger.Hold: ledger.Held, ledger.Reverse: ledger.Reversed, ledger.Void: ledger.Voided},
		ledger.InPayout: {ledger.Pay: ledger.Paid, ledger.Release: ledger.Eligible},
		ledger.Held:     {ledger.Clear: ledger.Pending, ledger.Reverse: ledger.Reversed, ledger.Void: ledger.Voided},
	}
	for _, s := range states {
		for _, e := range events {
			got, err := ledger.Next(s, e)
			want, ok := allowed[s][e]
			switch {
			case ok && (err != nil || got != want):
				t.Errorf("%s + %s = %s, %v; want %s", s, e, got, err, want)
			case !ok && (partnership.CodeOf(err) != partnership.Conflict || got != s):
				t.Errorf("%s + %s = %s, %v; want a conflict that changes nothing", s, e, got, err)
			}
		}
	}
}

func TestNegativeRowsAreNeverHeld(t *testing.T) {
	t.Parallel()
	if s, err := ledger.NextRow(ledger.Row{State: ledger.Eligible, AmountMinor: -1}, ledger.Hold); err == nil || s != ledger.Eligible {
		t.Errorf("a clawback was held: %s", s)
	}
	if s, err := ledger.NextRow(ledger.Row{State: ledger.Eligible, AmountMinor: 1}, ledger.Hold); err != nil || s != ledger.Held {
		t.Errorf("an earning could not be held: %s, %v", s, err)
	}
}
