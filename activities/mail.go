package activities

import (
	"context"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
)

// commercial letters court a creator: they carry the sender's postal address and an opt-out, and nobody who opted out gets one
// (CAN-SPAM). The others serve an agreement that stands.
var commercial = map[string]bool{"invitation": true, "offer_reminder": true, "counter_refused": true}

// insisting letters are owed to nobody: they press for what an agreement asks, or offer its place to somebody else. Whoever said no gets
// none of them, signed or not; a person talks to them.
var insisting = map[string]bool{
	"sign_reminder": true, "draft_reminder": true, "post_reminder": true, "payout_reminder": true, "place_offered": true,
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
	data := letterData(v, l, link, strings.ReplaceAll(quote, "\n", "\n> ")) // each line of it stays a quote: none becomes a button
	data.OptOut = a.Store.OptOutURL(v.Creator.ID)
	text, err := compose(l.Kind, data)
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
	if commercial[l.Kind] {
		if strings.TrimSpace(v.Campaign.Brand.PostalAddress) == "" {
			return Sent{}, partnership.FieldErrorf("brand.postal_address", "is missing: commercial mail must carry the sender's postal address")
		}
		m.Unsubscribe = data.OptOut
	}
	return Sent{}, a.deliver(ctx, m)
}

// signed says whether an agreement stands. Until then every letter is courtship to somebody who has opted out.
func signed(v partnership.PartnershipView) bool {
	return v.Contract != nil && v.Contract.Status == partnership.EnvelopeCompleted
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
	Signed          bool
	Contract        bool // of the stage in which the agreement is out
	Words           []string
	Cause           string
}

func firstOf(name string) string {
	first, _, _ := strings.Cut(name, " ")
	return first
}

// baseStep is a step without the number of its round: "check_in-2" is worded as "check_in".
func baseStep(step string) string {
	base, _, _ := strings.Cut(step, "-")
	return base
}

func letterData(v partnership.PartnershipView, l Letter, link, quote string) letter {
	zone := v.Creator.Timezone
	if zone == "" {
		zone = v.Campaign.Timezone
	}
	d := letter{
		First: firstOf(v.Creator.Name), Handle: v.Creator.Handle, Brand: v.Campaign.Brand.Name, Campaign: v.Campaign.Name, Postal: v.Campaign.Brand.PostalAddress,
		Goal: v.Campaign.Brief.Goal, Guardrails: v.Campaign.Brief.NonNegotiables, Disclosure: v.Campaign.Brief.Disclosure,
		Terms: v.Terms.Lines(), Fee: money.Display(v.Terms.FeeMinor, v.Terms.Currency), Due: day(l.Due, zone), Link: link,
		Quote: quote, Step: baseStep(l.Step), Gift: v.Terms.Gift != nil, Signed: signed(v), Contract: l.Stage == partnership.Contracting, Words: l.Words, Cause: l.Cause, Percent: money.FormatPercent(v.Terms.DiscountBPS),
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
