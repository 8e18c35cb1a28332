package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// A shipment has rates, and once a label is bought, a parcel that moves.
type shipment struct {
	ID         string    `json:"id"`
	Reference  string    `json:"reference"` // our key
	From       epAddress `json:"from"`
	To         epAddress `json:"to"`
	Weight     float64   `json:"weight"` // ounces
	Rates      []epRate  `json:"rates"`
	CreatedAt  time.Time `json:"created_at"`
	UpdatedAt  time.Time `json:"updated_at"`
	RateID     string    `json:"rate_id"`
	LabelID    string    `json:"label_id"`
	BoughtAt   time.Time `json:"bought_at,omitzero"`
	RefundedAt time.Time `json:"refunded_at,omitzero"`
	Parcel     *parcel   `json:"parcel"` // nil until bought
}

type epAddress struct {
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

type epRate struct {
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

func epRefuse(w http.ResponseWriter, status int, code, message string, fields ...string) {
	errs := []map[string]string{}
	for _, f := range fields {
		errs = append(errs, map[string]string{"field": f, "message": "cannot be blank"})
	}
	writeJSON(w, status, map[string]any{"error": map[string]any{"code": code, "message": message, "errors": errs}})
}

func (s *Server) easypostAPI() http.Handler {
	a := s.newAPI("easypost")
	a.admit = func(w http.ResponseWriter, r *http.Request) bool {
		if user, _, ok := r.BasicAuth(); ok && user == s.keys.EasyPostAPIKey {
			return true
		}
		epRefuse(w, http.StatusUnauthorized, "APIKEY.INACTIVE", "This API key is no longer active. Please use a different API key or reactivate this key.")
		return false
	}
	a.tooMany = func(w http.ResponseWriter, _ *http.Request, after int) {
		w.Header().Set("Retry-After", strconv.Itoa(after))
		epRefuse(w, http.StatusTooManyRequests, "RATE_LIMITED", "Too many requests, please slow down.")
	}
	a.broken = func(w http.ResponseWriter) {
		epRefuse(w, http.StatusInternalServerError, "INTERNAL_SERVER_ERROR", "We're sorry, something went wrong.")
	}
	a.notFound = func(w http.ResponseWriter) {
		epRefuse(w, http.StatusNotFound, "NOT_FOUND", "The requested resource could not be found.")
	}
	a.handle("POST /easypost/v2/shipments", "shipment.create", s.createShipment)
	a.handle("GET /easypost/v2/shipments/{id}", "shipment.get", s.getShipment)
	a.handle("POST /easypost/v2/shipments/{id}/buy", "shipment.buy", s.buyLabel)
	a.handle("POST /easypost/v2/shipments/{id}/refund", "shipment.refund", s.refundLabel)
	a.handle("GET /easypost/v2/trackers", "tracker.list", s.listTrackers)
	a.handle("GET /easypost/v2/trackers/{id}", "tracker.get", s.getTracker)
	a.handle("POST /easypost/v2/trackers", "tracker.create", s.createTracker)
	a.handle("GET /easypost/v2/users", "user.get", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, map[string]any{"id": "user_sandbox", "object": "User", "balance": "1000.00000", "children": []any{}})
	})
	return a
}

func (s *Server) createShipment(w http.ResponseWriter, r *http.Request) {
	var q struct {
		Shipment *struct {
			Reference string     `json:"reference"`
			From      *epAddress `json:"from_address"`
			To        *epAddress `json:"to_address"`
			Parcel    *struct {
				Weight float64 `json:"weight"`
			} `json:"parcel"`
		} `json:"shipment"`
	}
	if err := json.NewDecoder(r.Body).Decode(&q); err != nil || q.Shipment == nil {
		epRefuse(w, http.StatusUnprocessableEntity, "PARAMETER.REQUIRED", "Missing required parameter.", "shipment")
		return
	}
	in, missing := q.Shipment, []string{}
	for name, a := range map[string]*epAddress{"to_address": in.To, "from_address": in.From} {
		if a == nil || a.Street1 == "" || a.City == "" || a.Zip == "" || a.Country == "" {
			missing = append(missing, name)
		}
	}
	if in.Parcel == nil || in.Parcel.Weight <= 0 {
		missing = append(missing, "parcel.weight")
	}
	if len(missing) > 0 {
		epRefuse(w, http.StatusUnprocessableEntity, "SHIPMENT.INVALID_PARAMS", "Unable to create shipment, one or more parameters were invalid.", missing...)
		return
	}
	sh := &shipment{
		ID: newID("shp_", 32), Reference: in.Reference, From: *in.From, To: *in.To, Weight: in.Parcel.Weight,
		CreatedAt: s.now(), UpdatedAt: s.now(),
	}
	for _, a := range []*epAddress{&sh.From, &sh.To} {
		a.ID, a.Object = newID("adr_", 32), "Address"
	}
	sh.Rates = ratesFor(sh)
	s.st.Shipments = append(s.st.Shipments, sh)
	writeJSON(w, http.StatusCreated, s.shipmentJSON(sh))
}

// ratesFor prices by weight. As at EasyPost, the cheapest rate is not the first.
func ratesFor(sh *shipment) []epRate {
	rate := func(service string, base, perOz float64, days int) epRate {
		return epRate{
			ID: newID("rate_", 32), Object: "Rate", Service: service, Carrier: "USPS", Rate: fmt.Sprintf("%.2f", base+perOz*sh.Weight),
			Currency: "USD", DeliveryDays: days, ShipmentID: sh.ID, Mode: "test",
		}
	}
	return []epRate{rate("Express", 28.75, 0.35, 1), rate("GroundAdvantage", 4.10, 0.09, 3), rate("Priority", 7.60, 0.12, 2)}
}

func (s *Server) shipmentOf(w http.ResponseWriter, r *http.Request) *shipment {
	sh := find(s.st.Shipments, func(sh *shipment) bool { return sh.ID == r.PathValue("id") })
	if sh == nil {
		epRefuse(w, http.StatusNotFound, "SHIPMENT.NOT_FOUND", "The shipment could not be found.")
	}
	return sh
}

func (s *Server) getShipment(w http.ResponseWriter, r *http.Request) {
	if sh := s.shipmentOf(w, r); sh != nil {
		writeJSON(w, http.StatusOK, s.shipmentJSON(sh))
	}
}

// buyLabel never sells a second label for one shipment, but a second shipment is a second label.
func (s *Server) buyLabel(w http.ResponseWriter, r *http.Request) {
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
		epRefuse(w, http.StatusUnprocessableEntity, "PARAMETER.REQUIRED", "Missing required parameter.", "rate")
		return
	}
	if sh.Parcel != nil {
		epRefuse(w, http.StatusUnprocessableEntity, "SHIPMENT.POSTAGE.EXISTS", "Postage already exists for this shipment.")
		return
	}
	if _, ok := sh.rate(q.Rate.ID); !ok {
		epRefuse(w, http.StatusUnprocessableEntity, "RATE.NOT_FOUND", "The rate could not be found for this shipment.")
		return
	}
	sh.RateID, sh.LabelID, sh.BoughtAt, sh.UpdatedAt = q.Rate.ID, newID("pl_", 32), s.now(), s.now()
	s.sendParcel(sh)
	writeJSON(w, http.StatusOK, s.shipmentJSON(sh))
}

func (sh *shipment) rate(id string) (epRate, bool) {
	for _, r := range sh.Rates {
		if r.ID == id {
			return r, true
		}
	}
	return epRate{}, false
}

// refundLabel takes a label back while the carrier has not seen the parcel.
func (s *Server) refundLabel(w http.ResponseWriter, r *http.Request) {
	sh := s.shipmentOf(w, r)
	switch {
	case sh == nil:
	case sh.Parcel == nil:
		epRefuse(w, http.StatusUnprocessableEntity, "SHIPMENT.REFUND.NO_LABEL", "The shipment has no label to refund.")
	case !sh.RefundedAt.IsZero():
		epRefuse(w, http.StatusUnprocessableEntity, "SHIPMENT.REFUND.ALREADY_REQUESTED", "A refund was already requested for this shipment.")
	case sh.Parcel.Status != "pre_transit" && sh.Parcel.Status != "unknown":
		epRefuse(w, http.StatusUnprocessableEntity, "SHIPMENT.REFUND.UNAVAILABLE", "The label cannot be refunded: the parcel is on its way.")
	default:
		sh.RefundedAt, sh.UpdatedAt = s.now(), s.now()
		sh.Parcel.Plan = nil
		writeJSON(w, http.StatusOK, s.shipmentJSON(sh))
	}
}

func (s *Server) shipmentJSON(sh *shipment) map[string]any {
	out := map[string]any{
		"id": sh.ID, "object": "Shipment", "mode": "test", "reference": nullable(sh.Reference), "status": "unknown", "is_return": false,
		"created_at": epTime(sh.CreatedAt), "updated_at": epTime(sh.UpdatedAt), "from_address": sh.From, "to_address": sh.To,
		"parcel":   map[string]any{"object": "Parcel", "weight": sh.Weight},
		"messages": []any{}, "rates": sh.Rates, "selected_rate": nil, "postage_label": nil, "tracker": nil, "tracking_code": nil,
		"refund_status": nil, "insurance": nil, "options": map[string]any{"currency": "USD"},
	}
	if sh.Parcel == nil {
		return out
	}
	rate, _ := sh.rate(sh.RateID)
	out["selected_rate"], out["tracking_code"], out["tracker"], out["status"] = rate, sh.Parcel.Code, sh.Parcel.json(sh), sh.Parcel.Status
	out["postage_label"] = map[string]any{
		"object": "PostageLabel", "id": sh.LabelID, "label_url": s.cfg.PublicURL + "/labels/" + sh.LabelID + ".svg", "label_size": "4x6",
		"label_file_type": "image/svg+xml", "created_at": epTime(sh.BoughtAt), "updated_at": epTime(sh.BoughtAt),
	}
	if !sh.RefundedAt.IsZero() {
		out["refund_status"] = "submitted"
	}
	return out
}

func (s *Server) getTracker(w http.ResponseWriter, r *http.Request) {
	if sh := s.parcelOf(r.PathValue("id")); sh != nil {
		writeJSON(w, http.StatusOK, sh.Parcel.json(sh))
		return
	}
	epRefuse(w, http.StatusNotFound, "TRACKER.NOT_FOUND", "The tracker could not be found.")
}

func (s *Server) listTrackers(w http.ResponseWriter, r *http.Request) {
	trackers := []any{}
	for _, sh := range s.st.Shipments {
		if code := r.URL.Query().Get("tracking_code"); sh.Parcel != nil && (code == "" || code == sh.Parcel.Code) {
			trackers = append(trackers, sh.Parcel.json(sh))
		}
	}
	writeJSON(w, http.StatusOK, map[string]any{"trackers": trackers, "has_more": false})
}

// createTracker returns the tracker that buying made: the carrier knows no other parcels.
func (s *Server) createTracker(w http.ResponseWriter, r *http.Request) {
	var q struct {
		Tracker struct {
			Code string `json:"tracking_code"`
		} `json:"tracker"`
	}
	if err := json.NewDecoder(r.Body).Decode(&q); err == nil {
		if sh := s.parcelOf(q.Tracker.Code); sh != nil {
			writeJSON(w, http.StatusCreated, sh.Parcel.json(sh))
			return
		}
	}
	epRefuse(w, http.StatusUnprocessableEntity, "TRACKER.CREATE.ERROR", "The carrier does not know this tracking code.")
}

// parcelOf finds a bought shipment by its tracker's id or its tracking code.
func (s *Server) parcelOf(idOrCode string) *shipment {
	return find(s.st.Shipments, func(sh *shipment) bool {
		return sh.Parcel != nil && idOrCode != "" && (sh.Parcel.TrackerID == idOrCode || sh.Parcel.Code == idOrCode)
	})
}

func epTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// nullable is null for "".
func nullable(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// partnershipOf reads the partnership out of a key "partnership/<id>/...", "" for the keys of campaigns and payouts.
func partnershipOf(key string) string {
	rest, ok := strings.CutPrefix(key, "partnership/")
	if !ok {
		return ""
	}
	id, _, _ := strings.Cut(rest, "/")
	return id
}
