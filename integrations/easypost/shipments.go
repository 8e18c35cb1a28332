package easypost

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
)

// CreateShipment asks the carriers for rates and names the cheapest. It buys nothing, so asking twice is harmless and
// a broken exchange is Retry. The reference holds the key: it is how people find the parcel at EasyPost. EasyPost has
// webhooks per account only, so r.WebhookURL is not sent.
func (c *Client) CreateShipment(ctx context.Context, r partnership.ShipmentRequest) (partnership.Shipment, error) {
	if r.WeightOz <= 0 {
		return partnership.Shipment{}, refusal(opCreate, "the parcel needs a weight: set the gift's weight_oz")
	}
	body := ShipmentRequest{Shipment: ShipmentParams{
		Reference:   string(r.Key),
		ToAddress:   address(r.To),
		FromAddress: address(r.From),
		Parcel:      ParcelParams{Weight: r.WeightOz},
	}}
	var s Shipment
	if err := c.do(ctx, call{op: opCreate, method: http.MethodPost, path: "/shipments", body: body, repeatable: true}, &s); err != nil {
		return partnership.Shipment{}, err
	}
	rate, ok := cheapest(s.Rates)
	if !ok {
		v := refusal(opCreate, "no carrier offers a rate: check the address, the weight and the carrier accounts at EasyPost")
		v.VendorCode = NoRates
		return partnership.Shipment{}, v
	}
	return shipment(s, rate)
}

// BuyLabel buys the rate's label, once: a shipment that already has one is returned as it is. A broken exchange is
// Ambiguous: Shipment tells whether the label was bought. A stale rate is Permanent with VendorCode RateExpired.
func (c *Client) BuyLabel(ctx context.Context, shipmentID, rateID string) (partnership.Shipment, error) {
	var s Shipment
	err := c.do(ctx, call{
		op: opBuy, method: http.MethodPost, path: "/shipments/" + url.PathEscape(shipmentID) + "/buy", body: BuyRequest{RateRef{rateID}},
	}, &s)
	if refused(err) {
		// The label itself, not the wording of the refusal, says whether this is a repetition.
		now, readErr := c.getShipment(ctx, shipmentID)
		switch {
		case readErr != nil:
			return partnership.Shipment{}, readErr
		case now.PostageLabel != nil:
			s, err = now, nil
		}
	}
	if err != nil {
		return partnership.Shipment{}, err
	}
	return shipment(s, Rate{ID: rateID})
}

// Shipment reads a shipment; LabelURL is "" until the label is bought.
func (c *Client) Shipment(ctx context.Context, id string) (partnership.Shipment, error) {
	s, err := c.getShipment(ctx, id)
	if err != nil {
		return partnership.Shipment{}, err
	}
	rate, _ := cheapest(s.Rates)
	return shipment(s, rate)
}

// RefundLabel asks for the label's price back. It is repeatable: a label already refunded, or none bought, is success;
// a parcel on its way is *partnership.Error Conflict.
func (c *Client) RefundLabel(ctx context.Context, shipmentID string) error {
	s, err := c.getShipment(ctx, shipmentID)
	if err != nil {
		return err
	}
	switch {
	case s.PostageLabel == nil, refunded(s):
		return nil
	case onItsWay(s):
		return partnership.Errorf(partnership.Conflict, "the parcel is already on its way: its label can no longer be refunded")
	}
	var after Shipment
	path := "/shipments/" + url.PathEscape(shipmentID) + "/refund"
	err = c.do(ctx, call{op: opRefund, method: http.MethodPost, path: path, repeatable: true}, &after)
	if refused(err) {
		now, readErr := c.getShipment(ctx, shipmentID)
		switch {
		case readErr != nil:
			return readErr
		case refunded(now):
			return nil
		}
		return partnership.Errorf(partnership.Conflict, "EasyPost refuses to refund this label: look at the shipment there")
	}
	return err
}

// Parcel reads where a shipment's parcel is; before a label is bought it is unknown.
func (c *Client) Parcel(ctx context.Context, shipmentID string) (partnership.Parcel, error) {
	s, err := c.getShipment(ctx, shipmentID)
	if err != nil {
		return partnership.Parcel{}, err
	}
	if s.Tracker == nil || s.Tracker.ID == "" {
		return partnership.Parcel{TrackingCode: s.TrackingCode, Status: partnership.ParcelUnknown}, nil
	}
	t, err := c.getTracker(ctx, s.Tracker.ID)
	if err != nil {
		return partnership.Parcel{}, err
	}
	return parcel(t), nil
}

// shipment turns EasyPost's answer into ours. Once bought, the selected rate is the one that counts.
func shipment(s Shipment, rate Rate) (partnership.Shipment, error) {
	if s.SelectedRate != nil {
		rate = *s.SelectedRate
	}
	out := partnership.Shipment{
		ID: s.ID, RateID: rate.ID, Currency: rate.Currency, Carrier: rate.Carrier,
		TrackingCode: s.TrackingCode, Refunded: refunded(s),
	}
	if s.PostageLabel != nil {
		out.LabelURL = s.PostageLabel.LabelURL
	}
	if rate.Rate != "" {
		cost, err := minor(rate.Rate, rate.Currency)
		if err != nil {
			return out, refusal(opGet, "EasyPost's rate is not an amount that we can read")
		}
		out.CostMinor = cost
	}
	return out, nil
}

// cheapest picks the lowest rate in the currency of the first; the first of equals wins, so that it is always the same.
func cheapest(rates []Rate) (Rate, bool) {
	best, bestCost, found := Rate{}, int64(0), false
	for _, r := range rates {
		cost, err := minor(r.Rate, r.Currency)
		if err != nil || r.ID == "" || r.Currency != rates[0].Currency {
			continue
		}
		if !found || cost < bestCost {
			best, bestCost, found = r, cost, true
		}
	}
	return best, found
}

// minor reads EasyPost's decimal string exactly. Some amounts come with more decimals than the currency has
// ("8.20000"): zeros beyond them are dropped, anything else is an error.
func minor(amount, currency string) (int64, error) {
	if whole, fraction, ok := strings.Cut(amount, "."); ok && fraction != "" {
		amount = whole
		if fraction = strings.TrimRight(fraction, "0"); fraction != "" {
			amount += "." + fraction
		}
	}
	return money.Parse(amount, currency)
}

func refunded(s Shipment) bool { return s.RefundStatus == "submitted" || s.RefundStatus == "refunded" }

// onItsWay says whether a carrier has scanned the parcel.
func onItsWay(s Shipment) bool {
	status := partnership.ParcelStatus(s.Status)
	if s.Tracker != nil {
		status = partnership.ParcelStatus(s.Tracker.Status)
	}
	switch status {
	case partnership.ParcelInTransit, partnership.ParcelOut, partnership.ParcelDelivered, partnership.ParcelPickup,
		partnership.ParcelReturned:
		return true
	default:
		return false
	}
}

// parcel turns a tracker into ours. The carrier's time of the status is that of its last scan with this status.
func parcel(t Tracker) partnership.Parcel {
	p := partnership.Parcel{
		TrackingCode: t.TrackingCode, Carrier: t.Carrier, Status: partnership.ParcelStatus(t.Status),
		UpdatedAt: parseTime(t.UpdatedAt), EstimatedAt: parseTime(t.EstDeliveryDate),
	}
	if p.Status == "" {
		p.Status = partnership.ParcelUnknown
	}
	for _, d := range t.TrackingDetails {
		if at := parseTime(d.Datetime); d.Status == t.Status && !at.IsZero() {
			p.UpdatedAt = at
		}
	}
	return p
}

func address(a partnership.Address) Address {
	return Address{
		Name: a.Name, Street1: a.Line1, Street2: a.Line2, City: a.City, State: a.Region,
		Zip: a.PostalCode, Country: a.Country, Phone: a.Phone,
	}
}

// parseTime reads EasyPost's times; the zero time where there is none.
func parseTime(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}
