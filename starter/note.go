package main

import (
	"io"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/app/note"
	"github.com/rapport-dev/rapport/partnership"
)

type partnershipNote struct {
	ID   string   `arg:"" help:"As campaign status shows it, or @handle."`
	Text []string `arg:"" optional:"" help:"What was said. It stays in the database, on the partnership's timeline."`
}

func (partnershipNote) Help() string {
	return `For what reaches you by phone or message instead of by mail: reminders of what is open stop, and the silence counts from now. An offer or a contract still ends on its date.

  rapport partnership note @lena "we spoke: the draft comes on Friday"`
}

func (c partnershipNote) Run(a *app) error {
	by, err := a.may(partnership.DeedNote)
	if err != nil {
		return err
	}
	kept, err := a.store()
	if err != nil {
		return err
	}
	w, err := a.workflows()
	if err != nil {
		return err
	}
	notes := note.Notes{Store: kept, Workflows: w, Now: time.Now}
	about, err := notes.Add(a.ctx, c.ID, strings.Join(c.Text, " "), note.Writer{By: by, Name: strings.TrimPrefix(by.Who, "cli:")})
	if err != nil {
		return err
	}
	return a.show(map[string]string{"id": string(about.ID), "done": "note"}, func(out io.Writer) {
		line(out, "Noted for @%s: reminders of what is open stop, and the silence counts from now; an offer or a contract still ends on its date.", about.Creator.Handle)
	})
}
