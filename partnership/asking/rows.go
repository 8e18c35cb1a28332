package asking

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/money"
)

// The questions that stand in rows of their own, in words.

// asked is a decision with what all have.
func asked(kind partnership.QuestionKind, about, who, question string, since time.Time, parts ...string) Decision {
	return Decision{
		ID: kind.ID(parts...), Kind: kind, About: about, Question: question, Who: who, Since: since, Facts: []Fact{}, Choices: []Option{}, State: partnership.QuestionOpen,
		Value: partnership.ActionValue(parts...),
	}
}

const (
	managers = "manager"
	finance  = "finance"
)

// LookAsked is a partnership whose workflow asks that somebody looks.
func LookAsked(id partnership.PartnershipID, of partnership.CampaignID, campaign, creator, attention string, since time.Time) Decision {
	d := asked(partnership.AsksLook, string(id), managers, "@"+creator+": "+attention, since, string(id))
	d.CampaignID, d.Campaign, d.PartnershipID, d.Creator = of, campaign, id, creator
	d.SilenceMeans = "It stays on the board until what is the matter has ended."
	return d
}

// MendAsked is a workflow that does not go on by itself.
func MendAsked(f partnership.Finding) Decision {
	d := asked(partnership.AsksMend, f.WorkflowID, managers, "Mend what stands still: "+f.Kind.Words(), f.Since, f.WorkflowID)
	d.CampaignID, d.PartnershipID, d.Card = f.CampaignID, partnership.PartnershipOfWorkflow(f.WorkflowID), StuckCard(f)
	d.Facts, d.SilenceMeans = []Fact{{Label: "Why", Value: f.Why}}, "It stands. rapport workflows mend lets it go on, or ends it."
	if !f.SettledAt.IsZero() {
		d.State, d.DecidedAt, d.Outcome = partnership.QuestionOver, &f.SettledAt, strings.ToUpper(f.Settled[:min(1, len(f.Settled))])+f.Settled[min(1, len(f.Settled)):]+"."
	}
	return d
}

// StuckCard is the key of the card about a workflow that stands: one for each time that it does.
func StuckCard(f partnership.Finding) partnership.EffectKey {
	return partnership.EffectKey(fmt.Sprintf("workflow/%s/stuck/%d/%d", f.WorkflowID, f.ID, f.Since.Unix()))
}

// EffectAsked is an act outside of which nobody knows whether it was done.
func EffectAsked(e partnership.Effect) Decision {
	d := asked(partnership.AsksEffect, string(e.Key), managers, "Find out whether this was done: "+e.Kind, e.FirstAt, string(e.Key))
	d.PartnershipID = e.Key.PartnershipOf()
	d.Card = UnknownCard(e.Key, e.FirstAt)
	d.Facts = []Fact{{Label: "Key", Value: string(e.Key)}, {"Sent", e.FirstAt.UTC().Format("2 Jan 15:04 UTC"), e.FirstAt}}
	d.Said = "Rapport sent it and got no answer. Look for the key at the vendor, then say what you found: until then it is not sent again."
	d.SilenceMeans = "It is not sent again, and what needs it waits."
	d.Choices = []Option{
		{ID: partnership.ChoiceSent, Label: "It went out", Consequence: "The step counts as done and the story goes on.", Style: "primary"},
		{ID: partnership.ChoiceNotSent, Label: "It did not: send it", Consequence: "It is sent again, once."},
	}
	switch e.State {
	case partnership.EffectUnknown:
		return d
	case partnership.EffectConfirmed:
		d.Outcome = "It is done."
	case partnership.EffectFailed:
		d.Outcome = "It was certainly not done."
	default:
		d.Outcome = "It is tried again."
	}
	d.State = partnership.QuestionOver
	return d
}

// UnknownCard is the key of the card about an act of unknown end: a card for each doubt.
func UnknownCard(key partnership.EffectKey, since time.Time) partnership.EffectKey {
	return key + partnership.EffectKey(fmt.Sprintf("/unknown/%d", since.Unix()))
}

// PayoutAsked is a payout of which nobody knows whether it was paid.
func PayoutAsked(po partnership.Payout, creator string, since time.Time) Decision {
	d := asked(partnership.AsksPayout, string(po.ID), finance, "Find out whether this payout was paid: "+money.Display(po.AmountMinor, po.Currency)+" to @"+creator, since, string(po.ID))
	d.Creator = creator
	d.Facts = []Fact{{Label: "Payout", Value: string(po.ID)}, {Label: "Rail", Value: po.Provider}, {Label: "Run", Value: po.RunID}}
	d.SilenceMeans = "It waits: nothing of it is sent again, and the run pays the others."
	d.Choices = []Option{
		{ID: partnership.ChoicePaid, Label: "It was paid", Consequence: "It is booked as paid.", Words: "the transfer's id at the provider"},
		{ID: partnership.ChoiceRelease, Label: "It is not there", Consequence: "What it claimed is free again and is in the next run.", Style: "danger", Confirm: "Sure that the provider has no such transfer? It may be sent again."},
	}
	if po.State != partnership.PayoutUnknown {
		d.State, d.Outcome = partnership.QuestionOver, "The payout is "+string(po.State)+"."
	}
	return d
}

// RunAsked is a payout run that is planned. What is approved is its lines as they hash; need is how many have to approve it, carried how many
// creators it passes over.
func RunAsked(run partnership.PayoutRun, plan partnership.PayoutPlan, since time.Time) Decision {
	total := money.Display(run.TotalMinor, run.Currency)
	d := asked(partnership.AsksRun, run.ID, finance, fmt.Sprintf("Approve the payout run: %s to %s, %s for %s", total, plural(run.Payees, "creator"), run.Program, run.Period), since, run.Program, run.Period, run.LinesHash)
	d.fact("Total", total).fact("Payouts", fmt.Sprint(run.Payees)).fact("Carried over", fmt.Sprint(plan.Carried)).fact("Approvals", fmt.Sprintf("%d of %d", len(run.Approvals), plan.NeedApprovers)).
		fact("Prepared by", run.PreparedBy).fact("Hash of every line", short(run.LinesHash))
	for _, of := range plan.Rails {
		d.fact("By "+of.Rail, fmt.Sprintf("%s to %d", money.Display(of.AmountMinor, run.Currency), of.Payees))
	}
	d.SilenceMeans = "Nothing is paid; the run waits."
	d.Choices = []Option{
		{ID: partnership.ChoiceApprove, Label: "Approve", Consequence: total + " is sent once all who have to have approved.", Style: "primary", Confirm: "Send " + total + "?"},
		{ID: partnership.ChoiceReject, Label: "Reject", Consequence: "Every line goes back; the run can be made again.", Words: "why", Style: "danger"},
	}
	if len(run.Approvals) > 0 {
		d.DecidedBy, d.Also, d.Choice = run.Approvals[len(run.Approvals)-1], run.Approvals[:len(run.Approvals)-1], partnership.ChoiceApprove
	}
	if run.State != partnership.RunPlanned {
		d.State, d.Outcome = partnership.QuestionAnswered, "The run "+run.Words()+"."
		d.Going = !slices.Contains([]partnership.PayoutRunState{partnership.RunReconciled, partnership.RunRejected, partnership.RunEmpty}, run.State)
		if run.State == partnership.RunRejected {
			d.DecidedBy, d.Also, d.Choice = "", nil, partnership.ChoiceReject
		}
	}
	return d
}

// short is as much of a hash as people compare.
func short(hash string) string { return hash[:min(16, len(hash))] }

// DifferenceAsked is a transfer that the provider shows and the books do not explain.
func DifferenceAsked(x partnership.Difference) Decision {
	d := asked(partnership.AsksDifference, x.ID, finance, x.Provider+" shows "+money.Display(x.AmountMinor, x.Currency)+" that the books do not explain", x.FoundAt, x.Provider, x.ID)
	d.Creator = x.Creator
	switch {
	case x.Settled != partnership.Unsettled:
		d.State, d.Choice, d.DecidedBy, d.Outcome = partnership.QuestionAnswered, partnership.Choice(x.Settled), x.By, settledAs[x.Settled]
		d.Going = !x.Over() // a double may be settled otherwise until it is reversed
	case x.Over():
		d.State, d.DecidedAt, d.Outcome = partnership.QuestionOver, &x.ClosedAt, "The books explain it now, or it was reversed."
	}
	d.Facts = []Fact{{Label: "Transfer", Value: x.ID}, {Label: "The books say", Value: x.Why}}
	d.SilenceMeans = "Nothing is planned or sent by " + x.Provider + " until it is settled."
	if len(x.Programs) == 1 {
		d.Choices = append(d.Choices, Option{ID: partnership.Choice(partnership.SettleOurs), Label: "Ours: book it", Consequence: "It is booked as paid: the creator's next payout is less by it.", Words: "why"})
	}
	d.Choices = append(d.Choices,
		Option{ID: partnership.Choice(partnership.SettleDouble), Label: "A double: reverse it", Consequence: "It is reversed at the provider before the next run pays anybody.", Words: "why"},
		Option{ID: partnership.Choice(partnership.SettleForeign), Label: "Not ours", Consequence: "It stays out of the books.", Words: "why"})
	return d
}

var settledAs = map[partnership.Settlement]string{
	partnership.SettleOurs: "It is booked as paid.", partnership.SettleDouble: "It is reversed before the next run pays anybody.", partnership.SettleForeign: "It stays out of the books.",
}

// ObjectionAsked is what a creator objects to on their statement.
func ObjectionAsked(o partnership.Objection) Decision {
	d := asked(partnership.AsksObjection, o.ID, finance, "@"+o.Creator+" objects to "+o.Line(), o.At, o.ID)
	d.PartnershipID, d.Creator, d.Said = o.PartnershipID, o.Creator, o.Words
	d.Facts = []Fact{{Label: "Program", Value: o.Program}, {Label: "Row", Value: o.RowID}}
	d.SilenceMeans = "What is held stays held; no timer releases it."
	d.Choices = []Option{{ID: partnership.ChoiceRelease, Label: "The line stands", Consequence: "It goes on where it was.", Words: "what the creator is written"}}
	if o.Came.Holds() {
		d.Choices = append(d.Choices, Option{ID: partnership.ChoiceVoid, Label: "Reject the line", Consequence: "It is never paid.", Words: "what the creator is written"})
	}
	d.Choices = append(d.Choices, Option{ID: partnership.ChoiceAnswer, Label: "Answer only", Consequence: "Nothing changes about the line.", Words: "what the creator is written"})
	if !o.DecidedAt.IsZero() {
		d.State, d.Choice, d.DecidedBy, d.DecidedAt, d.Outcome = partnership.QuestionAnswered, o.Decision, o.By, &o.DecidedAt, "The creator is told."
	}
	return d
}

// HeldAsked is an earning that is held.
func HeldAsked(row board.HeldRow, of partnership.CampaignID, campaign string) Decision {
	d := asked(partnership.AsksHeld, row.ID, finance, "An earning of @"+row.Creator+" is held: "+money.Display(row.AmountMinor, row.Currency), row.Since, row.ID)
	d.CampaignID, d.Campaign, d.PartnershipID, d.Creator = of, campaign, row.PartnershipID, row.Creator
	d.Facts = []Fact{{Label: "Row", Value: row.ID}, {Label: "Why", Value: row.Reason}, {Label: "What", Value: string(row.Kind)}}
	d.SilenceMeans = "It stays held; no timer releases it."
	d.Choices = []Option{
		{ID: partnership.ChoiceRelease, Label: "Release", Consequence: "It goes on where it was.", Words: "why"},
		{ID: partnership.ChoiceVoid, Label: "Reject", Consequence: "It is never paid, and the creator reads why.", Words: "why"},
	}
	return d
}

// MailToAnswer is a creator's mail to which nobody has said anything yet.
func MailToAnswer(message string, id partnership.PartnershipID, of partnership.CampaignID, campaign, creator string, since time.Time) Decision {
	d := asked(partnership.AsksMail, message, managers, "Answer a mail of @"+creator+", or say that it needs none", since, message)
	d.CampaignID, d.Campaign, d.PartnershipID, d.Creator = of, campaign, id, creator
	d.Value = partnership.ActionValue(string(id), message)
	d.SilenceMeans = "The creator hears nothing."
	d.Choices = []Option{
		{ID: partnership.ChoiceAnswer, Label: "Answer…", Consequence: "Your words go out as a mail in their thread.", Words: "what the creator is written", Style: "primary"},
		{ID: partnership.ChoiceNone, Label: "Needs no answer", Consequence: "It waits for nobody any more."},
	}
	return d
}

// HitAsked is a creator whose name is like one on a sanctions list.
func HitAsked(h partnership.NameHit) Decision {
	d := asked(partnership.AsksHit, h.ID, finance, "@"+h.Creator+" has a name like “"+h.Listed+"” on the sanctions list", h.FoundAt, h.ID)
	d.Creator = h.Creator
	d.fact("Entry", h.Source+" "+h.UID).fact("Listed under", h.Program).fact("How like", fmt.Sprintf("%d %%", h.Percent))
	d.SilenceMeans = "Their money waits until somebody has said whether it is they."
	d.Choices = []Option{
		{ID: partnership.ChoiceClear, Label: "Another person", Consequence: "Their money goes with the next run.", Words: "by what you know, such as another birthday", Style: "primary"},
		{ID: partnership.ChoiceConfirm, Label: "It is they", Consequence: "Nothing is paid to them, an approved run's payout too.", Words: "by what you know, such as the same passport", Style: "danger"},
	}
	switch h.State() {
	case "cleared":
		d.State, d.Choice, d.DecidedBy, d.Outcome = partnership.QuestionAnswered, partnership.ChoiceClear, h.By, "Their money goes with the next run."
	case "confirmed":
		d.State, d.Choice, d.DecidedBy, d.Outcome = partnership.QuestionAnswered, partnership.ChoiceConfirm, h.By, "Nothing is paid to them."
	case "over":
		d.State, d.Outcome = partnership.QuestionOver, "The name is another one now, or the entry is off the list."
	}
	return d
}

// WriteOffAsked is what a creator owes and somebody asks to forgive.
func WriteOffAsked(w partnership.WriteOff) Decision {
	amount := money.Display(w.AmountMinor, w.Currency)
	d := asked(partnership.AsksWriteOff, w.ID, finance, "Forgive @"+w.Creator+" "+amount+"?", w.AskedAt, w.ID)
	d.Creator, d.Said = w.Creator, w.Reason
	d.fact("Program", w.Program).fact("Amount", amount).fact("Asked by", w.AskedBy)
	d.SilenceMeans = "Nothing is forgiven; what is owed is taken off what they earn next."
	d.Choices = []Option{
		{ID: partnership.ChoiceApprove, Label: "Forgive it", Consequence: "It is booked, and netted by the next run. Whoever asked cannot approve it.", Style: "primary"},
		{ID: partnership.ChoiceWithdraw, Label: "Withdraw", Consequence: "Nothing is forgiven."},
	}
	switch w.State() {
	case "approved":
		d.State, d.Choice, d.DecidedBy, d.Outcome = partnership.QuestionAnswered, partnership.ChoiceApprove, w.ApprovedBy, "It is forgiven, and netted by the next run."
	case "withdrawn":
		d.State, d.Choice, d.DecidedBy, d.Outcome = partnership.QuestionAnswered, partnership.ChoiceWithdraw, w.WithdrawnBy, "Nothing is forgiven."
	}
	return d
}

// ActAsked is what an agent has prepared and a person has to let.
func ActAsked(p partnership.Preparation) Decision {
	d := asked(partnership.AsksAct, p.Hash, managers, "An agent asks: "+p.Deed, p.PreparedAt, p.Hash)
	d.fact("Who", p.Who).fact("About", p.Subject)
	d.SilenceMeans, d.DecidedBy = "It is not done.", p.DecidedBy
	if p.DecidedBy != "" {
		d.Choice = partnership.ChoiceApprove
	}
	switch p.State {
	case partnership.PreparedOpen, partnership.PreparedWaiting:
		return d
	case partnership.PreparedLet, partnership.PreparedDoing:
		d.Outcome, d.Going = "It is being done.", true
	case partnership.PreparedDone:
		d.Outcome = "Done."
	case partnership.PreparedRefused:
		d.Outcome = "Not done: refused."
		if p.Status == 0 { // by a person, and not by who does it
			d.Choice = partnership.ChoiceRefuse
		}
	case partnership.PreparedStale:
		d.Outcome = "Not done: what it is about had changed."
	case partnership.PreparedExpired:
		d.State, d.Outcome = partnership.QuestionLapsed, "Not done: nobody decided in time."
		return d
	}
	d.State = partnership.QuestionAnswered
	return d
}
