package activities

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/roster"
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
	value := partnership.ActionValue(string(in.PartnershipID), in.Task)
	asked.Card, err = a.post(ctx, partnership.Message{
		Key: partnership.Key(in.PartnershipID, in.Stage, in.Task+"/"+in.Step, 1), Kind: "went_quiet",
		Text: "@" + v.Creator.Handle + " has gone quiet",
		Body: "Rapport waits for " + in.What + " and hears nothing. Without a decision they count as ghosted in a few days and the next standby creator is invited; when the risk is high, that one is asked already.",
		Facts: append([]partnership.Fact{
			{Label: "Campaign", Value: v.Campaign.Name},
			{Label: "Was due", Value: day(in.Due, v.Campaign.Timezone)},
			{Label: "Last sign of life", Value: lastSeen(in.LastActive, v.Campaign.Timezone)},
		}, riskFacts(score, parts)...),
		Buttons: []partnership.Button{
			{ActionID: partnership.ActionID(partnership.ActDecideQuiet, partnership.ChoiceExtend), Label: "Give 3 more days", Value: value, Style: "primary"},
			{ActionID: partnership.ActionID(partnership.ActDecideQuiet, partnership.ChoiceKeepWaiting), Label: "Keep waiting", Value: value},
			{ActionID: partnership.ActionID(partnership.ActDecideQuiet, partnership.ChoiceReplace), Label: "Replace", Value: value, Style: "danger", Confirm: "End this partnership and invite the next standby creator?"},
		},
		LinkURL: a.partnershipURL(in.PartnershipID), LinkText: "Open",
	})
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

// shownReasons is how many parts of a risk a card shows; the partnership's page has all.
const shownReasons = 2

// riskFacts are the score and what adds most to it.
func riskFacts(score float64, parts []roster.RiskPart) []partnership.Fact {
	if score == 0 {
		return nil
	}
	most := slices.SortedStableFunc(slices.Values(parts), func(a, b roster.RiskPart) int { return cmp.Compare(b.Adds, a.Adds) })
	var why []string
	for _, part := range most[:min(shownReasons, len(most))] {
		if part.Adds > 0 {
			why = append(why, part.Words)
		}
	}
	return []partnership.Fact{{Label: "Ghost risk", Value: percent(score)}, {Label: "Mostly because", Value: strings.Join(why, "\n")}}
}

func percent(share float64) string { return strconv.Itoa(int(math.Round(100*share))) + " %" }

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
	value := partnership.ActionValue(string(in.PartnershipID))
	return a.post(ctx, partnership.Message{
		Key: partnership.Key(in.PartnershipID, in.Stage, "refused", in.Seq), Kind: "step_refused",
		Text:  in.Step + " was refused for @" + v.Creator.Handle,
		Body:  in.Why + ". Mend the cause, then try again; or cancel this partnership.",
		Facts: []partnership.Fact{{Label: "Campaign", Value: v.Campaign.Name}},
		Buttons: []partnership.Button{
			{ActionID: partnership.ActionID(partnership.ActRetryStep, partnership.ChoiceAgain), Label: "Try again", Value: value, Style: "primary"},
			{ActionID: partnership.ActionID(partnership.ActRetryStep, partnership.ChoiceCancel), Label: "Cancel the partnership", Value: value, Style: "danger", Confirm: "Cancel, take back what was made, and tell the creator?"},
		},
		LinkURL: a.partnershipURL(in.PartnershipID), LinkText: "Open",
	})
}
