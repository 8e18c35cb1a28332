package shopify

import (
	"encoding/base64"
	"hash"
	"net/http"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/integrations/httpx"
	"github.com/rapport-dev/rapport/partnership/facts"
)

// Verify checks a delivery's raw bytes against any of the app's client secrets: for up to an hour after a rotation
// Shopify still signs with the old one.
func Verify(secrets []string, header http.Header, body []byte) error {
	value, ok := httpx.Single(header, HeaderHMAC)
	given, err := base64.StdEncoding.DecodeString(value)
	if !ok {
		err = facts.ErrNotSigned
	}
	return httpx.HMACs(secrets, body).Check(given, err)
}

// Sum is what VerifySum checks of a body that is never in memory as a whole: its sums under each secret, one after the other.
func Sum(secrets []string) hash.Hash { return httpx.NewHMACs(secrets) }

// VerifySum is Verify for a finished Sum.
func VerifySum(secrets []string, header http.Header, sum []byte) error {
	value, ok := httpx.Single(header, HeaderHMAC)
	given, err := base64.StdEncoding.DecodeString(value)
	if !ok {
		err = facts.ErrNotSigned
	}
	return httpx.SplitHMACs(secrets, sum).Check(given, err)
}

// Sign is the header's value for a body, as Shopify makes it.
func Sign(secret string, body []byte) string {
	return base64.StdEncoding.EncodeToString(httpx.HMAC(secret, body))
}

// DeliveryID tells repetitions apart: one action in the shop has one event id, which its deliveries of several topics
// share. "" when the headers name none.
func DeliveryID(h http.Header) string {
	id := h.Get(HeaderEventID)
	if id == "" {
		id = h.Get(HeaderWebhookID)
	}
	if id == "" {
		return ""
	}
	return h.Get(HeaderTopic) + "/" + id
}

func splitTags(s string) []string {
	var out []string
	for tag := range strings.SplitSeq(s, ",") {
		if tag = strings.TrimSpace(tag); tag != "" {
			out = append(out, tag)
		}
	}
	return out
}

func parseTime(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}
