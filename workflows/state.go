package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

// State is everything a Partnership knows about itself: a piece for each stage, and for each thing that goes on beside the stages. A
// piece is declared in its file, with the messages that change it and their handlers, and only that file writes it (TestOneWriterAField);
// whoever else needs a change asks for it by a method. It is carried over continue-as-new, each field under its own name, so it holds
// ids, dates and decisions and never personal data. What a piece holds without a tag is this run's alone.
type State struct {
	progressState // partnership.go: which stage is next
	endingState   // ending.go
	shownState    // projection.go: what people see
	attentionState
	mailState  // optout.go
	datesState // cascade.go: what has happened, and the dates that follow
	termsState

	// the stages
	outreachState
	negotiationState
	contractState // contracting.go
	giftState     // gifting.go
	contentState
	payableState // performance.go

	// beside them
	taskState  // tasks.go: what the creator is asked for
	aliveState // their last sign of life
	silenceState
	extensionState
	slotState
	awayState
	pauseState // stops.go
	amendState
	unsignedState
	stepsState
	questionsState // what people of the brand are asked
	undoState
}

// Snapshot is the answer of the snapshot query.
type Snapshot struct {
	Stage      partnership.Stage   `json:"Stage"`
	WaitingFor string              `json:"WaitingFor"`
	Deadline   time.Time           `json:"Deadline"`
	Attention  string              `json:"Attention"`
	Paused     string              `json:"Paused"`
	OpenTask   string              `json:"OpenTask"`
	ReviewTask string              `json:"ReviewTask"`
	Round      int                 `json:"Round"`
	Terms      partnership.Terms   `json:"Terms"`
	Plan       timeline.Plan       `json:"Plan"`
	Outcome    partnership.Outcome `json:"Outcome"`
	Amended    int                 `json:"Amended"`  // version of the last amendment that was applied
	Standing   timeline.Standing   `json:"Standing"` // what an amendment's preview is computed from
	Offer      partnership.Terms   `json:"Offer"`    // what was offered, before any negotiation
}

func (s *story) handleSnapshot(ctx workflow.Context) error {
	return workflow.SetQueryHandler(ctx, QuerySnapshot, func() (Snapshot, error) {
		return Snapshot{
			Stage: s.Stage, WaitingFor: s.WaitingFor, Deadline: s.Deadline, Attention: s.attention(), Paused: s.Paused,
			OpenTask: s.OpenTask, ReviewTask: s.ReviewTask, Round: s.Round, Terms: s.Terms, Plan: s.Plan, Outcome: s.outcome,
			Amended: s.Amended, Standing: s.standing(), Offer: s.Offer,
		}, nil
	})
}
