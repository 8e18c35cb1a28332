package sendgrid

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"hash"
	"io"
	"net/http"
	"strings"

	"github.com/rapport-dev/rapport/integrations/httpx"
	"github.com/rapport-dev/rapport/partnership/facts"
)

// The headers that carry a signature. Inbound Parse with a security policy uses the same two.
const (
	HeaderSignature = "X-Twilio-Email-Event-Webhook-Signature"
	HeaderTimestamp = "X-Twilio-Email-Event-Webhook-Timestamp"
)

// Verify checks a delivery, of events or of a mail that came in, against any of the public keys (base64 SPKI or PEM, several while one
// is being rotated). The timestamp is signed but not limited in age: SendGrid retries for 24 hours and promises no fresh stamp, so
// replays are told apart by sg_event_id.
func Verify(keys []string, header http.Header, body []byte) error {
	h := SignedHash(header)
	_, _ = h.Write(body)
	return VerifySum(keys, header, h.Sum(nil))
}

// SignedHash is what a delivery's signature is over, as far as the headers go: the body is to be written to it. With VerifySum a
// body is verified that is never in memory as a whole.
func SignedHash(header http.Header) hash.Hash {
	h := sha256.New()
	stamp, _ := httpx.Single(header, HeaderTimestamp)
	_, _ = io.WriteString(h, stamp)
	return h
}

// VerifySum checks the finished SignedHash of a delivery against any of the public keys.
func VerifySum(keys []string, header http.Header, sum []byte) error {
	parsed := publicKeys(keys)
	if len(parsed) == 0 {
		return facts.ErrNoKey
	}
	stamp, ok := httpx.Single(header, HeaderTimestamp)
	if !ok || !digits(stamp) {
		return facts.ErrNotSigned
	}
	encoded, ok := httpx.Single(header, HeaderSignature)
	if !ok || len(encoded) > 256 {
		return facts.ErrNotSigned
	}
	signature, err := base64.StdEncoding.Strict().DecodeString(encoded)
	if err != nil {
		return facts.ErrNotSigned
	}
	for _, key := range parsed {
		if ecdsa.VerifyASN1(key, sum, signature) { // strict DER: nothing may follow the signature
			return nil
		}
	}
	return facts.ErrSignature
}

// digits keeps the border between stamp and body clear: both are hashed without a separator.
func digits(s string) bool {
	return len(s) <= 20 && strings.Trim(s, "0123456789") == ""
}

func publicKeys(keys []string) []*ecdsa.PublicKey {
	var out []*ecdsa.PublicKey
	for _, k := range keys {
		if key, err := ParsePublicKey(k); err == nil {
			out = append(out, key)
		}
	}
	return out
}

// ParsePublicKey reads a verification key as SendGrid shows it: base64 SPKI, with or without PEM lines, on P-256.
func ParsePublicKey(s string) (*ecdsa.PublicKey, error) {
	s = strings.TrimPrefix(strings.TrimSpace(s), "-----BEGIN PUBLIC KEY-----")
	s = strings.Join(strings.Fields(strings.TrimSuffix(s, "-----END PUBLIC KEY-----")), "")
	der, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		return nil, errors.New("sendgrid webhook: the public key is not base64")
	}
	key, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return nil, errors.New("sendgrid webhook: the public key is not an SPKI key")
	}
	ec, ok := key.(*ecdsa.PublicKey)
	if !ok || ec.Curve != elliptic.P256() {
		return nil, errors.New("sendgrid webhook: the public key is not ECDSA on P-256")
	}
	return ec, nil
}
