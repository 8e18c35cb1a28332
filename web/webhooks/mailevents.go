package webhooks

import (
	"context"
	"net/url"
	"strings"

	"github.com/rapport-dev/rapport/app/news"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/facts"
	"github.com/rapport-dev/rapport/store"
)

// mailEvent keeps what became of a mail and draws the conclusions.
func (a *Applier) mailEvent(ctx context.Context, vendor string, w store.Webhook, e facts.MailEvent) error {
	kept := store.MailEvent{ID: e.ID, Key: e.Key, Event: e.Kind, Reason: e.Reason, At: e.At}
	if fresh, err := a.Store.AddMailEvent(ctx, kept); err != nil || !fresh && w.Attempts == 1 {
		return err // vendors repeat events in new batches; a batch of ours that is tried again goes on where it stopped
	}
	switch {
	case e.OptsOut:
		return a.optOut(ctx, e.Email, e.Kind, e.ID)
	case e.Failed != nil:
		return a.undelivered(ctx, vendor, e)
	case e.Clicked && e.PartnershipID != "" && !optsOut(e.Link):
		return told(news.CreatorActive(ctx, a.Workflows, e.PartnershipID, news.Click, e.ID, e.At))
	}
	return nil // opens are made by machines as often as by people: they say nothing
}

// undelivered strikes off a dead address and nothing else; what is our own doing is told to us, once for all mails.
func (a *Applier) undelivered(ctx context.Context, vendor string, e facts.MailEvent) error {
	if e.Failed.DeadAddress {
		if _, err := a.Store.SuppressEmail(ctx, e.Email, partnership.ByAddress, "the address does not take mail: "+e.Kind); err != nil {
			return err
		}
	}
	if e.Failed.Trouble != "" {
		if _, err := a.Store.NoteTrouble(ctx, vendor, e.Failed.Trouble, e.Failed.Mend, 0); err != nil {
			return err
		}
	}
	if e.PartnershipID == "" {
		return nil
	}
	return told(news.MailFailed(ctx, a.Workflows, e.PartnershipID, e.Key, e.Failed.Why, e.ID))
}

// optsOut says whether a clicked link was the opt-out's: a wish to leave is no sign of life.
func optsOut(link string) bool {
	u, err := url.Parse(link)
	return err == nil && strings.HasPrefix(u.Path, "/u/")
}

// optOut stops all mail to an address, and then tells the partnerships that are open.
func (a *Applier) optOut(ctx context.Context, email, why, event string) error {
	open, err := a.Store.SuppressEmail(ctx, email, partnership.ByPerson, why)
	if err != nil {
		return err
	}
	return a.tellAll(ctx, open, news.OptedOut, event)
}
