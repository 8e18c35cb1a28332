package sendgrid

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/integrations/httpx/httpxtest"
	"github.com/rapport-dev/rapport/partnership/facts"
)

// The vector of SendGrid's own SDK.
const (
	vectorKey       = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g=="
	vectorSignature = "MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQAbPIqHh89M15TluLtEZtM="
	vectorTimestamp = "1600112502"
)

func vectorBody(t testing.TB) []byte {
	t.Helper()
	body, err := os.ReadFile(httpxtest.SpecFile(t, "vectors/sendgrid-event-body.bin"))
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func headers(signature, timestamp string) http.Header {
	h := http.Header{}
	h.Set(HeaderSignature, signature)
	h.Set(HeaderTimestamp, timestamp)
	return h
}

func TestVerifyVendorsVector(t *testing.T) {
	t.Parallel()
	body := vectorBody(t)
	h := headers(vectorSignature, vectorTimestamp)
	if err := Verify([]string{vectorKey}, h, body); err != nil {
		t.Fatal(err)
	}
	if err := Verify([]string{"-----BEGIN PUBLIC KEY-----\n" + vectorKey + "\n-----END PUBLIC KEY-----\n"}, h, body); err != nil {
		t.Errorf("as PEM: %v", err)
	}
	events, err := ParseEvents(body)
	if err != nil || len(events) != 1 {
		t.Fatalf("%v %v", events, err)
	}
	e := events[0]
	if e.ID != "ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA" || e.Type != "dropped" ||
		!e.At.Equal(time.Unix(1600112492, 0)) || e.Fault != DeadAddress || !e.Undeliverable() || e.OptOut() {
		t.Errorf("%+v", e)
	}
	if err := Verify([]string{vectorKey}, h, body[:len(body)-2]); !errors.Is(err, facts.ErrSignature) {
		t.Errorf("without the final CRLF, which is signed: %v", err)
	}
	for i := range body { // every flipped bit must be noticed
		body[i] ^= 1 << (i % 8)
		if err := Verify([]string{vectorKey}, h, body); !errors.Is(err, facts.ErrSignature) {
			t.Fatalf("byte %d flipped: %v", i, err)
		}
		body[i] ^= 1 << (i % 8)
	}
}

// signer makes a key as SendGrid would and signs with it.
func signer(t testing.TB) (public string, sign func(timestamp string, body []byte) string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(der), func(timestamp string, body []byte) string {
		sum := sha256.Sum256(append([]byte(timestamp), body...))
		sig, err := ecdsa.SignASN1(rand.Reader, key, sum[:])
		if err != nil {
			t.Fatal(err)
		}
		return base64.StdEncoding.EncodeToString(sig)
	}
}

func TestVerifyFailsClosed(t *testing.T) {
	t.Parallel()
	key, sign := signer(t)
	other, _ := signer(t)
	body := []byte(`[{"event":"open"}]`)
	sig := sign("1600112502", body)
	good := headers(sig, "1600112502")
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	rsaDER, err := x509.MarshalPKIXPublicKey(&rsaKey.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	twice := headers(sig, "1600112502")
	twice.Add(HeaderSignature, sig)
	trailing, _ := base64.StdEncoding.DecodeString(sig)
	for name, tc := range map[string]struct {
		keys   []string
		header http.Header
		body   []byte
		want   error
	}{
		"good":               {[]string{key}, good, body, nil},
		"rotation":           {[]string{other, key}, good, body, nil},
		"a broken key first": {[]string{"nonsense", key}, good, body, nil},
		"old stamp":          {[]string{key}, headers(sign("1", body), "1"), body, nil},
		"other key":          {[]string{other}, good, body, facts.ErrSignature},
		"no keys":            {nil, good, body, facts.ErrNoKey},
		"empty key":          {[]string{""}, good, body, facts.ErrNoKey},
		"RSA key":            {[]string{base64.StdEncoding.EncodeToString(rsaDER)}, good, body, facts.ErrNoKey},
		"no headers":         {[]string{key}, http.Header{}, body, facts.ErrNotSigned},
		"no signature":       {[]string{key}, headers("", "1600112502"), body, facts.ErrNotSigned},
		"no timestamp":       {[]string{key}, headers(sig, ""), body, facts.ErrNotSigned},
		"two signatures":     {[]string{key}, twice, body, facts.ErrNotSigned},
		"not base64":         {[]string{key}, headers("***", "1600112502"), body, facts.ErrNotSigned},
		"other stamp":        {[]string{key}, headers(sig, "1600112503"), body, facts.ErrSignature},
		"stamp takes body":   {[]string{key}, headers(sig, "1600112502["), body[1:], facts.ErrNotSigned},
		"trailing ASN.1":     {[]string{key}, headers(base64.StdEncoding.EncodeToString(append(trailing, 0)), "1600112502"), body, facts.ErrSignature},
		"one byte more":      {[]string{key}, good, append(append([]byte{}, body...), '\n'), facts.ErrSignature},
		"empty body":         {[]string{key}, good, nil, facts.ErrSignature},
	} {
		if err := Verify(tc.keys, tc.header, tc.body); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		}
	}
}

func TestParseEvents(t *testing.T) {
	t.Parallel()
	events, err := ParseEvents([]byte(`[
	 {"sg_event_id":"e1","sg_message_id":"m1.f","event":"delivered","timestamp":1700000000,"email":"a@b.example",
	  "msg_key":"partnership/p1/outreach/request/0","partnership_id":"p1","kind":"invitation","task":"offer","step":"request"},
	 {"event":"bounce","type":"blocked","timestamp":"1700000001"},
	 "noise", null, {"sg_event_id":"e4"}, {"sg_event_id":5,"event":"unsubscribe","timestamp":-1,"kind":{"a":1}}]`))
	if err != nil || len(events) != 3 {
		t.Fatalf("%d events, %v", len(events), err)
	}
	d := events[0]
	if d.Key != "partnership/p1/outreach/request/0" || d.PartnershipID != "p1" || d.Kind != "invitation" || d.Task != "offer" ||
		d.Step != "request" || d.MessageID != "m1.f" || d.Undeliverable() || d.OptOut() || !d.At.Equal(time.Unix(1700000000, 0)) {
		t.Errorf("%+v", d)
	}
	if b := events[1]; b.BounceType != "blocked" || !b.At.Equal(time.Unix(1700000001, 0)) || len(b.ID) != 71 {
		t.Errorf("%+v", b)
	}
	if u := events[2]; !u.OptOut() || u.ID == "" || !u.At.IsZero() || u.Kind != "" {
		t.Errorf("%+v", u)
	}
	for _, bad := range []string{"", "{}", "[", `"x"`} {
		if _, err := ParseEvents([]byte(bad)); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

func FuzzVerifyEvents(f *testing.F) {
	key, sign := signer(f)
	body := []byte(`[{"event":"open"}]`)
	sig := sign("1600112502", body)
	f.Add(sig, "1600112502", body)
	f.Add("", "", []byte{})
	f.Fuzz(func(t *testing.T, signature, timestamp string, b []byte) {
		err := Verify([]string{key}, headers(signature, timestamp), b)
		if err == nil && (timestamp != "1600112502" || !bytes.Equal(b, body)) {
			t.Fatalf("accepted stamp %q body %q", timestamp, b)
		}
	})
}

func FuzzParseEvents(f *testing.F) {
	f.Add([]byte(`[{"sg_event_id":"e1","event":"open","timestamp":1}]`))
	f.Add([]byte(`[{"event":"open","timestamp":"1e309"},[],{}]`))
	f.Fuzz(func(t *testing.T, b []byte) {
		events, err := ParseEvents(b)
		for _, e := range events {
			if err != nil || e.ID == "" || e.Type == "" {
				t.Fatalf("%+v %v", e, err)
			}
		}
	})
}
