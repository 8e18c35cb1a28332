// Package floor holds the bare minimum that Rapport's engine is measured against: workflows that make the same external calls,
// wait as often and take the same answers, and do nothing else.
package floor

import (
	"time"

	"go.temporal.io/sdk/workflow"
)

// Kind is what one step of a script does.
type Kind string

// The kinds of steps.
const (
	Call   Kind = "call"   // one activity
	Pair   Kind = "pair"   // two activities at once, Call and SlowCall
	Update Kind = "update" // wait for an update, under a timer
	Signal Kind = "signal" // wait for a signal, under a timer
	Timer  Kind = "timer"  // let a timer fire
)

// Script is what a scenario cannot do without.
type Script []Kind

// HappyPath is what a partnership that ends well needs of the outside: its calls, waits and answers, in order.
var HappyPath = Script{
	Call, Update, // invitation, answer
	Call, Signal, Call, // contract, signature, the vendor asked again
	Pair, Call, Call, Signal, // code and gift order, label, mail, delivery
	Call, Update, Call, Update, // brief, draft, review card, review
	Call, Call, Update, Call, // gate, cleared to post, post, disclosure check
	Call, Signal, Timer, Call, // payout set-up, account ready, sales window, hand-over
}

// Input is a script and the length of the timers that are meant to fire.
type Input struct {
	Script Script
	Fire   time.Duration
}

// Workflow plays a script.
func Workflow(ctx workflow.Context, in Input) error {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: 10 * time.Second})
	answers := 0
	if err := workflow.SetUpdateHandler(ctx, "answer", func(workflow.Context) error { answers++; return nil }); err != nil {
		return err
	}
	facts := workflow.GetSignalChannel(ctx, "fact")
	workflow.Go(ctx, func(ctx workflow.Context) {
		for {
			facts.Receive(ctx, nil)
			answers++
		}
	})
	for _, kind := range in.Script {
		if err := play(ctx, kind, &answers, in.Fire); err != nil {
			return err
		}
	}
	return nil
}

func play(ctx workflow.Context, kind Kind, answers *int, fire time.Duration) error {
	switch kind {
	case Call:
		return workflow.ExecuteActivity(ctx, "Call").Get(ctx, nil)
	case Pair:
		a, b := workflow.ExecuteActivity(ctx, "Call"), workflow.ExecuteActivity(ctx, "SlowCall")
		if err := a.Get(ctx, nil); err != nil {
			return err
		}
		return b.Get(ctx, nil)
	case Timer:
		return workflow.Sleep(ctx, fire)
	default:
		seen := *answers
		timed, answered := workflow.WithCancel(ctx)
		late := workflow.NewTimer(timed, time.Hour)
		err := workflow.Await(ctx, func() bool { return *answers > seen || late.IsReady() })
		answered() // a timer that is left alone fires into nothing, for a workflow task each
		return err
	}
}
