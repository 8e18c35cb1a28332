package workflows

import "go.temporal.io/sdk/workflow"

// A signal says for which workflow it was made. Encryption alone does not: whoever reaches Temporal could copy one, as it stands
// encrypted in one story's history, and give it to another story.

// Addressed is in every signal. An empty To stands in histories from before there was any, and in what builds of before send.
type Addressed struct {
	To string `json:"To,omitempty"` // the workflow's id
}

func (a Addressed) meantFor(workflowID string) bool { return a.To == "" || a.To == workflowID }

const notOurs = "a signal that was made for another workflow was dropped"

// addressed is a signal as it is taken in.
type addressed interface {
	meantFor(workflowID string) bool
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

// Signal is a signal as it is sent.
type Signal interface {
	addressed
	sentTo(workflowID string) any
}

// For is a signal with its address: whoever sends one names the workflow to which it goes.
func For(workflowID string, m Signal) any { return m.sentTo(workflowID) }

// PayoutMoved says that a rail has news of a transfer that was under way.
type PayoutMoved struct {
	EventID string `json:"EventID"`
	Addressed
}

func (m EnvelopeChanged) sentTo(id string) any    { m.To = id; return m }
func (m ParcelMoved) sentTo(id string) any        { m.To = id; return m }
func (m CreatorActive) sentTo(id string) any      { m.To = id; return m }
func (m MailFailed) sentTo(id string) any         { m.To = id; return m }
func (m OptedOut) sentTo(id string) any           { m.To = id; return m }
func (m PayoutAccountReady) sentTo(id string) any { m.To = id; return m }
func (m PayoutMoved) sentTo(id string) any        { m.To = id; return m }
func (m PartnershipClosed) sentTo(id string) any  { m.To = id; return m }
func (m SlotChanged) sentTo(id string) any        { m.To = id; return m }
func (m SlotDecided) sentTo(id string) any        { m.To = id; return m }
func (m Amended) sentTo(id string) any            { m.To = id; return m }
func (m Stopped) sentTo(id string) any            { m.To = id; return m }

// tell gives another workflow a signal.
func tell(ctx workflow.Context, workflowID, name string, m Signal) workflow.Future {
	return workflow.SignalExternalWorkflow(ctx, workflowID, "", name, For(workflowID, m))
}
