package console

import (
	"context"
	"net/url"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// Mailer sends one mail.
type Mailer interface {
	SendMail(ctx context.Context, m partnership.Mail) (partnership.Receipt, error)
}

// mailing bounds how long one link's mail may take.
const mailing = 20 * time.Second

// Run mails the links that were asked for until ctx ends. Whoever asks is answered before, so that the answer takes the same time for all.
func (c *Console) Run(ctx context.Context, every time.Duration) {
	if c.Mailer == nil {
		return
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if err := c.mailLinks(ctx); err != nil && ctx.Err() == nil {
			c.Log.WarnContext(ctx, "links to sign in were not mailed", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// mailLinks mails those that wait. One that fails is tried again in a minute, with another secret: what may have left before opens nothing.
func (c *Console) mailLinks(ctx context.Context) (failed error) {
	list, err := c.Store.ClaimSignIns(ctx)
	for _, in := range list {
		if err := c.mailLink(ctx, in); err != nil {
			failed = err
		}
	}
	if err != nil {
		return err
	}
	return failed
}

func (c *Console) mailLink(ctx context.Context, in partnership.SignIn) error {
	to := c.Directory.People.MailOf(in.Who)
	if to == "" { // taken out of the file since
		return c.Store.SignInSent(ctx, in.ID)
	}
	link := c.PublicURL + "/signin/" + url.PathEscape(in.Secret)
	var html strings.Builder
	if err := linkMail(link).Render(ctx, &html); err != nil {
		return err
	}
	sending, cancel := context.WithTimeout(ctx, mailing)
	defer cancel()
	m := partnership.Mail{
		Key: partnership.EffectKey("signin/" + in.ID), Kind: "sign_in", Task: "signin", Step: in.ID, To: to, FromName: "Rapport",
		Subject: "Your link to sign in", HTML: html.String(),
		Text: "Open this link within 15 minutes to sign in on Rapport's console. It works once.\n\n" + link + "\n\nYou did not ask for it? Then do nothing: nobody is signed in by it.\n",
	}
	if _, err := c.Mailer.SendMail(sending, m); err != nil {
		return err
	}
	return c.Store.SignInSent(ctx, in.ID)
}
