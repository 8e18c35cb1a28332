package httpx

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// Classify says what a transport error means: Retry when the request was certainly not sent or may safely be sent
// twice (idempotent), else Ambiguous. An oversized answer to an idempotent call is Permanent: it would come again.
// The message holds no address, because addresses may hold keys.
func Classify(vendor, op string, err error, idempotent bool) *partnership.VendorError {
	v := &partnership.VendorError{Vendor: vendor, Op: op, Class: partnership.Ambiguous, Err: withoutURL(err)}
	wasSent := maybeSent(err)
	switch {
	case errors.Is(err, ErrTooLarge) && idempotent:
		v.Class = partnership.Permanent
	case idempotent || !wasSent:
		v.Class = partnership.Retry
	}
	switch {
	case errors.Is(err, ErrTooLarge):
		v.Message = "the answer was larger than expected; check the base URL"
	case !wasSent:
		v.Message = "no connection was made, so nothing was sent"
	case isTimeout(err):
		v.Message = "no answer came in time"
	default:
		v.Message = "the connection broke before the answer was complete"
	}
	return v
}

// Refusals makes a vendor's refusals by ourselves: a call that was never made or makes no sense will be refused again until a person
// changes something.
func Refusals(vendor string) func(op, message string) *partnership.VendorError {
	return func(op, message string) *partnership.VendorError {
		return &partnership.VendorError{Vendor: vendor, Op: op, Class: partnership.Permanent, Message: message}
	}
}

// Answered is what a failure status says before the vendor's own rules make it more exact. code is the vendor's, "" when it gives none.
func Answered(vendor, op string, status int, h http.Header, code string, idempotent bool, now time.Time) *partnership.VendorError {
	return &partnership.VendorError{
		Vendor: vendor, Op: op, Status: status, VendorCode: Code(code), Class: StatusClass(status, idempotent), RetryAfter: RetryAfter(h, now),
	}
}

// StatusClass is the class of a failure status where the vendor's own rules say nothing more exact: 408, 425 and 429
// refuse before any work, other 4xx and 3xx will refuse again, 503 is not working now; 500, 502 and 504 may come
// after the work was done.
func StatusClass(status int, idempotent bool) partnership.Class {
	switch {
	case status == http.StatusRequestTimeout, status == http.StatusTooEarly,
		status == http.StatusTooManyRequests, status == http.StatusServiceUnavailable:
		return partnership.Retry
	case status >= 500 && idempotent:
		return partnership.Retry
	case status >= 500:
		return partnership.Ambiguous
	default:
		return partnership.Permanent
	}
}

// maxRetryAfter keeps an absurd header from parking an activity for ever.
const maxRetryAfter = 24 * time.Hour

// RetryAfter reads the Retry-After header, seconds or an HTTP date; 0 when it is absent, past or unreadable.
func RetryAfter(h http.Header, now time.Time) time.Duration {
	s := strings.TrimSpace(h.Get("Retry-After"))
	if s == "" {
		return 0
	}
	if n, err := strconv.ParseFloat(s, 64); err == nil {
		return clamp(n)
	}
	if at, err := http.ParseTime(s); err == nil {
		return clamp(at.Sub(now).Seconds())
	}
	return 0
}

func clamp(seconds float64) time.Duration {
	switch {
	case seconds >= maxRetryAfter.Seconds():
		return maxRetryAfter
	case seconds > 0: // false for NaN
		return time.Duration(seconds * float64(time.Second))
	default:
		return 0
	}
}

func maybeSent(err error) bool {
	if t, ok := errors.AsType[*TransportError](err); ok {
		return t.Sent
	}
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
		return false
	}
	return true
}

func isTimeout(err error) bool {
	if n, ok := errors.AsType[net.Error](err); ok && n.Timeout() {
		return true
	}
	return errors.Is(err, context.DeadlineExceeded)
}

func withoutURL(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return err
}

// Code keeps a vendor's error code fit for logs and failures: letters, digits and _ . : / -, at most 64 of them.
func Code(s string) string {
	out := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', strings.ContainsRune("_.:/-", r):
			return r
		}
		return -1
	}, s)
	return out[:min(len(out), 64)]
}

var personal = regexp.MustCompile(`(?i)[^\s<>"'(),;:]+@[^\s<>"'(),;:]+` + // addresses
	`|\b(?:bearer|basic)\s+\S+` +
	`|\b(?:sk|rk|pk|whsec|xox[a-z]|xapp|shpat|shpss|EZ[AT]K|SG)[-_.]?[A-Za-z0-9_.-]{8,}` + // keys of the vendors we use
	`|\+?\d[\d ()-]{7,}\d` + // phone numbers, long numbers
	`|[\x00-\x1f\x7f]+`)

// Redact masks what may be personal or secret in a vendor's words and shortens them to 200 bytes. Our own words are
// better: use it only where the vendor's tell a person what to do.
func Redact(s string) string {
	s = personal.ReplaceAllString(strings.ToValidUTF8(s, ""), "…")
	if len(s) > 200 {
		s = strings.ToValidUTF8(s[:200], "") + "…"
	}
	return s
}
