package payouts

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/rapport-dev/rapport/partnership"
)

// Outlook is what a run finds that is started now.
type Outlook struct {
	Program  string    `json:"program"`
	Period   string    `json:"period"`
	Started  string    `json:"started"`             // "true", or "false" when one was under way
	UnderWay string    `json:"under_way,omitempty"` // the run that was there before
	TakenUp  bool      `json:"taken_up,omitempty"`  // its workflow had ended from outside, and is begun again
	Ends     bool      `json:"ends,omitempty"`      // the books have gone back to before the run that is under way: it ends, and the month can be begun again
	Payable  int       `json:"payable"`             // payouts
	Waits    []Waiting `json:"waits"`

	State partnership.PayoutRunState `json:"-"` // of UnderWay
}

// Waiting is how many creators' money waits for one reason.
type Waiting struct {
	Reason   string `json:"reason"`
	Creators int    `json:"creators"`
}

// Outlooks holds a plan against the runs that the month has had. began says whether the run's workflow has begun with this start. A run
// stands in the books even when its workflow was ended from outside, and a workflow begins before its run is in the books.
func Outlooks(m Month, runs []partnership.PayoutRun, plan Plan, began bool) Outlook {
	s := Outlook{Program: m.Program, Period: m.Period, Started: strconv.FormatBool(began), Payable: len(plan.Payouts), Waits: []Waiting{}}
	for _, run := range runs {
		if run.State != partnership.RunReconciled && run.State != partnership.RunRejected && run.State != partnership.RunEmpty {
			s.UnderWay, s.State = run.ID, run.State
		}
	}
	if !began && s.UnderWay == "" {
		s.UnderWay, s.State = m.Program+"/"+m.Period, partnership.RunClosing
	}
	s.TakenUp = began && s.UnderWay != ""
	for _, one := range plan.Carried {
		at := slices.IndexFunc(s.Waits, func(w Waiting) bool { return w.Reason == one.Reason })
		if at < 0 {
			at, s.Waits = len(s.Waits), append(s.Waits, Waiting{Reason: one.Reason})
		}
		s.Waits[at].Creators++
	}
	slices.SortFunc(s.Waits, func(x, y Waiting) int {
		return cmp.Or(cmp.Compare(y.Creators, x.Creators), cmp.Compare(x.Reason, y.Reason))
	})
	return s
}
