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

// Signal is a signal as it is sent.
type Signal interface {
	addressed
	// For is the signal with its address. Whoever sends one says so, to the workflow to which it goes.
	For(workflowID string) any
}

func (m EnvelopeChanged) For(id string) any    { m.To = id; return m }
func (m ParcelMoved) For(id string) any        { m.To = id; return m }
func (m CreatorActive) For(id string) any      { m.To = id; return m }
func (m MailFailed) For(id string) any         { m.To = id; return m }
func (m OptedOut) For(id string) any           { m.To = id; return m }
func (m PayoutAccountReady) For(id string) any { m.To = id; return m }
func (m PartnershipClosed) For(id string) any  { m.To = id; return m }
func (m SlotChanged) For(id string) any        { m.To = id; return m }
func (m SlotDecided) For(id string) any        { m.To = id; return m }
func (m Amended) For(id string) any            { m.To = id; return m }
func (m Stopped) For(id string) any            { m.To = id; return m }

// tell gives another workflow a signal.
func tell(ctx workflow.Context, workflowID, name string, m Signal) workflow.Future {
	return workflow.SignalExternalWorkflow(ctx, workflowID, "", name, m.For(workflowID))
}
