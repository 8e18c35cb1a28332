package partnership

import "time"

// SuppressionCause is why an address is not written to: only ever what its owner did, or that there is no such mailbox; never our
// own quota, content or reputation.
type SuppressionCause string

// The causes of a Suppression.
const (
	ByPerson  SuppressionCause = "person"  // they said no: an opt-out, a spam report, a "stop"
	ByAddress SuppressionCause = "address" // no such mailbox
	ByErasure SuppressionCause = "erased"
)

// Suppression is an address that is not written to. The address itself is not kept: Masked comes from the creator who has it, and is
// "" for somebody whom we do not know.
type Suppression struct {
	ID     string           `json:"id"` // stands for the address
	Handle string           `json:"handle"`
	Masked string           `json:"address"`
	Cause  SuppressionCause `json:"cause"`
	Reason string           `json:"reason"`
	At     time.Time        `json:"at"`
}

// LeftOut is a creator whom nobody may invite, and why.
type LeftOut struct {
	Handle string           `json:"handle"`
	Cause  SuppressionCause `json:"cause"`
	Reason string           `json:"reason"`
}
