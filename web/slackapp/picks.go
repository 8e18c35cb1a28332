package slackapp

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	slackapi "github.com/slack-go/slack"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/app/find"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
)

// Whom a running campaign invites is the roster's word, unless somebody has another: `/rapport invite @handle to dreams sunset` shows what that
// would do, and a button does just that; `/rapport veto @handle from dreams sunset` leaves them out, until `back` is said. Without a name both
// show who stands by.

// toCampaign parts a creator from the campaign that is named behind them.
var toCampaign = regexp.MustCompile(`(?i)(?:^|\s+)(?:to|from|in|of|for)\s+`)

const putBack = "back"

// picking is what was typed.
type picking struct {
	whom, campaign, shown string
	back                  bool
}

func pickIn(rest string) (p picking) {
	var words []string
	for _, word := range strings.Fields(unescape(rest)) {
		switch {
		case strings.HasPrefix(word, sure):
			p.shown = strings.TrimPrefix(word, sure)
		case strings.EqualFold(word, putBack):
			p.back = true
		default:
			words = append(words, word)
		}
	}
	typed := strings.Join(words, " ")
	if at := toCampaign.FindStringIndex(typed); at != nil {
		p.whom, p.campaign = strings.TrimSpace(typed[:at[0]]), strings.TrimSpace(typed[at[1]:])
		return p
	}
	p.whom = typed
	return p
}

// again is the command with what was meant in the place of what was typed.
func (p picking) again(verb, meant string) string {
	if find.IsID(meant) {
		p.campaign = meant
	} else {
		p.whom = meant
	}
	words := verb + " " + p.whom
	if p.campaign != "" {
		words += " to " + p.campaign
	}
	if p.back {
		words += " " + putBack
	}
	return words
}

// invite shows what an invitation out of turn would do, and with what was shown does it.
func (a *App) invite(ctx context.Context, c ask) (answer, error) {
	p := pickIn(c.rest)
	campaign, err := find.Campaign(ctx, a.Store, p.campaign)
	if err != nil {
		return answer{}, err
	}
	if p.whom == "" {
		return a.standingBy(ctx, campaign)
	}
	look, err := a.Picks.Invite(ctx, campaign.ID, p.whom)
	if err != nil {
		return answer{}, err
	}
	if p.shown != "" && p.shown == look.Hash() {
		a.carry(ctx, act{Verb: c.verb, Campaign: string(campaign.ID), Creator: string(look.CreatorID), Name: inRound(look.Creator, campaign), At: c.to}, "", c.TriggerID)
		return spoken("“@" + look.Creator + "”: inviting…"), nil
	}
	first := "*Invite @" + escape(look.Creator) + " to " + escape(campaign.Name) + fmt.Sprintf(", round %d?* Nothing is sent yet.", campaign.Round)
	if p.shown != "" {
		first = "*@" + escape(look.Creator) + ": it would be something else by now than what you saw.* Nothing is sent yet."
	}
	lines, dates := []string{first}, []string{}
	for _, words := range look.Words(func(t time.Time) string { dates = append(dates, escape(when(t)), when(t)); return when(t) }) {
		lines = append(lines, "• "+strings.NewReplacer(dates...).Replace(escape(words)))
	}
	w := told(lines)
	button := carries("Send the invitation", "invite "+look.Platform+":"+look.Creator+" to "+string(campaign.ID)+" "+sure+look.Hash(), 0)
	button.Style = slackapi.StylePrimary
	w.blocks = append(w.blocks, slackapi.NewActionBlock("", button))
	return w, nil
}

// veto leaves somebody out who was not invited yet, or puts them in line again. It can be taken back, so it asks for nothing.
func (a *App) veto(ctx context.Context, c ask) (answer, error) {
	p := pickIn(c.rest)
	campaign, err := find.Campaign(ctx, a.Store, p.campaign)
	if err != nil {
		return answer{}, err
	}
	if p.whom == "" {
		return a.standingBy(ctx, campaign)
	}
	creator, err := a.Store.FindCreator(ctx, p.whom)
	if err != nil {
		return answer{}, err
	}
	a.carry(ctx, act{Verb: c.verb, Campaign: string(campaign.ID), Creator: string(creator.ID), Back: p.back, Name: inRound(creator.Handle, campaign), At: c.to}, "", c.TriggerID)
	return spoken("“@" + creator.Handle + "”: " + map[bool]string{false: "leaving out…", true: "putting back in line…"}[p.back]), nil
}

func inRound(handle string, c board.Campaign) string {
	return fmt.Sprintf("@%s in %s, round %d", handle, c.Name, c.Round)
}

// picked is the deed of a pick, and what is said of it once it is done.
func (s act) picked() (deeds.Request, string) {
	id, who := partnership.CampaignID(s.Campaign), partnership.CreatorID(s.Creator)
	switch {
	case s.Verb == partnership.DeedInvite:
		return deeds.Invite(id, who), "is invited: their mail is on its way."
	case s.Back:
		return deeds.Veto(id, who, true, ""), "stands in line again."
	}
	return deeds.Veto(id, who, false, ""), "is left out: nobody invites them to this campaign until they are put back in line, or invited by name."
}

// mostStandingBy are listed, of Slack's fifty blocks.
const mostStandingBy = 30

// standingBy lists who was not invited, each with what can be done about them.
func (a *App) standingBy(ctx context.Context, c board.Campaign) (answer, error) {
	all, err := a.Store.StandingBy(ctx, c.ID)
	if err != nil {
		return answer{}, err
	}
	first := fmt.Sprintf("*%s, round %d: who was not invited*", escape(c.Name), c.Round)
	if len(all) == 0 {
		return said(first + "\nNobody is left on the list. `/rapport invite @handle` takes any creator who is known; a file with further ones goes by the console, or `rapport campaign amend`."), nil
	}
	w := answer{text: first, blocks: []slackapi.Block{marked(first)}}
	for i, one := range all {
		if i == mostStandingBy {
			more := fmt.Sprintf("…and %d more on the console", len(all)-i)
			w.text, w.blocks = w.text+"\n"+more, append(w.blocks, small(more))
			break
		}
		line := fmt.Sprintf("• @%s – %s, %s followers, %g %% engagement, %s", escape(one.Handle), partnership.TierOf(int(one.Followers)), thousands(int(one.Followers)), one.EngagementRate, escape(one.Niche))
		whom := one.Platform + ":" + one.Handle
		last := option{"Leave out", "veto " + whom + " from " + string(c.ID)}
		switch {
		case one.Vetoed:
			line += ": _left out_"
			last = option{"Put back in line", "veto " + whom + " from " + string(c.ID) + " " + putBack}
		case one.Rank == 0:
			line += ": no place in line"
		case one.Standby:
			line += ": stands by"
		default:
			line += ": waits for the next wave"
		}
		section := marked(line)
		section.Accessory = menu([]option{{"Invite…", "invite " + whom + " to " + string(c.ID)}, last})
		w.text, w.blocks = w.text+"\n"+line, append(w.blocks, section)
	}
	return w, nil
}
