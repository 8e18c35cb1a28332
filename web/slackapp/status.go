package slackapp

import (
	"context"
	"fmt"
	"strings"

	slackapi "github.com/slack-go/slack"

	"github.com/rapport-dev/rapport/app/find"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/asking"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/store"
)

// status is every campaign in a line each, or one by its stages with what can be done about it.
func (a *App) status(ctx context.Context, c ask) (answer, error) {
	if c.rest != "" {
		found, err := find.Campaign(ctx, a.Store, c.rest)
		if err != nil {
			return answer{}, err
		}
		doc, err := a.Store.CampaignDocument(ctx, found.ID)
		if err != nil {
			return answer{}, err
		}
		waits, err := a.Store.Decisions(ctx, store.DecisionFilter{CampaignID: doc.ID})
		return a.campaignWords(doc, waits), err
	}
	all, err := a.Store.Campaigns(ctx)
	if err != nil {
		return answer{}, err
	}
	if len(all) == 0 {
		return said("No campaign yet. `/rapport launch` starts one."), nil
	}
	var lines []string
	for _, one := range all {
		lines = append(lines, a.campaignLine(one))
	}
	return said(strings.Join(lines, "\n")), nil
}

func (a *App) campaignLine(c board.Campaign) string {
	return fmt.Sprintf("*<%s|%s>*, round %d – %s, %d of %d live, %s of %s spent · `%s`", a.campaignURL(c.ID), escape(c.Name), c.Round, escape(string(c.State)), c.Live, c.Target,
		c.Budget.Spent(), money.Display(c.Budget.LimitMinor, c.Budget.Currency), c.ID)
}

func (a *App) campaignWords(c board.Campaign, waits []asking.Decision) answer {
	lines := []string{a.campaignLine(c)}
	counts := map[partnership.Stage]int{}
	for _, pa := range c.Partnerships {
		counts[pa.Stage]++
	}
	for _, stage := range partnership.Stages() {
		if counts[stage] > 0 {
			lines = append(lines, fmt.Sprintf("• %s: %d", stage, counts[stage]))
		}
	}
	head := marked(strings.Join(lines, "\n"))
	head.Accessory = menu(campaignMenu(c))
	w := answer{blocks: []slackapi.Block{head}}
	for _, part := range chunks(a.waitingLines(waits)) {
		lines, w.blocks = append(lines, part), append(w.blocks, marked(part))
	}
	w.text = strings.Join(lines, "\n")
	return w
}

// option is what a menu offers: the command that it gives.
type option struct{ label, command string }

// campaignMenu is what can be done about a campaign as it stands.
func campaignMenu(c board.Campaign) []option {
	id := " " + string(c.ID)
	if c.State.Ended() {
		return []option{{"Results", "results" + id}, {"Calendar", "calendar" + id}}
	}
	stop := option{"Pause…", "pause" + id}
	if c.State == partnership.CampaignPaused {
		stop = option{"Resume", "resume" + id}
	}
	return []option{{"Who stands by…", "invite to" + id}, {"Results", "results" + id}, {"Amend…", "amend" + id}, stop, {"Cancel for good…", "cancel" + id}}
}

// menu is an overflow menu: two to five options.
func menu(options []option) *slackapi.Accessory {
	var list []*slackapi.OptionBlockObject
	for _, o := range options {
		list = append(list, slackapi.NewOptionBlockObject(o.command, plain(o.label), nil))
	}
	return slackapi.NewAccessory(slackapi.NewOverflowBlockElement(actMenu, list...))
}

// chunks puts lines together to as few texts as Slack takes in a section.
func chunks(lines []string) (texts []string) {
	for _, line := range lines {
		if last := len(texts) - 1; last >= 0 && len([]rune(texts[last]))+len([]rune(line)) < maxText {
			texts[last] += "\n" + line
			continue
		}
		texts = append(texts, line)
	}
	return texts
}

// find shows a creator's partnerships, each with what can be done about it.
func (a *App) find(ctx context.Context, c ask) (answer, error) {
	if strings.TrimSpace(c.rest) == "" {
		return said("Say whom: `/rapport find @handle`."), nil
	}
	creator, err := a.Store.FindCreator(ctx, c.rest)
	if partnership.CodeOf(err) == partnership.NotFound { // the id of a partnership names its creator, too
		if pa, is := find.Partnership(ctx, a.Store, c.rest, ""); is == nil {
			creator, err = a.Store.FindCreator(ctx, pa.Creator.Platform+":"+pa.Creator.Handle)
		}
	}
	if err != nil {
		return answer{}, err
	}
	ids, err := a.Store.PartnershipsOf(ctx, creator.ID)
	if err != nil {
		return answer{}, err
	}
	who := fmt.Sprintf("*@%s* on %s – %s, %s followers, %s", escape(creator.Handle), escape(creator.Platform), partnership.TierOf(creator.Followers), thousands(creator.Followers), escape(creator.Niche))
	w := answer{text: who, blocks: []slackapi.Block{marked(who)}}
	for i, id := range ids {
		if i == mostPartnerships {
			more := fmt.Sprintf("…and %d more on the console", len(ids)-i)
			w.text, w.blocks = w.text+"\n"+more, append(w.blocks, small(more))
			break
		}
		pa, err := a.Store.PartnershipDocument(ctx, id)
		if err != nil {
			return answer{}, err
		}
		line := a.partnershipLine(ctx, pa)
		section := marked(line)
		if pa.Outcome == "" {
			section.Accessory = menu(partnershipMenu(pa))
		}
		w.text, w.blocks = w.text+"\n"+line, append(w.blocks, section)
	}
	return w, nil
}

// mostPartnerships are listed of one creator, of Slack's fifty blocks.
const mostPartnerships = 40

// partnershipMenu is what can be done about one partnership as it stands.
func partnershipMenu(pa board.Partnership) []option {
	id := " " + string(pa.ID)
	stop := option{"Pause…", "pause" + id}
	if pa.Paused {
		stop = option{"Resume", "resume" + id}
	}
	return []option{{"Write to them…", "message" + id}, {"Give 3 days more", "extend" + id + " 3 days"}, stop, {"Replace…", "replace" + id}, {"Cancel for good…", "cancel" + id}}
}

func (a *App) partnershipLine(ctx context.Context, pa board.Partnership) string {
	s := fmt.Sprintf("• <%s/partnerships/%s|%s>", a.PublicURL, pa.ID, pa.Stage)
	if campaign, err := a.Store.CampaignDocument(ctx, pa.CampaignID); err == nil {
		s += " in " + escape(campaign.Name) + fmt.Sprintf(", round %d", campaign.Round)
	}
	switch {
	case pa.Outcome != "":
		s += ": " + string(pa.Outcome)
	case pa.Paused:
		s += ": paused"
	case pa.WaitingFor != "":
		s += ": waiting for " + escape(pa.WaitingFor)
		if pa.Deadline != nil {
			s += ", due " + when(*pa.Deadline)
		}
	}
	return s
}

func (a *App) campaignURL(id partnership.CampaignID) string {
	return a.PublicURL + "/campaigns/" + string(id)
}

func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
