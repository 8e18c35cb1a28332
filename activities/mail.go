package activities

import (
	"context"
	"strings"

	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
)

// commercial letters court a creator: they carry the sender's postal address and an opt-out, and nobody who opted out gets one
// (CAN-SPAM). The others serve an agreement that stands.
var commercial = map[string]bool{"invitation": true, "offer_reminder": true, "counter_refused": true}

// mail renders and sends one letter once. The opt-out is checked here, in the sending itself, so that no path can forget it.
func (a *Activities) mail(ctx context.Context, l Letter, link string) (Sent, error) {
	v, err := a.Store.View(ctx, l.PartnershipID)
	if err != nil {
		return Sent{}, err
	}
	if v.OptedOut && commercial[l.Kind] {
		return Sent{OptedOut: true}, nil
	}
	quote := ""
	if l.Note != "" {
		s, err := a.Store.Submission(ctx, l.Note)
		if err != nil {
			return Sent{}, err
		}
		quote = s.Note
	}
	data := letterData(v, l, link, quote)
	data.OptOut = a.Store.OptOutURL(v.Creator.ID)
	text, err := compose(l.Kind, data)
	if err != nil {
		return Sent{}, err
	}
	m := p.Mail{
		Key: p.Key(l.PartnershipID, l.Stage, l.Task+"/"+l.Step, 1), PartnershipID: l.PartnershipID, Kind: l.Kind, Task: l.Task, Step: l.Step,
		To: v.Creator.Email, ToName: v.Creator.Name, FromName: v.Campaign.Brand.Name, ReplyTo: a.Store.ReplyAddress(l.PartnershipID),
		Subject: text.Subject, Text: text.Text, HTML: text.HTML,
	}
	if m.ReplyTo == "" {
		m.ReplyTo = v.Campaign.Brand.ReplyTo
	}
	if commercial[l.Kind] {
		if strings.TrimSpace(v.Campaign.Brand.PostalAddress) == "" {
			return Sent{}, p.FieldErrorf("brand.postal_address", "is missing: commercial mail must carry the sender's postal address")
		}
		m.Unsubscribe = data.OptOut
	}
	return Sent{}, a.deliver(ctx, m)
}

// deliver sends a mail once. SendGrid has no look-up of its own: the events that it reported for the key are the proof.
func (a *Activities) deliver(ctx context.Context, m p.Mail) error {
	if err := need("SendGrid", a.Mailer != nil); err != nil {
		return err
	}
	_, err := once(ctx, a, effect[p.Receipt]{
		key: m.Key, kind: "mail",
		do: func(ctx context.Context, _ p.Effect) (p.Receipt, error) { return a.Mailer.SendMail(ctx, m) },
		find: func(ctx context.Context, e p.Effect) (p.Receipt, sighting, error) {
			st, err := a.Store.MailStatus(ctx, m.Key)
			if err != nil || st.Accepted {
				return p.Receipt{}, found, err
			}
			return p.Receipt{}, unsure, nil
		},
	})
	return err
}

// letter is what the templates speak of.
type letter struct {
	First, Handle   string
	Brand, Campaign string
	Postal          string
	Goal            string
	Guardrails      []string
	Disclosure      string
	Terms           []string
	Fee             string
	Due             string
	Link, OptOut    string
	TrackLink, Code string
	Percent         string
	Carrier, Parcel string
	PublishFrom     string
	PublishTo       string
	Quote           string
	Step            string
	Gift            bool
}

func letterData(v p.PartnershipView, l Letter, link, quote string) letter {
	zone := v.Creator.Timezone
	if zone == "" {
		zone = v.Campaign.Timezone
	}
	first, _, _ := strings.Cut(v.Creator.Name, " ")
	d := letter{
		First: first, Handle: v.Creator.Handle, Brand: v.Campaign.Brand.Name, Campaign: v.Campaign.Name, Postal: v.Campaign.Brand.PostalAddress,
		Goal: v.Campaign.Brief.Goal, Guardrails: v.Campaign.Brief.NonNegotiables, Disclosure: v.Campaign.Brief.Disclosure,
		Terms: v.Terms.Lines(), Fee: money.Display(v.Terms.FeeMinor, v.Terms.Currency), Due: day(l.Due, zone), Link: link,
		Quote: quote, Step: l.Step, Gift: v.Terms.Gift != nil, Percent: money.FormatPercent(v.Terms.DiscountBPS),
		PublishFrom: day(v.Campaign.Schedule.PublishFrom, zone), PublishTo: day(v.Campaign.Schedule.PublishTo, zone),
	}
	if v.Kit != nil {
		d.TrackLink, d.Code = v.Kit.Link, v.Kit.DiscountCode
	}
	if v.Delivery != nil {
		d.Carrier, d.Parcel = v.Delivery.Carrier, v.Delivery.TrackingCode
	}
	return d
}
