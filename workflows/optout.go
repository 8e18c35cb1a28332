package workflows

import (
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
)

// mailState is what became of mail to the creator.
type mailState struct {
	OptedOut bool `json:"OptedOut,omitempty"` // after signing, and a person was told
}

// MailFailed says that a mail bounced or was dropped.
type MailFailed struct {
	Key     string `json:"Key"`
	Why     string `json:"Why"`
	EventID string `json:"EventID"`
	Addressed
}

// OptedOut says that the creator wants no more mail.
type OptedOut struct {
	EventID string `json:"EventID"`
	Addressed
}

// hearMail takes what becomes of mails to the creator.
func (s *story) hearMail(ctx workflow.Context, sel workflow.Selector) {
	on(ctx, sel, SignalMailFailed, func(m MailFailed) { s.needs("a mail to the creator did not arrive: " + m.Why) })
	on(ctx, sel, SignalOptedOut, func(OptedOut) { s.optedOut(ctx) })
}

// optedOut ends a story that is still courtship. After the signature the contract stands: what courts or presses stops, which the sending
// itself sees to, and a person is told.
func (s *story) optedOut(ctx workflow.Context) {
	if !s.Signed {
		s.end(Ending{Outcome: partnership.OptedOut, Reason: "the creator wants no more mail", By: "creator"})
		return
	}
	if s.OptedOut {
		return
	}
	if !tellsOfOptOuts(ctx) {
		s.needs(wantsNoMail)
		return
	}
	s.OptedOut = true
	s.note(ctx, "opted_out", "creator", "Wants no more mail. The agreement stands; no reminder goes out any more.")
	s.beside(ctx, "tell of the opt-out", func(ctx workflow.Context) {
		ref := activities.PartnershipRef{PartnershipID: s.PartnershipID}
		courtesy(ctx, s.Day, tellOptedOut, "Tell the manager that the creator opted out", ref, bounded(longestPause))
	})
}

// tellsOfOptOuts is false in stories that said an opt-out after the signature on the board alone, until something else stood there.
func tellsOfOptOuts(ctx workflow.Context) bool {
	return workflow.GetVersion(ctx, "tells-of-opt-outs", workflow.DefaultVersion, 1) == 1
}
