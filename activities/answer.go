package activities

import (
	"context"
	"log/slog"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
)

// maxEarlier is how many mails before it a mail names: the first, by which programs know the thread, and the newest.
const maxEarlier = 10

func newest(earlier []string) []string {
	if len(earlier) <= maxEarlier {
		return append([]string{}, earlier...)
	}
	return append([]string{earlier[0]}, earlier[len(earlier)-maxEarlier+1:]...)
}

// sendAnswer mails what a person of the brand wrote, once, as they wrote it: plain words in the thread of the creator's own mails. Whoever
// has wanted no more mail since and has signed nothing gets none; after a signature a person talks to them.
func (a *Activities) sendAnswer(ctx context.Context, n partnership.Notice, v partnership.PartnershipView) error {
	if v.OptedOut && (!v.SaidNo || !signed(v)) {
		if err := a.letGo(ctx, partnership.EffectKey("notice/"+n.ID)); err != nil {
			return err
		}
		return a.Store.NoticeDone(ctx, n.ID)
	}
	w := n.Answer
	m := partnership.Mail{
		Key: partnership.EffectKey("notice/" + n.ID), PartnershipID: n.PartnershipID, Kind: n.Kind, Task: "notice", Step: n.ID,
		To: v.Creator.Email, ToName: v.Creator.Name, FromName: v.Campaign.Brand.Name, ReplyTo: a.Store.ReplyAddress(n.PartnershipID),
		Subject: w.Subject, Text: strings.TrimRight(w.Words, "\n") + "\n",
	}
	if m.ReplyTo == "" {
		m.ReplyTo = v.Campaign.Brand.ReplyTo
	}
	if w.MailID != "" {
		m.Earlier = append(newest(w.Earlier), w.MailID)
	}
	threaded(&m, n.PartnershipID)
	if !signed(v) { // until then it courts, and says who writes and how it ends
		m.Unsubscribe = a.Store.OptOutURL(v.Creator.ID)
		m.Text += "\n-- \n" + v.Campaign.Brand.Name + "\n" + v.Campaign.Brand.PostalAddress + "\nNo more mails from us: " + m.Unsubscribe + "\n"
	}
	err := a.deliver(ctx, m)
	if partnership.ClassOf(err) == partnership.Permanent { // it stands in the conversation as refused
		slog.WarnContext(ctx, "an answer to a creator was refused", "notice_id", n.ID, "error", err)
		err = nil
	}
	if err != nil {
		return err
	}
	return a.Store.NoticeDone(ctx, n.ID)
}
