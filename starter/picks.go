package main

import (
	"io"
	"time"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/app/picks"
	"github.com/rapport-dev/rapport/partnership"
)

// whomToPick is a creator, and the campaign whose list is meant.
type whomToPick struct {
	ID      string `arg:"" help:"The campaign's id or the beginning of it, or its name: as campaign list shows them."`
	Creator string `arg:"" help:"@handle (instagram:name where several have it), a link to the profile, a mail address or a name."`
}

type campaignInviteCommand struct {
	whomToPick
	Apply bool `help:"Do it. Without this nothing is sent."`
}

func (campaignInviteCommand) Help() string {
	return `Shows how they fit, what the offer commits of the budget, its dates and whose place they would get. They need not be on the
campaign's list. With --apply they are invited at once.

  rapport campaign invite ID @handle
  rapport campaign invite ID @handle --apply`
}

func (c campaignInviteCommand) Run(a *app) error {
	by, err := a.may(partnership.DeedInvite)
	if err != nil {
		return err
	}
	id, err := a.campaignID(c.ID)
	if err != nil {
		return err
	}
	look, err := picks.Picks{Store: a.opened, Day: a.loaded.Day, Now: time.Now}.Invite(a.ctx, id, c.Creator)
	if err != nil {
		return err
	}
	if c.Apply {
		w, err := a.workflows()
		if err != nil {
			return err
		}
		if err := deeds.Invite(id, look.CreatorID).Decide(a.ctx, w, by, nil); err != nil {
			return err
		}
	}
	return a.show(map[string]any{"look": look, "invited": c.Apply}, func(out io.Writer) {
		for _, words := range look.Words(when) {
			line(out, "%s", words)
		}
		if c.Apply {
			line(out, "Invited: their mail is on its way.")
			return
		}
		line(out, "Nothing was sent. To do it, add --apply.")
	})
}

type campaignVetoCommand struct {
	whomToPick
	Back   bool   `help:"Put them in line again."`
	Reason string `help:"Why; it stands in the audit." placeholder:"R"`
}

func (c campaignVetoCommand) Run(a *app) error {
	by, err := a.may(partnership.DeedVeto)
	if err != nil {
		return err
	}
	id, err := a.campaignID(c.ID)
	if err != nil {
		return err
	}
	creator, err := a.opened.FindCreator(a.ctx, c.Creator)
	if err != nil {
		return err
	}
	w, err := a.workflows()
	if err != nil {
		return err
	}
	if err := deeds.Veto(id, creator.ID, c.Back, c.Reason).Decide(a.ctx, w, by, nil); err != nil {
		return err
	}
	said := "Left out: nobody invites them to this campaign until they are put back with --back, or invited by name."
	if c.Back {
		said = "They stand in line again."
	}
	return a.show(map[string]any{"id": string(id), "creator_id": creator.ID, "back": c.Back}, func(out io.Writer) { line(out, "%s", said) })
}
