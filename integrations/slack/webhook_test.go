package slack

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"github.com/rapport-dev/rapport/partnership/facts"
)

// Slack's published example.
const (
	vectorSecret = "8f742231b10e8888abcd99yyyzzz85a5"
	vectorBody   = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
	vectorSum    = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
	vectorStamp  = 1531420618
)

func headers(signature, stamp string) http.Header {
	h := http.Header{}
	if signature != "" {
		h.Set(HeaderSignature, signature)
	}
	if stamp != "" {
		h.Set(HeaderTimestamp, stamp)
	}
	return h
}

func TestVerifyVendorsVector(t *testing.T) {
	t.Parallel()
	h := headers(vectorSum, strconv.Itoa(vectorStamp))
	now := time.Unix(vectorStamp, 0)
	body := []byte(vectorBody)
	if err := Verify([]string{vectorSecret}, h, body, now); err != nil {
		t.Fatal(err)
	}
	for i := range body {
		body[i] ^= 1 << (i % 8)
		if err := Verify([]string{vectorSecret}, h, body, now); !errors.Is(err, facts.ErrSignature) {
			t.Fatalf("byte %d flipped: %v", i, err)
		}
		body[i] ^= 1 << (i % 8)
	}
}

func sign(secret, stamp, body string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("v0:" + stamp + ":" + body))
	return "v0=" + hex.EncodeToString(mac.Sum(nil))
}

func TestVerifyFailsClosed(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_800_000_000, 0)
	at := func(d time.Duration) string { return strconv.FormatInt(now.Add(d).Unix(), 10) }
	good := sign("s1", at(0), "body")
	twice := headers(good, at(0))
	twice.Add(HeaderTimestamp, at(0))
	for name, tc := range map[string]struct {
		secrets []string
		header  http.Header
		want    error
	}{
		"good":             {[]string{"s1"}, headers(good, at(0)), nil},
		"rotation":         {[]string{"s0", "s1"}, headers(good, at(0)), nil},
		"non-ASCII secret": {[]string{"sécret"}, headers(sign("sécret", at(0), "body"), at(0)), nil},
		"five minutes old": {[]string{"s1"}, headers(sign("s1", at(-5*time.Minute), "body"), at(-5*time.Minute)), nil},
		"older":            {[]string{"s1"}, headers(sign("s1", at(-301*time.Second), "body"), at(-301*time.Second)), facts.ErrTooOld},
		"future":           {[]string{"s1"}, headers(sign("s1", at(301*time.Second), "body"), at(301*time.Second)), facts.ErrTooOld},
		"absurd stamp":     {[]string{"s1"}, headers(sign("s1", "9223372036854775807", "body"), "9223372036854775807"), facts.ErrTooOld},
		"other secret":     {[]string{"s2"}, headers(good, at(0)), facts.ErrSignature},
		"other stamp":      {[]string{"s1"}, headers(good, at(time.Second)), facts.ErrSignature},
		"no secrets":       {nil, headers(good, at(0)), facts.ErrNoKey},
		"empty secret":     {[]string{""}, headers(sign("", at(0), "body"), at(0)), facts.ErrNoKey},
		"nothing at all":   {nil, http.Header{}, facts.ErrNoKey},
		"no headers":       {[]string{"s1"}, http.Header{}, facts.ErrNotSigned},
		"no signature":     {[]string{"s1"}, headers("", at(0)), facts.ErrNotSigned},
		"no stamp":         {[]string{"s1"}, headers(good, ""), facts.ErrNotSigned},
		"two stamps":       {[]string{"s1"}, twice, facts.ErrNotSigned},
		"no v0":            {[]string{"s1"}, headers(good[3:], at(0)), facts.ErrNotSigned},
		"short sum":        {[]string{"s1"}, headers(good[:40], at(0)), facts.ErrNotSigned},
		"signed stamp":     {[]string{"s1"}, headers(sign("s1", "+"+at(0), "body"), "+"+at(0)), facts.ErrNotSigned},
	} {
		if err := Verify(tc.secrets, tc.header, []byte("body"), now); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		}
	}
}

// slack-go verifies independently of us: whatever we accept it accepts too.
func TestVerifyAgreesWithSlackGo(t *testing.T) {
	t.Parallel()
	stamp := strconv.FormatInt(time.Now().Unix(), 10)
	h := headers(sign("s1", stamp, vectorBody), stamp)
	if err := Verify([]string{"s1"}, h, []byte(vectorBody), time.Now()); err != nil {
		t.Fatal(err)
	}
	sv, err := slack.NewSecretsVerifier(h, "s1")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sv.Write([]byte(vectorBody)); err != nil {
		t.Fatal(err)
	}
	if err := sv.Ensure(); err != nil {
		t.Error(err)
	}
}

func TestDeliveryID(t *testing.T) {
	t.Parallel()
	a := DeliveryID(headers(vectorSum, "1"))
	if a != DeliveryID(headers(vectorSum, "1")) || a == DeliveryID(headers(vectorSum, "2")) || len(a) != 64 {
		t.Error(a)
	}
}

func FuzzVerify(f *testing.F) {
	now := time.Unix(1_800_000_000, 0)
	good := sign("s1", "1800000000", "body")
	f.Add(good, "1800000000", "body")
	f.Fuzz(func(t *testing.T, signature, stamp, body string) {
		err := Verify([]string{"s1"}, http.Header{HeaderSignature: {signature}, HeaderTimestamp: {stamp}}, []byte(body), now)
		if err == nil && (body != "body" || stamp != "1800000000") {
			t.Fatalf("accepted stamp %q body %q", stamp, body)
		}
	})
}
