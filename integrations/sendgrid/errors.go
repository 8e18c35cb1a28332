package sendgrid

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/integrations/httpx"
	"github.com/rapport-dev/rapport/partnership"
)

// refusal is a mail that never left: it will be refused again until a person changes something.
func refusal(message string) *partnership.VendorError {
	return httpx.Refusals(vendor)(opSend, message)
}

// sendError maps an answer of mail/send. SendGrid says 202 only when it has queued the mail and documents 500 and 503
// as "try again"; a gateway's 502 and 504 may hide a mail that was queued.
func sendError(status int, h http.Header, body []byte, now time.Time) *partnership.VendorError {
	v := &partnership.VendorError{
		Vendor: vendor, Op: opSend, Status: status, VendorCode: firstField(body),
		Class: httpx.StatusClass(status, false),
	}
	switch status {
	case http.StatusBadRequest:
		v.Message = "the mail was refused as invalid: look at the field named here"
		if v.VendorCode == "from" || strings.HasPrefix(v.VendorCode, "from.") {
			v.Class, v.Message = partnership.Barred, "SendGrid does not take the sender: check SENDGRID_FROM"
		}
	case http.StatusUnauthorized:
		v.Class, v.Message = partnership.Barred, "the API key was refused: check SENDGRID_API_KEY"
		if bytes.Contains(bytes.ToLower(body), []byte("credits")) {
			v.Message = "the plan's mails are used up: raise SendGrid's plan, or wait for the next period"
		}
	case http.StatusPaymentRequired:
		v.Class, v.Message = partnership.Barred, "the account has to be paid: look at SendGrid's billing"
	case http.StatusForbidden:
		v.Class = partnership.Barred
		v.Message = "not allowed: give the API key the Mail Send right and verify the sender in SENDGRID_FROM at SendGrid"
	case http.StatusNotFound, http.StatusMethodNotAllowed:
		v.Class = partnership.Barred
		v.Message = "no such endpoint: check SENDGRID_BASE_URL"
	case http.StatusRequestEntityTooLarge:
		v.Message = "the mail is larger than SendGrid accepts"
	case http.StatusTooManyRequests:
		v.Message = "too many requests"
		v.RetryAfter = rateLimitReset(h, now)
	case http.StatusInternalServerError:
		v.Class = partnership.Retry
		v.Message = "SendGrid had an error and queued nothing"
	case http.StatusServiceUnavailable:
		v.Message = "SendGrid is not available"
		v.RetryAfter = httpx.RetryAfter(h, now)
	case http.StatusBadGateway, http.StatusGatewayTimeout:
		v.Message = "a gateway gave up waiting for SendGrid"
	default:
		v.Message = "unexpected answer: check SENDGRID_BASE_URL"
	}
	return v
}

// rateLimitReset reads Retry-After and, where it is absent as SendGrid documents, X-RateLimit-Reset in epoch seconds.
func rateLimitReset(h http.Header, now time.Time) time.Duration {
	if d := httpx.RetryAfter(h, now); d > 0 {
		return d
	}
	reset, err := strconv.ParseInt(h.Get("X-RateLimit-Reset"), 10, 64)
	if err != nil {
		return 0
	}
	return min(max(time.Unix(reset, 0).Sub(now), 0), time.Hour)
}

// firstField returns the field that SendGrid names first. Its messages stay out: they may quote addresses.
func firstField(body []byte) string {
	var doc struct {
		Errors []struct {
			Field string `json:"field"`
		} `json:"errors"`
	}
	if json.Unmarshal(body, &doc) != nil || len(doc.Errors) == 0 {
		return ""
	}
	return httpx.Code(doc.Errors[0].Field)
}
