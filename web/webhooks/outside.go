package webhooks

import (
	"context"

	"github.com/rapport-dev/rapport/integrations/docusign"
	"github.com/rapport-dev/rapport/integrations/easypost"
	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/workflows"
)

// envelope tells the partnership to ask the signing vendor again: the event itself proves nothing. Only what ends an envelope
// is worth the question.
func (a *Applier) envelope(ctx context.Context, w store.Webhook) error {
	e, err := docusign.Parse(w.Body)
	if err != nil {
		return &poisonError{err}
	}
	if err := a.Ours.envelope(e); err != nil {
		return err
	}
	switch {
	case e.EnvelopeID == "":
		return ignored("it is about no envelope")
	case e.Kind != "envelope-completed" && e.Kind != "envelope-declined" && e.Kind != "envelope-voided":
		return ignored("it changes nothing")
	}
	id, err := a.Store.PartnershipByEnvelope(ctx, e.EnvelopeID)
	if p.CodeOf(err) == p.NotFound && e.PartnershipID != "" {
		id, err = e.PartnershipID, nil // the vendor was faster than our own note of its answer
	}
	if err != nil {
		return unknown(w, "the envelope", err)
	}
	return a.signal(ctx, id, workflows.SignalEnvelopeChanged, workflows.EnvelopeChanged{EnvelopeID: e.EnvelopeID, EventID: e.DeliveryID})
}

// parcel notes the carrier's news on the board and passes them on.
func (a *Applier) parcel(ctx context.Context, w store.Webhook) error {
	e, err := easypost.Parse(w.Body)
	if err != nil {
		return &poisonError{err}
	}
	if err := a.Ours.parcel(e); err != nil {
		return err
	}
	if e.TrackerID == "" || e.Parcel.Status == "" || e.Parcel.Status == p.ParcelUnknown {
		return ignored("it says nothing new about a parcel")
	}
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
	if err := a.Store.SaveDelivery(ctx, p.Delivery{PartnershipID: id, ShipmentID: shipment, Status: e.Parcel.Status}); err != nil {
		return err
	}
	at := e.Parcel.UpdatedAt
	if at.IsZero() {
		at = e.At
	}
	return a.signal(ctx, id, workflows.SignalParcelMoved, workflows.ParcelMoved{ShipmentID: shipment, Status: e.Parcel.Status, At: at, ETA: e.Parcel.EstimatedAt, EventID: e.DeliveryID})
}

func (a *Applier) partnershipOfParcel(ctx context.Context, e easypost.TrackerEvent) (p.PartnershipID, error) {
	if e.ShipmentID != "" {
		id, err := a.Store.PartnershipByShipment(ctx, e.ShipmentID)
		if p.CodeOf(err) != p.NotFound {
			return id, err
		}
	}
	return a.Store.PartnershipByShipment(ctx, e.Parcel.TrackingCode)
}
