package webhooks

import (
	"context"
	"encoding/json"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/facts"
	"github.com/rapport-dev/rapport/store"
)

// What creators write on their own pages lies in the inbox beside the vendors' deliveries, under this name, and is applied like a mail.
const pageInbox = "creator-page"

// written is a message as it lies there. Plain is one of a button, whose words are ours and hold no wish to be read out of them.
type written struct {
	Partnership partnership.PartnershipID `json:"partnership"`
	Subject     string                    `json:"subject"`
	Words       string                    `json:"words"`
	Plain       bool                      `json:"plain"`
}

// Wrote keeps a creator's message once for each id. What becomes of it then is what becomes of a mail.
func (d *Door) Wrote(ctx context.Context, of partnership.PartnershipID, id, subject, words string, plain bool) error {
	body, err := json.Marshal(written{of, subject, words, plain})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keepTime)
	defer cancel()
	if _, err = d.Inbox.Receive(ctx, pageInbox, id, nil, body); err == nil {
		d.wake()
	}
	return err
}

// fromPage files a message as a mail is filed.
func (a *Applier) fromPage(ctx context.Context, w store.Webhook) error {
	var m written
	if err := json.Unmarshal(w.Body, &m); err != nil {
		return &poisonError{err}
	}
	in := facts.MailReceived{ID: "page/" + w.DeliveryID, Subject: m.Subject, Text: m.Words, Reply: m.Words, Page: true, Button: m.Plain}
	return a.file(ctx, w, in, m.Partnership, 0)
}
