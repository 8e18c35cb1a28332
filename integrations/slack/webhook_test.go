package slack

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"github.com/rapport-dev/rapport/integrations/httpx"
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
	c, err := ParseCommand(body)
	if err != nil || c.Command != "/webhook-collect" || c.UserID != "U2CERLKJA" || c.TeamID != "T1DC2JH3J" || c.ChannelID != "G8PSS9T3V" || c.TriggerID == "" || c.ResponseURL == "" {
		t.Errorf("%+v %v", c, err)
	}
	for i := range body {
		body[i] ^= 1 << (i % 8)
		if err := Verify([]string{vectorSecret}, h, body, now); !errors.Is(err, httpx.ErrSignature) {
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
		"older":            {[]string{"s1"}, headers(sign("s1", at(-301*time.Second), "body"), at(-301*time.Second)), httpx.ErrTooOld},
		"future":           {[]string{"s1"}, headers(sign("s1", at(301*time.Second), "body"), at(301*time.Second)), httpx.ErrTooOld},
		"absurd stamp":     {[]string{"s1"}, headers(sign("s1", "9223372036854775807", "body"), "9223372036854775807"), httpx.ErrTooOld},
		"other secret":     {[]string{"s2"}, headers(good, at(0)), httpx.ErrSignature},
		"other stamp":      {[]string{"s1"}, headers(good, at(time.Second)), httpx.ErrSignature},
		"no secrets":       {nil, headers(good, at(0)), httpx.ErrNoKey},
		"empty secret":     {[]string{""}, headers(sign("", at(0), "body"), at(0)), httpx.ErrNoKey},
		"nothing at all":   {nil, http.Header{}, httpx.ErrNoKey},
		"no headers":       {[]string{"s1"}, http.Header{}, httpx.ErrNotSigned},
		"no signature":     {[]string{"s1"}, headers("", at(0)), httpx.ErrNotSigned},
		"no stamp":         {[]string{"s1"}, headers(good, ""), httpx.ErrNotSigned},
		"two stamps":       {[]string{"s1"}, twice, httpx.ErrNotSigned},
		"no v0":            {[]string{"s1"}, headers(good[3:], at(0)), httpx.ErrNotSigned},
		"short sum":        {[]string{"s1"}, headers(good[:40], at(0)), httpx.ErrNotSigned},
		"signed stamp":     {[]string{"s1"}, headers(sign("s1", "+"+at(0), "body"), "+"+at(0)), httpx.ErrNotSigned},
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

func TestParseInteraction(t *testing.T) {
	t.Parallel()
	body := url.Values{"payload": {`{"type":"block_actions","user":{"id":"U1","team_id":"T1"},"team":{"id":"T1"},"trigger_id":"tr",
		"container":{"type":"message","message_ts":"1.2","channel_id":"C1"},"channel":{"id":"C1"},"message":{"ts":"1.2"},
		"actions":[{"type":"button","action_id":"decide_counter:accept","block_id":"b","value":"p1/2","action_ts":"3.4"}]}`}}.Encode()
	in, err := ParseInteraction([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	if in.Type != slack.InteractionTypeBlockActions || in.User.ID != "U1" || len(in.ActionCallback.BlockActions) != 1 ||
		in.ActionCallback.BlockActions[0].ActionID != "decide_counter:accept" || in.ActionCallback.BlockActions[0].Value != "p1/2" || in.Message.Timestamp != "1.2" {
		t.Errorf("%+v", in)
	}
	view := url.Values{"payload": {`{"type":"view_submission","user":{"id":"U1"},"view":{"id":"V1","callback_id":"launch","private_metadata":"m",
		"state":{"values":{"b":{"a":{"type":"plain_text_input","value":"x"}}}}}}`}}.Encode()
	if in, err := ParseInteraction([]byte(view)); err != nil || in.View.CallbackID != "launch" || in.View.State.Values["b"]["a"].Value != "x" {
		t.Errorf("%+v %v", in.View, err)
	}
	for _, bad := range []string{"", "payload=", "payload=%7B%7D", "payload=x", "payload=%7B%7D&payload=%7B%7D", "%zz"} {
		if _, err := ParseInteraction([]byte(bad)); !errors.Is(err, ErrMalformed) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestParseEvent(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]Event{
		`{"type":"url_verification","challenge":"ch"}`: {Type: URLVerification, Challenge: "ch"},
		`{"type":"event_callback","event_id":"Ev1","team_id":"T1","event":{"type":"app_home_opened","user":"U1","channel":"D1","tab":"home"}}`: {
			Type: EventCallback, ID: "Ev1", TeamID: "T1", Inner: "app_home_opened", UserID: "U1", ChannelID: "D1", Tab: "home",
		},
		`{"type":"event_callback","event_id":"Ev2","event":{"type":"team_join","user":{"id":"U2"},"channel":7}}`: {
			Type: EventCallback, ID: "Ev2", Inner: "team_join", UserID: "U2",
		},
		`{"type":"app_rate_limited","team_id":"T1"}`: {Type: RateLimited, TeamID: "T1"},
	} {
		if got, err := ParseEvent([]byte(in)); err != nil || got != want {
			t.Errorf("%s: %+v %v", in, got, err)
		}
	}
	for _, bad := range []string{"", "{}", "[]", `{"type":"event_callback"}`, `{"type":"event_callback","event":{"type":"x"}}`} {
		if _, err := ParseEvent([]byte(bad)); !errors.Is(err, ErrMalformed) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestParseCommandRefusals(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"", "command=%2Frapport", "user_id=U1", "%zz"} {
		if _, err := ParseCommand([]byte(bad)); !errors.Is(err, ErrMalformed) {
			t.Errorf("%q: %v", bad, err)
		}
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

func FuzzParse(f *testing.F) {
	f.Add([]byte(vectorBody))
	f.Add([]byte(`{"type":"event_callback","event_id":"e","event":{"type":"x"}}`))
	f.Add([]byte(`payload=%7B%22type%22%3A%22block_actions%22%2C%22user%22%3A%7B%22id%22%3A%22U%22%7D%7D`))
	f.Fuzz(func(_ *testing.T, b []byte) {
		_, _ = ParseCommand(b)
		_, _ = ParseInteraction(b)
		_, _ = ParseEvent(b)
	})
}
