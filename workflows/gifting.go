package workflows

import (
	"fmt"
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

// gifting orders the gift, buys the label and follows the parcel to the door. The content clock starts there.
func (s *story) gifting(ctx workflow.Context) error {
	if s.Terms.Gift == nil {
		return nil
	}
	gift := activities.Gift{PartnershipID: s.PartnershipID, Gift: *s.Terms.Gift, Currency: s.Terms.Currency}
	s.takesBack(undoGift)
	if _, err := step(ctx, s, orderGift, "Order the gift", gift); err != nil {
		return err
	}
	s.takesBack(undoLabel)
	label, err := step(ctx, s, buyLabel, "Buy the shipping label", gift)
	if err != nil {
		return err
	}
	s.Shipment = label.ID
	s.note(ctx, "shipped", "brand", "Gift ordered and label bought ("+label.Carrier+").")
	late := s.late(ctx, timeline.ShipBy)
	s.Facts.ShippedAt = workflow.Now(ctx)
	if late > 0 { // a day that the brand lost extends the creator
		if err := s.cascade(ctx, "brand", fmt.Sprintf("Your package went out %.1f days late", late)); err != nil {
			return err
		}
	}
	s.replan(ctx)
	s.enter(ctx, p.Gifting)
	return s.awaitParcel(ctx)
}

// awaitParcel tells the creator that the gift is on its way and waits for it: by the carrier's word, by the creator's, or by
// asking the carrier when both are silent.
func (s *story) awaitParcel(ctx workflow.Context) error {
	parcel := ask{kind: p.TaskReceive, task: "receive", mail: "gift_shipped", what: "the parcel's delivery", due: func() time.Time { return s.Plan.Due(timeline.DeliverBy) }}
	s.OpenTask, s.OpenKind = parcel.task, parcel.kind
	if err := s.running(ctx); err != nil {
		return err
	}
	if err := s.request(ctx, parcel); err != nil {
		return err
	}
	s.waitFor(ctx, parcel.what, parcel.due())
	for late := 0; s.Delivered.IsZero(); late++ {
		if lost(s.Parcel) {
			if err := s.parcelLost(ctx); err != nil {
				return err
			}
		}
		next := s.cal.Add(parcel.due(), float64(late))
		if err := s.awaitManager(ctx, next, func() bool { return !s.Delivered.IsZero() || lost(s.Parcel) || s.slipped() }); err != nil {
			return err
		}
		switch {
		case !s.Delivered.IsZero():
		case s.slipped():
			if err := s.carrierSlip(ctx, parcel); err != nil {
				return err
			}
			late = -1 // the new date has a first look of its own
		case !lost(s.Parcel):
			if err := s.lookAtParcel(ctx, late); err != nil {
				return err
			}
		}
	}
	s.delivered(ctx)
	return nil
}

// slipped says whether the carrier now expects to deliver later than planned.
func (s *story) slipped() bool {
	return s.Delivered.IsZero() && !s.ETA.IsZero() && s.cal.Days(s.Plan.Due(timeline.DeliverBy), s.ETA) >= timeline.Tolerance
}

// carrierSlip moves every later date by the carrier's new estimate. The lost days are the carrier's, never the creator's.
func (s *story) carrierSlip(ctx workflow.Context, parcel ask) error {
	s.Facts.CarrierETA = s.ETA
	if err := s.cascade(ctx, "carrier", "The carrier is late with your package"); err != nil {
		return err
	}
	s.waitFor(ctx, parcel.what, parcel.due())
	return nil
}

// late is by how many campaign days a milestone has been missed by now, 0 when it has not.
func (s *story) late(ctx workflow.Context, k timeline.Kind) float64 {
	due := s.Plan.Due(k)
	if due.IsZero() {
		return 0
	}
	if days := s.cal.Days(due, workflow.Now(ctx)); days >= timeline.Tolerance {
		return days
	}
	return 0
}

// delivered books the arrival; a parcel that came late is the carrier's slip and moves every later date.
func (s *story) delivered(ctx workflow.Context) {
	due := s.Plan.Due(timeline.DeliverBy)
	s.Facts.DeliveredAt = s.Delivered
	s.replan(ctx)
	s.Closed, s.OpenTask = append(s.Closed, "receive"), ""
	if s.Attention != giftDamaged { // which a person still has to see to
		s.Attention = ""
	}
	event := p.TimelineEvent{At: s.Delivered, Kind: "delivered", Owner: "carrier", Detail: "The gift was delivered; the content clock starts."}
	if days := s.cal.Days(due, s.Delivered); days >= timeline.Tolerance {
		event.Detail = fmt.Sprintf("The gift was delivered %.1f days late; every later date has moved.", days)
	}
	s.Events = append(s.Events, event)
	s.keep(undoGift, undoLabel) // they are used up: nothing to take back
}

// giftDamaged is why a person should look at a gift that arrived.
const giftDamaged = "the creator says that the gift arrived damaged"

// lookAtParcel asks the carrier itself: its messages can go silent for good.
func (s *story) lookAtParcel(ctx workflow.Context, late int) error {
	now, err := step(ctx, s, lookAtParcel, "Ask the carrier where the parcel is",
		activities.Parcel{PartnershipID: s.PartnershipID, ShipmentID: s.Shipment})
	if err != nil {
		return err
	}
	s.parcelMoved(ParcelMoved{ShipmentID: s.Shipment, Status: now.Status, At: now.UpdatedAt, ETA: now.EstimatedAt})
	if s.Delivered.IsZero() && late == 0 {
		s.Attention = "the parcel is late"
		s.waitFor(ctx, "the parcel's delivery (late)", s.Deadline)
	}
	return nil
}

func lost(st p.ParcelStatus) bool {
	return st == p.ParcelFailure || st == p.ParcelReturned || st == p.ParcelError || st == p.ParcelCancelled
}

// parcelLost asks the manager to mend a parcel that will not arrive. The creator's word that it came after all, or a cancel, ends the wait.
func (s *story) parcelLost(ctx workflow.Context) error {
	s.Attention = "the parcel will not arrive: " + string(s.Parcel)
	s.note(ctx, "parcel_lost", "carrier", "The carrier reports: "+string(s.Parcel)+".")
	s.waitFor(ctx, "a manager: the parcel will not arrive", s.Deadline)
	card := activities.RefusedStep{PartnershipID: s.PartnershipID, Stage: s.Stage, Step: "Deliver the gift", Why: "the carrier reports " + string(s.Parcel), Seq: s.Seq}
	if err := inform(ctx, s, reportRefusedStep, "Tell the manager of the lost parcel", card); err != nil {
		return err
	}
	s.awaitRetry(ctx, 0, func() bool { return !s.Delivered.IsZero() })
	if s.Delivered.IsZero() { // the manager sent it by other means: the next look finds it delivered, or asks again
		s.Parcel = p.ParcelInTransit
	}
	return s.stopped()
}
