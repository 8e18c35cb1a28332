package activities

import (
	"context"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/locale"
)

// mailNotice sends a notice's mail, once. Answers reach the partnership that it is of.
func (a *Activities) mailNotice(ctx context.Context, in locale.Locale, n partnership.Notice, v partnership.PartnershipView, data any) error {
	text, err := compose(in, n.Kind, data)
	if err != nil {
		return err
	}
	m := partnership.Mail{
		Key: partnership.EffectKey("notice/" + n.ID), PartnershipID: n.PartnershipID, Kind: n.Kind, Task: "notice", Step: n.ID,
		To: n.Address, ToName: v.Creator.Name, FromName: v.Campaign.Brand.Name, ReplyTo: a.Store.ReplyAddress(n.PartnershipID),
		Subject: text.Subject, Text: text.Text, HTML: text.HTML,
	}
	if m.ReplyTo == "" || n.Kind == partnership.NoticeMailChanged { // the old address may be somebody else's by now: theirs is no answer of the creator
		m.ReplyTo = v.Campaign.Brand.ReplyTo
	}
	threaded(&m, n.PartnershipID)
	return a.deliver(ctx, m)
}
