package easypost

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/rapport-dev/rapport/integrations/httpx"
	"github.com/rapport-dev/rapport/partnership"
)

// RateExpired is the VendorCode of a rate that can no longer be bought: ask for a new shipment and take its rate.
const RateExpired = "RATE_EXPIRED"

// NoRates is the VendorCode of a shipment that no carrier would take.
const NoRates = "NO_RATES"

// EasyPost's codes that change what we do.
var (
	rateCodes = []string{
		"SHIPMENT.RATE.EXPIRED", "RATE.EXPIRED", "RATE_EXPIRED", "RATE.UNAVAILABLE", "SHIPMENT.RATE.UNAVAILABLE",
		"SHIPMENT.RATE.NOT_FOUND", "RATE.NOT_FOUND", "SHIPMENT.RATE.CARRIER_ACCOUNT_INVALID",
	}
	// unsureCodes are answers after which the carrier may have sold the label all the same.
	unsureCodes = []string{"SHIPMENT.PURCHASE.IN_PROGRESS", "SHIPMENT.POSTAGE.NO_RESPONSE", "SHIPMENT.POSTAGE.TIMED_OUT"}
)

// advice says what a person can do about a code. EasyPost's messages stay out: they quote addresses.
var advice = map[string]string{
	"ADDRESS.VERIFY.FAILURE":                "the address cannot be verified: ask the creator to correct it",
	"SHIPMENT.CUSTOMS_INFO.REQUIRED":        "this parcel crosses a border and needs a customs declaration: ship it by hand",
	"SHIPMENT.POSTAGE.FAILURE":              "the carrier refused to sell a label: check the carrier account at EasyPost",
	"SHIPMENT.REFUND.UNAVAILABLE":           "the label can no longer be refunded",
	"SHIPMENT.REFUND.FAILURE":               "the carrier refused the refund",
	"SHIPMENT.INVALID_PARAMS":               "EasyPost refuses a value of the parcel",
	"SHIPMENT.POSTAGE.REQUIRED":             "no label was bought for this parcel",
	"SHIPMENT.RATES.UNAVAILABLE":            "no carrier offers a rate for this parcel",
	"APIKEY.INACTIVE":                       "the API key was refused: check EASYPOST_API_KEY",
	"SHIPMENT.POSTAGE.EXISTS":               "a label is already bought",
	"SHIPMENT.PURCHASE.IN_PROGRESS":         "the label is being bought right now",
	"SHIPMENT.POSTAGE.NO_RESPONSE":          "the carrier did not answer EasyPost",
	"SHIPMENT.POSTAGE.TIMED_OUT":            "the carrier did not answer EasyPost in time",
	"SHIPMENT.RATE.CARRIER_ACCOUNT_INVALID": "the rate's carrier account is gone: ask for rates again",
}

// callError maps a refusal.
func callError(c call, status int, h http.Header, body []byte, now time.Time) *partnership.VendorError {
	var e ErrorResponse
	_ = json.Unmarshal(body, &e)
	code := e.Error.Code
	v := httpx.Answered(vendor, c.op, status, h, code, c.repeatable, now)
	v.Message = advice[code]
	if slices.Contains(unsureCodes, code) && !c.repeatable {
		v.Class = partnership.Ambiguous
	}
	if c.op == opBuy && v.Class == partnership.Permanent && slices.Contains(rateCodes, code) {
		v.VendorCode = RateExpired
		v.Message = "the rate can no longer be bought: ask for rates again"
	}
	switch {
	case code == "APIKEY.INACTIVE":
		v.Class = partnership.Barred
	case v.Message != "":
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		v.Class, v.Message = partnership.Barred, "the API key was refused: check EASYPOST_API_KEY"
	case status == http.StatusPaymentRequired:
		v.Class, v.OpOnly = partnership.Barred, true
		v.Message = "EasyPost could not charge the account: check its payment method and wallet"
	case status == http.StatusNotFound:
		v.Message = "no such object: check EASYPOST_BASE_URL and that the key's mode (test or production) is the object's"
	case status == http.StatusTooManyRequests:
		v.Message = "too many requests"
	case v.Class == partnership.Permanent:
		v.Message = "EasyPost refused the request"
	default:
		v.Message = "EasyPost is not available"
	}
	return v
}

// refusal is a call that was never made or makes no sense: a person must change something first.
var refusal = httpx.Refusals(vendor)

// refused says whether err is a definite no to this very request, as opposed to a failure or a limit.
func refused(err error) bool {
	v, ok := errors.AsType[*partnership.VendorError](err)
	return ok && v.Class == partnership.Permanent && (v.Status == http.StatusBadRequest || v.Status == http.StatusConflict ||
		v.Status == http.StatusUnprocessableEntity)
}
