package partnership

import "time"

// Trouble is what stands between us and a vendor as a whole: a key that it refuses, a plan that is used up, a reputation. It is
// one question to one person, however many mails, labels or cards wait behind it.
type Trouble struct {
	Vendor  string      `json:"vendor"` // "sendgrid", "slack", ...
	Kind    TroubleKind `json:"kind"`
	Since   time.Time   `json:"since"`
	LastAt  time.Time   `json:"last_at"`
	Times   int         `json:"times"`             // how often the vendor has said so
	Words   string      `json:"words"`             // what it is and what to mend
	ProbeAt time.Time   `json:"probe_at,omitzero"` // when one call may try whether it is over
	EndedAt time.Time   `json:"ended_at,omitzero"` // zero while it lasts
	Card    *MessageRef `json:"-"`                 // where it is told in the chat
	CardIs  string      `json:"-"`                 // what the card says: open, closed; "" no card yet
}

// TroubleKind is what a vendor holds against us.
type TroubleKind string

// The kinds of Trouble.
const (
	RefusesAll TroubleKind = "refuses_all" // every call is refused until a person mends the key, the account or the plan
	OverQuota  TroubleKind = "quota"       // mails are dropped because the plan is used up
	Reputation TroubleKind = "reputation"  // mail servers refuse us as a sender
	BadContent TroubleKind = "content"     // mails are dropped or refused for what they say
	BadSetup   TroubleKind = "setup"       // mails are dropped for how they are sent
)
