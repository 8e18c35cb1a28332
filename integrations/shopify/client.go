package shopify

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/Khan/genqlient/graphql"

	"github.com/rapport-dev/rapport/integrations/httpx"
	"github.com/rapport-dev/rapport/partnership"
)

const (
	vendor    = "shopify"
	maxAnswer = 8 << 20
)

// Config says how to reach the shop.
type Config struct {
	Shop        string       // "acme" or "acme.myshopify.com"
	AccessToken string       // of a custom app with the scopes that Scopes lists
	BaseURL     string       // "" is the shop's own host; /admin/api/... is added
	HTTPClient  *http.Client // nil is a client of our own with httpx.DefaultTimeout
}

// Scopes are the access scopes that the app's token needs.
var Scopes = []string{"write_draft_orders", "write_orders", "write_discounts", "read_products", "read_shopify_payments_disputes"}

// Client makes gift orders and discount codes and reads orders. It is safe for concurrent use.
type Client struct {
	gql transport
	now func() time.Time
}

// New returns a client. What is missing in c is reported by every call, with what to do about it.
func New(c Config) *Client {
	base := strings.TrimRight(c.BaseURL, "/")
	missing := ""
	switch {
	case c.AccessToken == "":
		missing = "no access token: set SHOPIFY_ACCESS_TOKEN"
	case base == "" && c.Shop == "":
		missing = "no shop: set SHOPIFY_SHOP"
	case base == "":
		base = "https://" + strings.TrimSuffix(c.Shop, ".myshopify.com") + ".myshopify.com"
	}
	return &Client{
		gql: transport{
			url:     base + "/admin/api/" + APIVersion + "/graphql.json",
			token:   c.AccessToken,
			missing: missing,
			http:    httpx.Client(c.HTTPClient),
			now:     time.Now,
		},
		now: time.Now,
	}
}

// transport carries genqlient's operations and turns every kind of refusal into a VendorError.
type transport struct {
	url     string
	token   string
	missing string
	http    *http.Client
	now     func() time.Time
}

// onceOnly are the operations that must not be sent again on a doubt. The others change nothing, or their methods look
// first.
var onceOnly = map[string]bool{"DraftOrderCreate": true, "DiscountCodeBasicCreate": true}

// MakeRequest implements graphql.Client.
func (t *transport) MakeRequest(ctx context.Context, r *graphql.Request, out *graphql.Response) error {
	repeatable := !onceOnly[r.OpName]
	if t.missing != "" {
		return refusal(r.OpName, t.missing).ForAll()
	}
	payload, err := json.Marshal(r)
	if err != nil {
		return refusal(r.OpName, "the request could not be written as JSON")
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, t.url, bytes.NewReader(payload))
	if err != nil {
		return refusal(r.OpName, "the base URL is not a URL: check SHOPIFY_BASE_URL and SHOPIFY_SHOP").ForAll()
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	req.Header.Set("X-Shopify-Access-Token", t.token)

	status, header, answer, err := httpx.Do(t.http, req, maxAnswer)
	switch {
	case err != nil:
		return httpx.Classify(vendor, r.OpName, err, repeatable)
	case status != http.StatusOK:
		return statusError(r.OpName, status, header, repeatable, t.now())
	}
	var envelope GraphQLResponse
	err = json.Unmarshal(answer, &envelope)
	if len(envelope.Errors) > 0 {
		return graphqlError(r.OpName, envelope, repeatable)
	}
	if err == nil {
		err = json.Unmarshal(envelope.Data, out.Data)
	}
	if err != nil {
		return unreadable(r.OpName, repeatable)
	}
	return nil
}

// unreadable is an answer without the data that it must have: what was asked for may have happened.
func unreadable(op string, repeatable bool) *partnership.VendorError {
	v := refusal(op, "the answer is not what the Admin API "+APIVersion+" gives: check SHOPIFY_BASE_URL")
	if !repeatable {
		v.Class = partnership.Ambiguous
	}
	return v
}
