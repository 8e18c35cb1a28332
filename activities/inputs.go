package activities

import (
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/roster"
)

// One struct in, one struct out. They are stored in histories: fields are only ever added, and none holds personal data.

// CampaignRef names a campaign.
type CampaignRef struct {
	CampaignID partnership.CampaignID `json:"CampaignID"`
}

// CampaignPlan is what the Campaign workflow needs to know of its file.
type CampaignPlan struct {
	Target   int                           `json:"Target"`
	Zone     string                        `json:"Zone"`
	Schedule partnership.Schedule          `json:"Schedule"`
	Limits   partnership.NegotiationLimits `json:"Limits"`
	Roster   []partnership.RosterEntry     `json:"Roster"`
	Program  string                        `json:"Program,omitempty"` // "" in plans of older builds
}

// Wave asks to reserve the budget for invitations, or to give it back.
type Wave struct {
	CampaignID partnership.CampaignID    `json:"CampaignID"`
	Entries    []partnership.RosterEntry `json:"Entries"`
	GivenUp    partnership.PartnershipID `json:"GivenUp"` // whose reservation may go to them when the budget covers nothing more; "" nobody's
}

// PartnershipRef names a partnership.
type PartnershipRef struct {
	PartnershipID partnership.PartnershipID `json:"PartnershipID"`
}

// Invitation is a reserved slot with the terms to be offered.
type Invitation struct {
	Entry partnership.RosterEntry `json:"Entry"`
	Terms partnership.Terms       `json:"Terms"`
}

// Reserved is what the budget allowed. OverBudget says why the rest was not, "" when all were. Invitations and Gone together are
// the wave's first entries, up to the one that the budget did not cover.
type Reserved struct {
	Invitations []Invitation                `json:"Invitations"`
	OverBudget  string                      `json:"OverBudget"`
	Gone        []partnership.PartnershipID `json:"Gone,omitempty"` // whom nobody can invite any more: erased or opted out
}

// Reservation asks for the budget of changed terms.
type Reservation struct {
	CampaignID partnership.CampaignID  `json:"CampaignID"`
	Entry      partnership.RosterEntry `json:"Entry"`
	Terms      partnership.Terms       `json:"Terms"`
}

// Granted says whether the budget covers it.
type Granted struct {
	OK    bool   `json:"OK"`
	Short string `json:"Short,omitempty"` // what the budget lacks
}

// CampaignNews is a message of the campaign to the team.
type CampaignNews struct {
	CampaignID partnership.CampaignID `json:"CampaignID"`
	Kind       string                 `json:"Kind"` // see newsHeadline
	Seq        int                    `json:"Seq"`
	Attention  string                 `json:"Attention"`
	Version    int                    `json:"Version"` // of the file, with campaign_amended: its summary is told
}

// AmendmentRef names a version of a campaign's file, and says what of the campaign's slots is taken.
type AmendmentRef struct {
	CampaignID partnership.CampaignID `json:"CampaignID"`
	Version    int                    `json:"Version"`
	Taken      roster.Taken           `json:"Taken"`
}

// AmendmentPlan is what a changed file means for the campaign and for each tier.
type AmendmentPlan struct {
	Target   int                                    `json:"Target"`
	Schedule partnership.Schedule                   `json:"Schedule"`
	Limits   partnership.NegotiationLimits          `json:"Limits"`
	Offers   map[partnership.Tier]partnership.Terms `json:"Offers"`
	Reranked bool                                   `json:"Reranked"` // it changes whom the campaign invites: Roster replaces those who wait
	Roster   []partnership.RosterEntry              `json:"Roster"`   // never those who were invited
}

// CampaignEnd is a campaign's state, its end for one.
type CampaignEnd struct {
	CampaignID partnership.CampaignID    `json:"CampaignID"`
	State      partnership.CampaignState `json:"State"`
	Reason     string                    `json:"Reason"`
}

// Letter is a mail to a creator about a partnership.
type Letter struct {
	PartnershipID partnership.PartnershipID `json:"PartnershipID"`
	Stage         partnership.Stage         `json:"Stage"`
	Kind          string                    `json:"Kind"` // the template
	Task          string                    `json:"Task"`
	Step          string                    `json:"Step"`
	Due           time.Time                 `json:"Due"`
	Note          string                    `json:"Note"`  // a submission that the mail quotes (feedback), "" none
	Words         []string                  `json:"Words"` // which dates moved, a line each
	Cause         string                    `json:"Cause"` // why they moved
}

// Request is a letter that asks for something: it opens a task and carries its link.
type Request struct {
	Letter Letter               `json:"Letter"`
	Task   partnership.TaskKind `json:"Task"`
}

// Sent is what became of a letter. Risk is the ghost risk after a reminder, 0 to 1.
type Sent struct {
	OptedOut bool    `json:"OptedOut"`
	Risk     float64 `json:"Risk"`
}

// RefusedStep tells a manager what a vendor refused.
type RefusedStep struct {
	PartnershipID partnership.PartnershipID `json:"PartnershipID"`
	Stage         partnership.Stage         `json:"Stage"`
	Step          string                    `json:"Step"`
	Why           string                    `json:"Why"`
	Seq           int                       `json:"Seq"`
}

// QuietCard asks a manager what to do about a silence.
type QuietCard struct {
	PartnershipID partnership.PartnershipID `json:"PartnershipID"`
	Stage         partnership.Stage         `json:"Stage"`
	Task          string                    `json:"Task"`
	Step          string                    `json:"Step"`
	What          string                    `json:"What"`
	Due           time.Time                 `json:"Due"`
	LastActive    time.Time                 `json:"LastActive"`
}

// QuietAsked is the card about a silence, and the ghost risk at that time, 0 to 1.
type QuietAsked struct {
	Card partnership.MessageRef `json:"Card"`
	Risk float64                `json:"Risk"`
}

// ScheduleNews tells a manager which dates of a partnership moved, and why.
type ScheduleNews struct {
	PartnershipID partnership.PartnershipID `json:"PartnershipID"`
	Cause         string                    `json:"Cause"`
	Owner         string                    `json:"Owner"`
	Words         []string                  `json:"Words"`
	BufferLeft    float64                   `json:"BufferLeft"`
	Seq           int                       `json:"Seq"`
	UpdateOnly    bool                      `json:"UpdateOnly"` // a message that is there is kept up to date, none is posted: the campaign has told of the change itself
}

// CounterCard shows a counter-offer to a manager.
type CounterCard struct {
	PartnershipID partnership.PartnershipID `json:"PartnershipID"`
	Round         int                       `json:"Round"`
	Currency      string                    `json:"Currency"`
	OfferedMinor  int64                     `json:"OfferedMinor"`
	AskedMinor    int64                     `json:"AskedMinor"`
	Why           string                    `json:"Why"`
	SubmissionID  string                    `json:"SubmissionID"`
	Tier          partnership.Tier          `json:"Tier"`
	Due           time.Time                 `json:"Due,omitzero"` // silence refuses it then
}

// Contract is a version of the agreement.
type Contract struct {
	PartnershipID partnership.PartnershipID `json:"PartnershipID"`
	Version       int                       `json:"Version"`
	Terms         partnership.Terms         `json:"Terms"`
	Due           time.Time                 `json:"Due"`
	EnvelopeID    string                    `json:"EnvelopeID"`
}

// Tracking is about a partnership's kit.
type Tracking struct {
	PartnershipID partnership.PartnershipID `json:"PartnershipID"`
}

// Verified is the go-live gate's record.
type Verified struct {
	At     time.Time `json:"At"`
	Detail string    `json:"Detail"`
}

// Gift is what is to be ordered and shipped.
type Gift struct {
	PartnershipID partnership.PartnershipID `json:"PartnershipID"`
	Gift          partnership.Gift          `json:"Gift"`
	Currency      string                    `json:"Currency"`
}

// Parcel is a shipment to look at.
type Parcel struct {
	PartnershipID partnership.PartnershipID `json:"PartnershipID"`
	ShipmentID    string                    `json:"ShipmentID"`
	Carrier       string                    `json:"Carrier,omitempty"` // who ships it; "" in stories from before there were several
}

// ReviewCard shows a draft to a manager. Decided is set when the card is closed.
type ReviewCard struct {
	PartnershipID partnership.PartnershipID `json:"PartnershipID"`
	Task          string                    `json:"Task"`
	SubmissionID  string                    `json:"SubmissionID"`
	Due           time.Time                 `json:"Due"`
	Decided       string                    `json:"Decided"`
}

// Post is content that went live, and the part of the fee that it earns.
type Post struct {
	PartnershipID partnership.PartnershipID `json:"PartnershipID"`
	SubmissionID  string                    `json:"SubmissionID"`
	Deliverable   string                    `json:"Deliverable"`
	FeeMinor      int64                     `json:"FeeMinor"`
}

// LivePost is what the check of a post found.
type LivePost struct {
	Disclosed bool   `json:"Disclosed"`
	Why       string `json:"Why"`
}

// Payable says whether a creator can be paid already.
type Payable struct {
	Ready bool `json:"Ready"`
}

// HandedOver is what a partnership brought, in words.
type HandedOver struct {
	Summary string `json:"Summary"`
	Renewal string `json:"Renewal"`
}

// Undo takes something back.
type Undo struct {
	PartnershipID partnership.PartnershipID `json:"PartnershipID"`
	Reason        string                    `json:"Reason"`
	Version       int                       `json:"Version"`           // of the contract
	Carrier       string                    `json:"Carrier,omitempty"` // of the label
}

// Undone says in words what was taken back.
type Undone struct {
	Detail string `json:"Detail"`
}

// OpenRun opens a payout run.
type OpenRun struct {
	Program    string `json:"Program"`
	Period     string `json:"Period"`
	PreparedBy string `json:"PreparedBy"`
}

// RunRef names a payout run.
type RunRef struct {
	RunID   string `json:"RunID"`
	Program string `json:"Program,omitempty"`
	Period  string `json:"Period,omitempty"`
	Batched bool   `json:"Batched,omitempty"` // of a run that is paid in batches: ids of none are asked for; of reconciling: Batch alone
	Batch   int    `json:"Batch,omitempty"`

	LinesHash string `json:"LinesHash,omitempty"` // of what the run has planned, for the books to know it
	Sending   bool   `json:"Sending,omitempty"`   // it was approved
	Rejected  bool   `json:"Rejected,omitempty"`  // what was not sent of it was sent back
}

// RunPause is what a run waits for before it goes on sending, "" when it goes on.
type RunPause struct {
	RunID string `json:"RunID"`
	Why   string `json:"Why"`
}

// StatementFor is one creator's statement.
type StatementFor struct {
	RunID     string                `json:"RunID"`
	Program   string                `json:"Program"`
	Period    string                `json:"Period"`
	CreatorID partnership.CreatorID `json:"CreatorID"`
	Until     time.Time             `json:"Until,omitzero"` // the end of the run's review time, zero when it has none
}

// Funds is what a run needs.
type Funds struct {
	RunID       string `json:"RunID"`
	AmountMinor int64  `json:"AmountMinor"` // as it was planned; asked for is what of it is unsent
	Currency    string `json:"Currency"`
	Rail        string `json:"Rail,omitempty"` // "" in runs from before there were several
	Program     string `json:"Program,omitempty"`
	Period      string `json:"Period,omitempty"`
	LinesHash   string `json:"LinesHash,omitempty"` // "" in runs that cannot be rejected while they wait for funds
}

// ApprovalCard shows a run to finance.
type ApprovalCard struct {
	RunID   string                 `json:"RunID"`
	Program string                 `json:"Program"`
	Period  string                 `json:"Period"`
	Plan    partnership.PayoutPlan `json:"Plan"`
	Again   string                 `json:"Again,omitempty"` // the run of the workflow that took the plan up from the books, "" where it has made it
}

// Approval is bound to the hash of every line. Also are the approver's other names.
type Approval struct {
	RunID    string    `json:"RunID"`
	By       string    `json:"By"`
	Hash     string    `json:"Hash"`
	Also     []string  `json:"Also,omitempty"`     // of runs from before: names that the message brought; now they are looked up
	Decision *Decision `json:"Decision,omitempty"` // nil of a message that no door made
}

// Rejection sends a run back.
type Rejection struct {
	RunID    string    `json:"RunID"`
	By       string    `json:"By"`
	Reason   string    `json:"Reason"`
	Decision *Decision `json:"Decision,omitempty"` // nil of runs from before, where a step of its own wrote it down
	Rest     bool      `json:"Rest,omitempty"`     // of a run that is approved and waits for its provider: what was not sent yet
	Again    bool      `json:"Again,omitempty"`    // of a rest: the books have gone back to before it
}

// RunEnd is the state that a run ended in.
type RunEnd struct {
	RunID string                     `json:"RunID"`
	State partnership.PayoutRunState `json:"State"`
}

// RunDone is how a run ended.
type RunDone struct {
	RunID   string                     `json:"RunID"`
	Program string                     `json:"Program"`
	Period  string                     `json:"Period"`
	State   partnership.PayoutRunState `json:"State"`
	Paid    int                        `json:"Paid"`
	Plan    partnership.PayoutPlan     `json:"Plan"`
}

// StuckRun is a step of a payout run, or of one payout, that does not get through.
type StuckRun struct {
	RunID    string               `json:"RunID,omitempty"`
	Program  string               `json:"Program,omitempty"`
	Period   string               `json:"Period,omitempty"`
	PayoutID partnership.PayoutID `json:"PayoutID,omitempty"` // of one payout, without the run's names
	Step     string               `json:"Step"`
	Why      string               `json:"Why"`
	Again    bool                 `json:"Again"` // it is tried again by itself
	Since    time.Time            `json:"Since"`
	Lost     bool                 `json:"Lost,omitempty"` // the run has ended: the books have gone back to before it
}

// PayoutRef names a payout.
type PayoutRef struct {
	PayoutID partnership.PayoutID `json:"PayoutID"`
	Rail     string               `json:"Rail,omitempty"`   // "" in payouts from before there were several
	Pauses   bool                 `json:"Pauses,omitempty"` // what all transfers fail of ends the step, for the run to wait for

	Rejected bool `json:"Rejected,omitempty"` // what was not sent of its run was sent back, and the books have to know that
}

// Refused is a transfer that certainly was not made.
type Refused struct {
	PayoutID partnership.PayoutID `json:"PayoutID"`
	Why      string               `json:"Why"`
	Beside   bool                 `json:"Beside,omitempty"` // finance is told by a step of its own; in payouts from before, by the release
}

// LookUp asks the provider's list about a transfer. Resolved is a person's word: "", paid or release. Asked counts how often a
// person was asked before.
type LookUp struct {
	PayoutID partnership.PayoutID `json:"PayoutID"`
	Resolved partnership.Choice   `json:"Resolved"`
	Asked    int                  `json:"Asked"`
	Beside   bool                 `json:"Beside,omitempty"` // finance is asked by a step of its own; in payouts from before, by the look-up
	Sends    bool                 `json:"Sends,omitempty"`  // what was never sent comes back as planned, and whoever asks sends it

	TransferID string `json:"TransferID,omitempty"` // the one that a person says has paid it
}

// Watch asks the watchdog to look; Cursor is where its last look at the open workflows ended.
type Watch struct {
	Cursor []byte `json:"Cursor,omitempty"`
}

// Watched is what a look found: where the next one goes on, and the findings that nobody was told of yet.
type Watched struct {
	Cursor []byte  `json:"Cursor,omitempty"`
	Untold []int64 `json:"Untold,omitempty"`
}

// StuckCards names findings that people are to be told of.
type StuckCards struct {
	Findings []int64 `json:"Findings"`
}
