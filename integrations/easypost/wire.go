// Package easypost is a thin client of EasyPost's REST API v2 (shipments, labels, trackers) and its webhooks.
package easypost

import "encoding/json"

// The types below are EasyPost's own JSON, as far as Rapport uses it. Money is a decimal string there.

// ShipmentRequest is the body of POST /shipments.
type ShipmentRequest struct {
	Shipment ShipmentParams `json:"shipment"`
}

// ShipmentParams asks for rates. Reference comes back with the shipment: it holds our key.
type ShipmentParams struct {
	Reference   string       `json:"reference,omitempty"`
	ToAddress   Address      `json:"to_address"`
	FromAddress Address      `json:"from_address"`
	Parcel      ParcelParams `json:"parcel"`
}

// Address is a postal address.
type Address struct {
	ID      string `json:"id,omitempty"`
	Object  string `json:"object,omitempty"`
	Name    string `json:"name,omitempty"`
	Street1 string `json:"street1,omitempty"`
	Street2 string `json:"street2,omitempty"`
	City    string `json:"city,omitempty"`
	State   string `json:"state,omitempty"`
	Zip     string `json:"zip,omitempty"`
	Country string `json:"country,omitempty"` // ISO 3166-1 alpha-2
	Phone   string `json:"phone,omitempty"`
}

// ParcelParams is a parcel: Weight in ounces.
type ParcelParams struct {
	Weight float64 `json:"weight"`
}

// BuyRequest is the body of POST /shipments/{id}/buy.
type BuyRequest struct {
	Rate RateRef `json:"rate"`
}

// RateRef names a rate.
type RateRef struct {
	ID string `json:"id"`
}

// Shipment is a shipment with its rates and, once bought, its label and tracker.
type Shipment struct {
	ID           string        `json:"id"`
	Object       string        `json:"object"`
	Mode         string        `json:"mode"` // test, production
	Reference    string        `json:"reference"`
	Status       string        `json:"status"`
	TrackingCode string        `json:"tracking_code"`
	RefundStatus string        `json:"refund_status"` // "", submitted, refunded, rejected, not_applicable
	Rates        []Rate        `json:"rates"`
	SelectedRate *Rate         `json:"selected_rate"`
	PostageLabel *PostageLabel `json:"postage_label"`
	Tracker      *Tracker      `json:"tracker"`
	Messages     []RateMessage `json:"messages"`
	CreatedAt    string        `json:"created_at"`
	UpdatedAt    string        `json:"updated_at"`
}

// Rate is a carrier's price; Rate is a decimal string like "8.20".
type Rate struct {
	ID         string `json:"id"`
	Object     string `json:"object"`
	Service    string `json:"service"`
	Carrier    string `json:"carrier"`
	Rate       string `json:"rate"`
	Currency   string `json:"currency"`
	ShipmentID string `json:"shipment_id"`
}

// RateMessage says why a carrier gave no rate.
type RateMessage struct {
	Carrier string `json:"carrier"`
	Type    string `json:"type"`
	Message string `json:"message"`
}

// PostageLabel is a bought label.
type PostageLabel struct {
	ID       string `json:"id"`
	Object   string `json:"object"`
	LabelURL string `json:"label_url"`
}

// Tracker is a parcel's way.
type Tracker struct {
	ID              string           `json:"id"`
	Object          string           `json:"object"`
	Mode            string           `json:"mode"`
	TrackingCode    string           `json:"tracking_code"`
	Status          string           `json:"status"`
	StatusDetail    string           `json:"status_detail,omitempty"`
	Carrier         string           `json:"carrier"`
	ShipmentID      string           `json:"shipment_id"`
	EstDeliveryDate string           `json:"est_delivery_date"`
	TrackingDetails []TrackingDetail `json:"tracking_details"`
	CreatedAt       string           `json:"created_at"`
	UpdatedAt       string           `json:"updated_at"`
	PublicURL       string           `json:"public_url,omitempty"`
}

// TrackingDetail is one scan.
type TrackingDetail struct {
	Object   string `json:"object"`
	Status   string `json:"status"`
	Message  string `json:"message,omitempty"`
	Datetime string `json:"datetime"`
	Source   string `json:"source,omitempty"`
}

// Event is one webhook.
type Event struct {
	ID                 string          `json:"id"`
	Object             string          `json:"object"`
	Mode               string          `json:"mode"`
	Description        string          `json:"description"` // tracker.created, tracker.updated, ...
	CreatedAt          string          `json:"created_at"`
	PreviousAttributes json.RawMessage `json:"previous_attributes,omitempty"`
	Result             json.RawMessage `json:"result,omitempty"`
}

// ErrorResponse is the body of every refusal.
type ErrorResponse struct {
	Error Error `json:"error"`
}

// Error says what was wrong; Errors holds field errors in several shapes, which Rapport does not read.
type Error struct {
	Code    string          `json:"code"`
	Message string          `json:"message"`
	Errors  json.RawMessage `json:"errors,omitempty"`
}
