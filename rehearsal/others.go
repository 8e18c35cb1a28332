package rehearsal

import (
	"context"
	"fmt"
	"math"
	"strings"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/partnership/timeline"
	"github.com/rapport-dev/rapport/workflows"
)

// manager is who decides in a rehearsal.
const manager = "rehearsal"

// AskForReview shows a draft to the manager.
func (c *cast) AskForReview(_ context.Context, in activities.ReviewCard) (partnership.MessageRef, error) {
	c.tell("slack", "a draft to review", in.Due)
	m := c.Behaviour.Manager
	if c.dice.will("never reviews "+in.Task, m.NeverReviews) {
		return partnership.MessageRef{}, nil
	}
	review := workflows.ReviewDraft{Task: in.Task, Decision: partnership.ChoiceApprove, By: manager}
	if strings.HasSuffix(in.Task, "-1") && c.dice.will("asks for changes "+in.Task, m.Changes) {
		review.Decision, review.SubmissionID = partnership.ChoiceChanges, "feedback"
	}
	c.business(c.dice.takes("reviews "+in.Task, m.Reviews), func() {
		c.tell("manager", map[partnership.Choice]string{partnership.ChoiceApprove: "approves the draft", partnership.ChoiceChanges: "asks for changes"}[review.Decision], never)
		c.say(workflows.UpdateReviewDraft, review)
	})
	return partnership.MessageRef{}, nil
}

// CloseReviewCard says that the rule approved.
func (c *cast) CloseReviewCard(context.Context, activities.ReviewCard) (partnership.MessageRef, error) {
	c.tell("slack", "the draft was approved by rule", never)
	return partnership.MessageRef{}, nil
}

// AskAboutCounter shows a counter-offer to the manager.
func (c *cast) AskAboutCounter(_ context.Context, in activities.CounterCard) (partnership.MessageRef, error) {
	c.tell("slack", "a counter-offer of "+money.Display(in.AskedMinor, in.Currency), never)
	m := c.Behaviour.Manager
	decision := partnership.ChoiceRefuse
	if c.dice.will(fmt.Sprint("accepts counter ", in.Round), m.Accepts) {
		decision = partnership.ChoiceAccept
	}
	c.business(c.dice.takes(fmt.Sprint("decides counter ", in.Round), m.Decides), func() {
		c.tell("manager", map[partnership.Choice]string{partnership.ChoiceAccept: "accepts the counter-offer", partnership.ChoiceRefuse: "keeps the offer"}[decision], never)
		c.say(workflows.UpdateDecideCounter, workflows.DecideCounter{Round: in.Round, Decision: decision, By: manager})
	})
	return partnership.MessageRef{}, nil
}

// AskAboutSilence asks the manager about a quiet creator.
func (c *cast) AskAboutSilence(_ context.Context, in activities.QuietCard) (activities.QuietAsked, error) {
	c.tell("slack", "has gone quiet: extend, keep waiting or replace", never)
	c.silences++
	asked := activities.QuietAsked{Risk: c.risk()}
	m, about := c.Behaviour.Manager, in.Task+"/"+in.Step
	if c.silences > 1 && m.ReplacesAgain > 0 {
		m.Extends, m.KeepsWaiting, m.Replaces = 0, 0, m.ReplacesAgain
	}
	luck := c.dice.share("silence " + about)
	below := func(chance float64) bool { luck -= chance; return luck < 0 }
	var decision partnership.Choice
	var words string
	switch {
	case below(m.Extends):
		decision, words = partnership.ChoiceExtend, "gives more time"
	case below(m.KeepsWaiting):
		decision, words = partnership.ChoiceKeepWaiting, "keeps waiting"
	case below(m.Replaces):
		decision, words = partnership.ChoiceReplace, "replaces the creator"
	default:
		return asked, nil
	}
	c.business(c.dice.takes("decides silence "+about, m.Decides), func() {
		c.tell("manager", words, never)
		c.alive = c.now()
		c.say(workflows.UpdateDecideQuiet, workflows.DecideQuiet{Task: in.Task, Decision: decision, By: manager})
	})
	return asked, nil
}

// TellSchedule tells the manager which dates moved.
func (c *cast) TellSchedule(_ context.Context, in activities.ScheduleNews) (partnership.MessageRef, error) {
	c.tell("slack", in.Cause+": "+strings.Join(in.Words, "; "), never)
	return partnership.MessageRef{}, nil
}

// TellOptedOut tells the manager that a creator wants no more mail.
func (c *cast) TellOptedOut(context.Context, activities.PartnershipRef) (partnership.MessageRef, error) {
	c.tell("slack", "the creator wants no more mail", never)
	return partnership.MessageRef{}, nil
}

// ReportRefusedStep tells the manager of what has to be mended: in a rehearsal, a lost parcel, which is sent again.
func (c *cast) ReportRefusedStep(_ context.Context, in activities.RefusedStep) (partnership.MessageRef, error) {
	c.tell("slack", in.Step+": "+in.Why, never)
	gone := c.parcel.Status == partnership.ParcelFailure
	c.business(c.dice.takes(fmt.Sprint("mends ", in.Seq), c.Behaviour.Manager.Decides), func() {
		if gone {
			c.sendAgain()
		}
		c.say(workflows.UpdateRetryStep, workflows.RetryStep{By: manager})
	})
	return partnership.MessageRef{}, nil
}

// sendAgain replaces a lost gift, at the brand's cost and outside the reservation. A second parcel is not lost.
func (c *cast) sendAgain() {
	c.tell("manager", "sends the gift again", never)
	c.parcel = partnership.Parcel{Status: partnership.ParcelInTransit, UpdatedAt: c.now()}
	c.spend(giftFlow, c.now(), c.in.Offer.Gift.ValueMinor)
	c.spend(c.postage(), c.now(), c.label(c.in.Offer.Gift.WeightOz))
	c.travel(0, "again", 0)
}

// OrderGift orders the gift in the shop.
func (c *cast) OrderGift(context.Context, activities.Gift) (partnership.GiftOrder, error) {
	return partnership.GiftOrder{ID: "gift"}, nil
}

// BuyLabel buys the label; the parcel is on its way a little later.
func (c *cast) BuyLabel(_ context.Context, in activities.Gift) (partnership.Shipment, error) {
	cost := c.label(in.Gift.WeightOz)
	c.spend(giftFlow, c.now(), in.Gift.ValueMinor)
	c.spend(c.postage(), c.now(), cost)
	c.tell("carrier", "the label is bought for "+money.Display(cost, c.labels), never)
	c.handedOver = timeline.ReviewDue(c.cal, c.now(), c.Behaviour.Carrier.HandsOver)
	c.travel(float64(c.handedOver.Sub(c.now()))/float64(c.in.Day), "first", c.Behaviour.Carrier.Lost)
	return partnership.Shipment{ID: "parcel", Carrier: "USPS", CostMinor: cost, Currency: c.labels}, nil
}

// travel lets a parcel arrive, or get lost.
func (c *cast) travel(before float64, name string, lost float64) {
	ca := c.Behaviour.Carrier
	days := before + c.dice.takes("travels "+name, ca.Transit)
	if c.dice.will("lost "+name, lost) {
		c.arrive(3*days, partnership.ParcelFailure, "has lost the gift")
		return
	}
	if c.dice.will("slips "+name, ca.Slips) {
		c.slip(days/2, days+c.dice.takes("slips by "+name, ca.Slip))
		return
	}
	c.arrive(days, partnership.ParcelDelivered, "delivers the gift")
}

// slip is a carrier who says on the way that it will be late.
func (c *cast) slip(said, days float64) {
	eta := c.now().Add(c.days(days))
	c.after(said, func() {
		c.tell("carrier", "is late with the gift: "+c.date(eta).Format("2 Jan"), never)
		c.parcel = partnership.Parcel{Status: partnership.ParcelInTransit, UpdatedAt: c.now(), EstimatedAt: eta}
		c.report(workflows.SignalParcelMoved, workflows.ParcelMoved{ShipmentID: "parcel", Status: partnership.ParcelInTransit, At: c.now(), ETA: eta})
	})
	c.arrive(days, partnership.ParcelDelivered, "delivers the gift")
}

func (c *cast) arrive(days float64, status partnership.ParcelStatus, words string) {
	c.after(days, func() {
		c.tell("carrier", words, never)
		c.parcel = partnership.Parcel{Status: status, UpdatedAt: c.now()}
		c.report(workflows.SignalParcelMoved, workflows.ParcelMoved{ShipmentID: "parcel", Status: status, At: c.now()})
	})
}

// LookAtParcel asks the carrier.
func (c *cast) LookAtParcel(context.Context, activities.Parcel) (partnership.Parcel, error) {
	if c.parcel.Status == "" {
		return partnership.Parcel{Status: partnership.ParcelInTransit, UpdatedAt: c.now()}, nil
	}
	return c.parcel, nil
}

// label is what sending a parcel of that weight costs, in the currency that labels are counted in.
func (w *world) label(ounces float64) int64 {
	c := w.Behaviour.Carrier
	price := int64(math.Round((c.Base + c.PerOz*ounces) * math.Pow10(money.Exponent(c.Currency))))
	if rate, rated := w.Campaign.Rates[c.Currency]; rated && c.Currency != w.labels {
		return rate.Worth.Convert(price, c.Currency, w.labels)
	}
	return price
}

// postage is where labels are counted.
func (w *world) postage() flowKind {
	if w.labels == w.Campaign.Currency {
		return shippingFlow
	}
	return apartFlow
}

func (w *world) commission(net int64, bps int) int64 { return ledger.Commission(net, bps) }

// VoidContract takes the contract back.
func (c *cast) VoidContract(context.Context, activities.Undo) (activities.Undone, error) {
	return activities.Undone{Detail: "The contract was voided."}, nil
}

// DeactivateCode takes the code back.
func (c *cast) DeactivateCode(context.Context, activities.Undo) (activities.Undone, error) {
	return activities.Undone{Detail: "The discount code was deactivated."}, nil
}

// CancelGift takes the gift back while the brand still has it.
func (c *cast) CancelGift(context.Context, activities.Undo) (activities.Undone, error) {
	c.unspend(giftFlow)
	return activities.Undone{Detail: "The gift order was cancelled."}, nil
}

// RefundLabel takes the label back while the brand still has the parcel.
func (c *cast) RefundLabel(context.Context, activities.Undo) (activities.Undone, error) {
	c.unspend(c.postage())
	return activities.Undone{Detail: "The label was refunded."}, nil
}

func (c *cast) unspend(kind flowKind) {
	if !c.now().Before(c.handedOver) {
		return
	}
	kept := c.story.flows[:0]
	for _, f := range c.story.flows {
		if f.kind != kind {
			kept = append(kept, f)
		}
	}
	c.story.flows = kept
}
