package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
)

// pay runs one activity of a payout run to its result. One that is refused parks the run there: nothing is
// paid, nothing is given up, and finance is told. It is tried again after a growing wait, at once when a person asks for it: whatever
// the run does itself may be repeated, and the transfers are workflows of their own. The only error is that a person cancelled the run.
func pay[I, R any](ctx workflow.Context, r *payoutRun, a activity[I, R], step string, arg I, limits ...limit) (R, error) {
	for failures := 0; ; failures++ {
		result, err := call(ctx, r.Day, a, step, arg, limits...)
		if err == nil || ctx.Err() != nil {
			return result, err
		}
		if r.loseBy(ctx, err); r.isLost() {
			return result, r.unlessLost(ctx)
		}
		if err := r.park(ctx, step, why(err), pauseAfter(r.Day, failures)); err != nil {
			return result, err
		}
	}
}

// park tells finance which step does not get through and waits until it may be tried again: for most at the longest, for a person
// alone when most is 0. A step that goes on failing of the same is told of once.
func (r *payoutRun) park(ctx workflow.Context, step, reason string, most time.Duration) error {
	r.log.Warn("a step of the payout run is parked", "step", step, "why", reason)
	known := r.known[step] == reason
	r.parked[step] = reason
	defer delete(r.parked, step)
	workflow.SetCurrentDetails(ctx, step+": "+reason)
	seen := r.retries
	if !known {
		stuck := activities.StuckRun{RunID: r.run.ID, Program: r.Program, Period: r.Period, Step: step, Why: reason, Again: most > 0, Since: workflow.Now(ctx)}
		told := courtesy(ctx, r.Day, reportStuckRun, "Tell finance that a step is parked", stuck)
		known = told || !moneyBeforeCards(ctx) // else it is told when it fails again
		if r.retries > seen && !moneyBeforeCards(ctx) {
			seen = r.retries
		}
	}
	if known {
		r.known[step] = reason
	}
	asked := func() bool { return r.retries > seen || r.isLost() }
	if most > 0 {
		within(ctx, most, step+" is parked", asked)
		return r.unlessLost(ctx)
	}
	if err := workflow.Await(ctx, asked); err != nil {
		return err
	}
	return r.unlessLost(ctx)
}

// settling is a payout of which something is still to be settled.
type settling struct {
	in      PayoutInput
	parked  bool
	retries int
	told    bool // the run knows that this payout waits for a person
	news    int  // how often the rail told of the transfer
}

// settled is pay for one payout: a step that is refused decides nothing about the money.
func settled[I, R any](ctx workflow.Context, s *settling, a activity[I, R], step string, arg I) (R, error) {
	told := false
	for failures := 0; ; failures++ {
		result, err := call(ctx, s.in.Day, a, step, arg)
		if err == nil || ctx.Err() != nil || wentBack(err) != "" {
			return result, err
		}
		workflow.SetCurrentDetails(ctx, step+": "+why(err))
		s.parked = true
		seen := s.retries
		if failures == 0 || !told && moneyBeforeCards(ctx) {
			stuck := activities.StuckRun{PayoutID: s.in.PayoutID, Step: step, Why: why(err), Again: true, Since: workflow.Now(ctx)}
			told = courtesy(ctx, s.in.Day, reportStuckRun, "Tell finance that a step is parked", stuck)
		}
		within(ctx, pauseAfter(s.in.Day, failures), step+" is parked", func() bool { return s.retries > seen })
		s.parked = false
	}
}

// attention lists what is parked, each with its reason.
func (r *payoutRun) attention() (out []string) {
	for _, step := range workflow.DeterministicKeys(r.parked) {
		out = append(out, step+": "+r.parked[step])
	}
	return out
}

// hearRetries takes a person's word that what is parked may be tried again; where nothing is, that the books may know less than the run.
func (r *payoutRun) hearRetries(ctx workflow.Context) {
	again := func() {
		if len(r.parked) > 0 {
			r.wake()
		} else {
			r.asks++
		}
	}
	waits := func() bool { return r.state == partnership.RunPlanned || r.state == partnership.RunExecuting }
	must(handleRetry(ctx, r.Day, again, func() bool { return len(r.parked) > 0 || waits() && !r.isLost() }))
}

// wake has what is parked tried again.
func (r *payoutRun) wake() { r.retries++ }

// longestLook is how long a transfer that is under way is left alone at the longest: news of it may be lost.
const longestLook = 24 * time.Hour

// hearLooks has a payout look again at its transfer, as news of it would.
func (s *settling) hearLooks(ctx workflow.Context) {
	asked := workflow.GetSignalChannel(ctx, SignalLookAgain)
	workflow.GoNamed(ctx, "whether the books know this payout", func(ctx workflow.Context) {
		for {
			var m LookAgain
			asked.Receive(ctx, &m)
			s.in.Rejected = s.in.Rejected || m.Rejected
			s.news++
		}
	})
}

// hearMoves counts the news of this payout's transfer. News come to the rail's door, are read there and told here.
func (s *settling) hearMoves(ctx workflow.Context) {
	news := workflow.GetSignalChannel(ctx, SignalPayoutMoved)
	workflow.GoNamed(ctx, "news of the transfer", func(ctx workflow.Context) {
		for {
			var m PayoutMoved
			news.Receive(ctx, &m)
			if !m.meantFor(workflow.GetInfo(ctx).WorkflowExecution.ID) {
				workflow.GetLogger(ctx).Warn(notOurs)
				continue
			}
			s.news++
		}
	})
}

// lookAfter grows with each look.
func lookAfter(day time.Duration, looks int) time.Duration {
	if compressed(day) {
		return pauseAfter(day, looks)
	}
	return min(time.Hour<<min(looks, 8), longestLook)
}
