package main

import (
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/app/payouts"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
)

func TestWhatAStartedRunFinds(t *testing.T) {
	paid := []ledger.Payout{{AmountMinor: 3000}}
	small, late := ledger.Carry{Reason: "below the minimum of $25.00; it is paid with the next earnings"}, ledger.Carry{Reason: "the payout account is not set up yet"}
	ended, open := partnership.PayoutRun{ID: "dreams/2026-11/1", State: partnership.RunEmpty}, partnership.PayoutRun{ID: "dreams/2026-11/2", State: partnership.RunPlanned}
	for name, c := range map[string]struct {
		runs    []partnership.PayoutRun
		payouts []ledger.Payout
		carried []ledger.Carry
		want    string
	}{
		"something to pay": {[]partnership.PayoutRun{ended}, paid, []ledger.Carry{small}, "Started. Finance is asked in Slack; or: rapport payouts approve --program dreams --period 2026-11\n"},
		"only what waits": {nil, nil, []ledger.Carry{late, small, small, small}, "Started, but nothing is payable for 2026-11:\n" +
			"  3 creators: below the minimum of $25.00; it is paid with the next earnings\n  1 creator: the payout account is not set up yet\n"},
		"nothing at all": {[]partnership.PayoutRun{ended}, nil, nil, "Started, but nothing is payable for 2026-11: nobody has earnings that have matured and are not claimed.\n"},
		"one under way":  {[]partnership.PayoutRun{ended, open}, nil, nil, "The run dreams/2026-11/2 is under way (planned), and no other is started. What it pays: rapport payouts status --program dreams --period 2026-11\n"},
	} {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			sayStarted(&out, payouts.Outlooks(payouts.Month{Program: "dreams", Period: "2026-11"}, c.runs, payouts.Plan{Payouts: c.payouts, Carried: c.carried}, name != "one under way"))
			if out.String() != c.want {
				t.Errorf("it says %q, want %q", out.String(), c.want)
			}
		})
	}
}

// A run whose workflow somebody terminated is begun again, and nobody may be told that nothing was started.
func TestARunThatHadStoppedIsSaidToBeTakenUp(t *testing.T) {
	t.Parallel()
	found := payouts.Outlooks(payouts.Month{Program: "dreams", Period: "2026-11"}, []partnership.PayoutRun{{ID: "dreams/2026-11/1", State: partnership.RunPlanned}}, payouts.Plan{}, true)
	var out strings.Builder
	sayStarted(&out, found)
	if !strings.Contains(out.String(), "it is begun again") || strings.Contains(out.String(), "no other is started") {
		t.Errorf("it says %q", out.String())
	}
}
