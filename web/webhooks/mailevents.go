package webhooks

import (
	"context"
	"errors"
	"net/url"
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
	var arrived time.Time
	for _, e := range events {
		if e.Key == "" {
			continue // not a mail of ours
		}
		if e.Type == "delivered" && e.At.After(arrived) {
			arrived = e.At
		}
		if err := a.mailEvent(ctx, w, e); err != nil && !errors.As(err, new(*ignoredError)) {
			waiting = err
		}
	}
	if !arrived.IsZero() { // the plan has room again
		if _, err := a.Store.EndTrouble(ctx, "sendgrid", p.OverQuota, arrived); err != nil {
			return err
		}
	}
	return waiting
}

func (a *Applier) mailEvent(ctx context.Context, w store.Webhook, e sendgrid.Event) error {
	kept := store.MailEvent{ID: e.ID, Key: e.Key, Event: e.Type, Reason: reasonOf(e), At: e.At}
	if fresh, err := a.Store.AddMailEvent(ctx, kept); err != nil || !fresh && w.Attempts == 1 {
		return err // vendors repeat events in new batches; a batch of ours that is tried again goes on where it stopped
	}
	switch {
	case e.OptOut():
		return a.optOut(ctx, e.Email, e.Type, e.ID)
	case e.Undeliverable():
		return a.undelivered(ctx, e)
	case e.Type == "click" && e.PartnershipID != "" && !optsOut(e.URL):
		return a.signal(ctx, e.PartnershipID, workflows.SignalCreatorActive, workflows.CreatorActive{Channel: "click", EventID: e.ID, At: e.At})
	}
	return nil // opens are made by machines as often as by people: they say nothing
}

// reasonOf is our class of what happened: a vendor's words quote addresses.
func reasonOf(e sendgrid.Event) string {
	if e.Fault != "" {
		return string(e.Fault)
	}
	return e.BounceType
}

// undeliveredFor says in words whose doing it is, and what to mend where it is ours.
var undeliveredFor = map[sendgrid.Fault]struct {
	why  string
	kind p.TroubleKind
	mend string
}{
	sendgrid.OurQuota: {
		"SendGrid's plan is used up", p.OverQuota,
		"SendGrid drops our mails because the plan's mails are used up: raise the plan, or wait for the next period",
	},
	sendgrid.OurName: {
		"the receiving server refuses us as a sender", p.Reputation,
		"mail servers refuse us as a sender: look at SendGrid's reputation and block lists, and at SPF, DKIM and DMARC of SENDGRID_FROM's domain",
	},
	sendgrid.OurWords: {
		"it was taken for spam", p.BadContent,
		"mails are dropped or refused for what they say: look at the templates, the brief's words and links, and at SendGrid's spam checker",
	},
	sendgrid.OurSetup: {
		"SendGrid could not read how it was sent", p.BadSetup,
		"SendGrid drops mails as malformed: this is a fault of this program; report it",
	},
}

// undelivered strikes off a dead address and nothing else; what is our own doing is told to us, once for all mails.
func (a *Applier) undelivered(ctx context.Context, e sendgrid.Event) error {
	if e.Fault == sendgrid.DeadAddress {
		if _, err := a.Store.SuppressEmail(ctx, e.Email, p.ByAddress, "the address does not take mail: "+e.Type); err != nil {
			return err
		}
	}
	told := undeliveredFor[e.Fault]
	if told.kind != "" {
		if _, err := a.Store.NoteTrouble(ctx, "sendgrid", told.kind, told.mend, e.At); err != nil {
			return err
		}
	}
	if e.PartnershipID == "" {
		return nil
	}
	why := told.why
	if why == "" {
		why = e.Type
		if e.BounceType != "" {
			why = e.BounceType
		}
	}
	return a.signal(ctx, e.PartnershipID, workflows.SignalMailFailed, workflows.MailFailed{Key: string(e.Key), Why: why, EventID: e.ID})
}

// optsOut says whether a clicked link was the opt-out's: a wish to leave is no sign of life.
func optsOut(link string) bool {
	u, err := url.Parse(link)
	return err == nil && strings.HasPrefix(u.Path, "/u/")
}

// optOut stops all mail to an address, and then tells the partnerships that are open.
func (a *Applier) optOut(ctx context.Context, email, why, event string) error {
	open, err := a.Store.SuppressEmail(ctx, email, p.ByPerson, why)
	if err != nil {
		return err
	}
	return a.signalAll(ctx, open, workflows.SignalOptedOut, workflows.OptedOut{EventID: event})
}
