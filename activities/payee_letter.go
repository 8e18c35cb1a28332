package activities

import (
	"context"
	"log/slog"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/locale"
	"github.com/rapport-dev/rapport/partnership/zones"
)

// tellPayee mails a creator what became of a payout or an objection, or where their money is to go. It is owed to them and no advertising, so who said no to our mails gets it all the
// same; a dead address does not. What another payout has taken up since need not be told.
func (a *Activities) tellPayee(ctx context.Context, n partnership.Notice, v partnership.PartnershipView) error {
	n.Address = v.Creator.Email // as it is now: the notice may have waited
	dead, err := a.Store.Suppressed(ctx, n.Address)
	if err != nil {
		return err
	}
	if dead && !v.SaidNo || n.Kind == partnership.NoticePutOff && n.Payout.Overtaken || n.Change != nil && n.Change.Over {
		return a.Store.NoticeDone(ctx, n.ID)
	}
	in := letterLocale(v.Creator, n.Kind)
	switch {
	case n.Objection != nil:
		err = a.mailNotice(ctx, in, n, v, objectionLetterOf(in, n, v))
	case n.Change != nil:
		err = a.mailNotice(ctx, in, n, v, a.changeLetter(in, n, v))
	default:
		err = a.mailPayee(ctx, n, v)
	}
	if partnership.ClassOf(err) == partnership.Permanent { // this mail alone: those behind it go on
		slog.WarnContext(ctx, "a creator cannot be told about their money", "notice_id", n.ID, "error", err)
		err = nil
	}
	if err != nil {
		return err
	}
	return a.Store.NoticeDone(ctx, n.ID)
}

// payeeLetter is what the letters of payouts speak of.
type payeeLetter struct {
	First, Brand, Postal string
	Amount, Whole        string
	Month, Sent          string // Sent is "" before it was
	Rail, Account, Ref   string
	Why, Do              string
	Page                 string
	Document             string // the number of an invoice or a credit note
	Part                 bool   // of what was paid, a part came back
}

func (a *Activities) payeeLetter(in locale.Locale, n partnership.Notice, v partnership.PartnershipView) payeeLetter {
	po := n.Payout
	l := payeeLetter{
		First: firstOf(v.Creator.Name), Brand: v.Campaign.Brand.Name, Postal: v.Campaign.Brand.PostalAddress,
		Amount: in.Money(po.AmountMinor, po.Currency), Whole: in.Money(po.WholeMinor, po.Currency), Part: po.AmountMinor < po.WholeMinor,
		Month: in.Month(po.Period), Rail: a.title(po.Rail), Account: po.Account, Ref: po.Ref, Page: po.Page, Why: po.Why,
	}
	if !po.SentAt.IsZero() {
		l.Sent = in.Date(po.SentAt, zones.Or(v.Creator.Timezone))
	}
	switch n.Kind {
	case partnership.NoticeFailed:
		why, do := partnership.WhyNotPaid(po.Why)
		l.Why, l.Do = in.T(why), in.T(do)
	case partnership.NoticeInvoice, partnership.NoticeCreditNote:
		l.Document = po.Why
	case partnership.NoticeBankRefused: // a code of the rail's, such as account_closed
		if l.Why = partnership.WhyBankRefused(po.Why); l.Why != "" {
			l.Why = in.T(l.Why)
		}
	}
	return l
}

// mailPayee says it in their language where the letter is there in it.
func (a *Activities) mailPayee(ctx context.Context, n partnership.Notice, v partnership.PartnershipView) error {
	in := letterLocale(v.Creator, n.Kind)
	return a.mailNotice(ctx, in, n, v, a.payeeLetter(in, n, v))
}

// changeLetter is what the letters about where money goes speak of: the code, and what was changed by it.
type changeLetter struct {
	First, Brand, Postal string
	Rail, Account        string
	Code, Until          string
	At, From             string
}

func (a *Activities) changeLetter(in locale.Locale, n partnership.Notice, v partnership.PartnershipView) changeLetter {
	c, zone := n.Change, zones.Or(v.Creator.Timezone)
	return changeLetter{
		First: firstOf(v.Creator.Name), Brand: v.Campaign.Brand.Name, Postal: v.Campaign.Brand.PostalAddress, Rail: a.title(c.Rail), Account: c.Account,
		Code: c.Code, Until: in.When(c.Until, zone), At: in.When(c.At, zone), From: in.When(c.From, zone),
	}
}

// objectionLetter is what the letter about an objection speaks of.
type objectionLetter struct {
	First, Brand, Postal string
	Line, Said, Page     string
	Stands, Rejected     bool
	Held                 bool // and not decided yet
}

func objectionLetterOf(in locale.Locale, n partnership.Notice, v partnership.PartnershipView) objectionLetter {
	o := n.Objection
	line := partnership.StatementLine{Kind: o.Kind, OrderID: o.OrderID, AmountMinor: o.AmountMinor}
	return objectionLetter{
		First: firstOf(v.Creator.Name), Brand: v.Campaign.Brand.Name, Postal: v.Campaign.Brand.PostalAddress, Line: line.Name(in) + ", " + in.Money(o.AmountMinor, o.Currency),
		Said: strings.ReplaceAll(o.Said, "\n", "\n> "), Page: o.Page, // each line of it stays a quote: none becomes a button
		Stands: o.Decision == partnership.ChoiceRelease, Rejected: o.Decision == partnership.ChoiceVoid, Held: o.DecidedAt.IsZero(),
	}
}
