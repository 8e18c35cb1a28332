package board

import (
	"fmt"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// Pending is something that waits for a person of the brand.
type Pending struct {
	Kind       string                 `json:"kind"` // partnership, workflow, effect, payout, difference, objection, mail, held_rows, payout_run
	ID         string                 `json:"id"`
	CampaignID partnership.CampaignID `json:"campaign_id,omitempty"`
	What       string                 `json:"what"` // one plain sentence, no personal data
	Since      time.Time              `json:"since"`
}

// NeedsAttention is a partnership whose workflow asks that somebody looks.
func NeedsAttention(id partnership.PartnershipID, of partnership.CampaignID, attention string, since time.Time) Pending {
	return Pending{"partnership", string(id), of, attention, since}
}

// StandsStill is a workflow that does not go on by itself.
func StandsStill(f partnership.Finding) Pending {
	return Pending{"workflow", f.WorkflowID, f.CampaignID, "Mend what stands still: " + f.Kind.Words(), f.Since}
}

// UnknownEffect is an act outside of which nobody knows whether it was done.
func UnknownEffect(key partnership.EffectKey, kind string, since time.Time) Pending {
	return Pending{"effect", string(key), "", "Find out whether this was done: " + kind, since}
}

// UnknownPayout is a payout of which nobody knows whether it was paid.
func UnknownPayout(id partnership.PayoutID, since time.Time) Pending {
	return Pending{"payout", string(id), "", "Find out whether this payout was paid", since}
}

// OpenDifference is a transfer that the provider shows and the books do not explain.
func OpenDifference(transfer string, since time.Time) Pending {
	return Pending{"difference", transfer, "", "Settle a transfer that the books do not explain; nothing is paid until then: rapport payouts differences", since}
}

// OpenObjection is what a creator objects to on their statement.
func OpenObjection(id string, since time.Time) Pending {
	return Pending{"objection", id, "", "Decide about a line of a statement that its creator objects to: rapport payouts objections", since}
}

// ErasedHeld is what was earned by people who were erased and can be paid by no run.
func ErasedHeld(rows int64, since time.Time) Pending {
	what := fmt.Sprintf("Settle %d earnings of people who were erased and have no payout account that takes money: rapport ledger holds", rows)
	return Pending{"held_rows", "erased", "", what, since}
}

// RunToApprove is a payout run that is planned.
func RunToApprove(id string, since time.Time) Pending {
	return Pending{"payout_run", id, "", "Approve the payout run", since}
}
