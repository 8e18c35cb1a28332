package pigeon

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/integrations/httpx"
	"github.com/rapport-dev/rapport/partnership"
)

const (
	vendor    = "pigeon"
	maxAnswer = 1 << 20
)

// Client sends pigeons. It is safe for concurrent use.
type Client struct {
	key, base string
	http      *http.Client
}

// New returns a client; it calls nobody.
func New(key, base string, h *http.Client) *Client {
	return &Client{key: key, base: strings.TrimRight(base, "/"), http: httpx.Client(h)}
}

// Parcel is the loft's own form of a parcel.
type Parcel struct {
	ID       string  `json:"parcel,omitempty"`
	Key      string  `json:"key"`
	Ounces   float64 `json:"ounces"`
	To       string  `json:"to"`
	Cents    int64   `json:"cents,omitempty"`
	Ring     string  `json:"ring,omitempty"` // "" until a label is bought
	Label    string  `json:"label,omitempty"`
	State    string  `json:"state,omitempty"`
	Refunded bool    `json:"refunded,omitempty"`
}

// CreateShipment asks what a parcel would cost; it buys nothing.
func (c *Client) CreateShipment(ctx context.Context, r partnership.ShipmentRequest) (partnership.Shipment, error) {
	to := strings.Join([]string{r.To.Name, r.To.Line1, r.To.City, r.To.PostalCode, r.To.Country}, ", ")
	return c.parcel(ctx, "quote", http.MethodPost, "/parcels", Parcel{Key: string(r.Key), Ounces: r.WeightOz, To: to}, true)
}

// BuyLabel buys the label of a parcel, once.
func (c *Client) BuyLabel(ctx context.Context, shipmentID, _ string) (partnership.Shipment, error) {
	return c.parcel(ctx, "label", http.MethodPost, "/parcels/"+url.PathEscape(shipmentID)+"/label", nil, false)
}

// Shipment reads a parcel.
func (c *Client) Shipment(ctx context.Context, id string) (partnership.Shipment, error) {
	return c.parcel(ctx, "read", http.MethodGet, "/parcels/"+url.PathEscape(id), nil, true)
}

// RefundLabel gives a label back.
func (c *Client) RefundLabel(ctx context.Context, shipmentID string) error {
	_, err := c.parcel(ctx, "refund", http.MethodDelete, "/parcels/"+url.PathEscape(shipmentID)+"/label", nil, true)
	return err
}

// Parcel says where a parcel is.
func (c *Client) Parcel(ctx context.Context, shipmentID string) (partnership.Parcel, error) {
	var p Parcel
	err := c.do(ctx, "read", http.MethodGet, "/parcels/"+url.PathEscape(shipmentID), nil, true, &p)
	return partnership.Parcel{TrackingCode: p.Ring, Carrier: "Pigeon", Status: states[p.State]}, err
}

func (c *Client) parcel(ctx context.Context, op, method, path string, body any, repeatable bool) (partnership.Shipment, error) {
	var p Parcel
	err := c.do(ctx, op, method, path, body, repeatable, &p)
	return partnership.Shipment{
		ID: p.ID, RateID: p.ID, CostMinor: p.Cents, Currency: "USD", Carrier: "Pigeon", LabelURL: p.Label, TrackingCode: p.Ring, Refunded: p.Refunded,
	}, err
}

func (c *Client) do(ctx context.Context, op, method, path string, body any, repeatable bool, out any) error {
	payload, err := json.Marshal(body)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader(payload))
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+c.key)
	status, header, answer, err := httpx.Do(c.http, request, maxAnswer)
	switch {
	case err != nil:
		return httpx.Classify(vendor, op, err, repeatable)
	case status == http.StatusUnauthorized:
		return &partnership.VendorError{Vendor: vendor, Op: op, Class: partnership.Barred, Status: status, Message: "the key was refused: check PIGEON_API_KEY"}
	case status >= http.StatusMultipleChoices:
		return httpx.Answered(vendor, op, status, header, "", repeatable, time.Now())
	}
	return json.Unmarshal(answer, out)
}
