package ledger

import "github.com/rapport-dev/rapport/partnership"

// State is where a row stands on its way to the creator.
type State string

// The states of a row.
const (
	Pending  State = "pending"   // in the sale hold
	Eligible State = "eligible"  // the next run may pay it
	InPayout State = "in_payout" // claimed by one payout
	Paid     State = "paid"      // final; what comes later is a row of its own
	Held     State = "held"      // at risk; no timer releases it, a person does
	Reversed State = "reversed"  // refunded in full before it was paid; final
	Voided   State = "voided"    // with a reason; final
)

// Event moves a row.
type Event string

// The events.
const (
	Mature  Event = "mature"  // the sale hold is over
	Claim   Event = "claim"   // a payout takes the row
	Release Event = "release" // its payout certainly was not paid, or was not approved
	Pay     Event = "pay"     // its payout was paid
	Hold    Event = "hold"    // a risk was found
	Clear   Event = "clear"   // a person found the risk harmless; the sale hold goes on
	Reverse Event = "reverse" // the order was refunded in full
	Void    Event = "void"    // a person rejected the row
)

// moves is the whole story of a row. A refund of a claimed or paid row does not move it: it appends a negative row.
var moves = map[State]map[Event]State{
	Pending:  {Mature: Eligible, Hold: Held, Reverse: Reversed, Void: Voided},
	Eligible: {Claim: InPayout, Hold: Held, Reverse: Reversed, Void: Voided},
	InPayout: {Pay: Paid, Release: Eligible},
	Held:     {Clear: Pending, Reverse: Reversed, Void: Voided},
}

// Next is the state after an event, or a Conflict that leaves the row as it is.
func Next(s State, e Event) (State, error) {
	if to, ok := moves[s][e]; ok {
		return to, nil
	}
	return s, partnership.Errorf(partnership.Conflict, "a row that is %s cannot %s", s, e)
}

// NextRow is Next with the one rule that depends on the amount: negative rows are never held.
func NextRow(r Row, e Event) (State, error) {
	if e == Hold && r.AmountMinor < 0 {
		return r.State, partnership.Errorf(partnership.Conflict, "a negative row is never held")
	}
	return Next(r.State, e)
}

// Open says whether a row in this state still counts towards what a creator will be paid.
func (s State) Open() bool { return s == Pending || s == Eligible || s == Held }
