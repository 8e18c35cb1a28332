package stripe

import (
	"errors"
	"net/http"

	"github.com/stripe/stripe-go/v85"

	"github.com/rapport-dev/rapport/integrations/httpx"
	"github.com/rapport-dev/rapport/partnership"
)

// refusal is a call that was never made: it will be refused again until a person changes something.
var refusal = httpx.Refusals(vendor)

// vendorError maps what stripe-go returns. repeatable is true where a second call harms nothing. A transfer carries a
// key and could be repeated too, but only for a day and with Stripe replaying a saved failure, so its doubtful answers
// are Ambiguous and the caller's ladder decides.
func (c *Client) vendorError(op string, err error, seen *exchange, repeatable bool) *partnership.VendorError {
	if api, ok := errors.AsType[*stripe.Error](err); ok {
		return c.answered(op, api, seen, repeatable)
	}
	if _, ok := errors.AsType[*httpx.TransportError](err); ok || seen.status == 0 {
		return httpx.Classify(vendor, op, err, repeatable)
	}
	v := &partnership.VendorError{Vendor: vendor, Op: op, Status: seen.status, Message: "the answer could not be read"}
	switch { // an answer that is not what Stripe documents: a proxy's page, a redirect, an object without id
	case seen.status >= 300:
		v.Class = statusClass(seen.status, repeatable)
		v.RetryAfter = httpx.RetryAfter(seen.header, c.now())
		if v.Class == partnership.Permanent {
			v.Message = "unexpected answer: check STRIPE_BASE_URL"
		}
	case repeatable:
		v.Class = partnership.Retry
	default:
		v.Class = partnership.Ambiguous
	}
	return v
}

// answered maps Stripe's own errors. Their messages stay out: they may quote addresses and amounts.
func (c *Client) answered(op string, e *stripe.Error, seen *exchange, repeatable bool) *partnership.VendorError {
	code := string(e.Code)
	if code == "" {
		code = string(e.Type)
	}
	v := &partnership.VendorError{
		Vendor: vendor, Op: op, Status: e.HTTPStatusCode, VendorCode: httpx.Code(code),
		Class: statusClass(e.HTTPStatusCode, repeatable), Message: "Stripe refused the request",
		RetryAfter: httpx.RetryAfter(seen.header, c.now()), Replayed: seen.header.Get("Idempotent-Replayed") == "true",
	}
	if k, ok := codes[code]; ok {
		v.Class, v.Message = k.class, k.message
		if k.class == partnership.Short && op == opReversal { // it is the creator's balance, which nobody here tops up
			v.Class, v.Message = partnership.Permanent, "the creator's balance does not cover what is to be taken back"
		}
		return v
	}
	switch status := e.HTTPStatusCode; {
	case e.Type == stripe.ErrorTypeIdempotency:
		v.Class, v.Message = partnership.Permanent,
			"the key was used before with other values: a payout must not change after its first attempt; make a new one once the old is proven void"
	case status == http.StatusUnauthorized:
		v.Class = partnership.Barred
		v.Message = "the API key was refused: check STRIPE_API_KEY"
	case status == http.StatusForbidden:
		v.Class, v.OpOnly = partnership.Barred, true
		v.Message = "the API key may not do this: give it the Connect, transfers and balance rights"
	case status == http.StatusNotFound:
		v.Message = "no such object at Stripe, or it belongs to another platform or mode"
	case status == http.StatusTooManyRequests:
		v.Message = "too many requests"
	case status >= 500:
		v.Message = "Stripe had an error: the work may have been done"
	case seen.header.Get("Stripe-Should-Retry") == "true", status == http.StatusConflict && seen.header.Get("Stripe-Should-Retry") != "false":
		v.Class, v.Message = partnership.Retry, "another request was in the way"
	}
	return v
}

// statusClass doubts every 5xx for money, the 503 too: a gateway writes it without knowing what happened behind it.
func statusClass(status int, repeatable bool) partnership.Class {
	if status >= 500 && !repeatable {
		return partnership.Ambiguous
	}
	return httpx.StatusClass(status, repeatable)
}

// known is what an error code means here.
type known struct {
	class   partnership.Class
	message string
}

const (
	lowBalance = "the platform's available balance is too low: top it up, and it is sent"
	onboarding = "the creator's account cannot receive transfers: the creator has to finish onboarding"
)

// codes are the errors that ask for something particular.
var codes = map[string]known{
	"lock_timeout":           {partnership.Retry, "another request held the object"},
	"idempotency_key_in_use": {partnership.Retry, "the same request is still being worked on"},
	"rate_limit":             {partnership.Retry, "too many requests"},

	"balance_insufficient": {partnership.Short, lowBalance},
	"insufficient_funds":   {partnership.Short, lowBalance},

	"account_invalid":                        {partnership.Permanent, onboarding},
	"account_closed":                         {partnership.Permanent, onboarding},
	"transfers_not_allowed":                  {partnership.Permanent, onboarding},
	"payouts_not_allowed":                    {partnership.Permanent, onboarding},
	"insufficient_capabilities_for_transfer": {partnership.Permanent, onboarding},
	"no_account":                             {partnership.Permanent, onboarding},

	"amount_too_small":          {partnership.Permanent, "the amount is below what Stripe transfers"},
	"amount_too_large":          {partnership.Permanent, "the amount is above what Stripe transfers at once"},
	"email_invalid":             {partnership.Permanent, "Stripe does not accept the creator's e-mail address: correct it on the creator"},
	"platform_api_key_expired":  {partnership.Barred, "the API key has expired: set a new STRIPE_API_KEY"},
	"testmode_charges_only":     {partnership.Barred, "the Stripe account is not activated: finish its activation in the dashboard"},
	"platform_account_required": {partnership.Barred, "the Stripe account is no Connect platform: turn Connect on in the dashboard"},
	"country_unsupported":       {partnership.Permanent, "Stripe opens no accounts in the creator's country from here: pay by another rail"},
	"api_key_expired":           {partnership.Barred, "the API key has expired: set a new STRIPE_API_KEY"},
	"livemode_mismatch":         {partnership.Barred, "a test object met a live key or the reverse: check STRIPE_API_KEY"},
}
