package shopify

import (
	"errors"
	"math"
	"net/http"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/integrations/httpx"
	"github.com/rapport-dev/rapport/partnership"
)

// Shopify refuses in three places: by HTTP status, in errors[] beside HTTP 200, and in userErrors[] inside the data.

// statusError maps an HTTP status.
func statusError(op string, status int, h http.Header, repeatable bool, now time.Time) *partnership.VendorError {
	v := httpx.Answered(vendor, op, status, h, "", repeatable, now)
	switch {
	case status == http.StatusUnauthorized:
		v.Class = partnership.Barred
		v.Message = "the access token was refused: check SHOPIFY_ACCESS_TOKEN and that the app is still installed"
	case status == http.StatusPaymentRequired, status == http.StatusLocked:
		v.Class = partnership.Barred
		v.Message = "the shop is frozen or locked: its owner must open it at Shopify"
	case status == http.StatusForbidden:
		v.Class, v.OpOnly = partnership.Barred, true
		v.Message = "not allowed: give the app the scopes " + strings.Join(Scopes, ", ")
	case status == http.StatusNotFound:
		v.Class = partnership.Barred
		v.Message = "no shop or no API version " + APIVersion + " here: check SHOPIFY_SHOP and SHOPIFY_BASE_URL"
	case status == http.StatusTooManyRequests:
		v.Message = "too many requests"
	case v.Class == partnership.Permanent:
		v.Message = "Shopify refused the request"
	default:
		v.Message = "Shopify is not available"
	}
	return v
}

// graphqlError maps errors[]: nothing was done, except that an internal error says nothing about it.
func graphqlError(op string, r GraphQLResponse, repeatable bool) *partnership.VendorError {
	code := r.Errors[0].Extensions.Code
	v := &partnership.VendorError{Vendor: vendor, Op: op, Status: http.StatusOK, VendorCode: httpx.Code(code), Class: partnership.Permanent}
	switch code {
	case "THROTTLED":
		v.Class, v.Message = partnership.Retry, "the shop's bucket of query points is empty"
		v.RetryAfter = refill(r.Extensions.Cost)
	case "INTERNAL_SERVER_ERROR", "TIMEOUT", "SERVICE_UNAVAILABLE":
		v.Class, v.Message = partnership.Ambiguous, "Shopify had an error of its own"
		if repeatable {
			v.Class = partnership.Retry
		}
	case "ACCESS_DENIED":
		v.Class, v.OpOnly = partnership.Barred, true
		v.Message = "not allowed: give the app the scopes " + strings.Join(Scopes, ", ")
	case "SHOP_INACTIVE":
		v.Class = partnership.Barred
		v.Message = "the shop is closed"
	case "MAX_COST_EXCEEDED":
		v.Message = "the query costs more points than one may"
	default:
		v.Message = "the request does not fit the shop's API: is it still version " + APIVersion + "?"
	}
	return v
}

// refill is how long the bucket takes to hold what the request needs.
func refill(c *Cost) time.Duration {
	const least = time.Second
	if c == nil || c.ThrottleStatus.RestoreRate <= 0 {
		return least
	}
	missing := c.RequestedQueryCost - c.ThrottleStatus.CurrentlyAvailable
	seconds := math.Ceil(missing / c.ThrottleStatus.RestoreRate)
	return min(max(time.Duration(seconds*float64(time.Second)), least), time.Minute)
}

// userError maps a refusal inside the data: it will be refused again. The words are used only where no field is named,
// because Shopify quotes what was entered.
func userError(op, code string, field []string, message string) *partnership.VendorError {
	v := &partnership.VendorError{Vendor: vendor, Op: op, Status: http.StatusOK, VendorCode: httpx.Code(code), Class: partnership.Permanent}
	path := httpx.Code(strings.Join(field, "."))
	switch {
	case path != "":
		v.Message = "the shop refuses " + path
	case code != "":
		v.Message = "the shop refuses this"
	default:
		v.Message = "the shop refuses this: " + httpx.Redact(message)
	}
	return v
}

func refusedBy(op string, errs []Refusal) error {
	if len(errs) == 0 {
		return nil
	}
	return userError(op, "", errs[0].Field, errs[0].Message)
}

func discountRefusedBy(op string, errs []DiscountRefusal) error {
	if len(errs) == 0 {
		return nil
	}
	e := errs[0]
	for _, other := range errs { // a taken code decides, whatever else is wrong
		if other.Code != nil && *other.Code == DiscountErrorCodeTaken {
			e = other
		}
	}
	code := ""
	if e.Code != nil {
		code = string(*e.Code)
	}
	if code == string(DiscountErrorCodeInternalError) {
		v := userError(op, code, e.Field, e.Message)
		v.Class = partnership.Ambiguous
		return v
	}
	return userError(op, code, e.Field, e.Message)
}

// refusal is a call that was never made or makes no sense: a person must change something first.
var refusal = httpx.Refusals(vendor)

// vendorErr keeps a VendorError as it is and makes one of anything that genqlient itself reports.
func vendorErr(op string, err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*partnership.VendorError](err); ok {
		return err
	}
	return unreadable(op, !onceOnly[op])
}
