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
	Next  int     // index into stages: the first stage that is not finished
	Seq   int     // of the last projection
	Stage p.Stage // where people see it

	Facts  timeline.Facts  // what has happened, with its time; every date comes from these
	Plan   timeline.Plan   // the dates that follow from Facts
	Moves  int             // how often the dates have moved by more than their own fact
	Booked []timeline.Slip // days lost at the open deliverable and before it: what can still be given back
	Terms  p.Terms         // the offer, then what was agreed; frozen at signature

	WaitingFor string
	Deadline   time.Time
	Attention  string // why a person should look
	Paused     string // reason, "" when running
	PausedAt   time.Time

	// What people and vendors have said and no stage has used yet.
	Answer   *AnswerOffer
	Decision *DecideCounter
	Draft    *SubmitDraft
	Review   *ReviewDraft
	Post     *SubmitPost
	Quiet    *DecideQuiet
	Extra    float64 // campaign days granted on the open task and not yet used
	Lost     float64 // campaign days that pauses took from the open task, all of them granted

	OpenTask   string // the creator's task that is open, "" none
	OpenKind   p.TaskKind
	ReviewTask string // the draft that waits for a manager
	CounterFee int64
	Round      int    // of negotiation
	Extended   string // the task that has had its extension
	QuietTask  string // the task whose silence a manager is asked about
	Refused    int    // steps that a vendor refused for good and that wait for a person
	Retries    int    // how often a person asked to try refused steps again

	LastActive time.Time // the creator's last sign of life
	Reminded   time.Time // when they were last reminded or asked
	Invited    bool      // the invitation has been mailed
	Away       *Away     // set while the campaign looks for somebody else
	Absences   int       // how often they were given up
	Place      string    // the campaign's answer to a creator who came back: SlotKept, SlotGone

	Envelope     string
	EnvelopeMove int // counts envelope_changed signals
	Signed       bool
	SignDeclined bool
	Shipment     string
	Parcel       p.ParcelStatus
	Delivered    time.Time
	ETA          time.Time // the carrier's last estimate
	PayoutReady  bool

	Undo []string // what cancelling has to take back, in the order it was done

	Amendment *Amended // waits to be applied
	Amended   int      // version of the last one that was

	ContractVersion  int       // of the last contract amendment: it only grows, so that no two documents share one
	Unsigned         *Unsigned // the contract amendment that waits for a signature
	AmendmentVersion int       // its version

	Stop   *Ending // set when the story has to end early
	Events []p.TimelineEvent
	Closed []string // tasks answered since the last projection
}

// Unsigned is a contract amendment that waits for the creator's signature. Until then what was signed before holds.
type Unsigned struct {
	activities.Contract
	Offer p.Terms // the amended offer that its terms follow from
}

// Away is a creator whom the campaign no longer counts on.
type Away struct {
	Since    time.Time // the story told the campaign
	Ghosted  bool      // given up; before, only at risk
	Released bool      // a standby creator has taken the slot
}

// Ending is how a story ends before its time.
type Ending struct {
	Outcome p.Outcome
	Reason  string
	By      string
	Letter  string // how the creator is told, where the outcome alone would say it wrong: too_late, withdrawn
}

func (e *Ending) Error() string { return string(e.Outcome) + ": " + e.Reason }

// Snapshot is the answer of the snapshot query.
type Snapshot struct {
	Stage      p.Stage
	WaitingFor string
	Deadline   time.Time
	Attention  string
	Paused     string
	OpenTask   string
	ReviewTask string
	Round      int
	Terms      p.Terms
	Plan       timeline.Plan
	Outcome    p.Outcome
	Amended    int               // version of the last amendment that was applied
	Standing   timeline.Standing // what an amendment's preview is computed from
	Offer      p.Terms           // what was offered, before any negotiation
}
