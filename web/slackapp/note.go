package slackapp

import (
	"context"
	"strings"
	"unicode"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/app/note"
	"github.com/rapport-dev/rapport/partnership"
)

// note keeps what a manager and a creator said elsewhere: /rapport note @handle text.
func (a *App) note(ctx context.Context, c Command, by deeds.By) (string, error) {
	_, rest := firstWord(c.Text) // the verb
	whom, text := firstWord(rest)
	if whom == "" || text == "" {
		return "", partnership.FieldErrorf("note", "say whom and what: /rapport note @handle we spoke, the draft comes on Friday")
	}
	notes := note.Notes{Store: a.Store, Workflows: a.Workflows, Now: a.Now}
	about, err := notes.Add(ctx, whom, text, note.Writer{By: by, Name: "@" + c.UserName})
	if err != nil {
		return "", err
	}
	return "Noted for <" + a.PublicURL + "/partnerships/" + string(about.ID) + "|@" + escape(about.Creator.Handle) + ">. " +
		"Reminders of what is open stop, and the silence counts from now.", nil
}

// firstWord cuts the first word off; the rest keeps its lines.
func firstWord(s string) (word, rest string) {
	s = strings.TrimSpace(s)
	end := strings.IndexFunc(s, unicode.IsSpace)
	if end < 0 {
		return s, ""
	}
	return s[:end], strings.TrimSpace(s[end:])
}
