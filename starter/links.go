package main

import (
	"io"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
)

type linksCommands struct {
	Revoke revokeCommand `cmd:"" help:"End the links that are out: one creator's to their tasks, or a campaign's calendar."`
}

type revokeCommand struct {
	Handle   string `arg:"" optional:"" help:"Whose links: @handle, instagram:handle or a link to the profile."`
	Calendar string `placeholder:"CAMPAIGN" help:"The calendar of this campaign, by id or name."`
	Reason   string `required:"" help:"Why; the audit keeps it."`
}

func (revokeCommand) Help() string {
	return `Whoever opens an old link is told that it has ended; a creator can have a fresh one mailed to the address that is known. The
opt-out link is never revoked.

  rapport links revoke @fern.attic --reason "her phone was stolen"
  rapport links revoke --calendar "Dreams Sunset" --reason "the agency left"`
}

func (c revokeCommand) Run(a *app) error {
	if (c.Handle == "") == (c.Calendar == "") {
		return partnership.FieldErrorf("handle", "name either a creator or, with --calendar, a campaign")
	}
	if c.Calendar != "" {
		return c.calendar(a)
	}
	by, err := a.may(partnership.DeedRevokeLinks)
	if err != nil {
		return err
	}
	kept, err := a.store()
	if err != nil {
		return err
	}
	done, err := deeds.RevokeLinks(a.ctx, kept, by, c.Handle, c.Reason)
	if err != nil {
		return err
	}
	return a.show(map[string]any{"revoked": done.Links}, func(w io.Writer) {
		line(w, "%d links of @%s have ended. The next mail of an open task carries a new one, and the old page mails one when asked.", done.Links, done.Handle)
	})
}

func (c revokeCommand) calendar(a *app) error {
	by, err := a.may(partnership.DeedRevokeCalendar)
	if err != nil {
		return err
	}
	id, err := a.campaignID(c.Calendar)
	if err != nil {
		return err
	}
	link, err := deeds.RevokeCalendar(a.ctx, a.opened, by, id, c.Reason)
	if err != nil {
		return err
	}
	return a.show(map[string]any{"revoked": 1, "feed_url": link}, func(w io.Writer) {
		line(w, "The old calendar link has ended. The new one (a secret): %s", link)
	})
}
