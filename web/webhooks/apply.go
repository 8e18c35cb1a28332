package webhooks

import (
	"context"
	"log/slog"
	"time"

	"github.com/rapport-dev/rapport/integrations/shopify"
	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/workflows"
)

// Store is what events change. Every write may be repeated.
type Store interface {
	AddMailEvent(ctx context.Context, e store.MailEvent) (fresh bool, err error)
	AddInboundMessage(ctx context.Context, m store.InboundMessage) (fresh bool, err error)
	SuppressEmail(ctx context.Context, email string, cause p.SuppressionCause, reason string) (open []p.PartnershipID, err error)
	NoteTrouble(ctx context.Context, vendor string, kind p.TroubleKind, words string, probeAt time.Time) (p.Trouble, error)
	EndTrouble(ctx context.Context, vendor string, kind p.TroubleKind, until time.Time) (ended bool, err error)
	View(ctx context.Context, id p.PartnershipID) (p.PartnershipView, error)

	PartnershipByReply(ctx context.Context, token string) (p.PartnershipID, error)
	PartnershipByEnvelope(ctx context.Context, envelope string) (p.PartnershipID, error)
	PartnershipByShipment(ctx context.Context, shipmentOrCode string) (p.PartnershipID, error)
	PartnershipsOf(ctx context.Context, id p.CreatorID) ([]p.PartnershipID, error)
	SaveDelivery(ctx context.Context, d p.Delivery) error

	RecordOrder(ctx context.Context, in store.OrderIn) (store.OrderResult, error)
	RecordRefund(ctx context.Context, in store.RefundIn) (store.RefundResult, error)

	CreatorsByAccount(ctx context.Context, account string) ([]p.CreatorID, error)
	SavePayoutAccount(ctx context.Context, id p.CreatorID, a p.PayoutAccount) error
	PayoutByRef(ctx context.Context, provider, ref string) (p.PayoutID, error)
	ReverseTransfer(ctx context.Context, id p.PayoutID, transferID string, reversedMinor int64) error

	BeginEffect(ctx context.Context, key p.EffectKey, kind string) (p.Effect, error)
	ConfirmEffect(ctx context.Context, key p.EffectKey, receipt any) error
	RevertEffect(ctx context.Context, key p.EffectKey, note string) error
	FailEffect(ctx context.Context, key p.EffectKey, note string) error
	Effect(ctx context.Context, key p.EffectKey) (p.Effect, error)
}

// Workflows tells partnerships what happened. Signal returns *p.Error NotFound when nobody listens any more.
type Workflows interface {
	Signal(ctx context.Context, workflowID, name string, arg any) error
}

// Chat tells the brand's people.
type Chat interface {
	PostMessage(ctx context.Context, m p.Message) (p.MessageRef, error)
	FindMessage(ctx context.Context, channel string, key p.EffectKey, since time.Time) (p.MessageRef, error)
}

// Rail is asked again before anything about money is believed.
type Rail interface {
	Account(ctx context.Context, id string) (p.PayoutAccount, error)
	TransfersOf(ctx context.Context, id p.PayoutID) ([]p.Transfer, error)
}

// Shop is asked again where a delivery leaves open what an amount holds.
type Shop interface {
	Order(ctx context.Context, id string) (shopify.Order, error)
}

// Applier turns kept deliveries into facts. Applying one twice changes nothing more. Chat, Rail and Shop are nil where the
// vendor is not configured.
type Applier struct {
	Store     Store
	Workflows Workflows
	Chat      Chat
	Rail      Rail
	Shop      Shop
	Ours      Ours
	PublicURL string // of the console, without a slash at its end
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

// Apply does what a delivery asks for.
func (a *Applier) Apply(ctx context.Context, w store.Webhook) error {
	switch w.Provider {
	case ofMailEvents:
		return a.mailEvents(ctx, w)
	case ofMails:
		return a.mail(ctx, w)
	case ofEnvelopes:
		return a.envelope(ctx, w)
	case ofParcels:
		return a.parcel(ctx, w)
	case ofShop:
		return a.shop(ctx, w)
	case ofPayouts:
		return a.payout(ctx, w)
	default:
		return ignored("a vendor that this version does not know")
	}
}

// patience is how many attempts a delivery waits for the row that it is about: a vendor may report before its own answer to us
// was kept. It is about four minutes.
const patience = 8

// unknown is for deliveries about something that we do not have (yet).
func unknown(w store.Webhook, what string, err error) error {
	if p.CodeOf(err) == p.NotFound && w.Attempts >= patience {
		return ignored(what + " is not ours")
	}
	return err
}

// signal tells a partnership. One that has ended needs no news.
func (a *Applier) signal(ctx context.Context, id p.PartnershipID, name string, arg any) error {
	err := a.Workflows.Signal(ctx, workflows.PartnershipWorkflowID(id), name, arg)
	if p.CodeOf(err) == p.NotFound {
		return ignored("the partnership has ended")
	}
	return err
}

// signalAll tells several, whichever of them still listen.
func (a *Applier) signalAll(ctx context.Context, ids []p.PartnershipID, name string, arg any) error {
	for _, id := range ids {
		err := a.Workflows.Signal(ctx, workflows.PartnershipWorkflowID(id), name, arg)
		if err != nil && p.CodeOf(err) != p.NotFound {
			return err
		}
	}
	return nil
}
