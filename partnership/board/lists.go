package board

import (
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
)

// Lines of the lists that programs page through. Where one is looked at whole it has a document of its own.

// Person is a creator as the lists show one: no address, no mail, no name but the handle, which is personal data.
type Person struct {
	ID             partnership.CreatorID `json:"id"`
	Platform       string                `json:"platform"`
	Handle         string                `json:"handle"`
	Followers      int64                 `json:"followers"`
	EngagementRate float64               `json:"engagement_rate"`
	Niche          string                `json:"niche"`
	Country        string                `json:"country"`
	Language       string                `json:"language"`
	Partnerships   int64                 `json:"partnerships"` // in all campaigns
	Since          time.Time             `json:"since"`
}

// PersonWhole is a creator with their record and what they were or are in.
type PersonWhole struct {
	Person
	Reliability Reliability       `json:"reliability"`
	Stories     []PartnershipLine `json:"stories"`
}

// PartnershipLine is a partnership in a list.
type PartnershipLine struct {
	ID         partnership.PartnershipID `json:"id"`
	CampaignID partnership.CampaignID    `json:"campaign_id"`
	Platform   string                    `json:"platform"`
	Creator    string                    `json:"creator"` // handle
	Stage      partnership.Stage         `json:"stage"`
	WaitingFor string                    `json:"waiting_for"`
	Outcome    partnership.Outcome       `json:"outcome"`
	Attention  string                    `json:"attention,omitempty"`
	Deadline   *time.Time                `json:"deadline"`
	Paused     bool                      `json:"paused"`
	UpdatedAt  time.Time                 `json:"updated_at"`
}

// NeverDue is the end of all days, as the lists' query has it.
var NeverDue = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)

// Due is when something of a partnership is due: NeverDue where nothing is awaited, or it is over.
func Due(deadline *time.Time, outcome partnership.Outcome) time.Time {
	if deadline == nil || outcome != "" {
		return NeverDue
	}
	return *deadline
}

// Order is a sale as a program counts it.
type Order struct {
	Program       string                    `json:"program"`
	OrderID       string                    `json:"order_id"`
	PartnershipID partnership.PartnershipID `json:"partnership_id"` // "" nobody's
	Why           ledger.Why                `json:"why"`
	OccurredAt    time.Time                 `json:"occurred_at"`
	Currency      string                    `json:"currency"`
	BoughtMinor   int64                     `json:"bought_minor"`
	BackMinor     int64                     `json:"back_minor"` // refunded, cancelled or charged back
}

// StandingBy is somebody of a campaign's list who was not invited.
type StandingBy struct {
	CreatorID      partnership.CreatorID `json:"creator_id"`
	Platform       string                `json:"platform"`
	Handle         string                `json:"handle"`
	Followers      int64                 `json:"followers"`
	EngagementRate float64               `json:"engagement_rate"`
	Niche          string                `json:"niche"`
	Rank           int                   `json:"rank"` // 0: no place in line
	Standby        bool                  `json:"standby"`
	Vetoed         bool                  `json:"vetoed"` // somebody left them out
}
