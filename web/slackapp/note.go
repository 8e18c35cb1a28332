package slackapp

import (
	"context"

	"github.com/rapport-dev/rapport/app/note"
	"github.com/rapport-dev/rapport/partnership"
)

// note keeps what a manager and a creator said elsewhere: /rapport note @handle text.
func (a *App) note(ctx context.Context, c ask) (answer, error) {
	whom, text := firstWord(c.rest)
	if whom == "" || text == "" {
		return answer{}, partnership.FieldErrorf("note", "say whom and what: /rapport note @handle we spoke, the draft comes on Friday")
	}
	notes := note.Notes{Store: a.Store, Workflows: a.Workflows, Now: a.Now}
	about, err := notes.Add(ctx, whom, unescape(text), note.Writer{By: c.by, Name: "@" + c.UserName})
	if err != nil {
		return answer{}, err
	}
	return said("Noted for <" + a.PublicURL + "/partnerships/" + string(about.ID) + "|@" + escape(about.Creator.Handle) + ">. " +
		"Reminders of what is open stop, and the silence counts from now."), nil
}
