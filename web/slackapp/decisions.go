package slackapp

import (
	"context"
	"fmt"

	"github.com/rapport-dev/rapport/app/find"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/asking"
	"github.com/rapport-dev/rapport/store"
)

// decisions lists what waits for somebody, of all campaigns or of one.
func (a *App) decisions(ctx context.Context, c ask) (answer, error) {
	var of partnership.CampaignID
	if c.rest != "" {
		found, err := find.Campaign(ctx, a.Store, c.rest)
		if err != nil {
			return answer{}, err
		}
		of = found.ID
	}
	waits, err := a.Store.Decisions(ctx, store.DecisionFilter{CampaignID: of})
	if err != nil {
		return answer{}, err
	}
	if len(waits) == 0 {
		return said("No decision waits for anybody."), nil
	}
	return told(a.waitingLines(waits)), nil
}

// listedAtMost is how many decisions a list in Slack names.
const listedAtMost = 20

// waitingLines are decisions, a line each: the question, where, until when, and what silence does.
func (a *App) waitingLines(waits []asking.Decision) (lines []string) {
	if len(waits) == 0 {
		return nil
	}
	lines = append(lines, fmt.Sprintf("*%d waiting for a decision*", len(waits)))
	for i, d := range waits {
		if i == listedAtMost {
			return append(lines, fmt.Sprintf("…and %d more: rapport decisions", len(waits)-i))
		}
		lines = append(lines, a.waitingLine(d))
	}
	return lines
}

func (a *App) waitingLine(d asking.Decision) string {
	line := "• " + escape(d.Question)
	if d.PartnershipID != "" {
		line = "• <" + a.PublicURL + "/partnerships/" + string(d.PartnershipID) + "|" + escape(d.Question) + ">"
	}
	if d.Campaign != "" {
		line += " – " + escape(d.Campaign)
	}
	if d.Deadline != nil {
		line += ", by " + when(*d.Deadline)
	}
	return line + ". If nobody answers: " + escape(d.SilenceMeans)
}
