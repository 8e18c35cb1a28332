package partnership

import (
	"encoding/json"
	"time"
)

// Prepared is how far an agent's act is.
type Prepared string

// The states of a preparation. Those after PreparedDoing are its end.
const (
	PreparedOpen    Prepared = "prepared"
	PreparedWaiting Prepared = "waiting" // for a person
	PreparedLet     Prepared = "let"     // a person has let it
	PreparedDoing   Prepared = "doing"
	PreparedDone    Prepared = "done"
	PreparedRefused Prepared = "refused" // by a person, or by who does it
	PreparedStale   Prepared = "stale"   // what it is about has changed
	PreparedExpired Prepared = "expired"
)

// Preparation is an act that an agent has prepared and that is done once it is confirmed by its hash, which is bound to the arguments, to what
// it is about as that stood, and to who prepared it.
type Preparation struct {
	Hash       string          `json:"hash"`
	Token      string          `json:"token"` // by name
	Who        string          `json:"who"`   // as it will stand in the audit: "agent:planner for slack:U1"
	Deed       string          `json:"deed"`
	Way        string          `json:"way"`
	Subject    string          `json:"subject"`
	Stands     string          `json:"-"`
	Request    PreparedRequest `json:"-"` // gone once it is over
	CostMinor  *int64          `json:"cost_minor"`
	Currency   string          `json:"currency,omitempty"`
	State      Prepared        `json:"state"`
	PreparedAt time.Time       `json:"prepared_at"`
	ExpiresAt  time.Time       `json:"expires_at"`
	DecidedBy  string          `json:"decided_by,omitempty"` // the person who let it, or did not
	EndedAt    time.Time       `json:"ended_at,omitzero"`
	Status     int             `json:"status,omitempty"` // what came of it, as the API answers
	Answer     json.RawMessage `json:"answer,omitempty"`
}

// PreparedRequest is what is asked when it is confirmed, and what was shown. Personal data.
type PreparedRequest struct {
	Method    string          `json:"method"`
	Path      string          `json:"path"`
	Arguments json.RawMessage `json:"arguments"`
	Body      []byte          `json:"body"`
	Kind      string          `json:"kind"` // of the body
}

// Over says whether nothing will come of it any more.
func (p Preparation) Over() bool { return !p.EndedAt.IsZero() }
