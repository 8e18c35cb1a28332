package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

// taskState is what the creator is asked for.
type taskState struct {
	OpenTask string               `json:"OpenTask"` // "" nothing
	OpenKind partnership.TaskKind `json:"OpenKind"`
	Reminded time.Time            `json:"Reminded"` // when they were last reminded or asked
	Invited  bool                 `json:"Invited"`  // the invitation has been mailed

	answered func() bool // whether the answer to the open task is there
}

// opens makes a the task that the creator is asked for.
func (s *taskState) opens(a ask) { s.OpenTask, s.OpenKind, s.answered = a.task, a.kind, a.done }

func (s *taskState) asksNothing() { s.OpenTask = "" }

// reminded is the moment of the last mail that asked for something.
func (s *taskState) reminded(now time.Time) { s.Reminded = now }

// asked says whether the creator is asked for just this now.
func (s *story) asked(kind partnership.TaskKind, task string) bool {
	return s.OpenTask != "" && s.OpenTask == task && s.OpenKind == kind
}

// ask is a wait on a creator: a task with its mail, a ladder of check-ins, and what ends it. Every stage that waits for the
// creator waits through this.
type ask struct {
	kind   partnership.TaskKind
	task   string // unique in the partnership
	mail   string // the template that asks; "" when the step before has asked and opened the task (the signing vendor's mail)
	what   string // for the board: "the creator's draft"
	note   string // the submission that the page shows with it (feedback), "" none
	due    func() time.Time
	ladder func(from, due time.Time) []timeline.CheckIn
	done   func() bool
}

// request opens the task and mails its link.
func (s *story) request(ctx workflow.Context, a ask) error {
	r := activities.Request{
		Letter: activities.Letter{
			PartnershipID: s.PartnershipID, Stage: s.Stage, Kind: a.mail, Task: a.task, Step: "request", Due: a.due(), Note: a.note,
		},
		Task: a.kind,
	}
	sent, err := step(ctx, s, askCreator, "Ask for "+a.what, r)
	s.reminded(workflow.Now(ctx))
	s.Invited = s.Invited || err == nil && !sent.OptedOut
	if err == nil && sent.OptedOut {
		s.optedOut(ctx)
		return s.stopped()
	}
	return err
}
