package activities

import (
	"context"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/locale"
)

// commercial letters court a creator: they carry the sender's postal address and an opt-out, and nobody who opted out gets one
// (CAN-SPAM). The others serve an agreement that stands.
var commercial = map[string]bool{"invitation": true, "offer_reminder": true, "counter_refused": true}

// insisting letters are owed to nobody: they press for what an agreement asks, or offer its place to somebody else. Whoever said no gets
// none of them, signed or not; a person talks to them.
var insisting = map[string]bool{
	"sign_reminder": true, "draft_reminder": true, "post_reminder": true, "payout_reminder": true, "place_offered": true,
}

// ask opens a task and mails its link.
func (a *Activities) ask(ctx context.Context, in Request) (Sent, error) {
	l := in.Letter
	note, err := a.words(ctx, l.Note)
	if err != nil {
		return Sent{}, err
	}
	link, err := a.Store.OpenTask(ctx, partnership.Task{PartnershipID: l.PartnershipID, Kind: in.Task, Name: l.Task, Due: l.Due, Note: note})
	if err != nil {
		return Sent{}, err
	}
	return a.mail(ctx, l, link)
}

// mail renders and sends one letter once. The opt-out is checked here, in the sending itself, so that no path can forget it.
func (a *Activities) mail(ctx context.Context, l Letter, link string) (Sent, error) {
	v, err := a.Store.View(ctx, l.PartnershipID)
	if err != nil {
		return Sent{}, err
	}
	if v.OptedOut && (commercial[l.Kind] || !signed(v)) || v.SaidNo && insisting[l.Kind] {
		return Sent{OptedOut: true}, a.letGo(ctx, letterKey(l))
	}
	quote, err := a.words(ctx, l.Note)
	if err != nil {
		return Sent{}, err
	}
	in := letterLocale(v.Creator, l.Kind)
	if _, known := causeIn(in, l.Cause); !known || !movedKnown(in, l.Words) {
		in = locale.English() // all of it: no sentence is half in one language
	}
	data := letterData(in, v, l, link, strings.ReplaceAll(quote, "\n", "\n> ")) // each line of it stays a quote: none becomes a button
	data.OptOut, data.Signer = a.Store.OptOutURL(v.Creator.ID), a.title(a.Names.Signing)
	text, err := compose(in, l.Kind, data)
	if err != nil {
		return Sent{}, err
	}
	m := partnership.Mail{
		Key: letterKey(l), PartnershipID: l.PartnershipID, Kind: l.Kind, Task: l.Task, Step: l.Step,
		To: v.Creator.Email, ToName: v.Creator.Name, FromName: v.Campaign.Brand.Name, ReplyTo: a.Store.ReplyAddress(l.PartnershipID),
		Subject: text.Subject, Text: text.Text, HTML: text.HTML,
	}
	if m.ReplyTo == "" {
		m.ReplyTo = v.Campaign.Brand.ReplyTo
	}
	threaded(&m, l.PartnershipID)
	if commercial[l.Kind] {
		if strings.TrimSpace(v.Campaign.Brand.PostalAddress) == "" {
			return Sent{}, partnership.FieldErrorf("brand.postal_address", "is missing: commercial mail must carry the sender's postal address")
		}
		m.Unsubscribe = data.OptOut
	}
	return Sent{}, a.deliver(ctx, m)
}

func letterKey(l Letter) partnership.EffectKey {
	return partnership.Key(l.PartnershipID, l.Stage, l.Task+"/"+l.Step, 1)
}

// deliver sends a mail once.
func (a *Activities) deliver(ctx context.Context, m partnership.Mail) error {
	if err := need(partnership.MailPort, a.Names.Mail, a.Mailer != nil); err != nil {
		return err
	}
	_, err := once(ctx, a, effect[partnership.Receipt]{
		key: m.Key, kind: "mail", find: a.findMail,
		do: func(ctx context.Context, _ partnership.Effect) (partnership.Receipt, error) {
			return a.Mailer.SendMail(ctx, m)
		},
	})
	return err
}

// findMail asks what is known of a mail. The port has no look-up: the events that the vendor reported for the key are the proof.
func (a *Activities) findMail(ctx context.Context, e partnership.Effect) (partnership.Receipt, sighting, error) {
	st, err := a.Store.MailStatus(ctx, e.Key)
	if err != nil || st.Accepted {
		return partnership.Receipt{}, found, err
	}
	return partnership.Receipt{}, unsure, nil
}

// letGo ends a mail that is not to be sent any more, because its reader has acted or opted out. An earlier attempt may have sent
// it and lost the answer; what became of it is found out all the same, so that nothing stays open in the effect ledger.
func (a *Activities) letGo(ctx context.Context, key partnership.EffectKey) error {
	row, err := a.Store.Effect(ctx, key)
	switch {
	case partnership.CodeOf(err) == partnership.NotFound:
		return nil
	case err != nil:
		return err
	case row.State == partnership.EffectUnknown:
		return a.parked(key)
	case row.State != partnership.EffectIntent:
		return nil
	case row.Attempts == 0:
		return a.Store.FailEffect(ctx, key, "no longer needed")
	}
	_, _, err = lookUp(ctx, a, effect[partnership.Receipt]{key: key, kind: "mail", find: a.findMail}, row)
	return err
}
