// Package paypal pays creators by PayPal Payouts: one batch with one item for each payout, found again by its sender_batch_id, and the
// webhooks that tell what became of it. It is a client of our own: plutov/paypal loses the link to the original of a duplicate, cannot
// tell a lost payout from a lost token, and changes the bytes of a webhook before it has them verified.
package paypal

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/rapport-dev/rapport/integrations/httpx"
	"github.com/rapport-dev/rapport/partnership"
)

// Config says how to reach PayPal.
type Config struct {
	ClientID, Secret string
	WebhookID        string       // of our subscription
	BaseURL          string       // "" is PayPal's own; a path prefix is kept
	HTTPClient       *http.Client // nil is a client of our own with httpx.DefaultTimeout
}

// Client moves money. It is safe for concurrent use and never repeats what may have been done.
type Client struct {
	cfg  Config
	base string
	bad  string // what is wrong with the configuration
	http *http.Client
	now  func() time.Time

	token token
	known index
}

// live is PayPal's own address.
const live = "https://api-m.paypal.com"

// maxAnswer is above a page of 100 events.
const maxAnswer = 4 << 20

// New returns a client. What is wrong with c is reported by the first call, with what to do about it.
func New(c Config) *Client {
	out := &Client{cfg: c, base: strings.TrimRight(c.BaseURL, "/"), http: httpx.Client(c.HTTPClient), now: time.Now}
	if out.base == "" {
		out.base = live
	}
	if u, err := url.Parse(out.base); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		out.bad = "the base URL is not a web address: check PAYPAL_BASE_URL"
	}
	return out
}

// The operations, as they appear in errors.
const (
	vendor    = "paypal"
	opToken   = "token"
	opPayout  = "payout.create"
	opBatch   = "payout.get"
	opEvents  = "events.list"
	opBalance = "balance.get"
	opWebhook = "webhook.get"
	opReverse = "payout.reverse"
	opAccount = "account.create"
)

// token is the bearer token, fetched once for all who ask at the same time.
type token struct {
	mu    sync.Mutex
	value string
	until time.Time
}

// bearer returns a token that still lives for a minute. Nothing is done by asking for one, so it may be repeated.
func (c *Client) bearer(ctx context.Context) (string, error) {
	c.token.mu.Lock()
	defer c.token.mu.Unlock()
	if c.token.value != "" && c.now().Before(c.token.until) {
		return c.token.value, nil
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+"/v1/oauth2/token", strings.NewReader("grant_type=client_credentials"))
	if err != nil {
		return "", refusal(opToken, "the base URL is not a web address: check PAYPAL_BASE_URL").ForAll()
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.SetBasicAuth(c.cfg.ClientID, c.cfg.Secret)
	var got struct {
		Token   string `json:"access_token"`
		Seconds int    `json:"expires_in"`
	}
	if err := c.exchange(req, opToken, true, &got); err != nil {
		return "", err
	}
	if got.Token == "" {
		return "", &partnership.VendorError{Vendor: vendor, Op: opToken, Class: partnership.Retry, Message: "the answer holds no token"}
	}
	c.token.value, c.token.until = got.Token, c.now().Add(time.Duration(got.Seconds)*time.Second-time.Minute)
	return got.Token, nil
}

// forget drops a token that was refused, unless another has taken its place.
func (c *Client) forget(value string) {
	c.token.mu.Lock()
	defer c.token.mu.Unlock()
	if c.token.value == value {
		c.token.value = ""
	}
}

// call sends one request with a token. A token that was revoked is replaced once: what PayPal answers with 401 it has not done.
func (c *Client) call(ctx context.Context, op, method, path string, key partnership.EffectKey, body, into any, repeatable bool) error {
	switch {
	case c.bad != "":
		return refusal(op, c.bad).ForAll()
	case c.cfg.ClientID == "" || c.cfg.Secret == "":
		return refusal(op, "no credentials: set PAYPAL_CLIENT_ID and PAYPAL_SECRET").ForAll()
	}
	var raw []byte
	if body != nil {
		var err error
		if raw, err = json.Marshal(body); err != nil {
			return refusal(op, "the request cannot be written")
		}
	}
	for again := false; ; again = true {
		bearer, err := c.bearer(ctx)
		if err != nil {
			return err
		}
		req, err := http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader(raw))
		if err != nil {
			return refusal(op, "the request cannot be made: check PAYPAL_BASE_URL")
		}
		req.Header.Set("Authorization", "Bearer "+bearer)
		if body != nil {
			req.Header.Set("Content-Type", "application/json")
		}
		if key != "" {
			req.Header.Set("PayPal-Request-Id", string(key))
		}
		err = c.exchange(req, op, repeatable, into)
		if again || statusOf(err) != http.StatusUnauthorized {
			return err
		}
		c.forget(bearer)
	}
}

// exchange sends one request and reads its JSON.
func (c *Client) exchange(req *http.Request, op string, repeatable bool, into any) error {
	req.Header.Set("Accept", "application/json")
	status, header, body, err := httpx.Do(c.http, req, maxAnswer)
	switch {
	case err != nil:
		return httpx.Classify(vendor, op, err, repeatable)
	case status < 200 || status > 299:
		return c.answered(op, status, header, body, repeatable)
	case json.Unmarshal(body, into) != nil:
		v := &partnership.VendorError{Vendor: vendor, Op: op, Status: status, Class: partnership.Ambiguous, Message: "the answer could not be read"}
		if repeatable {
			v.Class = partnership.Retry
		}
		return v
	}
	return nil
}
