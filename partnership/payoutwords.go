package partnership

import (
	"fmt"
	"strings"
)

// RunTally is what became of a run's payouts.
type RunTally struct {
	Payouts   int   `json:"payouts"`
	Paid      int   `json:"paid"`
	Failed    int   `json:"failed"`   // certainly not paid: their rows are in the next run
	Returned  int   `json:"returned"` // paid, and all of it came back
	Void      int   `json:"void"`     // sent back by a person
	Unknown   int   `json:"unknown"`  // a person has to say
	PaidMinor int64 `json:"paid_minor"`
}

// words say how many were paid, and what became of the others.
func (t RunTally) words() string {
	parts := []string{fmt.Sprintf("%d of %d paid", t.Paid, t.Payouts)}
	for _, other := range []struct {
		n    int
		what string
	}{{t.Failed, "failed"}, {t.Returned, "came back"}, {t.Void, "sent back by a person"}, {t.Unknown, "in doubt: a person has to say"}} {
		if other.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", other.n, other.what))
		}
	}
	return strings.Join(parts, ", ")
}

// FailedFor is one reason why payouts of a run failed.
type FailedFor struct {
	Why     string
	Payouts int
}

// sentBack says whether a person has sent the rest of an approved run back: it is over, and reconciled alone is not what is true of it.
func (r PayoutRun) sentBack() bool {
	return r.State == RunReconciled && r.RestRejected != "" && r.Tally.Void > 0
}

// Words say how a run stands, the same by every door: one whose payouts failed is never called paid, and one that waits says for what.
func (r PayoutRun) Words() string {
	said := string(r.State)
	switch {
	case r.sentBack() && r.Tally.Void == r.Tally.Payouts:
		said = "rejected after its approval"
	case r.sentBack():
		said = "partly rejected"
	}
	if r.State == RunExecuting || r.State == RunReconciled || r.Tally.Paid+r.Tally.Failed+r.Tally.Returned > 0 {
		said += ": " + r.Tally.words()
	}
	if r.Waits != "" {
		said += "; waits: " + r.Waits
	}
	return said
}

// Short says whether not everybody was paid who was to be.
func (r PayoutRun) Short() bool {
	return r.State == RunReconciled && r.Tally.Paid < r.Tally.Payouts || r.Waits != ""
}

// Ending says how a run ended, in a sentence.
func (r PayoutRun) Ending() string {
	of := r.Program + " for " + r.Period
	switch {
	case r.State == RunRejected:
		return "Payouts of " + of + " were rejected; nothing was paid"
	case r.State == RunEmpty:
		return "Nothing is payable for " + r.Program + " in " + r.Period
	case r.sentBack() && r.Tally.Void == r.Tally.Payouts:
		return "Payouts of " + of + " were rejected after their approval; nothing was paid"
	case r.sentBack():
		return "Payouts of " + of + " were partly rejected: " + r.Tally.words()
	case r.Tally.Paid == 0 && r.Tally.Payouts > 0:
		return "Nobody was paid of " + of + ": " + r.Tally.words()
	case r.Tally.Paid < r.Tally.Payouts:
		return "Not all payouts of " + of + " were paid: " + r.Tally.words()
	}
	return "Payouts of " + of + " are paid and reconciled"
}
