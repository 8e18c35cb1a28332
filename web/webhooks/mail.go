package webhooks

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/rapport-dev/rapport/app/news"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/facts"
	"github.com/rapport-dev/rapport/partnership/optout"
	"github.com/rapport-dev/rapport/store"
)

// mail files a creator's reply whole, lets the partnership know of the sign of life, and shows it to the team.
func (a *Applier) mail(ctx context.Context, w store.Webhook, in facts.MailReceived) error {
	all, err := a.partnershipsOfMail(ctx, in.To)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return ignored("it is to no reply address of ours")
	}
	var waiting error
	for i, id := range all { // each is filed, whatever holds up another
		if err := a.file(ctx, w, in, id, i); err != nil && !errors.As(err, new(*ignoredError)) {
			waiting = err
		}
	}
	return waiting
}

// unread tells of a mail that this build cannot take apart.
func (a *Applier) unread(ctx context.Context, w store.Webhook, f facts.MailUnread) error {
	if err := a.show(ctx, unreadCard(w), w.ReceivedAt); err != nil {
		return err
	}
	return &poisonError{f.Err} // kept in the inbox: rapport inbox retry, once a build can read it
}

// file puts a mail into the file of one of those whom it is about: an agency may answer for several at once.
func (a *Applier) file(ctx context.Context, w store.Webhook, in facts.MailReceived, id partnership.PartnershipID, nth int) error {
	body := strings.TrimSpace(in.Reply)
	wish, channel := optout.None, news.ByMail
	if !in.AutoReply && !in.Button {
		wish = optout.Read(in.Subject, body)
	}
	if in.Page {
		channel = news.ByPage
	}
	m := messageOf(in, id, body, w)
	m.NeedsAnswer = !in.AutoReply && wish != optout.Sure
	if nth > 0 {
		m.MessageID += "/" + string(id)
	}
	if _, err := a.Store.AddInboundMessage(ctx, m); err != nil {
		return err
	}
	if in.AutoReply {
		return nil // a machine: nobody has read ours
	}
	v, err := a.Store.View(ctx, id)
	if err != nil {
		return err
	}
	if v.Creator.Erased {
		return nil // only that they wrote is kept
	}
	if wish == optout.Sure {
		return a.optOut(ctx, v.Creator.Email, "asked by "+askedBy[in.Page], in.ID)
	}
	err = news.CreatorActive(ctx, a.Workflows, id, channel, in.ID, w.ReceivedAt)
	if err != nil && partnership.CodeOf(err) != partnership.NotFound {
		return err
	}
	return a.show(ctx, replyCard(v, in, m.MessageID, wish, a.PublicURL), w.ReceivedAt)
}

// askedBy is how somebody said that they want no more mail.
var askedBy = map[bool]string{false: "mail", true: "their page"}

func messageOf(in facts.MailReceived, id partnership.PartnershipID, body string, w store.Webhook) store.InboundMessage {
	m := store.InboundMessage{
		MessageID: in.ID, PartnershipID: id, Sender: in.HeaderFrom, Subject: in.Subject, Body: body, Text: in.Text, HTML: in.HTML,
		MailID: in.MessageID, Earlier: in.Earlier, Doubts: in.Doubts,
		At: w.ReceivedAt, AutoReply: in.AutoReply, InboxID: w.ID,
	}
	if m.Sender == "" {
		m.Sender = in.From
	}
	if in.Page {
		m.Sender = "on their page"
	}
	for _, f := range in.Files {
		m.Files = append(m.Files, store.InboundFile{Name: f.Name, Type: f.Type, Size: f.Size, Content: f.Content})
	}
	return m
}

// partnershipsOfMail goes by the addresses that only the creators' mails carry, never by From, which anybody can write.
func (a *Applier) partnershipsOfMail(ctx context.Context, to []string) (all []partnership.PartnershipID, err error) {
	for _, address := range to {
		local, _, _ := strings.Cut(address, "@")
		token, ok := strings.CutPrefix(local, "reply+")
		if !ok {
			continue
		}
		id, err := a.Store.PartnershipByReply(ctx, token)
		switch {
		case partnership.CodeOf(err) == partnership.NotFound:
		case err != nil:
			return nil, err
		case !slices.Contains(all, id):
			all = append(all, id)
		}
	}
	return all, nil
}
