package asking

import (
	"fmt"
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
	d.CampaignID, d.PartnershipID = f.CampaignID, partnership.PartnershipOfWorkflow(f.WorkflowID)
	d.Facts, d.SilenceMeans = []Fact{{"Why", f.Why}}, "It stands. rapport workflows mend lets it go on, or ends it."
	return d
}

// EffectAsked is an act outside of which nobody knows whether it was done.
func EffectAsked(e partnership.Effect) Decision {
	d := asked(partnership.AsksEffect, string(e.Key), managers, "Find out whether this was done: "+e.Kind, e.FirstAt, string(e.Key))
	d.PartnershipID = e.Key.PartnershipOf()
	d.Card = UnknownCard(e.Key, e.FirstAt)
	d.Facts = []Fact{{"Key", string(e.Key)}, {"Sent", e.FirstAt.UTC().Format("2 Jan 15:04 UTC")}}
	d.Said = fmt.Sprintf("Rapport sent it at %s and got no answer. Look for the key at the vendor, then say what you found: until then it is not sent again.", e.FirstAt.UTC().Format("2 Jan 15:04 UTC"))
	d.SilenceMeans = "It is not sent again, and what needs it waits."
	d.Choices = []Option{
		{ID: partnership.ChoiceSent, Label: "It went out", Consequence: "The step counts as done and the story goes on.", Style: "primary"},
		{ID: partnership.ChoiceNotSent, Label: "It did not: send it", Consequence: "It is sent again, once."},
	}
	if e.State != partnership.EffectUnknown {
		d.State, d.Outcome = partnership.QuestionOver, map[partnership.EffectState]string{
			partnership.EffectConfirmed: "It is done.", partnership.EffectFailed: "It was certainly not done.",
		}[e.State]
		if d.Outcome == "" {
			d.Outcome = "It is tried again."
		}
	}
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
	d.Facts = []Fact{{"Payout", string(po.ID)}, {"Rail", po.Provider}, {"Run", po.RunID}}
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

// RunAsked is a payout run that is planned. What is approved is its lines as they hash.
func RunAsked(run partnership.PayoutRun, need int, since time.Time) Decision {
	total := money.Display(run.TotalMinor, run.Currency)
	d := asked(partnership.AsksRun, run.ID, finance, fmt.Sprintf("Approve the payout run: %s to %s, %s for %s", total, plural(run.Payees, "creator"), run.Program, run.Period), since, run.Program, run.Period, run.LinesHash)
	d.Facts = []Fact{{"Total", total}, {"Payouts", fmt.Sprint(run.Payees)}, {"Approvals", fmt.Sprintf("%d of %d", len(run.Approvals), need)}, {"Prepared by", run.PreparedBy}}
	d.SilenceMeans = "Nothing is paid; the run waits."
	d.Choices = []Option{
		{ID: partnership.ChoiceApprove, Label: "Approve", Consequence: total + " is sent once all who have to have approved.", Style: "primary", Confirm: "Send " + total + "?"},
		{ID: partnership.ChoiceReject, Label: "Reject", Consequence: "Every line goes back; the run can be made again.", Words: "why", Style: "danger"},
	}
	if run.State != partnership.RunPlanned {
		d.State, d.Outcome = partnership.QuestionAnswered, "The run "+run.Words()+"."
		d.DecidedBy, d.Choice = last(run.Approvals), partnership.ChoiceApprove
		if run.State == partnership.RunRejected {
			d.Choice = partnership.ChoiceReject
		}
	}
	return d
}

func last(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[len(list)-1]
}

// DifferenceAsked is a transfer that the provider shows and the books do not explain.
func DifferenceAsked(x partnership.Difference) Decision {
	d := asked(partnership.AsksDifference, x.ID, finance, x.Provider+" shows "+money.Display(x.AmountMinor, x.Currency)+" that the books do not explain", x.FoundAt, x.Provider, x.ID)
	d.Creator = x.Creator
	d.Facts = []Fact{{"Transfer", x.ID}, {"The books say", x.Why}}
	d.SilenceMeans = "Nothing is planned or sent by " + x.Provider + " until it is settled."
	if len(x.Programs) == 1 {
		d.Choices = append(d.Choices, Option{ID: partnership.Choice(partnership.SettleOurs), Label: "Ours: book it", Consequence: "It is booked as paid: the creator's next payout is less by it.", Words: "why"})
	}
	d.Choices = append(d.Choices,
		Option{ID: partnership.Choice(partnership.SettleDouble), Label: "A double: reverse it", Consequence: "It is reversed at the provider before the next run pays anybody.", Words: "why"},
		Option{ID: partnership.Choice(partnership.SettleForeign), Label: "Not ours", Consequence: "It stays out of the books.", Words: "why"})
	return d
}

// ObjectionAsked is what a creator objects to on their statement.
func ObjectionAsked(o partnership.Objection) Decision {
	d := asked(partnership.AsksObjection, o.ID, finance, "@"+o.Creator+" objects to "+o.Line(), o.At, o.ID)
	d.PartnershipID, d.Creator, d.Said = o.PartnershipID, o.Creator, o.Words
	d.Facts = []Fact{{"Program", o.Program}, {"Row", o.RowID}}
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
	d.Facts = []Fact{{"Row", row.ID}, {"Why", row.Reason}, {"What", string(row.Kind)}}
	d.SilenceMeans = "It stays held; no timer releases it."
	d.Choices = []Option{
		{ID: partnership.ChoiceRelease, Label: "Release", Consequence: "It goes on where it was.", Words: "why"},
		{ID: partnership.ChoiceVoid, Label: "Reject", Consequence: "It is never paid, and the creator reads why.", Words: "why"},
	}
	return d
}

// MailToAnswer is a creator's mail to which nobody has said anything yet.
func MailToAnswer(message string, id partnership.PartnershipID, of partnership.CampaignID, campaign, creator string, since time.Time) Decision {
	d := asked(partnership.AsksMail, message, managers, "Answer a mail of @"+creator+", or say that it needs none: rapport partnership answer "+string(id), since, message)
	d.CampaignID, d.Campaign, d.PartnershipID, d.Creator = of, campaign, id, creator
	d.SilenceMeans = "The creator hears nothing."
	return d
}
