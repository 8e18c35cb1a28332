package workflows

import "go.temporal.io/sdk/workflow"

// handle registers the query and every update.
func (s *story) handle(ctx workflow.Context) error {
	for _, register := range []func(workflow.Context) error{
		s.handleSnapshot, s.handleAnswer, s.handleCounter, s.handleContent, s.handleDelivery, s.handleExtension, s.handleSilence, s.handleStops, s.handleRetry,
	} {
		if err := register(ctx); err != nil {
			return err
		}
	}
	return nil
}

// listen hears every signal. A fact may come twice, late and out of order: each handler only ever moves the state forward.
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

// signals is one channel for each kind of fact.
type signals struct {
	selector workflow.Selector
}

// drain takes in what has arrived and was not yet looked at, so that continue-as-new loses nothing.
func (g signals) drain(ctx workflow.Context) {
	for g.selector.HasPending() {
		g.selector.Select(ctx)
	}
}
