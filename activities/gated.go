package activities

import (
	"context"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// The vendors behind their gates. Each method is the vendor's own; nothing else reaches a vendor from a step.

// behindGates puts each vendor that there is behind a gate of its own.
func behindGates(d Deps, every time.Duration) Deps {
	if d.Troubles == nil {
		return d
	}
	of := func(vendor string) *gate {
		return &gate{vendor: vendor, troubles: d.Troubles, clock: d.Clock, every: every, doors: map[string]*door{}}
	}
	if d.Mailer != nil {
		d.Mailer = gatedMailer{d.Mailer, of(d.Names.Mail)}
	}
	if d.Signer != nil {
		d.Signer = gatedSigner{d.Signer, of(d.Names.Signing)}
	}
	d.Carriers = eachBehind(d.Carriers, func(name string, s Shipper) Shipper { return gatedShipper{s, of(name)} })
	if d.Shop != nil {
		d.Shop = gatedShop{d.Shop, of(d.Names.Shop)}
	}
	if d.Chat != nil {
		d.Chat = gatedChat{d.Chat, of(d.Names.Chat)}
	}
	d.Rails = eachBehind(d.Rails, func(name string, r PayoutRail) PayoutRail { return gatedRail{r, of(name)} })
	return d
}

func eachBehind[V any](all Among[V], behind func(name string, v V) V) Among[V] {
	gated := Among[V]{First: all.First, By: make(map[string]V, len(all.By))}
	for name, v := range all.By {
		gated.By[name] = behind(name, v)
	}
	return gated
}

type gatedMailer struct {
	to   Mailer
	gate *gate
}

func (g gatedMailer) SendMail(ctx context.Context, m partnership.Mail) (partnership.Receipt, error) {
	return through(ctx, g.gate, "send_mail", func() (partnership.Receipt, error) { return g.to.SendMail(ctx, m) })
}

type gatedSigner struct {
	to   Signer
	gate *gate
}

func (g gatedSigner) CreateEnvelope(ctx context.Context, r partnership.EnvelopeRequest) (partnership.Envelope, error) {
	return through(ctx, g.gate, "create_envelope", func() (partnership.Envelope, error) { return g.to.CreateEnvelope(ctx, r) })
}

func (g gatedSigner) FindEnvelope(ctx context.Context, key partnership.EffectKey) (partnership.Envelope, error) {
	return through(ctx, g.gate, "find_envelope", func() (partnership.Envelope, error) { return g.to.FindEnvelope(ctx, key) })
}

func (g gatedSigner) Envelope(ctx context.Context, id string) (partnership.Envelope, error) {
	return through(ctx, g.gate, "envelope", func() (partnership.Envelope, error) { return g.to.Envelope(ctx, id) })
}

func (g gatedSigner) VoidEnvelope(ctx context.Context, id, reason string) error {
	return told(ctx, g.gate, "void_envelope", func() error { return g.to.VoidEnvelope(ctx, id, reason) })
}

func (g gatedSigner) Documents(ctx context.Context, id string) (partnership.SignedDocuments, error) {
	return through(ctx, g.gate, "documents", func() (partnership.SignedDocuments, error) { return g.to.Documents(ctx, id) })
}

type gatedShipper struct {
	to   Shipper
	gate *gate
}

func (g gatedShipper) CreateShipment(ctx context.Context, r partnership.ShipmentRequest) (partnership.Shipment, error) {
	return through(ctx, g.gate, "create_shipment", func() (partnership.Shipment, error) { return g.to.CreateShipment(ctx, r) })
}

func (g gatedShipper) BuyLabel(ctx context.Context, shipmentID, rateID string) (partnership.Shipment, error) {
	return through(ctx, g.gate, "buy_label", func() (partnership.Shipment, error) { return g.to.BuyLabel(ctx, shipmentID, rateID) })
}

func (g gatedShipper) Shipment(ctx context.Context, id string) (partnership.Shipment, error) {
	return through(ctx, g.gate, "shipment", func() (partnership.Shipment, error) { return g.to.Shipment(ctx, id) })
}

func (g gatedShipper) RefundLabel(ctx context.Context, shipmentID string) error {
	return told(ctx, g.gate, "refund_label", func() error { return g.to.RefundLabel(ctx, shipmentID) })
}

func (g gatedShipper) Parcel(ctx context.Context, shipmentID string) (partnership.Parcel, error) {
	return through(ctx, g.gate, "parcel", func() (partnership.Parcel, error) { return g.to.Parcel(ctx, shipmentID) })
}

type gatedShop struct {
	to   Shop
	gate *gate
}

func (g gatedShop) CreateGiftOrder(ctx context.Context, r partnership.GiftOrderRequest) (partnership.GiftOrder, error) {
	return through(ctx, g.gate, "create_gift_order", func() (partnership.GiftOrder, error) { return g.to.CreateGiftOrder(ctx, r) })
}

func (g gatedShop) FindGiftOrder(ctx context.Context, key partnership.EffectKey) (partnership.GiftOrder, error) {
	return through(ctx, g.gate, "find_gift_order", func() (partnership.GiftOrder, error) { return g.to.FindGiftOrder(ctx, key) })
}

func (g gatedShop) CompleteGiftOrder(ctx context.Context, draftID string) (partnership.GiftOrder, error) {
	return through(ctx, g.gate, "complete_gift_order", func() (partnership.GiftOrder, error) { return g.to.CompleteGiftOrder(ctx, draftID) })
}

func (g gatedShop) CancelGiftOrder(ctx context.Context, draftID string) error {
	return told(ctx, g.gate, "cancel_gift_order", func() error { return g.to.CancelGiftOrder(ctx, draftID) })
}

func (g gatedShop) CreateDiscount(ctx context.Context, r partnership.DiscountRequest) (partnership.Discount, error) {
	return through(ctx, g.gate, "create_discount", func() (partnership.Discount, error) { return g.to.CreateDiscount(ctx, r) })
}

func (g gatedShop) FindDiscount(ctx context.Context, code string) (partnership.Discount, error) {
	return through(ctx, g.gate, "find_discount", func() (partnership.Discount, error) { return g.to.FindDiscount(ctx, code) })
}

func (g gatedShop) DeactivateDiscount(ctx context.Context, id string) error {
	return told(ctx, g.gate, "deactivate_discount", func() error { return g.to.DeactivateDiscount(ctx, id) })
}

type gatedChat struct {
	to   Chat
	gate *gate
}

func (g gatedChat) PostMessage(ctx context.Context, m partnership.Message) (partnership.MessageRef, error) {
	return through(ctx, g.gate, "post_message", func() (partnership.MessageRef, error) { return g.to.PostMessage(ctx, m) })
}

func (g gatedChat) FindMessage(ctx context.Context, m partnership.Message, since time.Time) (partnership.MessageRef, error) {
	return through(ctx, g.gate, "find_message", func() (partnership.MessageRef, error) { return g.to.FindMessage(ctx, m, since) })
}

func (g gatedChat) UpdateMessage(ctx context.Context, ref partnership.MessageRef, m partnership.Message) error {
	return told(ctx, g.gate, "update_message", func() error { return g.to.UpdateMessage(ctx, ref, m) })
}

type gatedRail struct {
	to   PayoutRail
	gate *gate
}

func (g gatedRail) Onboarding() partnership.Onboarding { return g.to.Onboarding() }

func (g gatedRail) Serves(ctx context.Context, country, currency string) (string, error) {
	return through(ctx, g.gate, "serves", func() (string, error) { return g.to.Serves(ctx, country, currency) })
}

func (g gatedRail) OpenAccount(ctx context.Context, r partnership.AccountRequest) (partnership.PayoutAccount, error) {
	return through(ctx, g.gate, "open_account", func() (partnership.PayoutAccount, error) { return g.to.OpenAccount(ctx, r) })
}

func (g gatedRail) Account(ctx context.Context, id string) (partnership.PayoutAccount, error) {
	return through(ctx, g.gate, "account", func() (partnership.PayoutAccount, error) { return g.to.Account(ctx, id) })
}

func (g gatedRail) AvailableBalance(ctx context.Context, currency string) (int64, error) {
	return through(ctx, g.gate, "available_balance", func() (int64, error) { return g.to.AvailableBalance(ctx, currency) })
}

func (g gatedRail) Transfer(ctx context.Context, r partnership.TransferRequest) (partnership.Transfer, error) {
	return through(ctx, g.gate, "transfer", func() (partnership.Transfer, error) { return g.to.Transfer(ctx, r) })
}

func (g gatedRail) TransfersOf(ctx context.Context, id partnership.PayoutID, ref string) ([]partnership.Transfer, error) {
	return through(ctx, g.gate, "transfers_of", func() ([]partnership.Transfer, error) { return g.to.TransfersOf(ctx, id, ref) })
}

func (g gatedRail) Transfers(ctx context.Context, since time.Time, most int) ([]partnership.Transfer, error) {
	return through(ctx, g.gate, "transfers", func() ([]partnership.Transfer, error) { return g.to.Transfers(ctx, since, most) })
}

func (g gatedRail) Reverse(ctx context.Context, key partnership.EffectKey, transferID, currency string, minor int64) error {
	return told(ctx, g.gate, "reverse", func() error { return g.to.Reverse(ctx, key, transferID, currency, minor) })
}
