package partnership

import (
	"strings"
	"time"
)

// QuestionKind is what kind of thing a person of the brand is asked to decide.
type QuestionKind string

// The kinds. Those of a partnership are told by its workflow with its row on the board; the others stand in the rows that they are about.
const (
	AsksCounter QuestionKind = "counter" // partnership, round
	AsksDraft   QuestionKind = "draft"   // partnership, task
	AsksSilence QuestionKind = "silence" // partnership, task, step of the ladder
	AsksStep    QuestionKind = "step"    // partnership, seq: a step that was refused

	AsksEffect     QuestionKind = "effect"     // key: an act of which nobody knows whether it was done
	AsksPayout     QuestionKind = "payout"     // payout: a transfer of which nobody knows whether it was made
	AsksRun        QuestionKind = "payout_run" // program, period, hash of the lines
	AsksDifference QuestionKind = "difference" // rail, transfer
	AsksObjection  QuestionKind = "objection"  // objection
	AsksHeld       QuestionKind = "held_row"   // row of the books
	AsksHit        QuestionKind = "name_hit"   // hit on a sanctions list
	AsksWriteOff   QuestionKind = "write_off"  // write-off that somebody asks for
	AsksAct        QuestionKind = "act"        // hash of what an agent has prepared: let or refused as acts are, and on no list of decisions

	AsksMail QuestionKind = "mail"        // message: a creator's, to which nobody has said anything yet
	AsksLook QuestionKind = "partnership" // partnership: somebody should look at it
	AsksMend QuestionKind = "workflow"    // workflow's id: it stands still
)

// questionArity says how many parts follow the kind in a question's id.
var questionArity = map[QuestionKind]int{
	AsksCounter: 2, AsksDraft: 2, AsksSilence: 3, AsksStep: 2, AsksEffect: 1, AsksPayout: 1, AsksRun: 3, AsksDifference: 2, AsksObjection: 1, AsksHeld: 1,
	AsksHit: 1, AsksWriteOff: 1, AsksAct: 1, AsksMail: 1, AsksLook: 1, AsksMend: 1,
}

// ID is a question's id: its kind and what it is about, so that whoever has the one knows the other.
func (k QuestionKind) ID(parts ...string) string { return string(k) + ":" + strings.Join(parts, ":") }

// ParseQuestion takes a question's id apart. One that is none is NotFound.
func ParseQuestion(id string) (kind QuestionKind, parts []string, err error) {
	word, rest, _ := strings.Cut(id, ":")
	kind = QuestionKind(word)
	n, known := questionArity[kind]
	if parts = strings.SplitN(rest, ":", n); !known || len(parts) != n || parts[n-1] == "" {
		return "", nil, Errorf(NotFound, "there is no decision %q", id)
	}
	return kind, parts, nil
}

// Question is what a partnership's workflow asks a person of the brand, as it stands in histories and on the board: ids and amounts, and no
// personal data.
type Question struct {
	Kind         QuestionKind `json:"kind"`
	Of           string       `json:"of"` // with the partnership, which one it is: the round, the draft's task, a silence's task and step
	Card         EffectKey    `json:"card,omitempty"`
	At           time.Time    `json:"at"`
	Due          time.Time    `json:"due,omitzero"`   // silence decides then
	What         string       `json:"what,omitempty"` // is awaited, or was refused
	Why          string       `json:"why,omitempty"`
	AskedMinor   int64        `json:"asked_minor,omitempty"`
	OfferedMinor int64        `json:"offered_minor,omitempty"`
	Currency     string       `json:"currency,omitempty"`
	SubmissionID string       `json:"submission_id,omitempty"` // the creator's words
	LastActive   time.Time    `json:"last_active,omitzero"`
	WasDue       time.Time    `json:"was_due,omitzero"` // what a silence is about
}

// Subject is what an answer names: the round, or the task.
func (q Question) Subject() string {
	subject, _, _ := strings.Cut(q.Of, ":")
	return subject
}

// QuestionState is how a question stands.
type QuestionState string

// The states.
const (
	QuestionOpen     QuestionState = "open"
	QuestionAnswered QuestionState = "answered" // by a person
	QuestionLapsed   QuestionState = "lapsed"   // nobody did, and silence decided
	QuestionOver     QuestionState = "over"     // there is nothing to decide any more
)

// Closing is how a question ended, in its workflow's word.
type Closing struct {
	Kind   QuestionKind  `json:"kind"`
	Of     string        `json:"of"`
	State  QuestionState `json:"state"`
	Choice Choice        `json:"choice,omitempty"`
	By     string        `json:"by,omitempty"`
	At     time.Time     `json:"at"`
	Came   string        `json:"came"`            // what came of it
	Amiss  bool          `json:"amiss,omitempty"` // it did not come as whoever decided meant it
}
