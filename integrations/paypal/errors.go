package paypal

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/rapport-dev/rapport/integrations/httpx"
	"github.com/rapport-dev/rapport/partnership"
)

// refusal is a call that was never made: it will be refused again until a person changes something.
var refusal = httpx.Refusals(vendor)

// duplicateError says that PayPal has a batch of this sender_batch_id already: it names the original.
type duplicateError struct {
	*partnership.VendorError

	batch string
}

func (e *duplicateError) Unwrap() error { return e.VendorError }

// answered maps a failure of PayPal's. Its messages stay out: they may quote addresses and amounts.
func (c *Client) answered(op string, status int, h http.Header, body []byte, repeatable bool) error {
	var e apiError
	_ = json.Unmarshal(body, &e) // a proxy's page has no name
	v := httpx.Answered(vendor, op, status, h, e.Name+e.OAuth, repeatable, c.now())
	v.Message = "PayPal refused the request"
	if status >= 500 && !repeatable {
		v.Class = partnership.Ambiguous
	}
	if k, ok := names[e.Name]; ok {
		v.Class, v.OpOnly, v.Message = k.class, k.class == partnership.Barred, k.message
	}
	switch {
	case op == opPayout && e.duplicate() != "":
		v.Class, v.Message = partnership.Ambiguous, "PayPal has this payout already"
		return &duplicateError{v, e.duplicate()}
	case status == http.StatusUnauthorized:
		v.Class, v.OpOnly, v.Message = partnership.Barred, false, "the credentials were refused: check PAYPAL_CLIENT_ID and PAYPAL_SECRET"
	case status == http.StatusForbidden && v.Message == "PayPal refused the request":
		v.Class, v.OpOnly, v.Message = partnership.Barred, true, "PayPal does not let this app do that: switch Payouts on for it, and Transaction Search for its balance"
	case status == http.StatusNotFound:
		v.Message = "no such object at PayPal: is PAYPAL_BASE_URL that of the account?"
	case status == http.StatusTooManyRequests:
		v.Message = "too many requests"
	case status >= 500:
		v.Message = "PayPal had an error: the work may have been done"
	}
	return v
}

// duplicate is the batch that PayPal names as the original of a repeated sender_batch_id, "" when that is not what it says.
func (e apiError) duplicate() string {
	for _, d := range e.Details {
		if !strings.EqualFold(strings.ReplaceAll(path.Base(d.Field), "_", ""), "senderbatchid") {
			continue
		}
		for _, l := range append(append(d.Link, d.Links...), e.Links...) {
			u, err := url.Parse(l.Href)
			if err == nil && strings.HasSuffix(path.Dir(u.Path), "/v1/payments/payouts") {
				return path.Base(u.Path)
			}
		}
	}
	return ""
}

type known struct {
	class   partnership.Class
	message string
}

// names are the errors that ask for something particular. What the whole account lacks is nobody's own failure.
var names = map[string]known{
	"INSUFFICIENT_FUNDS":           {partnership.Short, "the PayPal balance is too low: top it up, and the payouts go on"},
	"RATE_LIMIT_REACHED":           {partnership.Retry, "too many requests"},
	"AUTHORIZATION_ERROR":          {partnership.Barred, "PayPal does not let this account send payouts: ask PayPal to switch Payouts on"},
	"NOT_AUTHORIZED":               {partnership.Barred, "PayPal does not let this app do that: switch Payouts on for it, and Transaction Search for its balance"},
	"SENDER_RESTRICTED":            {partnership.Barred, "PayPal has restricted the account: see its resolution centre"},
	"ACCOUNT_RESTRICTED":           {partnership.Barred, "PayPal has restricted the account: see its resolution centre"},
	"SENDER_EMAIL_UNCONFIRMED":     {partnership.Barred, "the account's own address is not confirmed at PayPal"},
	"VALIDATION_ERROR":             {partnership.Permanent, "PayPal does not take the receiver or the amount: the creator has to say again how they are paid"},
	"CURRENCY_NOT_SUPPORTED":       {partnership.Permanent, "PayPal does not pay in this currency: pay by another rail"},
	"RECEIVER_COUNTRY_NOT_ALLOWED": {partnership.Permanent, "PayPal pays nobody in the creator's country from here: pay by another rail"},
}

func statusOf(err error) int {
	if v, ok := errors.AsType[*partnership.VendorError](err); ok {
		return v.Status
	}
	return 0
}
