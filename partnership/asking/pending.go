package asking

import (
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// Pending is a decision that waits for a person of the brand, in a line.
type Pending struct {
	Kind       string                 `json:"kind"` // see partnership.QuestionKind
	ID         string                 `json:"id"`   // of what it is about
	DecisionID string                 `json:"decision_id"`
	CampaignID partnership.CampaignID `json:"campaign_id,omitempty"`
	Creator    string                 `json:"creator,omitempty"` // handle: personal data
	What       string                 `json:"what"`              // one plain sentence
	Since      time.Time              `json:"since"`
}
