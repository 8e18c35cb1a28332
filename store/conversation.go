package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/asking"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/store/db"
)

// InboundMessage is a creator's mail to us, whole. Personal data; the raw mail lies in the inbox.
type InboundMessage struct {
	MessageID       string
	PartnershipID   partnership.PartnershipID
	Sender, Subject string
	Body            string // what they wrote, as far as it can be told from what they quote
	Text            string // all of it
	HTML            string // the page beside the text
	MailID          string // the mail's own Message-ID
	Earlier         []string
	Files           []InboundFile
	Doubts          []string // what could not be read
	At              time.Time
	AutoReply       bool  // a machine's
	NeedsAnswer     bool  // until a person has seen to it
	InboxID         int64 // the raw mail's
}

// InboundFile is a file that came with a mail. Its content is there when it is kept and nowhere else.
type InboundFile struct {
	Name string `json:"name"`
	Type string `json:"type"`
	Size int    `json:"size"`

	Content []byte `json:"-"`
}

// AddInboundMessage keeps a creator's mail once, with its files; of somebody who was erased only that there was one.
func (s *Store) AddInboundMessage(ctx context.Context, m InboundMessage) (fresh bool, err error) {
	erased, err := s.q.ErasedBehind(ctx, m.PartnershipID)
	if err != nil {
		return false, notFound("partnership", err)
	}
	if erased { // that they wrote is a fact; what they wrote is theirs
		m = InboundMessage{MessageID: m.MessageID, PartnershipID: m.PartnershipID, At: m.At, AutoReply: m.AutoReply, InboxID: m.InboxID}
	}
	add := db.AddInboundMessageParams{
		MessageID: m.MessageID, PartnershipID: m.PartnershipID, Subject: text(m.Subject), Body: text(m.Body), At: m.At, AutoReply: m.AutoReply,
		Sender: text(m.Sender), Text: text(m.Text), Html: text(m.HTML), MailID: text(m.MailID), NeedsAnswer: m.NeedsAnswer,
	}
	for to, list := range map[*[]byte]any{&add.Files: append([]InboundFile{}, m.Files...), &add.Doubts: append([]string{}, m.Doubts...), &add.Earlier: append([]string{}, m.Earlier...)} {
		data, err := json.Marshal(list)
		if err != nil {
			return false, fmt.Errorf("store: a mail: %w", err)
		}
		*to = []byte(text(string(data)))
	}
	if m.InboxID != 0 {
		add.InboxID = &m.InboxID
	}
	err = s.tx(ctx, "add inbound message", func(q *db.Queries) error {
		rows, err := q.AddInboundMessage(ctx, add)
		fresh = rows > 0
		if err != nil || !fresh {
			return err
		}
		for n, f := range m.Files {
			file := db.AddMessageFileParams{ID: newID(), MessageID: m.MessageID, N: int32(n), Name: text(f.Name), Type: text(f.Type), Content: append([]byte{}, f.Content...)}
			if err := q.AddMessageFile(ctx, file); err != nil {
				return err
			}
		}
		return nil
	})
	return fresh, err
}

// InboundMessages are a partnership's mails to us, oldest first. Personal data.
func (s *Store) InboundMessages(ctx context.Context, id partnership.PartnershipID) ([]InboundMessage, error) {
	rows, err := s.q.InboundMessages(ctx, id)
	return each(rows, inboundOf), mapped("inbound messages", err)
}

func inboundOf(row db.InboundMessage) InboundMessage {
	m := InboundMessage{
		MessageID: row.MessageID, PartnershipID: row.PartnershipID, Sender: row.Sender, Subject: row.Subject, Body: row.Body, Text: row.Text,
		HTML: row.Html, MailID: row.MailID, At: row.At, AutoReply: row.AutoReply, NeedsAnswer: row.NeedsAnswer && row.SettledAt == nil,
	}
	if m.Text == "" { // kept by an earlier build
		m.Text = m.Body
	}
	if row.InboxID != nil {
		m.InboxID = *row.InboxID
	}
	_ = json.Unmarshal(row.Files, &m.Files)     // written by AddInboundMessage
	_ = json.Unmarshal(row.Doubts, &m.Doubts)   // the same
	_ = json.Unmarshal(row.Earlier, &m.Earlier) // the same
	return m
}

// Conversation is what a creator and the brand wrote to each other, oldest first. Personal data; without the creator's secret links.
func (s *Store) Conversation(ctx context.Context, id partnership.PartnershipID) ([]board.Mail, error) {
	mails, err := s.InboundMessages(ctx, id)
	if err != nil {
		return nil, err
	}
	files, err := s.q.MessageFiles(ctx, id)
	if err != nil {
		return nil, mapped("conversation", err)
	}
	of := map[string][]board.MailFile{}
	for _, f := range files {
		of[f.MessageID] = append(of[f.MessageID], board.MailFile{ID: f.ID, Name: f.Name, Type: f.Type, Size: f.Size})
	}
	answers, err := s.q.Answers(ctx, id)
	if err != nil {
		return nil, mapped("conversation", err)
	}
	all := []board.Mail{}
	for _, m := range mails {
		kept := of[m.MessageID]
		if len(kept) == 0 { // of an earlier build, which kept their names
			for _, f := range m.Files {
				kept = append(kept, board.MailFile{Name: f.Name, Type: f.Type, Size: int64(f.Size)})
			}
		}
		hide := partnership.HideLinks
		all = append(all, board.Mail{
			ID: m.MessageID, At: m.At, From: hide(m.Sender), Subject: hide(m.Subject), Words: hide(m.Body), Whole: hide(m.Text), Files: append([]board.MailFile{}, kept...),
			Doubts: append([]string{}, m.Doubts...), Machine: m.AutoReply, NeedsAnswer: m.NeedsAnswer, InboxID: m.InboxID,
		})
	}
	for _, w := range answers {
		all = append(all, board.Mail{
			ID: w.Answer.ID, At: w.Answer.At, Ours: true, From: w.Answer.WrittenBy, Subject: w.Answer.Subject, Words: w.Answer.Text, Whole: w.Answer.Text,
			Files: []board.MailFile{}, Doubts: []string{}, State: sentAs(partnership.EffectState(w.State), w.Waits),
		})
	}
	board.SortMails(all)
	return all, nil
}

// sentAs says what became of an answer.
func sentAs(state partnership.EffectState, waits bool) string {
	switch {
	case state == partnership.EffectConfirmed:
		return board.MailSent
	case state == partnership.EffectFailed:
		return board.MailRefused
	case state == partnership.EffectUnknown:
		return board.MailUnsure
	case waits:
		return board.MailWaits
	}
	return board.MailLetGo
}

// MessageFile is a file that came with a creator's mail, whole. Personal data.
func (s *Store) MessageFile(ctx context.Context, id string) (InboundFile, error) {
	row, err := s.q.MessageFile(ctx, id)
	return InboundFile{Name: row.Name, Type: row.Type, Size: len(row.Content), Content: row.Content}, notFound("file", err)
}

// mailsToAnswer are creators' mails to which nobody has said anything yet, for the list of what waits.
func (s *Store) mailsToAnswer(ctx context.Context, most int) ([]asking.Decision, error) {
	rows, err := s.q.MailsToAnswer(ctx, int32(most))
	return each(rows, func(r db.MailsToAnswerRow) asking.Decision {
		return asking.MailToAnswer(r.MessageID, r.PartnershipID, r.CampaignID, r.Campaign, r.Handle, r.At)
	}), mapped("mails to answer", err)
}
