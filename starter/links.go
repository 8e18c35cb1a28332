package main

import (
	"io"

	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/web/access"
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
		return p.FieldErrorf("handle", "name either a creator or, with --calendar, a campaign")
	}
	kept, err := a.store()
	if err != nil {
		return err
	}
	if c.Calendar != "" {
		id, err := a.campaignID(c.Calendar)
		if err != nil {
			return err
		}
		link, err := kept.RevokeCalendar(a.ctx, id, access.Shell(), c.Reason)
		if err != nil {
			return err
		}
		return a.show(map[string]any{"revoked": 1, "feed_url": link}, func(w io.Writer) {
			line(w, "The old calendar link has ended. The new one (a secret): %s", link)
		})
	}
	creator, err := kept.FindCreator(a.ctx, c.Handle)
	if err != nil {
		return err
	}
	n, err := kept.RevokeTaskLinks(a.ctx, creator.ID, access.Shell(), c.Reason)
	if err != nil {
		return err
	}
	return a.show(map[string]any{"revoked": n}, func(w io.Writer) {
		line(w, "%d links of @%s have ended. The next mail of an open task carries a new one, and the old page mails one when asked.", n, creator.Handle)
	})
}
