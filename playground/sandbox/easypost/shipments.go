package easypost

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// A shipment has rates, and once a label is bought, a parcel that moves.
type shipment struct {
	ID         string    `json:"id"`
	Reference  string    `json:"reference"` // our key
	From       address   `json:"from"`
	To         address   `json:"to"`
	Weight     float64   `json:"weight"` // ounces
	Customs    *customs  `json:"customs,omitempty"`
	Unrated    string    `json:"unrated,omitempty"` // why no carrier offers a rate
	Rates      []rate    `json:"rates"`
	CreatedAt  time.Time `json:"created_at"`
	UpdatedAt  time.Time `json:"updated_at"`
	RateID     string    `json:"rate_id"`
	LabelID    string    `json:"label_id"`
	BoughtAt   time.Time `json:"bought_at,omitzero"`
	RefundedAt time.Time `json:"refunded_at,omitzero"`
	Parcel     *parcel   `json:"parcel"` // nil until bought
}

type address struct {
	ID      string `json:"id"`
	Object  string `json:"object"`
	Name    string `json:"name"`
	Company string `json:"company"`
	Street1 string `json:"street1"`
	Street2 string `json:"street2"`
	City    string `json:"city"`
	State   string `json:"state"`
	Zip     string `json:"zip"`
	Country string `json:"country"`
	Phone   string `json:"phone"`
	Email   string `json:"email"`
}

type rate struct {
	ID           string `json:"id"`
	Object       string `json:"object"`
	Service      string `json:"service"`
	Carrier      string `json:"carrier"`
	Rate         string `json:"rate"` // a decimal string, like all money here
	Currency     string `json:"currency"`
	DeliveryDays int    `json:"delivery_days"`
	ShipmentID   string `json:"shipment_id"`
	Mode         string `json:"mode"`
}

func (s *service) createShipment(w http.ResponseWriter, r *http.Request) {
	var q struct {
		Shipment *shipmentRequest `json:"shipment"`
	}
	if err := json.NewDecoder(r.Body).Decode(&q); err != nil || q.Shipment == nil {
		refuse(w, http.StatusUnprocessableEntity, "PARAMETER.REQUIRED", "Missing required parameter.", "shipment")
		return
	}
	in := q.Shipment
	if missing := in.missing(); len(missing) > 0 {
		refuse(w, http.StatusUnprocessableEntity, "SHIPMENT.INVALID_PARAMS", "Unable to create shipment, one or more parameters were invalid.", missing...)
		return
	}
	if abroad(*in.From, *in.To) {
		if in.Customs == nil {
			refuse(w, http.StatusUnprocessableEntity, "SHIPMENT.CUSTOMS_INFO.REQUIRED",
				"Unable to proceed, 'customs_info' is required for international shipments, shipments bound for US military bases, or US territories.")
			return
		}
		if missing := in.Customs.missing(in.From.Country, in.Parcel.Weight); len(missing) > 0 {
			refuse(w, http.StatusUnprocessableEntity, "SHIPMENT.INVALID_PARAMS", "Unable to create shipment, one or more parameters were invalid.", missing...)
			return
		}
	}
	sh := &shipment{
		ID: sandbox.NewID("shp_", 32), Reference: in.Reference, From: *in.From, To: *in.To, Weight: in.Parcel.Weight, Customs: in.Customs,
		CreatedAt: s.Now(), UpdatedAt: s.Now(),
	}
	for _, a := range []*address{&sh.From, &sh.To} {
		a.ID, a.Object = sandbox.NewID("adr_", 32), "Address"
	}
	if sh.Unrated = unrated(sh); sh.Unrated == "" {
		sh.Rates = s.ratesFor(sh)
	}
	s.st.Shipments = append(s.st.Shipments, sh)
	sandbox.WriteJSON(w, http.StatusCreated, s.shipmentJSON(sh))
}

// ratesFor prices by weight. As at EasyPost, the cheapest rate is not the first.
func (s *service) ratesFor(sh *shipment) []rate {
	priced := func(service string, base, perOz float64, days int) rate {
		return rate{
			ID: sandbox.NewID("rate_", 32), Object: "Rate", Service: service, Carrier: "USPS", Rate: fmt.Sprintf("%.2f", base+perOz*sh.Weight),
			Currency: "USD", DeliveryDays: days, ShipmentID: sh.ID, Mode: s.mode(),
		}
	}
	return []rate{priced("Express", 28.75, 0.35, 1), priced("GroundAdvantage", 4.10, 0.09, 3), priced("Priority", 7.60, 0.12, 2)}
}

func (s *service) shipmentOf(w http.ResponseWriter, r *http.Request) *shipment {
	sh := sandbox.Find(s.st.Shipments, func(sh *shipment) bool { return sh.ID == r.PathValue("id") })
	if sh == nil {
		refuse(w, http.StatusNotFound, "SHIPMENT.NOT_FOUND", "The shipment could not be found.")
	}
	return sh
}

func (s *service) getShipment(w http.ResponseWriter, r *http.Request) {
	if sh := s.shipmentOf(w, r); sh != nil {
		sandbox.WriteJSON(w, http.StatusOK, s.shipmentJSON(sh))
	}
}

// buyLabel never sells a second label for one shipment, but a second shipment is a second label.
func (s *service) buyLabel(w http.ResponseWriter, r *http.Request) {
	sh := s.shipmentOf(w, r)
	if sh == nil {
		return
	}
	var q struct {
		Rate struct {
			ID string `json:"id"`
		} `json:"rate"`
	}
	if err := json.NewDecoder(r.Body).Decode(&q); err != nil || q.Rate.ID == "" {
		refuse(w, http.StatusUnprocessableEntity, "PARAMETER.REQUIRED", "Missing required parameter.", "rate")
		return
	}
	if sh.Parcel != nil {
		refuse(w, http.StatusUnprocessableEntity, "SHIPMENT.POSTAGE.EXISTS", "Postage already exists for this shipment.")
		return
	}
	if _, ok := sh.rate(q.Rate.ID); !ok {
		refuse(w, http.StatusUnprocessableEntity, "RATE.NOT_FOUND", "The rate could not be found for this shipment.")
		return
	}
	if problem := unsellable(sh); problem != "" {
		refuse(w, http.StatusUnprocessableEntity, "SHIPMENT.POSTAGE.FAILURE", problem)
		return
	}
	sh.RateID, sh.LabelID, sh.BoughtAt, sh.UpdatedAt = q.Rate.ID, sandbox.NewID("pl_", 32), s.Now(), s.Now()
	s.sendParcel(sh)
	sandbox.WriteJSON(w, http.StatusOK, s.shipmentJSON(sh))
}

func (sh *shipment) rate(id string) (rate, bool) {
	for _, r := range sh.Rates {
		if r.ID == id {
			return r, true
		}
	}
	return rate{}, false
}

// refundLabel takes a label back while the carrier has not seen the parcel.
func (s *service) refundLabel(w http.ResponseWriter, r *http.Request) {
	sh := s.shipmentOf(w, r)
	switch {
	case sh == nil:
	case sh.Parcel == nil:
		refuse(w, http.StatusUnprocessableEntity, "SHIPMENT.REFUND.NO_LABEL", "The shipment has no label to refund.")
	case !sh.RefundedAt.IsZero():
		refuse(w, http.StatusUnprocessableEntity, "SHIPMENT.REFUND.ALREADY_REQUESTED", "A refund was already requested for this shipment.")
	case sh.Parcel.Status != "pre_transit" && sh.Parcel.Status != "unknown":
		refuse(w, http.StatusUnprocessableEntity, "SHIPMENT.REFUND.UNAVAILABLE", "The label cannot be refunded: the parcel is on its way.")
	default:
		sh.RefundedAt, sh.UpdatedAt = s.Now(), s.Now()
		sh.Parcel.Plan = nil
		sandbox.WriteJSON(w, http.StatusOK, s.shipmentJSON(sh))
	}
}

func (s *service) shipmentJSON(sh *shipment) map[string]any {
	out := map[string]any{
		"id": sh.ID, "object": "Shipment", "mode": s.mode(), "reference": sandbox.Nullable(sh.Reference), "status": "unknown", "is_return": false,
		"created_at": timestamp(sh.CreatedAt), "updated_at": timestamp(sh.UpdatedAt), "from_address": sh.From, "to_address": sh.To,
		"parcel":   map[string]any{"object": "Parcel", "weight": sh.Weight},
		"messages": sh.messages(), "rates": sandbox.List(sh.Rates), "customs_info": sh.Customs, "selected_rate": nil, "postage_label": nil, "tracker": nil, "tracking_code": nil,
		"refund_status": nil, "insurance": nil, "options": map[string]any{"currency": "USD"},
	}
	if sh.Parcel == nil {
		return out
	}
	chosen, _ := sh.rate(sh.RateID)
	out["selected_rate"], out["tracking_code"], out["tracker"], out["status"] = chosen, sh.Parcel.Code, s.trackerJSON(sh), sh.Parcel.Status
	out["postage_label"] = map[string]any{
		"object": "PostageLabel", "id": sh.LabelID, "label_url": s.URL() + "/labels/" + sh.LabelID + ".svg", "label_size": "4x6",
		"label_file_type": "image/svg+xml", "created_at": timestamp(sh.BoughtAt), "updated_at": timestamp(sh.BoughtAt),
	}
	if !sh.RefundedAt.IsZero() {
		out["refund_status"] = "submitted"
	}
	return out
}

// bought are the shipments with a label, the newest first.
func (s *service) bought() []*shipment {
	var out []*shipment
	for _, sh := range slices.Backward(s.st.Shipments) {
		if sh.Parcel != nil {
			out = append(out, sh)
		}
	}
	return out
}
