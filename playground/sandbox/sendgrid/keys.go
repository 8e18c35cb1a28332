package sendgrid

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

var keys = []sandbox.Key{
	sandbox.Shared("SENDGRID_API_KEY", "sendgrid_api_key", func() string { return "SG." + sandbox.Token(16) + "." + sandbox.Token(32) }),
	sandbox.Shared("SENDGRID_FROM", "sendgrid_sender", func() string { return "partners@rapport.example" }), // the one Sender Identity that is verified
	{Setting: "SENDGRID_EVENT_PUBLIC_KEY", Name: "sendgrid_event_private_key", New: newPair, Fit: privateHalf},
	{Setting: "SENDGRID_INBOUND_PUBLIC_KEY", Name: "sendgrid_inbound_private_key", New: newPair, Fit: privateHalf},
}

// newPair is an ECDSA key on P-256, in base64: the public half as SPKI, the private one as PKCS#8.
func newPair() sandbox.Halves {
	key := sandbox.Must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	return sandbox.Halves{
		Ours:   base64.StdEncoding.EncodeToString(sandbox.Must(x509.MarshalPKIXPublicKey(&key.PublicKey))),
		Theirs: base64.StdEncoding.EncodeToString(sandbox.Must(x509.MarshalPKCS8PrivateKey(key))),
	}
}

// privateHalf is the made one while its public half is among those that Rapport takes. Of a key that a person has set
// only the public half is known, so nothing can be signed: then none of those webhooks is sent.
func privateHalf(public string, made sandbox.Halves) (string, error) {
	if slices.Contains(strings.Split(public, ","), made.Ours) {
		return made.Theirs, nil
	}
	return "", nil
}

func parseECDSA(s string) (*ecdsa.PrivateKey, error) {
	if s == "" {
		return nil, nil
	}
	der, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		return nil, errors.New("not base64")
	}
	key, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, errors.New("not a PKCS#8 key")
	}
	if ec, ok := key.(*ecdsa.PrivateKey); ok {
		return ec, nil
	}
	return nil, errors.New("not an ECDSA key")
}

// sign is ECDSA P-256 over SHA-256(timestamp + body), DER in base64. Inbound Parse's security policies use the same.
func sign(key *ecdsa.PrivateKey) sandbox.Sign {
	if key == nil {
		return nil
	}
	return func(h http.Header, body []byte, now time.Time) {
		ts := strconv.FormatInt(now.Unix(), 10)
		sum := sha256.Sum256(append([]byte(ts), body...))
		sig := sandbox.Must(ecdsa.SignASN1(rand.Reader, key, sum[:]))
		h.Set("X-Twilio-Email-Event-Webhook-Timestamp", ts)
		h.Set("X-Twilio-Email-Event-Webhook-Signature", base64.StdEncoding.EncodeToString(sig))
	}
}
