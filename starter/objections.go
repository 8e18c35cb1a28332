package main

import (
	"io"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
)

type payoutsObjections struct {
	All bool `help:"Those that are decided too."`
}

func (c payoutsObjections) Run(a *app) error {
	kept, err := a.store()
	if err != nil {
		return err
	}
	list, err := kept.Objections(a.ctx, !c.All)
	if err != nil {
		return err
	}
	return a.show(orEmpty(list), func(w io.Writer) {
		if len(list) == 0 {
			line(w, "Nobody objects to anything.")
			return
		}
		var rows [][]string
		for _, o := range list {
			decided := "open"
			if !o.DecidedAt.IsZero() {
				decided = string(o.Decision) + " by " + o.By
			}
			rows = append(rows, []string{o.ID, "@" + o.Creator, o.Line(), when(o.At), string(o.Came), decided, o.Words})
		}
		table(w, "objection creator line objected now decided words", rows)
		line(w, "To decide: rapport payouts answer OBJECTION --as release|void|answer --words WHAT THE CREATOR READS")
	})
}

type payoutsAnswer struct {
	Objection string             `arg:"" help:"As payouts objections shows it."`
	As        partnership.Choice `required:"" placeholder:"release|void|answer" help:"release: the line stands, and goes on where it was. void: it is rejected for good. answer: nothing changes about it."`
	Words     string             `required:"" help:"What the creator is written, word for word."`
}

func (c payoutsAnswer) Run(a *app) error {
	by, err := a.may(partnership.DeedDecideObjection)
	if err != nil {
		return err
	}
	kept, err := a.store()
	if err != nil {
		return err
	}
	o, err := deeds.DecideObjection(a.ctx, kept, by, c.Objection, c.As, c.Words)
	if err != nil {
		return hint(err, "`rapport payouts objections` lists those that wait")
	}
	return a.show(o, func(w io.Writer) {
		said := map[partnership.Choice]string{
			partnership.ChoiceRelease: "The line stands and goes on where it was.", partnership.ChoiceVoid: "The line is rejected.", partnership.ChoiceAnswer: "Nothing changes about the line.",
		}[c.As]
		if o.DecidedAt.IsZero() {
			said += " It stays held until it is decided."
		}
		line(w, "%s The creator is mailed your words.", said)
	})
}
