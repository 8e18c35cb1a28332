package webhooks

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/integrations/sendgrid"
	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/workflows"
)

// mailEvents goes through a batch. One event that must wait keeps the batch, and the others are not repeated by it.
func (a *Applier) mailEvents(ctx context.Context, w store.Webhook) error {
	events, err := sendgrid.ParseEvents(w.Body)
	if err != nil {
		return &poisonError{err}
	}
	var waiting error
	for _, e := range events {
		if e.Key == "" {
			continue // not a mail of ours
		}
		if err := a.mailEvent(ctx, w, e); err != nil && !errors.As(err, new(*ignoredError)) {
			waiting = err
		}
	}
	return waiting
}

func (a *Applier) mailEvent(ctx context.Context, w store.Webhook, e sendgrid.Event) error {
	kept := store.MailEvent{ID: e.ID, Key: e.Key, Event: e.Type, Reason: e.BounceType, At: e.At}
	if fresh, err := a.Store.AddMailEvent(ctx, kept); err != nil || !fresh && w.Attempts == 1 {
		return err // vendors repeat events in new batches; a batch of ours that is tried again goes on where it stopped
	}
	switch {
	case e.OptOut():
		return a.optOut(ctx, e.Email, e.Type, e.ID)
	case e.Undeliverable():
		if e.Type == "dropped" || e.BounceType != "blocked" { // a block may be over tomorrow
			if _, err := a.Store.SuppressEmail(ctx, e.Email, "the address does not take mail: "+e.Type); err != nil {
				return err
			}
		}
		if e.PartnershipID == "" {
			return nil
		}
		why := e.Type
		if e.BounceType != "" {
			why = e.BounceType
		}
		return a.signal(ctx, e.PartnershipID, workflows.SignalMailFailed, workflows.MailFailed{Key: string(e.Key), Why: why, EventID: e.ID})
	case e.Type == "click" && e.PartnershipID != "" && !optsOut(e.URL):
		return a.signal(ctx, e.PartnershipID, workflows.SignalCreatorActive, workflows.CreatorActive{Channel: "click", EventID: e.ID, At: e.At})
	}
	return nil // opens are made by machines as often as by people: they say nothing
}

// optsOut says whether a clicked link was the opt-out's: a wish to leave is no sign of life.
func optsOut(link string) bool {
	u, err := url.Parse(link)
	return err == nil && strings.HasPrefix(u.Path, "/u/")
}

// optOut stops all mail to an address, and then tells the partnerships that are open.
func (a *Applier) optOut(ctx context.Context, email, why, event string) error {
	open, err := a.Store.SuppressEmail(ctx, email, why)
	if err != nil {
		return err
	}
	return a.signalAll(ctx, open, workflows.SignalOptedOut, workflows.OptedOut{EventID: event})
}

// mail files a creator's reply, lets the partnership know of the sign of life, and shows it to the team.
func (a *Applier) mail(ctx context.Context, w store.Webhook) error {
	var in sendgrid.Inbound
	if len(w.Body) == 0 || json.Unmarshal(w.Body, &in) != nil {
		return ignored("it was not a mail that can be read")
	}
	id, err := a.partnershipOfMail(ctx, in.To)
	if p.CodeOf(err) == p.NotFound {
		return ignored("it is to no reply address of ours")
	}
	if err != nil {
		return err
	}
	body := strings.TrimSpace(in.Reply)
	if body == "" {
		body = strings.TrimSpace(in.Text)
	}
	if _, err := a.Store.AddInboundMessage(ctx, store.InboundMessage{MessageID: in.ID, PartnershipID: id, Subject: in.Subject, Body: body, At: w.ReceivedAt, AutoReply: in.AutoReply}); err != nil {
		return err
	}
	if in.AutoReply {
		return nil // an out-of-office: nobody has read ours
	}
	v, err := a.Store.View(ctx, id)
	if err != nil {
		return err
	}
	if saysStop(body) {
		return a.optOut(ctx, v.Creator.Email, "asked by mail", in.ID)
	}
	err = a.signal(ctx, id, workflows.SignalCreatorActive, workflows.CreatorActive{Channel: "mail_reply", EventID: in.ID, At: w.ReceivedAt})
	if err != nil && !errors.As(err, new(*ignoredError)) {
		return err
	}
	return a.show(ctx, replyCard(v, in.ID, body, a.PublicURL), w.ReceivedAt)
}

// partnershipOfMail goes by the address that only the creator's mails carry, never by From, which anybody can write.
func (a *Applier) partnershipOfMail(ctx context.Context, to []string) (p.PartnershipID, error) {
	for _, address := range to {
		local, _, _ := strings.Cut(address, "@")
		token, ok := strings.CutPrefix(local, "reply+")
		if !ok {
			continue
		}
		id, err := a.Store.PartnershipByReply(ctx, token)
		if p.CodeOf(err) != p.NotFound {
			return id, err
		}
	}
	return "", p.Errorf(p.NotFound, "no reply address")
}

// stops are what people write who want no more mail, and nothing else.
var stops = []string{"stop", "unsubscribe", "opt out", "opt-out", "remove me", "please remove me", "no more emails", "take me off your list"}

func saysStop(body string) bool {
	return slices.Contains(stops, strings.ToLower(strings.Trim(strings.TrimSpace(body), ".! ")))
}

// maxShown is how much of a mail the card shows, in characters.
const maxShown = 1500

func replyCard(v p.PartnershipView, mailID, body, publicURL string) p.Message {
	if r := []rune(body); len(r) > maxShown {
		body = string(r[:maxShown]) + "…"
	}
	return p.Message{
		Key: p.EffectKey("partnership/" + string(v.ID) + "/mail/" + mailID), Kind: "creator_reply",
		Text: "@" + v.Creator.Handle + " replied by mail", Body: body,
		Facts:   []p.Fact{{Label: "Campaign", Value: v.Campaign.Name}},
		LinkURL: publicURL + "/partnerships/" + string(v.ID), LinkText: "Open the partnership",
	}
}

// settling is how long a post that was cut off may still be under way at the vendor: until then "there is none" proves nothing.
const settling = 5 * time.Second

var errUnsure = errors.New("not yet known whether the card was posted")

// show posts a card once: intent, look-up after doubt, receipt. Without a chat the console shows the same.
func (a *Applier) show(ctx context.Context, m p.Message, since time.Time) error {
	if a.Chat == nil {
		return nil
	}
	row, err := a.Store.BeginEffect(ctx, m.Key, "message")
	if err != nil || row.State == p.EffectConfirmed {
		return err
	}
	if row.Attempts > 1 { // an earlier attempt left no receipt: it may have been posted
		ref, err := a.Chat.FindMessage(ctx, m.Channel, m.Key, since.Add(-time.Minute))
		switch {
		case err == nil:
			return a.Store.ConfirmEffect(ctx, m.Key, ref)
		case p.CodeOf(err) != p.NotFound:
			return err
		case row.Age < settling:
			return errUnsure
		}
		if err := a.Store.RevertEffect(ctx, m.Key, "looked for and not found"); err != nil {
			return err
		}
		if _, err := a.Store.BeginEffect(ctx, m.Key, "message"); err != nil {
			return err
		}
	}
	ref, err := a.Chat.PostMessage(ctx, m)
	if err == nil {
		return a.Store.ConfirmEffect(ctx, m.Key, ref)
	}
	switch p.ClassOf(err) {
	case p.Permanent:
		a.Log.WarnContext(ctx, "reply not shown in chat", "error", err)
		return nil // the mail is kept, and the console shows it
	case p.Retry:
		if err := a.Store.RevertEffect(ctx, m.Key, err.Error()); err != nil {
			return err
		}
	}
	return err
}
