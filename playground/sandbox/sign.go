package sandbox

import (
	"crypto/ecdsa"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"golang.org/x/text/unicode/norm"
)

// signFunc adds a vendor's signature over the exact bytes that are sent.
type signFunc func(h http.Header, body []byte, now time.Time)

// signer returns how a queue's webhooks are signed, nil when its key is not set.
func (s *Server) signer(queue string) signFunc {
	k := &s.keys
	switch queue {
	case queueMailEvents:
		return signSendGrid(k.event)
	case queueInbound:
		return signSendGrid(k.inbound)
	case queueDocuSign:
		return unless(k.DocuSignHMACKey == "", func(h http.Header, body []byte, _ time.Time) {
			h.Set("X-Authorization-Digest", "HMACSHA256")
			h.Set("X-DocuSign-Signature-1", base64.StdEncoding.EncodeToString(mac(k.DocuSignHMACKey, body)))
		})
	case queueEasyPost: // the secret is normalised to NFKD first
		return unless(k.EasyPostWebhookSecret == "", func(h http.Header, body []byte, _ time.Time) {
			h.Set("X-Hmac-Signature", "hmac-sha256-hex="+hex.EncodeToString(mac(norm.NFKD.String(k.EasyPostWebhookSecret), body)))
		})
	case queueShopify:
		return unless(k.ShopifyWebhookSecret == "", func(h http.Header, body []byte, _ time.Time) {
			h.Set("X-Shopify-Hmac-Sha256", base64.StdEncoding.EncodeToString(mac(k.ShopifyWebhookSecret, body)))
		})
	case queueStripe: // each attempt is signed anew: the time is part of it
		return unless(k.StripeWebhookSecret == "", func(h http.Header, body []byte, now time.Time) {
			t := strconv.FormatInt(now.Unix(), 10)
			h.Set("Stripe-Signature", "t="+t+",v1="+hex.EncodeToString(mac(k.StripeWebhookSecret, []byte(t+"."+string(body)))))
		})
	case queueSlackEvents:
		return unless(k.SlackSigningSecret == "", s.signSlack)
	}
	return nil
}

func unless(absent bool, f signFunc) signFunc {
	if absent {
		return nil
	}
	return f
}

func (s *Server) signSlack(h http.Header, body []byte, now time.Time) {
	ts := strconv.FormatInt(now.Unix(), 10)
	h.Set("X-Slack-Request-Timestamp", ts)
	h.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac(s.keys.SlackSigningSecret, fmt.Appendf(nil, "v0:%s:%s", ts, body))))
}

// signSendGrid is ECDSA P-256 over SHA-256(timestamp + body), DER in base64. Inbound Parse's security policies use the same.
func signSendGrid(key *ecdsa.PrivateKey) signFunc {
	if key == nil {
		return nil
	}
	return func(h http.Header, body []byte, now time.Time) {
		ts := strconv.FormatInt(now.Unix(), 10)
		sum := sha256.Sum256(append([]byte(ts), body...))
		sig := must(ecdsa.SignASN1(rand.Reader, key, sum[:]))
		h.Set("X-Twilio-Email-Event-Webhook-Timestamp", ts)
		h.Set("X-Twilio-Email-Event-Webhook-Signature", base64.StdEncoding.EncodeToString(sig))
	}
}

func mac(key string, body []byte) []byte {
	m := hmac.New(sha256.New, []byte(key))
	m.Write(body)
	return m.Sum(nil)
}
