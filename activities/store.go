package activities

import (
	"context"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/report"
	"github.com/rapport-dev/rapport/partnership/roster"
)

// Effects is the effect ledger: one row for each act outside, intent before call, receipt after.
type Effects interface {
	// BeginEffect writes the intent, or counts one more attempt on the row that is there, and returns the row.
	// It refuses nothing: the caller looks at State.
	BeginEffect(ctx context.Context, key partnership.EffectKey, kind string) (partnership.Effect, error)
	// Effect reads a row; *partnership.Error NotFound when that act was never begun.
	Effect(ctx context.Context, key partnership.EffectKey) (partnership.Effect, error)
	// NoteProgress keeps the first half of a two-step act.
	NoteProgress(ctx context.Context, key partnership.EffectKey, progress any) error
	ConfirmEffect(ctx context.Context, key partnership.EffectKey, receipt any) error
	// RevertEffect puts an intent back to "certainly not done", so that the next attempt sends without looking up.
	RevertEffect(ctx context.Context, key partnership.EffectKey, note string) error
	// RestartEffect begins an act anew that was looked for and not found; Conflict when somebody else has, who saw the same.
	RestartEffect(ctx context.Context, key partnership.EffectKey, seen time.Time) (partnership.Effect, error)
	// ParkEffect says that nobody but a person can tell whether it was done.
	ParkEffect(ctx context.Context, key partnership.EffectKey, note string) error
	FailEffect(ctx context.Context, key partnership.EffectKey, note string) error
	// PlaceMessage decides, once, where a message stands that is about to be posted, and keeps it with the question that it asks. first is what
	// has to be posted before it, nil nothing.
	PlaceMessage(ctx context.Context, m partnership.Message) (placed partnership.Message, first *partnership.Message, err error)
}

// Store is what activities keep and read. Every write may be repeated.
type Store interface {
	Effects
	Watching
	Sales
	Payees

	// Time is the database's clock: whatever is judged by its age or as due is judged by it, on every worker.
	Time(ctx context.Context) (time.Time, error)

	// Campaigns.
	Campaign(ctx context.Context, id partnership.CampaignID) (partnership.Campaign, error)
	CampaignCreators(ctx context.Context, id partnership.CampaignID) ([]partnership.Creator, error)
	// ListCreator puts a creator on the campaign's list, who may have been taken off it, and returns them. *partnership.Error NotFound for
	// who was erased.
	ListCreator(ctx context.Context, id partnership.CampaignID, who partnership.CreatorID) (partnership.Creator, error)
	// LeaveOutCreator takes a creator off the list, or puts them back on it: listed is false for who never was on it, and entry is nil for
	// who has no place in line.
	LeaveOutCreator(ctx context.Context, id partnership.CampaignID, who partnership.CreatorID, back bool) (listed bool, entry *partnership.RosterEntry, err error)
	SaveRoster(ctx context.Context, id partnership.CampaignID, roster []partnership.RosterEntry) error
	// ReserveBudget makes the partnership's row and commits amountMinor of the campaign's budget to it (replacing what it had).
	// *partnership.Error Conflict when the budget left does not cover it.
	ReserveBudget(ctx context.Context, id partnership.CampaignID, e partnership.RosterEntry, terms partnership.Terms, amountMinor int64) error
	// PassBudget is ReserveBudget that takes what it lacks from what from has reserved and not used ("" is nobody), in one step:
	// only when it is needed and suffices, else nothing changes.
	PassBudget(ctx context.Context, id partnership.CampaignID, from partnership.PartnershipID, e partnership.RosterEntry, terms partnership.Terms, amountMinor int64) error
	// Unreserve gives back the reservations of those who were never invited; their rows stay.
	Unreserve(ctx context.Context, id partnership.CampaignID, who []partnership.PartnershipID) error
	// Uninvitable are those of the creators who were erased or opted out.
	Uninvitable(ctx context.Context, who []partnership.CreatorID) ([]partnership.CreatorID, error)
	// ReleaseBudget gives back what a partnership has reserved and not used, while its creator may still come back.
	ReleaseBudget(ctx context.Context, id partnership.PartnershipID) error
	// ApplyAmendment makes a kept version the campaign's file and returns it; repeated, it changes nothing.
	ApplyAmendment(ctx context.Context, id partnership.CampaignID, version int) (partnership.Campaign, error)
	// Retargets says whether a version, or one that was skipped for it, changes whom the campaign invites.
	Retargets(ctx context.Context, id partnership.CampaignID, version int) (bool, error)
	// AmendmentSummary is a version's preview in words.
	AmendmentSummary(ctx context.Context, id partnership.CampaignID, version int) (string, error)
	SetCampaignState(ctx context.Context, id partnership.CampaignID, state partnership.CampaignState, reason string) error
	CampaignTotals(ctx context.Context, id partnership.CampaignID) (partnership.CampaignTotals, error)
	CampaignReport(ctx context.Context, id partnership.CampaignID) (report.Document, error)

	// Partnerships.
	View(ctx context.Context, id partnership.PartnershipID) (partnership.PartnershipView, error)
	// GhostRisk is how likely the creator is to have gone quiet for good, 0 to 1, and why; no parts when nothing is asked of them.
	GhostRisk(ctx context.Context, id partnership.PartnershipID) (score float64, parts []roster.RiskPart, err error)
	// StandbysLeft is how many of a campaign's creators nobody has invited yet and may be.
	StandbysLeft(ctx context.Context, id partnership.CampaignID) (int, error)
	// SaveProjection writes the board's row. One that ends a partnership early gives back what it had reserved and not used.
	SaveProjection(ctx context.Context, pr partnership.Projection) error
	AddEvent(ctx context.Context, id partnership.PartnershipID, key string, e partnership.TimelineEvent) error
	// OpenTask keeps the task (its ID is made from partnership and name when empty) and returns the link that its mail carries.
	OpenTask(ctx context.Context, t partnership.Task) (link string, err error)
	// OptOutURL and ReplyAddress are where a creator says no more, and where their replies go.
	OptOutURL(id partnership.CreatorID) string
	ReplyAddress(id partnership.PartnershipID) string // "" when no inbound domain is configured
	Submission(ctx context.Context, id string) (partnership.Submission, error)
	// Drafts are all versions of a partnership's drafts, oldest first.
	Drafts(ctx context.Context, id partnership.PartnershipID) ([]partnership.Draft, error)
	SaveContract(ctx context.Context, c partnership.Contract) error
	// EnsureKit returns the partnership's kit, making its link code, discount code and UTM the first time.
	EnsureKit(ctx context.Context, id partnership.PartnershipID) (partnership.TrackingKit, error)
	SaveKit(ctx context.Context, k partnership.TrackingKit, evidence any) error
	SaveDelivery(ctx context.Context, d partnership.Delivery) error
	SavePost(ctx context.Context, id partnership.PartnershipID, submissionID, deliverable string, disclosed bool, why string) error
	MailStatus(ctx context.Context, key partnership.EffectKey) (partnership.MailStatus, error)
	SavePayoutAccount(ctx context.Context, id partnership.CreatorID, a partnership.PayoutAccount) error
	// MayChase says whether this mail about what somebody lacks may go out: none did for three campaign days.
	MayChase(ctx context.Context, id partnership.CreatorID, key partnership.EffectKey) (bool, error)
	// NotePayoutAccount keeps what a rail says of an account, and returns whose it is.
	NotePayoutAccount(ctx context.Context, a partnership.PayoutAccount) ([]partnership.CreatorID, error)
	// Receiver is whom an account of our own making stands for; *partnership.Error NotFound when that is not known any more.
	Receiver(ctx context.Context, rail, account string) (partnership.Receiver, error)

	// Suppressed says whether an address must not be written to.
	Suppressed(ctx context.Context, email string) (bool, error)
	// Notice is what somebody is told beside the course of a campaign; its Address is empty once NoticeDone was said.
	Notice(ctx context.Context, id string) (partnership.Notice, error)
	NoticeDone(ctx context.Context, id string) error

	// Money.
	EarnFee(ctx context.Context, id partnership.PartnershipID, deliverable string, amountMinor int64, at time.Time) error
	Performance(ctx context.Context, id partnership.PartnershipID) (partnership.Results, error)

	// Payouts.
	OpenPayoutRun(ctx context.Context, program, period, preparedBy string, now time.Time) (partnership.PayoutRun, error)
	SetPayoutRunState(ctx context.Context, runID string, state partnership.PayoutRunState) error
	StatementCreators(ctx context.Context, runID string) ([]partnership.CreatorID, error)
	Statement(ctx context.Context, runID string, id partnership.CreatorID) (partnership.Statement, error)
	// StatementTold keeps what a statement told, so that a further run of the month tells only what changed.
	StatementTold(ctx context.Context, runID string, st partnership.Statement) error
	// VerifyLedger says in plain lines what in the books disagrees; none means that all agree.
	VerifyLedger(ctx context.Context) ([]string, error)
	// SealBooks puts what was signed since the last seal into the chain over the books.
	SealBooks(ctx context.Context) error
	// KnownUntil is each provider of a program and since when its list is to be read for what the books do not know; none when nothing
	// was ever earned.
	KnownUntil(ctx context.Context, program string) ([]partnership.KnownUntil, error)
	// KnownTransfers is KnownUntil of all programs, and since the oldest transfer that may still come back.
	KnownTransfers(ctx context.Context) ([]partnership.KnownUntil, error)
	// NoteDifferences keeps which transfers of the list, which is the provider's since an instant, the books do not explain, and returns all that
	// are open.
	NoteDifferences(ctx context.Context, provider string, since time.Time, list []partnership.Transfer) ([]partnership.Difference, error)
	// PlanPayouts inserts the run's payouts and claims their rows in one transaction; repeated, it returns the same plan.
	PlanPayouts(ctx context.Context, runID string, now time.Time) (partnership.PayoutPlan, error)
	// RecordDeed writes a decision's line into the audit, once. *partnership.Error Conflict when it was made too long ago, or has counted in
	// another run of a workflow before.
	RecordDeed(ctx context.Context, d partnership.Deed, run string) error
	// CorrectDeed writes that a decision which counts in that run was refused by its workflow after all.
	CorrectDeed(ctx context.Context, d partnership.Deed, run, why string) error
	// ApprovePayoutRun records an approval bound to hash together with its line in the audit; *partnership.Error Conflict when the lines have
	// changed, Forbidden when the approver, under any of their names, prepared or approved the run.
	ApprovePayoutRun(ctx context.Context, runID, hash string, d partnership.Deed, run string, names []string) (approvals int, err error)
	// RejectPayoutRun ends a run that was not approved: it releases every claimed row and writes the decision's line, in one
	// transaction; *partnership.Error Conflict when the run is approved.
	RejectPayoutRun(ctx context.Context, runID string, d partnership.Deed, run string) error
	// VoidPayoutPlan is RejectPayoutRun for a decision whose line is written already.
	VoidPayoutPlan(ctx context.Context, runID, reason string) error
	// BeginTransfer re-checks hash and approval, fixes the time of the first post and says whether it may have been sent before. The
	// payout comes as it stands when it refuses, too.
	BeginTransfer(ctx context.Context, id partnership.PayoutID) (partnership.Posting, error)
	PostFound(ctx context.Context, id partnership.PayoutID) (partnership.Payout, error)
	// CheckSentBack refuses to look at a payout of a run whose rest was sent back, in books that do not know that any more.
	CheckSentBack(ctx context.Context, id partnership.PayoutID) error
	// UnpostTransfer makes a payout planned again of whose first post nothing was made, unless it was posted once more since postedAt.
	// keyUsed says that the provider keeps its refusal under the key: the next post goes under the next one.
	UnpostTransfer(ctx context.Context, id partnership.PayoutID, postedAt time.Time, keyUsed bool) error
	// NoteOrdered keeps what the rail calls an order that it has taken and not paid yet, once.
	NoteOrdered(ctx context.Context, id partnership.PayoutID, ref string) error
	ConfirmTransfer(ctx context.Context, id partnership.PayoutID, t partnership.Transfer) error
	// FailTransfer releases the rows of a payout that certainly was not paid.
	FailTransfer(ctx context.Context, id partnership.PayoutID, reason string) error
	Payout(ctx context.Context, id partnership.PayoutID) (partnership.Payout, error)
	ParkTransfer(ctx context.Context, id partnership.PayoutID, reason string) error
	// ReverseTransfer books money that came back; reversedMinor is all that has so far, so a repeated call changes nothing.
	ReverseTransfer(ctx context.Context, id partnership.PayoutID, transferID string, reversedMinor int64) error
	PayoutsOfRun(ctx context.Context, runID string) ([]partnership.Payout, error)
	// PayoutRun is a run with what became of its payouts, WhyFailed why those failed that did.
	PayoutRun(ctx context.Context, runID string) (partnership.PayoutRun, error)
	WhyFailed(ctx context.Context, runID string) ([]partnership.FailedFor, error)
	// UnsentMinor is what of a run still has to be sent by a rail, in minor units.
	UnsentMinor(ctx context.Context, runID, rail, currency string) (int64, error)
	// SetRunWaits says for every door what a run waits for; "" when it goes on.
	SetRunWaits(ctx context.Context, runID, why string) error
	// The batches of a run: whom one has not settled yet, all of one, and who gets a statement in one.
	BatchPayouts(ctx context.Context, runID string, batch int) ([]partnership.PayoutID, error)
	PayoutsOfBatch(ctx context.Context, runID string, batch int) ([]partnership.Payout, error)
	DrawStatements(ctx context.Context, runID string) (batches int, err error)
	StatementBatch(ctx context.Context, runID string, batch int) ([]partnership.CreatorID, error)
	// CheckRun refuses to go on with a run of which the books know less than it does. It holds all lines of an approved run against the hash
	// that its approvals are bound to.
	CheckRun(ctx context.Context, runID string, known partnership.RunKnown) error
	// RejectRest sends back what was not sent yet of a run that waits for its provider, with the decision's line.
	RejectRest(ctx context.Context, runID string, d partnership.Deed, run string) error
	// RejectRestAgain is RejectRest in books that have gone back to before it; in others it changes nothing.
	RejectRestAgain(ctx context.Context, runID string, d partnership.Deed) error
	// SettledTransfers are those of the transfers that a person has settled as differences.
	SettledTransfers(ctx context.Context, provider string, ids []string) ([]string, error)
}
