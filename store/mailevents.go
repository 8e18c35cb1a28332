package store

import (
	"context"
	"encoding/json"
	"fmt"
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

// InboundMessage is a creator's mail to us, whole. Personal data; the raw mail lies in the inbox.
type InboundMessage struct {
	MessageID       string
	PartnershipID   partnership.PartnershipID
	Sender, Subject string
	Body            string // what they wrote, as far as it can be told from what they quote
	Text            string // all of it
	Files           []InboundFile
	Doubts          []string // what could not be read
	At              time.Time
	AutoReply       bool  // a machine's
	InboxID         int64 // the raw mail's
}

// InboundFile is what is known of a file that came with a mail.
type InboundFile struct {
	Name string `json:"name"`
	Type string `json:"type"`
	Size int    `json:"size"`
}

// AddInboundMessage keeps a creator's mail once; of somebody who was erased only that there was one.
func (s *Store) AddInboundMessage(ctx context.Context, m InboundMessage) (fresh bool, err error) {
	erased, err := s.q.ErasedBehind(ctx, m.PartnershipID)
	if err != nil {
		return false, notFound("partnership", err)
	}
	if erased { // that they wrote is a fact; what they wrote is theirs
		m.Sender, m.Subject, m.Body, m.Text, m.Files, m.Doubts = "", "", "", "", nil, nil
	}
	files, err := json.Marshal(append([]InboundFile{}, m.Files...))
	if err != nil {
		return false, fmt.Errorf("store: files of a mail: %w", err)
	}
	doubts, err := json.Marshal(append([]string{}, m.Doubts...))
	if err != nil {
		return false, fmt.Errorf("store: doubts about a mail: %w", err)
	}
	var inbox *int64
	if m.InboxID != 0 {
		inbox = &m.InboxID
	}
	rows, err := s.q.AddInboundMessage(ctx, db.AddInboundMessageParams{
		MessageID: m.MessageID, PartnershipID: m.PartnershipID, Subject: text(m.Subject), Body: text(m.Body), At: m.At, AutoReply: m.AutoReply,
		Sender: text(m.Sender), Text: text(m.Text), Files: []byte(text(string(files))), Doubts: doubts, InboxID: inbox,
	})
	return rows > 0, mapped("add inbound message", err)
}

// InboundMessages are a partnership's mails to us, oldest first. Personal data.
func (s *Store) InboundMessages(ctx context.Context, id partnership.PartnershipID) ([]InboundMessage, error) {
	rows, err := s.q.InboundMessages(ctx, id)
	out := make([]InboundMessage, len(rows))
	for i, row := range rows {
		m := InboundMessage{
			MessageID: row.MessageID, PartnershipID: row.PartnershipID, Sender: row.Sender, Subject: row.Subject, Body: row.Body, Text: row.Text,
			At: row.At, AutoReply: row.AutoReply,
		}
		if row.InboxID != nil {
			m.InboxID = *row.InboxID
		}
		_ = json.Unmarshal(row.Files, &m.Files)   // written by AddInboundMessage
		_ = json.Unmarshal(row.Doubts, &m.Doubts) // the same
		out[i] = m
	}
	return out, mapped("inbound messages", err)
}

// text is what Postgres can hold of a stranger's words: no NUL, and UTF-8 alone.
func text(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}
