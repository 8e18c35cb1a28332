package partnership

import (
	"strings"
	"time"
)

// StuckKind says in which way a workflow does not go on by itself.
type StuckKind string

// The kinds of Stuck. The first four have ended as no story ends; the last two are open and stand.
const (
	StuckFailed      StuckKind = "failed"
	StuckTerminated  StuckKind = "terminated"
	StuckTimedOut    StuckKind = "timed_out"
	StuckCanceled    StuckKind = "canceled"     // by an operator; a partnership hears that and ends by itself
	StuckTaskFailing StuckKind = "task_failing" // its task is tried again and again: the code decides otherwise, or a payload cannot be read
	StuckNoProgress  StuckKind = "no_progress"  // its task waits and no worker takes it
)

// StuckKinds are all kinds.
func StuckKinds() []StuckKind {
	return []StuckKind{StuckFailed, StuckTerminated, StuckTimedOut, StuckCanceled, StuckTaskFailing, StuckNoProgress}
}

// Words say what a kind means.
func (k StuckKind) Words() string {
	switch k {
	case StuckFailed:
		return "its workflow failed"
	case StuckTerminated:
		return "its workflow was terminated"
	case StuckTimedOut:
		return "its workflow timed out"
	case StuckCanceled:
		return "its workflow was cancelled from outside"
	case StuckTaskFailing:
		return "its workflow's task fails again and again"
	default:
		return "no worker takes its workflow's task"
	}
}

// Stuck is a workflow that does not go on by itself.
type Stuck struct {
	WorkflowID   string
	RunID        string
	WorkflowType string
	Kind         StuckKind
	Since        time.Time
	Why          string // the last words of the failure; no personal data
}

// Finding is a Stuck as it is kept: told to a person once, and standing until it is over.
type Finding struct {
	Stuck
	ID         int64
	CampaignID CampaignID // of a campaign's or a partnership's workflow
	ToldAt     time.Time  // zero until a person was told
	SettledAt  time.Time  // zero while it stands
	Settled    string     // how it ended
}

// FailingStep is a step that has been tried for long and does not succeed.
type FailingStep struct {
	WorkflowID string
	RunID      string
	ActivityID string
	Activity   string // the activity's type
	Since      time.Time
	LastAt     time.Time
	Attempts   int
	Vendor     string // who is called; "" nobody outside
	Why        string // the error's class: retry, ambiguous, unknown_effect, ...
}

// Words say which step fails, since when and why: "ask creator has failed since 3 Dec 14:05 UTC (sendgrid: retry, 23 attempts)".
func (s FailingStep) Words() string {
	why := s.Why
	switch {
	case s.Why == "unknown_effect":
		why = "a person has to say whether it was done: rapport effects list"
	case s.Vendor != "":
		why = s.Vendor + ": " + s.Why
	}
	return spaced(s.Activity) + " has not succeeded since " + s.Since.UTC().Format("2 Jan 15:04 UTC") + " (" + why + ")"
}

// spaced makes "AskCreator" "ask creator".
func spaced(name string) string {
	var b strings.Builder
	for i, r := range name {
		if upper := r >= 'A' && r <= 'Z'; upper && i > 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return strings.ToLower(b.String())
}

// The ids of the workflows of campaigns and partnerships begin with these.
const (
	campaignPrefix    = "campaign/"
	partnershipPrefix = "partnership/"
)

// WorkflowOfCampaign is the id of a campaign's workflow.
func WorkflowOfCampaign(id CampaignID) string { return campaignPrefix + string(id) }

// WorkflowOfPartnership is the id of a partnership's workflow.
func WorkflowOfPartnership(id PartnershipID) string { return partnershipPrefix + string(id) }

// CampaignOfWorkflow is whose workflow that is, "" when it is no campaign's.
func CampaignOfWorkflow(workflowID string) CampaignID {
	if id, ok := strings.CutPrefix(workflowID, campaignPrefix); ok {
		return CampaignID(id)
	}
	return ""
}

// PartnershipOfWorkflow is whose workflow that is, "" when it is no partnership's.
func PartnershipOfWorkflow(workflowID string) PartnershipID {
	if id, ok := strings.CutPrefix(workflowID, partnershipPrefix); ok {
		return PartnershipID(id)
	}
	return ""
}
