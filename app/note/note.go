// Package note keeps what a manager and a creator said to each other elsewhere: by phone, in a message, at a fair. Slack and the
// command line keep notes through it, so that both refuse the same and do the same.
package note

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/app/find"
	"github.com/rapport-dev/rapport/app/news"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
)

// MaxLength of a note, in characters.
const MaxLength = 2000

// Store keeps notes and knows whom they are about.
type Store interface {
	find.Partnerships
	// AddNote writes its own line in the audit. It may be repeated with the same key: the first stays.
	AddNote(ctx context.Context, id partnership.PartnershipID, key, by, name, text string) error
}

// Writer is who writes a note: By stands in the audit, Name on the timeline.
type Writer struct {
	By   deeds.By
	Name string
}

// Notes keeps notes.
type Notes struct {
	Store     Store
	Workflows news.Teller
	Now       func() time.Time
}

// Add keeps a note about the partnership that whom names, an id or a creator's handle, and returns that partnership. The words
// stay in Postgres; the partnership only hears that its creator is alive: reminders stop as for any answer, and the silence
// counts from now. The same words of the same person on one day are one note. Errors are *partnership.Error.
func (n *Notes) Add(ctx context.Context, whom, text string, w Writer) (board.Partnership, error) {
	if err := w.By.May(partnership.DeedNote); err != nil {
		return board.Partnership{}, err
	}
	text, err := words(text)
	if err != nil {
		return board.Partnership{}, err
	}
	about, err := find.Partnership(ctx, n.Store, whom, "")
	if err != nil {
		return about, err
	}
	if about.Outcome != "" {
		return about, partnership.Errorf(partnership.Conflict, "this partnership has ended (%s): nobody is reminded of it any more, so there is nothing to note", about.Outcome)
	}
	now := n.Now().UTC()
	sum := sha256.Sum256([]byte(w.By.Who + "\x00" + now.Format(time.DateOnly) + "\x00" + text))
	key := hex.EncodeToString(sum[:12])
	if err := n.Store.AddNote(ctx, about.ID, key, w.By.Who, w.Name, text); err != nil {
		return about, err
	}
	return about, news.CreatorActive(ctx, n.Workflows, about.ID, news.Noted, "note/"+key, now)
}

// words are a note's text as it is kept: without control characters, but with its lines.
func words(text string) (string, error) {
	text = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' || r == utf8.RuneError {
			return -1
		}
		return r
	}, text))
	switch length := utf8.RuneCountInString(text); {
	case length == 0:
		return "", partnership.FieldErrorf("text", "say what was said, in a sentence or two")
	case length > MaxLength:
		return "", partnership.FieldErrorf("text", "%d characters; at most %d are kept: shorten it, or split it into two notes", length, MaxLength)
	}
	return text, nil
}
