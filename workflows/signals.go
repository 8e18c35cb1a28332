package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"
)

var noTime time.Time

// signals is one channel for each kind of fact. A fact may come twice, late and out of order: each handler only ever moves
// the state forward.
type signals struct {
	selector workflow.Selector
}

// drain takes in what has arrived and was not yet looked at, so that continue-as-new loses nothing.
func (g signals) drain(ctx workflow.Context) {
	for g.selector.HasPending() {
		g.selector.Select(ctx)
	}
}

func (s *story) listen(ctx workflow.Context) {
	sel := workflow.NewNamedSelector(ctx, "facts")
	for _, hear := range []func(workflow.Context, workflow.Selector){
		s.hearContract, s.hearParcel, s.hearCreator, s.hearMail, s.hearPayoutAccount, s.hearAmendments, s.hearSlot, s.hearStops,
	} {
		hear(ctx, sel)
	}
	s.signals = signals{sel}
	workflow.GoNamed(ctx, "facts", func(ctx workflow.Context) {
		for {
			attention, paused := s.attention(), s.Paused
			sel.Select(ctx)
			if s.outcome == "" && (s.attention() != attention || s.Paused != paused) {
				s.show(ctx)
			}
		}
	})
}

func on[T addressed](ctx workflow.Context, sel workflow.Selector, name string, take func(T)) {
	sel.AddReceive(workflow.GetSignalChannel(ctx, name), func(c workflow.ReceiveChannel, _ bool) {
		var msg T
		if !c.ReceiveAsync(&msg) {
			return
		}
		if !msg.meantFor(workflow.GetInfo(ctx).WorkflowExecution.ID) {
			workflow.GetLogger(ctx).Warn(notOurs, "signal", name)
			return
		}
		take(msg)
	})
}
