package activities

import (
	"context"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// The interfaces below are all that activities need of the outside. Adapters in integrations/ and store/ satisfy them
// without knowing this package. Every method may return *partnership.VendorError (vendors) or *partnership.Error (store).

// Mailer sends one mail. There is no idempotency at the vendor: MailStatus in Store is the look-up.
type Mailer interface {
	SendMail(ctx context.Context, m partnership.Mail) (partnership.Receipt, error)
}

// Signer has contracts signed.
type Signer interface {
	CreateEnvelope(ctx context.Context, r partnership.EnvelopeRequest) (partnership.Envelope, error)
	// FindEnvelope looks an envelope up by its key; *partnership.Error NotFound when the vendor says there is none.
	FindEnvelope(ctx context.Context, key partnership.EffectKey) (partnership.Envelope, error)
	Envelope(ctx context.Context, id string) (partnership.Envelope, error)
	// VoidEnvelope is repeatable: an envelope already voided is success; a completed one is *partnership.Error Conflict.
	VoidEnvelope(ctx context.Context, id, reason string) error
	Documents(ctx context.Context, id string) (partnership.SignedDocuments, error)
}

// Shipper buys labels and tracks parcels.
type Shipper interface {
	// CreateShipment asks for rates and picks the cheapest; it buys nothing, so a forgotten one harms nobody.
	CreateShipment(ctx context.Context, r partnership.ShipmentRequest) (partnership.Shipment, error)
	BuyLabel(ctx context.Context, shipmentID, rateID string) (partnership.Shipment, error)
	Shipment(ctx context.Context, id string) (partnership.Shipment, error)
	// RefundLabel is repeatable; a parcel already on its way is *partnership.Error Conflict.
	RefundLabel(ctx context.Context, shipmentID string) error
	Parcel(ctx context.Context, shipmentID string) (partnership.Parcel, error)
}

// Shop makes gift orders and discount codes.
type Shop interface {
	CreateGiftOrder(ctx context.Context, r partnership.GiftOrderRequest) (partnership.GiftOrder, error)
	// FindGiftOrder looks a draft or order up by its key; *partnership.Error NotFound when the shop has none.
	FindGiftOrder(ctx context.Context, key partnership.EffectKey) (partnership.GiftOrder, error)
	// CompleteGiftOrder is repeatable: a completed draft returns its order.
	CompleteGiftOrder(ctx context.Context, draftID string) (partnership.GiftOrder, error)
	// CancelGiftOrder is repeatable: it deletes an open draft and cancels a completed order.
	CancelGiftOrder(ctx context.Context, draftID string) error
	// CreateDiscount makes the code; a taken code that carries our key is success, another's is *partnership.Error Conflict.
	CreateDiscount(ctx context.Context, r partnership.DiscountRequest) (partnership.Discount, error)
	// FindDiscount looks a code up; *partnership.Error NotFound when the shop has none.
	FindDiscount(ctx context.Context, code string) (partnership.Discount, error)
	// DeactivateDiscount is repeatable.
	DeactivateDiscount(ctx context.Context, id string) error
}

// Orders is what a shop says of its orders when it is asked again.
type Orders interface {
	// OrdersChanged is one page of the orders that changed since, and where to go on, "" at the end.
	OrdersChanged(ctx context.Context, since time.Time, cursor string) (ids []string, goOn string, err error)
	Sale(ctx context.Context, id string) (partnership.Sale, error)
	// KeepSubscriptions puts back the webhooks to our front door that the shop has removed, and says which.
	KeepSubscriptions(ctx context.Context, front string) (restored []string, err error)
}

// Chat talks to the brand's people.
type Chat interface {
	PostMessage(ctx context.Context, m partnership.Message) (partnership.MessageRef, error)
	// FindMessage looks a message up by the key in its metadata, not older than since; *partnership.Error NotFound when there is none.
	FindMessage(ctx context.Context, m partnership.Message, since time.Time) (partnership.MessageRef, error)
	// UpdateMessage replaces a message; repeatable.
	UpdateMessage(ctx context.Context, ref partnership.MessageRef, m partnership.Message) error
}

// PayoutRail moves money.
type PayoutRail interface {
	// Onboarding is how a creator says where the rail sends their money. Where it is not on the rail's own pages there are no accounts to
	// open or to read.
	Onboarding() partnership.Onboarding
	// Serves says in words why the rail cannot pay somebody of a country in a currency, "" when it can.
	Serves(ctx context.Context, country, currency string) (why string, err error)
	OpenAccount(ctx context.Context, r partnership.AccountRequest) (partnership.PayoutAccount, error)
	Account(ctx context.Context, id string) (partnership.PayoutAccount, error)
	// AvailableBalance is what can be sent now, in minor units.
	AvailableBalance(ctx context.Context, currency string) (int64, error)
	// Transfer orders one. It may be under way for long before it has paid anybody.
	Transfer(ctx context.Context, r partnership.TransferRequest) (partnership.Transfer, error)
	// TransfersOf lists the transfers of one payout by its group. ref is the one that the books know, "" for none: a rail may have forgotten
	// whose it is.
	TransfersOf(ctx context.Context, id partnership.PayoutID, ref string) ([]partnership.Transfer, error)
	// Transfers lists all transfers since an instant, oldest first. More than most is an error, never a shortened list.
	Transfers(ctx context.Context, since time.Time, most int) ([]partnership.Transfer, error)
	// Reverse takes minor units of a transfer back from the creator's account.
	Reverse(ctx context.Context, key partnership.EffectKey, transferID, currency string, minor int64) error
}

// LinkProber asks a tracking link where it leads, without following it (the go-live gate).
type LinkProber interface {
	Probe(ctx context.Context, link string) (location string, err error)
}

// Among are the vendors that fill one port side by side, of which a campaign names one. Where none is named the first is meant:
// stories that began when it was alone name nobody.
type Among[V any] struct {
	First string
	By    map[string]V // those that are set up
}

// Only is a port that one vendor fills.
func Only[V any](name string, v V) Among[V] { return Among[V]{First: name, By: map[string]V{name: v}} }

// Named is the vendor of that name, the first for "". What is not set up here is refused: a person has to mend it.
func (a Among[V]) Named(port partnership.Port, name string) (V, error) {
	name = a.name(name)
	v, there := a.By[name]
	return v, need(port, name, there)
}

func (a Among[V]) name(name string) string {
	if name == "" {
		return a.First
	}
	return name
}

// Names are the names of the vendors of which there is one for each port: their gates, queues and webhooks bear them.
type Names struct{ Mail, Signing, Shop, Chat string }

// need says which vendor is missing.
func need(port partnership.Port, vendor string, ok bool) error {
	if ok {
		return nil
	}
	return partnership.Errorf(partnership.Missing, "the %s %q is not configured: set its variables (rapport doctor lists them), then try the step again", port, vendor)
}
