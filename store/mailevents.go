package store

import (
	"context"
	"time"

	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store/db"
)

// MailEvent is what the mail vendor reports about a mail of ours. It holds no address.
type MailEvent struct {
	ID     string // the vendor's id of the event
	Key    p.EffectKey
	Event  string // processed, delivered, bounce, dropped, open, click, ...
	Reason string // the vendor's class of a bounce, never its text, which quotes the address
	At     time.Time
}

// AddMailEvent keeps an event once.
func (s *Store) AddMailEvent(ctx context.Context, e MailEvent) (fresh bool, err error) {
	rows, err := s.q.AddMailEvent(ctx, db.AddMailEventParams{SgEventID: e.ID, Key: e.Key, Event: e.Event, Reason: e.Reason, At: e.At})
	return rows > 0, mapped("add mail event", err)
}

// MailStatus is what the mail vendor's events have said about a mail so far.
func (s *Store) MailStatus(ctx context.Context, key p.EffectKey) (p.MailStatus, error) {
	row, err := s.q.MailStatus(ctx, key)
	return p.MailStatus{Accepted: row.Accepted, Bounced: row.Bounced}, mapped("mail status", err)
}

// InboundMessage is a creator's mail to us. Personal data.
type InboundMessage struct {
	MessageID     string
	PartnershipID p.PartnershipID
	Subject, Body string
	At            time.Time
	AutoReply     bool // an answering machine's
}

// AddInboundMessage keeps a creator's mail once; of somebody who was erased only that there was one.
func (s *Store) AddInboundMessage(ctx context.Context, m InboundMessage) (fresh bool, err error) {
	erased, err := s.q.ErasedBehind(ctx, m.PartnershipID)
	if err != nil {
		return false, notFound("partnership", err)
	}
	if erased { // that they wrote is a fact; what they wrote is theirs
		m.Subject, m.Body = "", ""
	}
	rows, err := s.q.AddInboundMessage(ctx, db.AddInboundMessageParams{MessageID: m.MessageID, PartnershipID: m.PartnershipID, Subject: m.Subject, Body: m.Body, At: m.At, AutoReply: m.AutoReply})
	return rows > 0, mapped("add inbound message", err)
}

// InboundMessages are a partnership's mails to us, oldest first. Personal data.
func (s *Store) InboundMessages(ctx context.Context, id p.PartnershipID) ([]InboundMessage, error) {
	rows, err := s.q.InboundMessages(ctx, id)
	out := make([]InboundMessage, len(rows))
	for i, row := range rows {
		out[i] = InboundMessage{row.MessageID, row.PartnershipID, row.Subject, row.Body, row.At, row.AutoReply}
	}
	return out, mapped("inbound messages", err)
}
