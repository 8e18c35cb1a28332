package webhooks

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/rapport-dev/rapport/app/news"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/facts"
	"github.com/rapport-dev/rapport/store"
)

// Store is what events change. Every write may be repeated.
type Store interface {
	PlaceMessage(ctx context.Context, m partnership.Message) (placed partnership.Message, first *partnership.Message, err error)
	AddMailEvent(ctx context.Context, e store.MailEvent) (fresh bool, err error)
	AddInboundMessage(ctx context.Context, m store.InboundMessage) (fresh bool, err error)
	SuppressEmail(ctx context.Context, email string, cause partnership.SuppressionCause, reason string) (open []partnership.PartnershipID, err error)
	NoteTrouble(ctx context.Context, vendor string, kind partnership.TroubleKind, words string, wait time.Duration) (partnership.Trouble, error)
	EndTrouble(ctx context.Context, vendor string, kind partnership.TroubleKind, until time.Time) (ended bool, err error)
	View(ctx context.Context, id partnership.PartnershipID) (partnership.PartnershipView, error)

	PartnershipByReply(ctx context.Context, token string) (partnership.PartnershipID, error)
	PartnershipByEnvelope(ctx context.Context, envelope string) (partnership.PartnershipID, error)
	PartnershipByShipment(ctx context.Context, shipmentOrCode string) (partnership.PartnershipID, error)
	// MayBePaid are a creator's open partnerships in programs of which nothing is missing.
	MayBePaid(ctx context.Context, id partnership.CreatorID) ([]partnership.PartnershipID, error)
	SaveDelivery(ctx context.Context, d partnership.Delivery) error

	RecordOrder(ctx context.Context, in store.OrderIn) (store.OrderResult, error)
	RecordRefund(ctx context.Context, r partnership.SaleRefund, heard store.Heard) (store.RefundResult, error)
	RecordDispute(ctx context.Context, d partnership.SaleDispute, heard store.Heard) (store.RefundResult, error)

	UntoldHolds(ctx context.Context) ([]board.HeldRow, error)
	HoldsTold(ctx context.Context, ids []string) error

	CreatorsByAccount(ctx context.Context, account string) ([]partnership.CreatorID, error)
	NotePayoutAccount(ctx context.Context, a partnership.PayoutAccount) ([]partnership.CreatorID, error)
	Payout(ctx context.Context, id partnership.PayoutID) (partnership.Payout, error)
	PayoutByRef(ctx context.Context, provider, ref string) (partnership.PayoutID, error)
	ReverseTransfer(ctx context.Context, id partnership.PayoutID, transferID string, reversedMinor int64) error
	BankRefused(ctx context.Context, id partnership.CreatorID, account, event, why string) error

	BeginEffect(ctx context.Context, key partnership.EffectKey, kind string) (partnership.Effect, error)
	ConfirmEffect(ctx context.Context, key partnership.EffectKey, receipt any) error
	RevertEffect(ctx context.Context, key partnership.EffectKey, note string) error
	RestartEffect(ctx context.Context, key partnership.EffectKey, seen time.Time) (partnership.Effect, error)
	FailEffect(ctx context.Context, key partnership.EffectKey, note string) error
	Effect(ctx context.Context, key partnership.EffectKey) (partnership.Effect, error)
}

// Chat tells the brand's people.
type Chat interface {
	PostMessage(ctx context.Context, m partnership.Message) (partnership.MessageRef, error)
	FindMessage(ctx context.Context, m partnership.Message, since time.Time) (partnership.MessageRef, error)
}

// Rail is asked again before anything about money is believed.
type Rail interface {
	Account(ctx context.Context, id string) (partnership.PayoutAccount, error)
	TransfersOf(ctx context.Context, id partnership.PayoutID, ref string) ([]partnership.Transfer, error)
}

// Shop is asked again where a delivery leaves open what an amount holds.
type Shop interface {
	Sale(ctx context.Context, id string) (partnership.Sale, error)
}

// Applier does what the facts in kept deliveries ask for. Applying one twice changes nothing more. Chat and Shop are nil where the
// vendor is not configured, and such a rail is not among the Rails.
type Applier struct {
	Webhooks  []Hook
	Store     Store
	Workflows news.Teller
	Chat      Chat
	Rails     map[string]Rail
	Shop      Shop
	Title     func(vendor string) string // how people know it
	PublicURL string                     // of the console, without a slash at its end
	Settling  time.Duration              // how long the chat's "there is none" proves nothing: longer than a call may take
	Log       *slog.Logger
}

// ignoredError says that a delivery is rightly without effect.
type ignoredError struct{ why string }

func (e *ignoredError) Error() string { return "ignored: " + e.why }

func ignored(why string) error { return &ignoredError{why} }

// poisonError says that a delivery will never be understood.
type poisonError struct{ err error }

func (e *poisonError) Error() string { return e.err.Error() }
func (e *poisonError) Unwrap() error { return e.err }

// Apply does what a delivery asks for. A fact that must wait keeps the delivery; the others are applied all the same, and when it is
// tried again they change nothing more.
func (a *Applier) Apply(ctx context.Context, w store.Webhook) error {
	if w.Provider == pageInbox {
		return a.fromPage(ctx, w)
	}
	i := slices.IndexFunc(a.Webhooks, func(h Hook) bool { return h.Inbox == w.Provider })
	if i < 0 {
		return ignored("a vendor that this version does not know")
	}
	told, err := a.Webhooks[i].Read(http.Header(w.Headers), w.Body)
	if err != nil {
		return &poisonError{err}
	}
	if len(told) == 1 {
		return a.fact(ctx, a.Webhooks[i].Vendor, w, told[0])
	}
	var waiting error
	for _, f := range told {
		if err := a.fact(ctx, a.Webhooks[i].Vendor, w, f); err != nil && !errors.As(err, new(*ignoredError)) {
			waiting = err
		}
	}
	return waiting
}

// fact does what is to be done about one fact, whichever vendor reports it.
func (a *Applier) fact(ctx context.Context, vendor string, w store.Webhook, f facts.Fact) error {
	switch f := f.(type) {
	case facts.Nothing:
		return ignored(f.Why)
	case facts.MailEvent:
		return a.mailEvent(ctx, vendor, w, f)
	case facts.TroubleOver:
		_, err := a.Store.EndTrouble(ctx, vendor, f.Kind, f.At)
		return err
	case facts.MailReceived:
		return a.mail(ctx, w, f)
	case facts.MailUnread:
		return a.unread(ctx, w, f)
	case facts.EnvelopeEnded:
		return a.envelope(ctx, w, f)
	case facts.ParcelMoved:
		return a.parcel(ctx, w, f)
	case facts.OrderTold:
		return a.order(ctx, w, f)
	case facts.OrderChanged:
		return a.changed(ctx, w, f)
	case facts.OrderRefunded:
		return a.refund(ctx, w, f.Refund)
	case facts.OrderDisputed:
		return a.disputed(ctx, w, f.Dispute)
	case facts.AccountChanged:
		return a.account(ctx, vendor, w, f)
	case facts.TransferReversed:
		return a.reversed(ctx, vendor, w, f)
	case facts.TransferChanged:
		return a.transferChanged(ctx, vendor, w, f)
	case facts.BankRefused:
		return a.bankRefused(ctx, vendor, w, f)
	default:
		return ignored("a fact that this version does not know")
	}
}

// patience is how many attempts a delivery waits for the row that it is about: a vendor may report before its own answer to us
// was kept. It is about four minutes.
const patience = 8

// unknown is for deliveries about something that we do not have (yet).
func unknown(w store.Webhook, what string, err error) error {
	if partnership.CodeOf(err) == partnership.NotFound && w.Attempts >= patience {
		return ignored(what + " is not ours")
	}
	return err
}

// told is what came of telling a partnership. One that has ended needs no news.
func told(err error) error {
	if partnership.CodeOf(err) == partnership.NotFound {
		return ignored("the partnership has ended")
	}
	return err
}

// tellAll tells several, whichever of them still listen.
func (a *Applier) tellAll(ctx context.Context, ids []partnership.PartnershipID, fact func(context.Context, news.Teller, partnership.PartnershipID, string) error, event string) error {
	for _, id := range ids {
		if err := fact(ctx, a.Workflows, id, event); err != nil && partnership.CodeOf(err) != partnership.NotFound {
			return err
		}
	}
	return nil
}
