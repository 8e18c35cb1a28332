package main

import (
	"io"

	"github.com/rapport-dev/rapport/app/payouts"
)

// sayStarted says what a run finds that was started now.
func sayStarted(out io.Writer, s payouts.Outlook) {
	switch {
	case s.Ends:
		line(out, "The books have gone back to before the run of %s that is under way, and it ends. What it sent is found at the provider. Give the command once more, and the month is begun again.", s.Period)
	case s.TakenUp:
		line(out, "The run %s (%s) had stopped, for its workflow was not there any more: it is begun again and goes on with what it had planned. What it pays: rapport payouts status --program %s --period %s", s.UnderWay, s.State, s.Program, s.Period)
	case s.UnderWay != "":
		line(out, "The run %s is under way (%s), and no other is started. What it pays: rapport payouts status --program %s --period %s", s.UnderWay, s.State, s.Program, s.Period)
	case s.Payable > 0:
		line(out, "Started. Finance is asked in Slack; or: rapport payouts approve --program %s --period %s", s.Program, s.Period)
	case len(s.Waits) == 0:
		line(out, "Started, but nothing is payable for %s: nobody has earnings that have matured and are not claimed.", s.Period)
	default:
		line(out, "Started, but nothing is payable for %s:", s.Period)
		for _, w := range s.Waits {
			creators := "creators"
			if w.Creators == 1 {
				creators = "creator"
			}
			line(out, "  %d %s: %s", w.Creators, creators, w.Reason)
		}
	}
}
