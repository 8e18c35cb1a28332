package main

import (
	"io"
	"time"

	"github.com/rapport-dev/rapport/app/decisions"
	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/asking"
	"github.com/rapport-dev/rapport/store"
)

type decisionsCommands struct {
	List decisionsList `cmd:"" default:"withargs" help:"List what waits for a person: who is asked what, until when, and what silence does."`
	Show decisionsShow `cmd:"" help:"Show one with all that decides it, its choices and what follows from each."`

	Decide decisionsDecide `cmd:"" help:"Answer one: what is refused changes nothing, and what came of it is its workflow's word."`
}

type decisionsList struct {
	Campaign string `help:"Only of this campaign, by name or id." placeholder:"ID"`
	All      bool   `help:"Those about partnerships that are over too, with what came of them."`
}

func (c decisionsList) Run(a *app) error {
	kept, err := a.store()
	if err != nil {
		return err
	}
	f := store.DecisionFilter{All: c.All}
	if c.Campaign != "" {
		if f.CampaignID, err = a.campaignID(c.Campaign); err != nil {
			return err
		}
	}
	list, err := kept.Decisions(a.ctx, f)
	if err != nil {
		return err
	}
	return a.show(orEmpty(list), func(w io.Writer) {
		if len(list) == 0 {
			line(w, "No decision waits for anybody.")
			return
		}
		var rows [][]string
		for _, d := range list {
			rows = append(rows, []string{d.ID, d.Question, d.Campaign, deadline(d.Deadline), howStands(d), d.Allowed()})
		}
		table(w, "decision question campaign by if_nobody_answers choices", rows)
		line(w, "All that decides one: rapport decisions show ID")
	})
}

// howStands is what silence does, or what came of one that is over.
func howStands(d asking.Decision) string {
	if said := d.Line(asking.Plain); said != "" {
		return said
	}
	return d.SilenceMeans
}

type decisionsShow struct {
	ID string `arg:"" help:"As decisions list shows it."`
}

func (c decisionsShow) Run(a *app) error {
	kept, err := a.store()
	if err != nil {
		return err
	}
	d, err := kept.Decision(a.ctx, c.ID)
	if err != nil {
		return hint(err, "`rapport decisions` lists those that wait")
	}
	return a.show(d, func(w io.Writer) {
		line(w, "%s", d.Question)
		if d.Said != "" {
			line(w, "\n%s\n", d.Said)
		}
		for _, f := range d.Facts {
			line(w, "%s: %s", f.Label, f.Value)
		}
		if d.State == partnership.QuestionOpen {
			line(w, "If nobody answers: %s", d.SilenceMeans)
			for _, o := range d.Choices {
				line(w, "  %s – %s: %s", o.ID, o.Label, o.Consequence)
			}
			return
		}
		line(w, "%s", howStands(d))
	})
}

type decisionsDecide struct {
	ID     string             `arg:"" help:"As decisions list shows it."`
	Choice partnership.Choice `arg:"" help:"One of its choices."`
	Reason string             `aliases:"words" help:"What has to be said with it: feedback, why, or what the creator is written."`
}

func (c decisionsDecide) Run(a *app) error {
	by, err := a.asker()
	if err != nil {
		return err
	}
	kept, err := a.store()
	if err != nil {
		return err
	}
	engine := func() (deeds.Decider, error) { return a.workflows() }
	d, err := decisions.Decisions{Kept: kept, Workflows: engine, Names: a.names, Now: time.Now}.Give(a.ctx, by, c.ID, c.Choice, c.Reason)
	if err != nil {
		return hint(err, "`rapport decisions` lists those that wait")
	}
	return a.show(d, func(out io.Writer) { line(out, "%s", howStands(d)) })
}
