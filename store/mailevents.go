package store

import (
	"context"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store/db"
)

// MailEvent is what the mail vendor reports about a mail of ours. It holds no address.
type MailEvent struct {
	ID     string // the vendor's id of the event
	Key    partnership.EffectKey
	Event  string // processed, delivered, bounce, dropped, open, click, ...
	Reason string // the vendor's class of a bounce, never its text, which quotes the address
	At     time.Time
}

// AddMailEvent keeps an event once.
func (s *Store) AddMailEvent(ctx context.Context, e MailEvent) (fresh bool, err error) {
	rows, err := s.q.AddMailEvent(ctx, db.AddMailEventParams{
		SgEventID: text(e.ID), Key: partnership.EffectKey(text(string(e.Key))), Event: text(e.Event), Reason: text(e.Reason), At: e.At,
	})
	return rows > 0, mapped("add mail event", err)
}

// MailStatus is what the mail vendor's events have said about a mail so far.
func (s *Store) MailStatus(ctx context.Context, key partnership.EffectKey) (partnership.MailStatus, error) {
	row, err := s.q.MailStatus(ctx, key)
	return partnership.MailStatus{Accepted: row.Accepted, Bounced: row.Bounced}, mapped("mail status", err)
}

// text is what Postgres can hold of a stranger's words: no NUL, and UTF-8 alone.
func text(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}
