package activities

import (
	"time"

	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/roster"
)

// One struct in, one struct out. They are stored in histories: fields are only ever added, and none holds personal data.

// CampaignRef names a campaign.
type CampaignRef struct{ CampaignID p.CampaignID }

// CampaignPlan is what the Campaign workflow needs to know of its file.
type CampaignPlan struct {
	Target   int
	Zone     string
	Schedule p.Schedule
	Limits   p.NegotiationLimits
	Roster   []p.RosterEntry
}

// Wave asks to reserve the budget for invitations, or to give it back.
type Wave struct {
	CampaignID p.CampaignID
	Entries    []p.RosterEntry
	GivenUp    p.PartnershipID // whose reservation may go to them when the budget covers nothing more; "" nobody's
}

// PartnershipRef names a partnership.
type PartnershipRef struct{ PartnershipID p.PartnershipID }

// Invitation is a reserved slot with the terms to be offered.
type Invitation struct {
	Entry p.RosterEntry
	Terms p.Terms
}

// Reserved is what the budget allowed. OverBudget says why the rest was not, "" when all were. Invitations and Gone together are
// the wave's first entries, up to the one that the budget did not cover.
type Reserved struct {
	Invitations []Invitation
	OverBudget  string
	Gone        []p.PartnershipID `json:",omitempty"` // whom nobody can invite any more: erased or opted out
}

// Reservation asks for the budget of changed terms.
type Reservation struct {
	CampaignID p.CampaignID
	Entry      p.RosterEntry
	Terms      p.Terms
}

// Granted says whether the budget covers it.
type Granted struct{ OK bool }

// CampaignNews is a message of the campaign to the team.
type CampaignNews struct {
	CampaignID p.CampaignID
	Kind       string // see newsHeadline
	Seq        int
	Attention  string
	Version    int // of the file, with campaign_amended: its summary is told
}

// AmendmentRef names a version of a campaign's file, and says what of the campaign's slots is taken.
type AmendmentRef struct {
	CampaignID p.CampaignID
	Version    int
	Taken      roster.Taken
}

// AmendmentPlan is what a changed file means for the campaign and for each tier.
type AmendmentPlan struct {
	Target   int
	Schedule p.Schedule
	Limits   p.NegotiationLimits
	Offers   map[p.Tier]p.Terms
	Reranked bool            // it changes whom the campaign invites: Roster replaces those who wait
	Roster   []p.RosterEntry // never those who were invited
}

// CampaignEnd is a campaign's state, its end for one.
type CampaignEnd struct {
	CampaignID    p.CampaignID
	State, Reason string
}

// Letter is a mail to a creator about a partnership.
type Letter struct {
	PartnershipID p.PartnershipID
	Stage         p.Stage
	Kind          string // the template
	Task          string
	Step          string
	Due           time.Time
	Note          string   // a submission that the mail quotes (feedback), "" none
	Words         []string // which dates moved, a line each
	Cause         string   // why they moved
}

// Request is a letter that asks for something: it opens a task and carries its link.
type Request struct {
	Letter Letter
	Task   p.TaskKind
}

// Sent is what became of a letter. Risk is the ghost risk after a reminder, 0 to 1.
type Sent struct {
	OptedOut bool
	Risk     float64
}

// RefusedStep tells a manager what a vendor refused.
type RefusedStep struct {
	PartnershipID p.PartnershipID
	Stage         p.Stage
	Step, Why     string
	Seq           int
}

// QuietCard asks a manager what to do about a silence.
type QuietCard struct {
	PartnershipID p.PartnershipID
	Stage         p.Stage
	Task, Step    string
	What          string
	Due           time.Time
	LastActive    time.Time
}

// QuietAsked is the card about a silence, and the ghost risk at that time, 0 to 1.
type QuietAsked struct {
	Card p.MessageRef
	Risk float64
}

// ScheduleNews tells a manager which dates of a partnership moved, and why.
type ScheduleNews struct {
	PartnershipID p.PartnershipID
	Cause, Owner  string
	Words         []string
	BufferLeft    float64
	Seq           int
	UpdateOnly    bool // a message that is there is kept up to date, none is posted: the campaign has told of the change itself
}

// CounterCard shows a counter-offer to a manager.
type CounterCard struct {
	PartnershipID            p.PartnershipID
	Round                    int
	Currency                 string
	OfferedMinor, AskedMinor int64
	Why                      string
	SubmissionID             string
	Tier                     p.Tier
}

// Contract is a version of the agreement.
type Contract struct {
	PartnershipID p.PartnershipID
	Version       int
	Terms         p.Terms
	Due           time.Time
	EnvelopeID    string
}

// Tracking is about a partnership's kit.
type Tracking struct{ PartnershipID p.PartnershipID }

// Verified is the go-live gate's record.
type Verified struct {
	At     time.Time
	Detail string
}

// Gift is what is to be ordered and shipped.
type Gift struct {
	PartnershipID p.PartnershipID
	Gift          p.Gift
	Currency      string
}

// Parcel is a shipment to look at.
type Parcel struct {
	PartnershipID p.PartnershipID
	ShipmentID    string
}

// ReviewCard shows a draft to a manager. Decided is set when the card is closed.
type ReviewCard struct {
	PartnershipID p.PartnershipID
	Task          string
	SubmissionID  string
	Due           time.Time
	Decided       string
}

// Post is content that went live, and the part of the fee that it earns.
type Post struct {
	PartnershipID p.PartnershipID
	SubmissionID  string
	Deliverable   string
	FeeMinor      int64
}

// LivePost is what the check of a post found.
type LivePost struct {
	Disclosed bool
	Why       string
}

// Payable says whether a creator can be paid already.
type Payable struct{ Ready bool }

// HandedOver is what a partnership brought, in words.
type HandedOver struct{ Summary, Renewal string }

// Undo takes something back.
type Undo struct {
	PartnershipID p.PartnershipID
	Reason        string
	Version       int // of the contract
}

// Undone says in words what was taken back.
type Undone struct{ Detail string }

// OpenRun opens a payout run.
type OpenRun struct{ Program, Period, PreparedBy string }

// RunRef names a payout run.
type RunRef struct{ RunID string }

// StatementFor is one creator's statement.
type StatementFor struct {
	RunID, Program, Period string
	CreatorID              p.CreatorID
}

// Funds is what a run needs.
type Funds struct {
	RunID       string
	AmountMinor int64
	Currency    string
}

// ApprovalCard shows a run to finance.
type ApprovalCard struct {
	RunID, Program, Period string
	Plan                   p.PayoutPlan
}

// Approval is bound to the hash of every line. Also are the approver's other names.
type Approval struct {
	RunID, By, Hash string
	Also            []string `json:",omitempty"`
}

// Rejection sends a run back.
type Rejection struct{ RunID, By, Reason string }

// RunDone is how a run ended.
type RunDone struct {
	RunID, Program, Period string
	State                  p.PayoutRunState
	Paid                   int
	Plan                   p.PayoutPlan
}

// PayoutRef names a payout.
type PayoutRef struct{ PayoutID p.PayoutID }

// Refused is a transfer that certainly was not made.
type Refused struct {
	PayoutID p.PayoutID
	Why      string
}

// LookUp asks the provider's list about a transfer. Resolved is a person's word: "", paid or release. Asked counts how often a
// person was asked before.
type LookUp struct {
	PayoutID p.PayoutID
	Resolved string
	Asked    int
}
