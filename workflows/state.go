package workflows

import (
	"time"

	"github.com/rapport-dev/rapport/activities"
	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

// State is everything a Partnership knows about itself. It is carried over continue-as-new, so it holds ids, dates and
// decisions and never personal data.
type State struct {
	Next  int     `json:"Next"`  // index into stages: the first stage that is not finished
	Seq   int     `json:"Seq"`   // of the last projection
	Stage p.Stage `json:"Stage"` // where people see it

	Facts  timeline.Facts  `json:"Facts"`  // what has happened, with its time; every date comes from these
	Plan   timeline.Plan   `json:"Plan"`   // the dates that follow from Facts
	Moves  int             `json:"Moves"`  // how often the dates have moved by more than their own fact
	Booked []timeline.Slip `json:"Booked"` // days lost at the open deliverable and before it: what can still be given back
	Terms  p.Terms         `json:"Terms"`  // the offer, then what was agreed; frozen at signature

	WaitingFor string    `json:"WaitingFor"`
	Deadline   time.Time `json:"Deadline"`
	Attention  string    `json:"Attention"` // why a person should look
	Paused     string    `json:"Paused"`    // reason, "" when running
	PausedAt   time.Time `json:"PausedAt"`

	// What people and vendors have said and no stage has used yet.
	Answer   *AnswerOffer   `json:"Answer"`
	Decision *DecideCounter `json:"Decision"`
	Draft    *SubmitDraft   `json:"Draft"`
	Review   *ReviewDraft   `json:"Review"`
	Post     *SubmitPost    `json:"Post"`
	Quiet    *DecideQuiet   `json:"Quiet"`
	Extra    float64        `json:"Extra"` // campaign days granted on the open task and not yet used
	Lost     float64        `json:"Lost"`  // campaign days that pauses took from the open task, all of them granted

	OpenTask   string     `json:"OpenTask"` // the creator's task that is open, "" none
	OpenKind   p.TaskKind `json:"OpenKind"`
	ReviewTask string     `json:"ReviewTask"` // the draft that waits for a manager
	CounterFee int64      `json:"CounterFee"`
	Round      int        `json:"Round"`     // of negotiation
	Extended   string     `json:"Extended"`  // the task that has had its extension
	QuietTask  string     `json:"QuietTask"` // the task whose silence a manager is asked about
	Refused    int        `json:"Refused"`   // steps that a vendor refused for good and that wait for a person
	Retries    int        `json:"Retries"`   // how often a person asked to try refused steps again

	LastActive time.Time `json:"LastActive"` // the creator's last sign of life
	Reminded   time.Time `json:"Reminded"`   // when they were last reminded or asked
	Invited    bool      `json:"Invited"`    // the invitation has been mailed
	Away       *Away     `json:"Away"`       // set while the campaign looks for somebody else
	Absences   int       `json:"Absences"`   // how often they were given up
	Place      string    `json:"Place"`      // the campaign's answer to a creator who came back: SlotKept, SlotGone

	Envelope        string         `json:"Envelope"`                  // of the contract that is out or signed; "" while none is
	EnvelopeMove    int            `json:"EnvelopeMove"`              // counts envelope_changed signals
	EnvelopeVersion int            `json:"EnvelopeVersion,omitempty"` // of the contract that an amendment put in the place of the first, 0 none
	Signed          bool           `json:"Signed"`
	SignDeclined    bool           `json:"SignDeclined"`
	Shipment        string         `json:"Shipment"`
	Parcel          p.ParcelStatus `json:"Parcel"`
	Delivered       time.Time      `json:"Delivered"`
	ETA             time.Time      `json:"ETA"` // the carrier's last estimate
	PayoutReady     bool           `json:"PayoutReady"`
	OptedOut        bool           `json:"OptedOut,omitempty"` // after signing, and a person was told

	Unshown *Unshown `json:"Unshown,omitempty"` // a question about a silence that is in no chat

	Undo []string `json:"Undo"` // what cancelling has to take back, in the order it was done

	Amendment *Amended `json:"Amendment"` // waits to be applied
	Amended   int      `json:"Amended"`   // version of the last one that was

	ContractVersion  int       `json:"ContractVersion"`  // of the last contract amendment: it only grows, so that no two documents share one
	Unsigned         *Unsigned `json:"Unsigned"`         // the contract amendment that waits for a signature
	AmendmentVersion int       `json:"AmendmentVersion"` // its version

	Stop   *Ending           `json:"Stop"` // set when the story has to end early
	Events []p.TimelineEvent `json:"Events"`
	Closed []string          `json:"Closed"` // tasks answered since the last projection
}

// Unsigned is a contract amendment that waits for the creator's signature. Until then what was signed before holds.
type Unsigned struct {
	activities.Contract
	Offer p.Terms `json:"Offer"` // the amended offer that its terms follow from
}

// Away is a creator whom the campaign no longer counts on.
type Away struct {
	Since    time.Time `json:"Since"`    // the story told the campaign
	Ghosted  bool      `json:"Ghosted"`  // given up; before, only at risk
	Released bool      `json:"Released"` // a standby creator has taken the slot
}

// Ending is how a story ends before its time.
type Ending struct {
	Outcome p.Outcome `json:"Outcome"`
	Reason  string    `json:"Reason"`
	By      string    `json:"By"`
	Letter  string    `json:"Letter"` // how the creator is told, where the outcome alone would say it wrong: too_late, withdrawn, alone
}

func (e *Ending) Error() string { return string(e.Outcome) + ": " + e.Reason }

// Snapshot is the answer of the snapshot query.
type Snapshot struct {
	Stage      p.Stage           `json:"Stage"`
	WaitingFor string            `json:"WaitingFor"`
	Deadline   time.Time         `json:"Deadline"`
	Attention  string            `json:"Attention"`
	Paused     string            `json:"Paused"`
	OpenTask   string            `json:"OpenTask"`
	ReviewTask string            `json:"ReviewTask"`
	Round      int               `json:"Round"`
	Terms      p.Terms           `json:"Terms"`
	Plan       timeline.Plan     `json:"Plan"`
	Outcome    p.Outcome         `json:"Outcome"`
	Amended    int               `json:"Amended"`  // version of the last amendment that was applied
	Standing   timeline.Standing `json:"Standing"` // what an amendment's preview is computed from
	Offer      p.Terms           `json:"Offer"`    // what was offered, before any negotiation
}
