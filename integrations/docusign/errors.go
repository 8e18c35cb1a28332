package docusign

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/integrations/httpx"
	"github.com/rapport-dev/rapport/partnership"
)

// DocuSign's codes that change what we do. Limits come with HTTP 400, so the code decides and not the status.
const (
	codeCannotVoid    = "ENVELOPE_CANNOT_VOID_INVALID_STATE"
	codeInvalidStatus = "ENVELOPE_INVALID_STATUS"
	codeNoEnvelope    = "ENVELOPE_DOES_NOT_EXIST"
	prefixHourly      = "HOURLY_"
	prefixBurst       = "BURST_"
	prefixEditLock    = "EDIT_LOCK_"
)

// burstWindow is the time over which DocuSign counts bursts of calls.
const burstWindow = 30 * time.Second

// advice says what a person can do about a code. DocuSign's own messages stay out: they quote names and addresses.
var advice = map[string]string{
	codeCannotVoid:                        "the envelope can no longer be voided",
	codeInvalidStatus:                     "the envelope's status does not allow this",
	codeNoEnvelope:                        "no such envelope in this account",
	"INVALID_REQUEST_BODY":                "DocuSign cannot read the request",
	"INVALID_REQUEST_PARAMETER":           "DocuSign refuses a value of the request",
	"INVALID_EMAIL_ADDRESS_FOR_RECIPIENT": "the signer's address is not an e-mail address: correct it on the creator",
	"UNKNOWN_ENVELOPE_RECIPIENT":          "the signer is not on this envelope",
	"ANCHOR_TAB_STRING_NOT_FOUND":         "the contract lacks the place to sign: it must hold " + AnchorSignature + " and " + AnchorDate,
	"USER_LACKS_PERMISSIONS":              "the API user may not do this: give the user the right to send and manage envelopes",
	"ACCOUNT_LACKS_PERMISSIONS":           "the account's plan does not allow this: ask DocuSign to enable it",
	"USER_DOES_NOT_EXIST_IN_SYSTEM":       "DOCUSIGN_USER_ID is not a user of this account",
	"PARTNER_AUTHENTICATION_FAILED":       "the integration is not allowed here: check DOCUSIGN_INTEGRATION_KEY and the environment",
}

// barring are refusals of the account or the user, whatever the envelope.
var barring = []string{
	"USER_LACKS_PERMISSIONS", "ACCOUNT_LACKS_PERMISSIONS", "USER_DOES_NOT_EXIST_IN_SYSTEM", "PARTNER_AUTHENTICATION_FAILED",
	"ENVELOPE_ALLOWANCE_EXCEEDED", "PLAN_ITEM_DOES_NOT_EXIST", "BILLING_PLAN_NOT_FOUND", "ACCOUNT_NOT_ACTIVE", "ACCOUNT_SUSPENDED", "USER_NOT_ACTIVE",
	"ACCOUNT_DOES_NOT_EXIST_IN_SYSTEM", "INVALID_ACCOUNT_ID", "USER_AUTHENTICATION_FAILED",
}

// callError maps a refusal of the REST API.
func callError(c call, status int, h http.Header, body []byte, now time.Time) *partnership.VendorError {
	var e ErrorDetails
	_ = json.Unmarshal(body, &e)
	v := httpx.Answered(vendor, c.op, status, h, e.ErrorCode, c.repeatable, now)
	v.Message = advice[e.ErrorCode]
	switch {
	case strings.HasPrefix(e.ErrorCode, prefixHourly):
		v.Class, v.Message = partnership.Retry, "the hour's limit of calls is used up"
		v.RetryAfter = max(v.RetryAfter, untilReset(h, now))
	case strings.HasPrefix(e.ErrorCode, prefixBurst):
		v.Class, v.Message = partnership.Retry, "too many calls in half a minute"
		v.RetryAfter = max(v.RetryAfter, burstWindow)
	case strings.HasPrefix(e.ErrorCode, prefixEditLock):
		v.Class, v.Message = partnership.Retry, "somebody is editing the envelope"
	case slices.Contains(barring, e.ErrorCode):
		v.Class, v.OpOnly = partnership.Barred, true
		if v.Message == "" {
			v.Message = "the account may not do this now: look at its plan and status at DocuSign"
		}
	case status == http.StatusUnauthorized:
		v.Class = partnership.Barred
		v.Message = "DocuSign takes no token of this user, not even a new one: check DOCUSIGN_ACCOUNT_ID, DOCUSIGN_USER_ID and DOCUSIGN_BASE_URL"
	case v.Message != "":
	case v.Class == partnership.Permanent:
		v.Message = "DocuSign refused the request"
	default:
		v.Message = "DocuSign is not available"
	}
	return v
}

// untilReset reads X-RateLimit-Reset (epoch seconds); without it the limit ends with the hour.
func untilReset(h http.Header, now time.Time) time.Duration {
	next := now.UTC().Truncate(time.Hour).Add(time.Hour)
	if s, err := strconv.ParseInt(h.Get("X-RateLimit-Reset"), 10, 64); err == nil {
		next = time.Unix(s, 0)
	}
	return min(max(next.Sub(now), 0), time.Hour)
}

// refusal is a call that was never made or makes no sense: a person must change something first.
var refusal = httpx.Refusals(vendor)

// hasCode says whether err is DocuSign's refusal with one of the codes.
func hasCode(err error, codes ...string) bool {
	v, ok := errors.AsType[*partnership.VendorError](err)
	if !ok {
		return false
	}
	for _, c := range codes {
		if v.VendorCode == c {
			return true
		}
	}
	return false
}
