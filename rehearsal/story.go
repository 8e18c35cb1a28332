package rehearsal

import (
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
)

// story is what became of one invitation.
type story struct {
	entry   partnership.RosterEntry
	outcome partnership.Outcome
	from    time.Time
	to      time.Time
	posts   []time.Time
	orders  int
	clicks  int
	revenue int64
	flows   []flow
	payable time.Time // when the creator could be paid, zero never
	fees    int64     // earned
	sales   int64     // commission earned
	sold    []ledger.BonusSale
	more    map[string]bool // bonuses and tiers' additions that were earned, by their keys
	gift    int64           // the reserved gift's value, once the carrier has it
	heard   []outcry        // what the campaign hears of it, in order
	events  []Event         // only where a list is wanted
	work    Work
}

// Work is what workflows asked of the environment.
type Work struct {
	Steps      int64 `json:"steps"`       // activities
	LocalSteps int64 `json:"local_steps"` // local activities
	Timers     int64 `json:"timers"`
}

func (w *Work) step(local bool) {
	if local {
		w.LocalSteps++
		return
	}
	w.Steps++
}

func (w *Work) add(more Work) {
	w.Steps, w.LocalSteps, w.Timers = w.Steps+more.Steps, w.LocalSteps+more.LocalSteps, w.Timers+more.Timers
}

// flowKind says what money is for.
type flowKind int

const (
	feeFlow flowKind = iota
	commissionFlow
	giftFlow
	shippingFlow
	apartFlow // shipping in the carrier's currency, where no rate brings it to the campaign's: it is in no total
	flowKinds
)

// flow is money that the brand owes or spends at a time.
type flow struct {
	at    time.Time // fees and commission: when they may be paid; the rest: when they are spent
	kind  flowKind
	minor int64
}

// outcry is something that happens between a story and its campaign.
type outcry struct {
	at      time.Time
	signal  string // to the campaign, with arg; "" a reservation
	arg     any
	reserve int64 // the whole cost to be reserved
	granted bool  // what the story was told
}

// pins are what a story has to be told when it is played again, because the campaign turned out otherwise than the story
// assumed: stories are played ahead of the campaign, which alone knows the budget that is left and whom it talks to.
type pins struct {
	grants  []bool
	signals []pinned
}

// pinned is a signal of the campaign.
type pinned struct {
	at   time.Time
	name string
	arg  any
}

// Event is something that the rehearsal would have sent, asked or seen.
type Event struct {
	At      time.Time `json:"at"`
	Kind    string    `json:"kind"` // mail, task, slack, creator, manager, carrier
	Creator string    `json:"creator,omitempty"`
	What    string    `json:"what"`
	Due     time.Time `json:"due,omitzero"`
}
