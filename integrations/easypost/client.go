package easypost

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/integrations/httpx"
	"github.com/rapport-dev/rapport/partnership"
)

// DefaultBaseURL is EasyPost's API; the key decides between its test and its production mode.
const DefaultBaseURL = "https://api.easypost.com"

const (
	vendor    = "easypost"
	opCreate  = "shipment.create"
	opBuy     = "shipment.buy"
	opGet     = "shipment.get"
	opRefund  = "shipment.refund"
	opTracker = "tracker.get"
	maxAnswer = 4 << 20
)

// Config says how to reach EasyPost.
type Config struct {
	APIKey     string
	BaseURL    string       // "" is DefaultBaseURL; with or without /v2
	HTTPClient *http.Client // nil is a client of our own with httpx.DefaultTimeout
}

// Client buys labels and tracks parcels. It is safe for concurrent use.
type Client struct {
	key  string
	base string
	http *http.Client
	now  func() time.Time
}

// New returns a client. What is missing in c is reported by every call, with what to do about it.
func New(c Config) *Client {
	base := c.BaseURL
	if base == "" {
		base = DefaultBaseURL
	}
	base = strings.TrimSuffix(strings.TrimRight(base, "/"), "/v2") + "/v2"
	return &Client{key: c.APIKey, base: base, http: httpx.Client(c.HTTPClient), now: time.Now}
}

// call is one request. A repeatable one may be sent twice without harm.
type call struct {
	op, method, path string
	body             any
	repeatable       bool
}

// do makes the request and reads the answer into out.
func (c *Client) do(ctx context.Context, k call, out any) error {
	if c.key == "" {
		return refusal(k.op, "no API key: set EASYPOST_API_KEY").ForAll()
	}
	var payload []byte
	if k.body != nil {
		var err error
		if payload, err = json.Marshal(k.body); err != nil {
			return refusal(k.op, "the request could not be written as JSON")
		}
	}
	req, err := http.NewRequestWithContext(ctx, k.method, c.base+k.path, bytes.NewReader(payload))
	if err != nil {
		return refusal(k.op, "the base URL is not a URL: check EASYPOST_BASE_URL").ForAll()
	}
	req.SetBasicAuth(c.key, "")
	if payload != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	status, header, answer, err := httpx.Do(c.http, req, maxAnswer)
	if err != nil {
		return httpx.Classify(vendor, k.op, err, k.repeatable)
	}
	if status < 200 || status > 299 {
		return callError(k, status, header, answer, c.now())
	}
	if err := json.Unmarshal(answer, out); err != nil {
		v := refusal(k.op, "the answer is not EasyPost's JSON: check EASYPOST_BASE_URL")
		if !k.repeatable {
			v.Class = partnership.Ambiguous
		}
		return v
	}
	return nil
}

func (c *Client) getShipment(ctx context.Context, id string) (Shipment, error) {
	var s Shipment
	err := c.do(ctx, call{op: opGet, method: http.MethodGet, path: "/shipments/" + url.PathEscape(id), repeatable: true}, &s)
	return s, err
}

func (c *Client) getTracker(ctx context.Context, id string) (Tracker, error) {
	var t Tracker
	err := c.do(ctx, call{op: opTracker, method: http.MethodGet, path: "/trackers/" + url.PathEscape(id), repeatable: true}, &t)
	return t, err
}

// Check proves that the key opens EasyPost: asked for a shipment that nobody has, it says so and does not refuse the key.
func (c *Client) Check(ctx context.Context) error {
	_, err := c.getShipment(ctx, "shp_rapport_doctor")
	if v, ok := errors.AsType[*partnership.VendorError](err); ok && v.Status == http.StatusNotFound {
		return nil
	}
	return err
}
