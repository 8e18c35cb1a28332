package workflows

import (
	"fmt"
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

// giftState is the parcel and where it is.
type giftState struct {
	Shipment  string                   `json:"Shipment"`
	ShippedBy string                   `json:"ShippedBy,omitempty"` // the carrier that the label is bought from, whatever the terms say later
	Parcel    partnership.ParcelStatus `json:"Parcel"`
	Delivered time.Time                `json:"Delivered"`
	ETA       time.Time                `json:"ETA"` // the carrier's last estimate
}

// ConfirmDelivery is the creator's word on the parcel.
type ConfirmDelivery struct {
	Condition partnership.Choice `json:"Condition"` // received, damaged
	Proven
}

// ParcelMoved is the carrier's news.
type ParcelMoved struct {
	ShipmentID string                   `json:"ShipmentID"`
	Status     partnership.ParcelStatus `json:"Status"`
	At         time.Time                `json:"At"`  // the carrier's time
	ETA        time.Time                `json:"ETA"` // the carrier's estimate of the delivery, zero when it gives none
	EventID    string                   `json:"EventID"`
	Addressed
}

// handleDelivery takes the creator's word that the parcel has arrived.
func (s *story) handleDelivery(ctx workflow.Context) error {
	return update(ctx, s, UpdateConfirmDelivery, func(m ConfirmDelivery) error {
		if s.Shipment == "" {
			return refuse(partnership.Conflict, "no parcel is on its way")
		}
		if m.Condition != partnership.ChoiceReceived && m.Condition != partnership.ChoiceDamaged {
			return refuseField("condition", "must be received or damaged")
		}
		return nil
	}, func(ctx workflow.Context, m ConfirmDelivery) {
		if s.Delivered.IsZero() { // after the carrier's word it is no news, and no answer to what is asked since
			s.Delivered = workflow.Now(ctx)
			s.active(ctx)
		}
		if m.Condition == partnership.ChoiceDamaged {
			s.needs(giftDamaged)
			s.note(ctx, "gift_damaged", "carrier", "The creator says that the gift arrived damaged.")
		}
	})
}

// hearParcel takes the carrier's word.
func (s *story) hearParcel(ctx workflow.Context, sel workflow.Selector) {
	on(ctx, sel, SignalParcelMoved, func(m ParcelMoved) {
		if m.At.IsZero() {
			m.At = workflow.Now(ctx)
		}
		s.parcelMoved(m)
	})
}

// parcelRank orders the carrier's words, so that a late one never moves a parcel back.
var parcelRank = map[partnership.ParcelStatus]int{
	partnership.ParcelUnknown: 0, partnership.ParcelPreTransit: 1, partnership.ParcelInTransit: 2, partnership.ParcelOut: 3, partnership.ParcelPickup: 4,
	partnership.ParcelFailure: 5, partnership.ParcelReturned: 5, partnership.ParcelError: 5, partnership.ParcelCancelled: 5, partnership.ParcelDelivered: 6,
}

func (s *story) parcelMoved(m ParcelMoved) {
	if s.Shipment != "" && m.ShipmentID != s.Shipment || parcelRank[m.Status] < parcelRank[s.Parcel] {
		return
	}
	if !m.ETA.IsZero() {
		s.ETA = m.ETA
	}
	s.Parcel = m.Status
	if m.Status == partnership.ParcelDelivered && s.Delivered.IsZero() {
		s.Delivered = m.At
	}
}

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
	s.ShippedBy = gift.Gift.Carrier
	s.takesBack(undoLabel)
	label, err := step(ctx, s, buyLabel.by(s.ShippedBy), "Buy the shipping label", gift)
	if err != nil {
		return err
	}
	s.Shipment = label.ID
	s.note(ctx, "shipped", "brand", "Gift ordered and label bought ("+label.Carrier+").")
	late, now := s.late(ctx, timeline.ShipBy), workflow.Now(ctx)
	shipped := func(f *timeline.Facts) { f.ShippedAt = now }
	if late > 0 { // a day that the brand lost extends the creator
		if err := s.cascade(ctx, "brand", fmt.Sprintf("Your package went out %.1f days late", late), shipped); err != nil {
			return err
		}
	}
	s.happened(ctx, shipped)
	s.enter(ctx, partnership.Gifting)
	return s.awaitParcel(ctx)
}

// awaitParcel tells the creator that the gift is on its way and waits for it: by the carrier's word, by the creator's, or by
// asking the carrier when both are silent.
func (s *story) awaitParcel(ctx workflow.Context) error {
	parcel := ask{kind: partnership.TaskReceive, task: "receive", mail: "gift_shipped", what: "the parcel's delivery", due: func() time.Time { return s.Plan.Due(timeline.DeliverBy) }}
	s.opens(parcel)
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
	late := func(f *timeline.Facts) { f.CarrierETA = s.ETA }
	if err := s.cascade(ctx, "carrier", "The carrier is late with your package", late); err != nil {
		return err
	}
	s.waitFor(ctx, parcel.what, parcel.due())
	return nil
}

// delivered books the arrival; a parcel that came late is the carrier's slip and moves every later date.
func (s *story) delivered(ctx workflow.Context) {
	due := s.Plan.Due(timeline.DeliverBy)
	s.happened(ctx, func(f *timeline.Facts) { f.DeliveredAt = s.Delivered })
	s.closes("receive")
	s.asksNothing()
	s.seenTo()
	event := partnership.TimelineEvent{At: s.Delivered, Kind: "delivered", Owner: "carrier", Detail: "The gift was delivered; the content clock starts."}
	if days := s.cal.Days(due, s.Delivered); days >= timeline.Tolerance {
		event.Detail = fmt.Sprintf("The gift was delivered %.1f days late; every later date has moved.", days)
	}
	s.event(event)
	s.keep(undoGift, undoLabel) // they are used up: nothing to take back
}

// giftDamaged is why a person should look at a gift that arrived.
const giftDamaged = "the creator says that the gift arrived damaged"

// lookAtParcel asks the carrier itself: its messages can go silent for good.
func (s *story) lookAtParcel(ctx workflow.Context, late int) error {
	now, err := step(ctx, s, lookAtParcel.by(s.ShippedBy), "Ask the carrier where the parcel is",
		activities.Parcel{PartnershipID: s.PartnershipID, ShipmentID: s.Shipment, Carrier: s.ShippedBy})
	if err != nil {
		return err
	}
	s.parcelMoved(ParcelMoved{ShipmentID: s.Shipment, Status: now.Status, At: now.UpdatedAt, ETA: now.EstimatedAt})
	if s.Delivered.IsZero() && late == 0 {
		s.needs("the parcel is late")
		s.waitFor(ctx, "the parcel's delivery (late)", s.Deadline)
	}
	return nil
}

func lost(st partnership.ParcelStatus) bool {
	return st == partnership.ParcelFailure || st == partnership.ParcelReturned || st == partnership.ParcelError || st == partnership.ParcelCancelled
}

const deliverGift = "Deliver the gift"

// parcelLost asks the manager to mend a parcel that will not arrive. The creator's word that it came after all, or a cancel, ends the wait.
func (s *story) parcelLost(ctx workflow.Context) error {
	s.needs("the parcel will not arrive: " + string(s.Parcel))
	s.note(ctx, "parcel_lost", "carrier", "The carrier reports: "+string(s.Parcel)+".")
	s.asksAboutStep(ctx, deliverGift, "the carrier reports "+string(s.Parcel), true)
	s.waitFor(ctx, "a manager: the parcel will not arrive", s.Deadline)
	card := activities.RefusedStep{PartnershipID: s.PartnershipID, Stage: s.Stage, Step: deliverGift, Why: "the carrier reports " + string(s.Parcel), Seq: s.Seq}
	if err := inform(ctx, s, reportRefusedStep, "Tell the manager of the lost parcel", card); err != nil {
		return err
	}
	s.awaitRetry(ctx, 0, func() bool { return !s.Delivered.IsZero() })
	if !s.Delivered.IsZero() {
		s.stepIs(ctx, deliverGift, partnership.Closing{State: partnership.QuestionOver, Came: "It is there after all."})
	} else if s.Stop == nil {
		s.stepIs(ctx, deliverGift, s.retried("The parcel is looked for again."))
	}
	if s.Delivered.IsZero() { // the manager sent it by other means: the next look finds it delivered, or asks again
		s.Parcel = partnership.ParcelInTransit
	}
	return s.stopped()
}
