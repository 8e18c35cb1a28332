package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/money"
)

type campaignListCommand struct{}

func (campaignListCommand) Run(a *app) error {
	kept, err := a.store()
	if err != nil {
		return err
	}
	campaigns, err := kept.Campaigns(a.ctx)
	if err != nil {
		return err
	}
	return a.show(campaigns, func(w io.Writer) {
		if len(campaigns) == 0 {
			line(w, "No campaign yet: rapport campaign launch -f campaign.yaml --creators creators.csv")
			return
		}
		var rows [][]string
		for _, c := range campaigns {
			b := c.Budget
			rows = append(rows, []string{
				string(c.ID), c.Name, c.Program, fmt.Sprint(c.Round), string(c.State), fmt.Sprintf("%d of %d", c.Live, c.Target),
				money.Display(b.CommittedMinor, b.Currency) + " of " + money.Display(b.LimitMinor, b.Currency),
			})
		}
		table(w, "id name program round state live committed", rows)
	})
}

type campaignStatusCommand struct {
	ID string `arg:"" help:"Its id or the beginning of it, or its name: as campaign list shows them."`
}

func (c campaignStatusCommand) Run(a *app) error {
	id, err := a.campaignID(c.ID)
	if err != nil {
		return err
	}
	document, err := a.opened.CampaignDocument(a.ctx, id)
	if err != nil {
		return hint(err, unknownCampaign)
	}
	return a.show(document, func(w io.Writer) { writeBoard(w, document) })
}

func writeBoard(w io.Writer, c board.Campaign) {
	b := c.Budget
	line(w, "%s, round %d: %s   %d of %d live   budget %s, committed %s, spent %s", c.Name, c.Round, c.State, c.Live, c.Target,
		money.Display(b.LimitMinor, b.Currency), money.Display(b.CommittedMinor, b.Currency), b.Spent())
	if c.Reason != "" {
		line(w, "Why: %s", c.Reason)
	}
	if c.Attention != "" {
		line(w, "! %s", c.Attention)
	}
	if len(c.Partnerships) == 0 {
		line(w, "Nobody is invited yet.")
		return
	}
	var rows [][]string
	for _, one := range c.Partnerships {
		where := string(one.Stage)
		if one.Outcome != "" {
			where = string(one.Outcome)
		}
		what := one.WaitingFor
		if one.Attention != "" {
			what = "! " + one.Attention
		}
		rows = append(rows, []string{"@" + one.Creator.Handle, string(one.Creator.Tier), one.Creator.Niche, where, what, deadline(one.Deadline), string(one.ID)})
	}
	table(w, "creator tier niche stage waiting_for due partnership", rows)
}

func deadline(t *time.Time) string {
	if t == nil {
		return ""
	}
	return when(*t)
}

// stop is what pause, resume and cancel have in common.
type stop struct {
	ID     string `arg:"" help:"Its id or the beginning of it, or its name: as campaign list shows them."`
	Reason string `help:"Why; it stands on the board and in the audit." placeholder:"R"`
}

func (c stop) send(a *app, verb, done string) error {
	by, err := a.may(verb)
	if err != nil {
		return err
	}
	id, err := a.campaignID(c.ID)
	if err != nil {
		return err
	}
	w, err := a.workflows()
	if err != nil {
		return err
	}
	deed, err := deeds.StopCampaign(verb, id, c.Reason)
	if err != nil {
		return err
	}
	if err := deed.Decide(a.ctx, w, by, nil); err != nil {
		return hint(err, "this campaign has ended or its workflow was never started; nothing was changed")
	}
	return a.show(map[string]string{"id": string(id), "done": verb}, func(out io.Writer) { line(out, "%s", strings.ReplaceAll(done, "{id}", string(id))) })
}

type pauseCommand struct{ stop }

func (c pauseCommand) Run(a *app) error {
	return c.send(a, partnership.DeedPause, "Paused: nobody is invited or reminded until `rapport campaign resume {id}`.")
}

type resumeCommand struct{ stop }

func (c resumeCommand) Run(a *app) error {
	return c.send(a, partnership.DeedResume, "Resumed.")
}

type cancelCommand struct{ stop }

func (c cancelCommand) Run(a *app) error {
	return c.send(a, partnership.DeedCancel, "Cancelled: open partnerships end, what was sent is taken back, people are told.")
}
