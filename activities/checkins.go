package activities

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/asking"
)

// AskCreator opens a task and mails its link.
func (a *Activities) AskCreator(ctx context.Context, in Request) (sent Sent, err error) {
	defer mapped(&err)
	return a.ask(ctx, in)
}

// SendLetter mails a creator: a reminder of an open task, or news that asks for nothing.
func (a *Activities) SendLetter(ctx context.Context, in Letter) (sent Sent, err error) {
	defer mapped(&err)
	link := ""
	if !newsKinds[in.Kind] { // a reminder carries its task's link again
		link, err = a.Store.OpenTask(ctx, partnership.Task{PartnershipID: in.PartnershipID, Name: in.Task, Due: in.Due})
		if err != nil {
			return sent, err
		}
	}
	if in.Kind == "payout_reminder" {
		return a.remindOfPayout(ctx, in, link)
	}
	if sent, err = a.mail(ctx, in, link); err != nil || !reminders[in.Kind] {
		return sent, err
	}
	sent.Risk, _, err = a.Store.GhostRisk(ctx, in.PartnershipID)
	return sent, err
}

// reminders are the letters after which the risk is looked at: of what a standby creator could do instead.
var reminders = map[string]bool{"draft_reminder": true, "post_reminder": true}

// newsKinds are the letters that ask for nothing and so carry no task's link.
var newsKinds = map[string]bool{"ended": true, "wrap_up": true, "dates_moved": true, "terms_changed": true}

// AskAboutSilence asks a manager what to do about a creator who went quiet.
func (a *Activities) AskAboutSilence(ctx context.Context, in QuietCard) (asked QuietAsked, err error) {
	defer mapped(&err)
	v, err := a.Store.View(ctx, in.PartnershipID)
	if err != nil {
		return asked, err
	}
	score, parts, err := a.Store.GhostRisk(ctx, in.PartnershipID)
	if err != nil {
		return asked, err
	}
	asked.Risk = score
	q := partnership.Question{Kind: partnership.AsksSilence, Of: in.Task + ":" + in.Step, Card: partnership.Key(in.PartnershipID, in.Stage, in.Task+"/"+in.Step, 1), What: in.What, WasDue: in.Due, LastActive: in.LastActive}
	standbys, err := a.Store.StandbysLeft(ctx, v.Campaign.ID)
	if err != nil {
		return asked, err
	}
	asked.Card, err = a.askPeople(ctx, q, asking.Asked{PartnershipID: v.ID, Campaign: v.Campaign, Creator: v.Creator, Standbys: standbys, Risk: score, RiskParts: parts})
	return asked, err
}

// TellOptedOut tells a manager, once, that a creator whose agreement stands wants no more mail.
func (a *Activities) TellOptedOut(ctx context.Context, in PartnershipRef) (ref partnership.MessageRef, err error) {
	defer mapped(&err)
	v, err := a.Store.View(ctx, in.PartnershipID)
	if err != nil {
		return ref, err
	}
	return a.post(ctx, partnership.Message{
		Key: partnership.Key(in.PartnershipID, partnership.Contracting, "opted_out", 1), Kind: "opted_out",
		Text:    "@" + v.Creator.Handle + " wants no more mail",
		Body:    "Their agreement stands, and no reminder goes out any more: only what it owes them. Talk to them: whether they go on, or `rapport partnership cancel` ends it.",
		Facts:   []partnership.Fact{{Label: "Campaign", Value: v.Campaign.Name}},
		LinkURL: a.partnershipURL(in.PartnershipID), LinkText: "Open",
	})
}

// TellSchedule keeps one message for each partnership that says which dates moved last and why: the first move posts it, later
// ones replace it. With UpdateOnly the first posts none.
func (a *Activities) TellSchedule(ctx context.Context, in ScheduleNews) (ref partnership.MessageRef, err error) {
	defer mapped(&err)
	v, err := a.Store.View(ctx, in.PartnershipID)
	if err != nil {
		return ref, err
	}
	m := partnership.Message{
		Key: partnership.Key(in.PartnershipID, partnership.Content, "schedule", 1), Kind: "dates_moved",
		Text: "Dates of @" + v.Creator.Handle + " have moved", Body: in.Cause + ".\n" + strings.Join(in.Words, "\n"),
		Facts: []partnership.Fact{
			{Label: "Campaign", Value: v.Campaign.Name},
			{Label: "Lost by", Value: in.Owner},
			{Label: "Buffer left", Value: fmt.Sprintf("%g days", in.BufferLeft)},
		},
		LinkURL: a.partnershipURL(in.PartnershipID), LinkText: "Open",
	}
	if in.UpdateOnly {
		there, err := a.Store.Effect(ctx, m.Key)
		if partnership.CodeOf(err) == partnership.NotFound || err == nil && there.State == partnership.EffectFailed {
			return ref, nil
		}
		if err != nil {
			return ref, err
		}
	}
	if ref, err = a.post(ctx, m); err != nil || in.Seq == 1 && !in.UpdateOnly || a.Chat == nil {
		return ref, err
	}
	return ref, a.Chat.UpdateMessage(ctx, ref, m)
}

// ReportRefusedStep tells a manager that a vendor refused a step for good.
func (a *Activities) ReportRefusedStep(ctx context.Context, in RefusedStep) (ref partnership.MessageRef, err error) {
	defer mapped(&err)
	v, err := a.Store.View(ctx, in.PartnershipID)
	if err != nil {
		return ref, err
	}
	q := partnership.Question{Kind: partnership.AsksStep, Of: strconv.Itoa(in.Seq), Card: partnership.Key(in.PartnershipID, in.Stage, "refused", in.Seq), What: in.Step, Why: in.Why}
	return a.askPeople(ctx, q, asking.Asked{PartnershipID: v.ID, Campaign: v.Campaign, Creator: v.Creator})
}

// askPeople shows a question of a partnership as a card.
func (a *Activities) askPeople(ctx context.Context, q partnership.Question, of asking.Asked) (partnership.MessageRef, error) {
	return a.post(ctx, asking.AskOf(q, of).ToChat(a.PublicURL))
}
