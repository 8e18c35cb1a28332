package board

import (
	"encoding/json"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// AuditLine is one deed and what came of it.
type AuditLine struct {
	N         int64           `json:"n"`
	ID        string          `json:"id,omitempty"`
	At        time.Time       `json:"at"` // when it was written
	DecidedAt time.Time       `json:"decided_at"`
	Who       string          `json:"who"`
	Door      string          `json:"door"`
	Deed      string          `json:"deed"`
	Subject   string          `json:"subject"`
	Reason    string          `json:"reason,omitempty"`
	Details   json.RawMessage `json:"details,omitempty"`
	Outcome   string          `json:"outcome"` // done, accepted, refused
	Why       string          `json:"why,omitempty"`
	Answer    json.RawMessage `json:"answer,omitempty"` // the workflow's word
	EndedAt   *time.Time      `json:"ended_at,omitempty"`
}

// TakenLine is a deed of which nobody knows yet what came of it, as a line.
func TakenLine(d partnership.Asked) AuditLine {
	return AuditLine{ID: d.ID, At: d.At, DecidedAt: d.At, Who: d.Who, Door: partnership.Door(d.Who), Deed: d.Deed.Deed, Subject: d.Subject, Reason: d.Reason, Outcome: "taken"}
}
