package activities

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/rapport-dev/rapport/partnership"
)

func giftKey(id partnership.PartnershipID) partnership.EffectKey {
	return partnership.Key(id, partnership.Gifting, "order", 1)
}

func labelKey(id partnership.PartnershipID) partnership.EffectKey {
	return partnership.Key(id, partnership.Gifting, "label", 1)
}

// OrderGift orders the gift in the shop at no charge. A draft that an earlier attempt made is found by its key and completed.
func (a *Activities) OrderGift(ctx context.Context, in Gift) (o partnership.GiftOrder, err error) {
	defer mapped(&err)
	if err := need(partnership.ShopPort, a.Names.Shop, a.Shop != nil); err != nil {
		return o, err
	}
	v, err := a.withAddress(ctx, in.PartnershipID)
	if err != nil {
		return o, err
	}
	key := giftKey(in.PartnershipID)
	draft, err := once(ctx, a, effect[partnership.GiftOrder]{
		key: key, kind: "gift_order",
		do: func(ctx context.Context, _ partnership.Effect) (partnership.GiftOrder, error) {
			return a.Shop.CreateGiftOrder(ctx, partnership.GiftOrderRequest{
				Key: key, PartnershipID: in.PartnershipID, Gift: in.Gift, Currency: in.Currency, To: *v.Address, Email: v.Creator.Email,
			})
		},
		find: func(ctx context.Context, _ partnership.Effect) (partnership.GiftOrder, sighting, error) {
			return sight(a.Shop.FindGiftOrder(ctx, key))
		},
	})
	if err != nil {
		return o, err
	}
	if o, err = a.Shop.CompleteGiftOrder(ctx, draft.ID); err != nil {
		return o, err
	}
	return o, a.Store.SaveDelivery(ctx, partnership.Delivery{PartnershipID: in.PartnershipID, GiftOrderID: o.ID, OrderID: o.OrderID})
}

func (a *Activities) withAddress(ctx context.Context, id partnership.PartnershipID) (partnership.PartnershipView, error) {
	v, err := a.Store.View(ctx, id)
	if err == nil && v.Address == nil {
		err = partnership.Errorf(partnership.Conflict, "the creator's shipping address is missing; ask for it, then try again")
	}
	return v, err
}

// BuyLabel buys one label. The shipment is kept before it is paid for: asked twice, the vendor shows the label that is there.
func (a *Activities) BuyLabel(ctx context.Context, in Gift) (s partnership.Shipment, err error) {
	defer mapped(&err)
	carrier, err := a.Carriers.Named(partnership.CarrierPort, in.Gift.Carrier)
	if err != nil {
		return s, err
	}
	v, err := a.withAddress(ctx, in.PartnershipID)
	if err != nil {
		return s, err
	}
	from, err := partnership.ParsePostalAddress(v.Campaign.Brand.Name, v.Campaign.Brand.PostalAddress)
	if err != nil {
		return s, err
	}
	key := labelKey(in.PartnershipID)
	s, err = once(ctx, a, effect[partnership.Shipment]{
		key: key, kind: "label", single: true, // for the shipment that is kept
		do: func(ctx context.Context, e partnership.Effect) (partnership.Shipment, error) {
			rated, err := a.rated(ctx, carrier, e, partnership.ShipmentRequest{
				Key: key, PartnershipID: in.PartnershipID, To: *v.Address, From: from, WeightOz: in.Gift.WeightOz,
				WebhookURL: a.webhook(a.Carriers.name(in.Gift.Carrier)),
			})
			if err != nil {
				return partnership.Shipment{}, err
			}
			return carrier.BuyLabel(ctx, rated.ID, rated.RateID)
		},
		find: func(ctx context.Context, e partnership.Effect) (partnership.Shipment, sighting, error) {
			return findLabel(ctx, carrier, e)
		},
	})
	if err != nil {
		return s, err
	}
	return s, a.Store.SaveDelivery(ctx, partnership.Delivery{
		PartnershipID: in.PartnershipID, ShipmentID: s.ID, Carrier: s.Carrier, TrackingCode: s.TrackingCode,
		LabelURL: s.LabelURL, CostMinor: s.CostMinor, CostCurrency: s.Currency, Status: partnership.ParcelPreTransit,
	})
}

// rated is the shipment to buy a label for: the one kept by an earlier attempt, else a new one. A shipment without a label
// costs nothing, so one that is forgotten harms nobody.
func (a *Activities) rated(ctx context.Context, carrier Shipper, e partnership.Effect, r partnership.ShipmentRequest) (partnership.Shipment, error) {
	var s partnership.Shipment
	if len(e.Progress) > 0 {
		err := json.Unmarshal(e.Progress, &s)
		return s, err
	}
	s, err := carrier.CreateShipment(ctx, r)
	if unheard, ok := errors.AsType[*partnership.VendorError](err); ok && unheard.Class == partnership.Ambiguous {
		err = &partnership.VendorError{Vendor: unheard.Vendor, Op: unheard.Op, Class: partnership.Retry, Message: "no answer; nothing was bought", Err: err}
	}
	if err != nil {
		return s, err
	}
	return s, a.Store.NoteProgress(ctx, e.Key, s)
}

func findLabel(ctx context.Context, carrier Shipper, e partnership.Effect) (partnership.Shipment, sighting, error) {
	var s partnership.Shipment
	if len(e.Progress) == 0 {
		return s, absent, nil // no shipment was kept, so no label was bought for one
	}
	if err := json.Unmarshal(e.Progress, &s); err != nil {
		return s, unsure, err
	}
	now, err := carrier.Shipment(ctx, s.ID)
	if err != nil {
		return now, unsure, err
	}
	if now.TrackingCode == "" {
		return now, absent, nil
	}
	return now, found, nil
}

// LookAtParcel asks the carrier where the parcel is: the backstop when no message comes.
func (a *Activities) LookAtParcel(ctx context.Context, in Parcel) (out partnership.Parcel, err error) {
	defer mapped(&err)
	carrier, err := a.Carriers.Named(partnership.CarrierPort, in.Carrier)
	if err != nil {
		return out, err
	}
	out, err = carrier.Parcel(ctx, in.ShipmentID)
	if err != nil {
		return out, err
	}
	if out.UpdatedAt.IsZero() {
		out.UpdatedAt = a.Clock.Now()
	}
	return out, a.Store.SaveDelivery(ctx, partnership.Delivery{PartnershipID: in.PartnershipID, ShipmentID: in.ShipmentID, Status: out.Status})
}

// CancelGift makes sure that no gift order stays open.
func (a *Activities) CancelGift(ctx context.Context, in Undo) (u Undone, err error) {
	defer mapped(&err)
	key := giftKey(in.PartnershipID)
	o, done, err := made(ctx, a, key, func() (partnership.GiftOrder, error) { return a.Shop.FindGiftOrder(ctx, key) })
	if err != nil || !done {
		return Undone{"No gift had been ordered."}, err
	}
	if err := a.Shop.CancelGiftOrder(ctx, o.ID); err != nil {
		return u, err
	}
	return Undone{"The gift order was cancelled."}, a.Store.SaveDelivery(ctx, partnership.Delivery{PartnershipID: in.PartnershipID, GiftCancelled: true})
}

// RefundLabel makes sure that no unused label stays paid for. A parcel that is on its way cannot be called back.
func (a *Activities) RefundLabel(ctx context.Context, in Undo) (u Undone, err error) {
	defer mapped(&err)
	row, err := a.Store.Effect(ctx, labelKey(in.PartnershipID))
	if partnership.CodeOf(err) == partnership.NotFound {
		return Undone{"No label had been bought."}, nil
	}
	if err != nil {
		return u, err
	}
	carrier, err := a.Carriers.Named(partnership.CarrierPort, in.Carrier)
	if err != nil {
		return u, err
	}
	s, seen, err := findLabel(ctx, carrier, row)
	if err != nil {
		return u, err
	}
	if seen != found {
		if row.Attempts == 0 || a.settled(row) {
			err = a.neverMade(ctx, row)
		}
		return Undone{"No label had been bought."}, err
	}
	err = carrier.RefundLabel(ctx, s.ID)
	if partnership.CodeOf(err) == partnership.Conflict {
		return Undone{"The parcel is on its way already; its label stays paid for."}, nil
	}
	if err != nil {
		return u, err
	}
	return Undone{"The label was refunded."}, a.Store.SaveDelivery(ctx, partnership.Delivery{PartnershipID: in.PartnershipID, LabelRefunded: true})
}
