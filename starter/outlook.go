package main

import (
	"cmp"
	"io"
	"slices"

	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
)

// started is what a run finds that is started now.
type started struct {
	Program  string    `json:"program"`
	Period   string    `json:"period"`
	Started  string    `json:"started"`             // "true"
	UnderWay string    `json:"under_way,omitempty"` // the run that was there before
	TakenUp  bool      `json:"taken_up,omitempty"`  // its workflow had ended from outside, and is begun again
	Payable  int       `json:"payable"`             // payouts
	Waits    []waiting `json:"waits"`

	state p.PayoutRunState // of UnderWay
}

// waiting is how many creators' money waits for one reason.
type waiting struct {
	Reason   string `json:"reason"`
	Creators int    `json:"creators"`
}

func outlook(m month, runs []p.PayoutRun, payouts []ledger.Payout, carried []ledger.Carry) started {
	s := started{Program: m.Program, Period: m.Period, Started: "true", Payable: len(payouts), Waits: []waiting{}}
	for _, run := range runs {
		if run.State != p.RunReconciled && run.State != p.RunRejected && run.State != p.RunEmpty {
			s.UnderWay, s.state = run.ID, run.State
		}
	}
	for _, one := range carried {
		at := slices.IndexFunc(s.Waits, func(w waiting) bool { return w.Reason == one.Reason })
		if at < 0 {
			at, s.Waits = len(s.Waits), append(s.Waits, waiting{Reason: one.Reason})
		}
		s.Waits[at].Creators++
	}
	slices.SortFunc(s.Waits, func(x, y waiting) int {
		return cmp.Or(cmp.Compare(y.Creators, x.Creators), cmp.Compare(x.Reason, y.Reason))
	})
	return s
}

func (s started) say(out io.Writer) {
	switch {
	case s.TakenUp:
		line(out, "The run %s (%s) had stopped, for its workflow was not there any more: it is begun again and goes on with what it had planned. What it pays: rapport payouts status --program %s --period %s", s.UnderWay, s.state, s.Program, s.Period)
	case s.UnderWay != "":
		line(out, "The run %s is under way (%s), and no other is started. What it pays: rapport payouts status --program %s --period %s", s.UnderWay, s.state, s.Program, s.Period)
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
