package slackapp

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/app/find"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/partnership/report"
)

// when is an instant in each reader's own zone.
func when(t time.Time) string {
	return fmt.Sprintf("<!date^%d^{date_short_pretty} {time}|%s>", t.Unix(), t.UTC().Format("2 Jan 15:04 UTC"))
}

// calendar is what of a campaign is due next.
func (a *App) calendar(ctx context.Context, c ask) (answer, error) {
	campaign, err := find.Campaign(ctx, a.Store, c.rest)
	if err != nil {
		return answer{}, err
	}
	d, err := a.Store.CampaignCalendar(ctx, campaign.ID)
	if err != nil {
		return answer{}, err
	}
	lines := []string{fmt.Sprintf("*<%s/calendar|%s, round %d>*: what is due", a.campaignURL(campaign.ID), escape(d.Name), campaign.Round)}
	if len(d.Entries) == 0 {
		lines = append(lines, "Nothing is due.")
	}
	for i, e := range d.Entries {
		if i == linesTold {
			lines = append(lines, fmt.Sprintf("…and %d more on the console", len(d.Entries)-i))
			break
		}
		line := "• " + when(e.Due) + " – " + escape(e.What)
		if e.Creator != nil {
			line += ", @" + escape(e.Creator.Handle)
		}
		switch {
		case e.Paused:
			line += " (paused)"
		case e.Overdue:
			line += " (overdue)"
		case e.HeldUp:
			line += " (held up: it will move)"
		}
		lines = append(lines, line)
	}
	return told(lines), nil
}

// results are what came of a campaign so far.
func (a *App) results(ctx context.Context, c ask) (answer, error) {
	campaign, err := find.Campaign(ctx, a.Store, c.rest)
	if err != nil {
		return answer{}, err
	}
	r, err := a.Store.CampaignReport(ctx, campaign.ID)
	if err != nil {
		return answer{}, err
	}
	lines := []string{fmt.Sprintf("*<%s|%s, round %d>*: %s", a.campaignURL(campaign.ID), escape(r.Name), r.Round, escape(strings.Join(r.Verdict(), " ")))}
	for i, l := range append(r.Of(report.ByCampaign), r.Of(report.ByCreator)...) {
		if i == linesTold {
			lines = append(lines, "…and more on the console, or as a table by `rapport campaign report`")
			break
		}
		said := l.Words(r.Currency)
		lines = append(lines, fmt.Sprintf("• %s: %d posts, %d clicks, %d orders, %s of sales for %s", escape(l.Name), l.Posts, l.Clicks, l.Orders, said.Revenue, said.Cost))
	}
	return told(lines), nil
}

// told is an answer of many lines, in as many sections as it takes.
func told(lines []string) answer {
	w := answer{text: strings.Join(lines, "\n")}
	for _, part := range chunks(lines) {
		w.blocks = append(w.blocks, marked(part))
	}
	return w
}

// differences are the transfers that the books do not explain; each has a card on which it is settled.
func (a *App) differences(ctx context.Context, _ ask) (answer, error) {
	open, err := a.Store.OpenDifferences(ctx, "")
	if err != nil {
		return answer{}, err
	}
	lines := differenceLines(open)
	if len(lines) == 0 {
		return said("The books explain every transfer that the providers show."), nil
	}
	return told(append([]string{"*Transfers that the books do not explain.* Each has a card, on which it is settled."}, lines...)), nil
}

func differenceLines(open []partnership.Difference) []string {
	return oldest(open, "payouts differences", func(d partnership.Difference) string {
		return fmt.Sprintf("%s of %s: the books do not explain it, and nothing is paid until it is settled (%s)", escape(d.ID), money.Display(d.AmountMinor, d.Currency), d.State())
	})
}
