package webhooks

import (
	"context"

	"github.com/rapport-dev/rapport/app/news"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/facts"
	"github.com/rapport-dev/rapport/store"
)

// envelope tells the partnership to ask the signing vendor again: the event itself proves nothing.
func (a *Applier) envelope(ctx context.Context, w store.Webhook, e facts.EnvelopeEnded) error {
	id, err := a.Store.PartnershipByEnvelope(ctx, e.EnvelopeID)
	if partnership.CodeOf(err) == partnership.NotFound && e.PartnershipID != "" {
		id, err = e.PartnershipID, nil // the vendor was faster than our own note of its answer
	}
	if err != nil {
		return unknown(w, "the envelope", err)
	}
	return told(news.EnvelopeChanged(ctx, a.Workflows, id, e.EnvelopeID, e.EventID))
}

// parcel notes the carrier's news on the board and passes them on.
func (a *Applier) parcel(ctx context.Context, w store.Webhook, e facts.ParcelMoved) error {
	id, err := a.partnershipOfParcel(ctx, e)
	if err != nil {
		return unknown(w, "the parcel", err)
	}
	v, err := a.Store.View(ctx, id)
	if err != nil {
		return unknown(w, "the parcel", err)
	}
	if v.Delivery == nil || v.Delivery.ShipmentID == "" || e.ShipmentID != "" && e.ShipmentID != v.Delivery.ShipmentID {
		return ignored("the parcel is no longer the partnership's")
	}
	shipment := v.Delivery.ShipmentID
	if err := a.Store.SaveDelivery(ctx, partnership.Delivery{PartnershipID: id, ShipmentID: shipment, Status: e.Parcel.Status}); err != nil {
		return err
	}
	return told(news.ParcelMoved(ctx, a.Workflows, id, shipment, e.Parcel, e.EventID))
}

func (a *Applier) partnershipOfParcel(ctx context.Context, e facts.ParcelMoved) (partnership.PartnershipID, error) {
	if e.ShipmentID != "" {
		id, err := a.Store.PartnershipByShipment(ctx, e.ShipmentID)
		if partnership.CodeOf(err) != partnership.NotFound {
			return id, err
		}
	}
	return a.Store.PartnershipByShipment(ctx, e.Parcel.TrackingCode)
}
