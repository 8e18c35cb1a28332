package slackapp

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	slackapi "github.com/slack-go/slack"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/asking"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/partnership/zones"
	"github.com/rapport-dev/rapport/store"
)

// The Home tab: what waits for whoever looks, their campaigns, the next two days, money to approve. It is made of Postgres alone, drawn when it is
// opened and after each press of whoever sees it.

// How much it shows: Slack takes 100 blocks.
const (
	homeDecisions = 15
	homeCampaigns = 10
	homeDates     = 20
	homeRuns      = 5
)

// goHome draws somebody's Home tab. It is a courtesy: when it fails, it is drawn when it is opened next.
func (a *App) goHome(ctx context.Context, user string) {
	by := a.by(ctx, user)
	view, err := a.home(ctx, by)
	if err == nil {
		err = a.Chat.PublishHome(ctx, user, view)
	}
	if err != nil {
		a.Log.WarnContext(ctx, "slack home not drawn", "error", err)
	}
}

func (a *App) home(ctx context.Context, by deeds.By) (slackapi.HomeTabViewRequest, error) {
	view := slackapi.HomeTabViewRequest{Type: slackapi.VTHomeTab}
	if !deeds.May(by.Roles, deeds.Viewer) {
		view.Blocks.BlockSet = []slackapi.Block{slackapi.NewSectionBlock(plain("Nothing here is for you yet: an administrator gives roles in RAPPORT_ROLES."), nil, nil)}
		return view, nil
	}
	blocks := []slackapi.Block{homeBar(by)}
	for _, part := range []func(context.Context, deeds.By) ([]slackapi.Block, error){a.homeDecisions, a.homeCampaigns, a.homeRuns} {
		some, err := part(ctx, by)
		if err != nil {
			return view, err
		}
		blocks = append(blocks, some...)
	}
	foot, err := a.homeFoot(ctx, by)
	view.Blocks.BlockSet = slices.Concat(blocks, foot)
	return view, err
}

// homeBar gives commands, whose answers come as direct messages.
func homeBar(by deeds.By) slackapi.Block {
	buttons := []slackapi.BlockElement{carries("What changed", "catch up", 0)}
	if by.May(partnership.DeedLaunch) == nil {
		buttons = append(buttons, carries("Launch a campaign", "launch", 1).WithStyle(slackapi.StylePrimary))
	}
	return slackapi.NewActionBlock("homebar", buttons...)
}

// homeDecisions are what waits for whoever looks, soonest first, each with its answers.
func (a *App) homeDecisions(ctx context.Context, by deeds.By) ([]slackapi.Block, error) {
	mine, others, err := a.waitsFor(ctx, by)
	if err != nil {
		return nil, err
	}
	blocks := []slackapi.Block{heading(fmt.Sprintf("%s for you", plural(len(mine), "decision")))}
	for _, d := range mine[:min(len(mine), homeDecisions)] {
		blocks = append(blocks, marked(a.askedLine(d)))
		if buttons := answersTo(d); buttons != nil {
			blocks = append(blocks, buttons)
		}
	}
	var more []string
	if n := len(mine) - homeDecisions; n > 0 {
		more = append(more, fmt.Sprintf("…and %d more.", n))
	}
	if others > 0 {
		more = append(more, fmt.Sprintf("%d wait for others.", others))
	}
	if len(more) > 0 {
		blocks = append(blocks, small(strings.Join(more, " ")+" `/rapport decisions` lists them."))
	}
	return blocks, nil
}

// waitsFor are the questions that somebody may answer, soonest first, and how many there are for others.
func (a *App) waitsFor(ctx context.Context, by deeds.By) (mine []asking.Decision, others int, err error) {
	all, err := a.Store.Decisions(ctx, store.DecisionFilter{})
	for _, d := range all {
		if by.Has(deeds.Role(d.Who)) == nil {
			mine = append(mine, d)
		} else {
			others++
		}
	}
	slices.SortStableFunc(mine, func(x, y asking.Decision) int {
		switch {
		case x.Deadline == nil && y.Deadline == nil:
			return x.Since.Compare(y.Since)
		case x.Deadline == nil:
			return 1
		case y.Deadline == nil:
			return -1
		default:
			return x.Deadline.Compare(*y.Deadline)
		}
	})
	return mine, others, err
}

// askedLine is a question with where, until when, and what silence does.
func (a *App) askedLine(d asking.Decision) string {
	what := "*" + escape(d.Question) + "*"
	if d.PartnershipID != "" {
		what = "*<" + a.PublicURL + "/partnerships/" + string(d.PartnershipID) + "|" + escape(d.Question) + ">*"
	}
	if d.Campaign != "" {
		what += " · " + escape(d.Campaign)
	}
	until := "no deadline"
	if d.Deadline != nil {
		until = "by " + when(*d.Deadline)
	}
	return what + "\n" + until + ". If nobody answers: " + escape(d.SilenceMeans)
}

// answersTo are the buttons of a question, as its card has them; none where it has no card, whose place a press is known by.
func answersTo(d asking.Decision) slackapi.Block {
	card := d.ToChat("")
	if d.Card == "" || len(card.Buttons) == 0 {
		return nil
	}
	var buttons []slackapi.BlockElement
	for _, o := range card.Buttons {
		b := slackapi.NewButtonBlockElement(o.ActionID, o.Value, plain(cut(o.Label, maxOption)))
		b.Style = slackapi.Style(o.Style)
		if o.Confirm != "" {
			b.Confirm = slackapi.NewConfirmationBlockObject(plain(cut(o.Label, 100)), plain(cut(o.Confirm, 300)), plain("Yes"), plain("Not now"))
		}
		buttons = append(buttons, b)
	}
	return slackapi.NewActionBlock(homeBlock+string(d.Card), buttons...)
}

// homeBlock begins the id of a block with the answers to a question; the key of its card follows.
const homeBlock = "card/"

// homeCampaigns are those that run, and their dates of today and tomorrow.
func (a *App) homeCampaigns(ctx context.Context, _ deeds.By) ([]slackapi.Block, error) {
	all, err := a.Store.Campaigns(ctx)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(c board.Campaign) bool { return c.State.Ended() })
	blocks := []slackapi.Block{heading("Campaigns")}
	if len(all) == 0 {
		return append(blocks, slackapi.NewSectionBlock(plain("None is running."), nil, nil)), nil
	}
	for _, c := range all[:min(len(all), homeCampaigns)] {
		blocks = append(blocks, marked(a.campaignLine(c)))
	}
	if more := len(all) - homeCampaigns; more > 0 {
		blocks = append(blocks, small(fmt.Sprintf("…and %d more: `/rapport status`", more)))
	}
	dates, err := a.homeDates(ctx, all)
	return append(blocks, dates...), err
}

// homeDates are what is due today and tomorrow, in the zone of each campaign.
func (a *App) homeDates(ctx context.Context, campaigns []board.Campaign) ([]slackapi.Block, error) {
	now := a.Now()
	var due []board.CalendarEntry
	for _, c := range campaigns {
		calendar, err := a.Store.CampaignCalendar(ctx, c.ID)
		if err != nil {
			return nil, err
		}
		until := endOfTomorrow(now, calendar.Timezone)
		for _, e := range calendar.Entries {
			if e.Due.After(now) && e.Due.Before(until) && !e.Paused {
				due = append(due, e)
			}
		}
	}
	if len(due) == 0 {
		return nil, nil
	}
	slices.SortStableFunc(due, func(x, y board.CalendarEntry) int { return x.Due.Compare(y.Due) })
	var lines []string
	for _, e := range due[:min(len(due), homeDates)] {
		line := "• " + when(e.Due) + "  " + escape(e.What)
		if e.Creator != nil {
			line += " of @" + escape(e.Creator.Handle)
		}
		lines = append(lines, line)
	}
	if more := len(due) - len(lines); more > 0 {
		lines = append(lines, fmt.Sprintf("…and %d more", more))
	}
	return []slackapi.Block{heading("Today and tomorrow"), marked(strings.Join(lines, "\n"))}, nil
}

var runsUnderWay = []partnership.PayoutRunState{partnership.RunClosing, partnership.RunReview, partnership.RunPlanned, partnership.RunApproved, partnership.RunExecuting}

// homeRuns are the payout runs under way, for who decides about money.
func (a *App) homeRuns(ctx context.Context, by deeds.By) ([]slackapi.Block, error) {
	if !deeds.May(by.Roles, deeds.Finance) {
		return nil, nil
	}
	runs, err := a.Store.PayoutRuns(ctx, "", "")
	if err != nil {
		return nil, err
	}
	var lines []string
	for _, run := range runs {
		if len(lines) < homeRuns && slices.Contains(runsUnderWay, run.State) {
			lines = append(lines, fmt.Sprintf("• <%s/payouts|%s>: %s to %s, %s – %s", a.PublicURL, escape(run.ID), money.Display(run.TotalMinor, run.Currency), plural(run.Payees, "creator"),
				plural(len(run.Approvals), "approval"), escape(run.Words())))
		}
	}
	waits, err := a.moneyWaits(ctx)
	lines = append(lines, waits...)
	if len(lines) == 0 || err != nil {
		return nil, err
	}
	return []slackapi.Block{heading("Money"), marked(strings.Join(lines, "\n"))}, nil
}

// homeFoot says how fresh it is, and asks when the digest is to come.
func (a *App) homeFoot(ctx context.Context, by deeds.By) ([]slackapi.Block, error) {
	p, err := a.Store.SlackPerson(ctx, by.Who)
	if err != nil && partnership.CodeOf(err) != partnership.NotFound {
		return nil, err
	}
	blocks := []slackapi.Block{slackapi.NewDividerBlock()}
	if err == nil {
		blocks = append(blocks, digestMenu(p))
	}
	return append(blocks, small("As of "+when(a.Now())+". It is drawn anew when you open it and after each press.")), nil
}

func heading(s string) slackapi.Block { return slackapi.NewHeaderBlock(plain(s)) }

// pressedOn is the card whose answer was pressed: the one that it stands on, or in the Home tab the one that its block names.
func (a *App) pressedOn(ctx context.Context, in slackapi.InteractionCallback, action *slackapi.BlockAction) (partnership.MessageRef, cardAsk) {
	key, inHome := strings.CutPrefix(action.BlockID, homeBlock)
	if !inHome || in.View.Type != slackapi.VTHomeTab {
		return refOf(in), cardOf(in.Message)
	}
	card := cardAsk{Key: partnership.EffectKey(key)}
	open, err := a.Store.OpenCards(ctx, card.Key)
	if err != nil || len(open) == 0 { // a press is known by its question all the same
		return partnership.MessageRef{Channel: in.User.ID, TS: key}, card
	}
	return open[0].Ref, card
}

// endOfTomorrow is when tomorrow ends in a zone.
func endOfTomorrow(now time.Time, zone string) time.Time {
	at := now.In(zones.Or(zone))
	return time.Date(at.Year(), at.Month(), at.Day()+2, 0, 0, 0, 0, at.Location())
}
