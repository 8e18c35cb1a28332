package stripe

import (
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stripe/stripe-go/v85/webhook"

	"github.com/rapport-dev/rapport/partnership/facts"
)

func signed(header string) http.Header { return http.Header{HeaderSignature: {header}} }

// stripe-go's own signer is the independent second party: Stripe publishes no fixed vector.
func sign(secret string, at time.Time, body string) string {
	return webhook.GenerateTestSignedPayload(&webhook.UnsignedPayload{Payload: []byte(body), Secret: secret, Timestamp: at}).Header
}

func TestVerify(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_800_000_000, 0)
	good := sign("whsec_1", now, "body")
	sum := good[strings.Index(good, "v1=")+3:]
	for name, tc := range map[string]struct {
		secrets []string
		header  http.Header
		want    error
	}{
		"good":                {[]string{"whsec_1"}, signed(good), nil},
		"rotation, ours":      {[]string{"whsec_2", "whsec_1"}, signed(good), nil},
		"rotation, theirs":    {[]string{"whsec_1"}, signed(good + ",v1=" + strings.Repeat("0", 64)), nil},
		"rotation, reversed":  {[]string{"whsec_1"}, signed(fmt.Sprintf("t=%d,v1=%s,v1=%s,v0=x", now.Unix(), strings.Repeat("0", 64), sum)), nil},
		"non-ASCII secret":    {[]string{"sécret"}, signed(sign("sécret", now, "body")), nil},
		"300 s old":           {[]string{"whsec_1"}, signed(sign("whsec_1", now.Add(-300*time.Second), "body")), nil},
		"301 s old":           {[]string{"whsec_1"}, signed(sign("whsec_1", now.Add(-301*time.Second), "body")), facts.ErrTooOld},
		"301 s in the future": {[]string{"whsec_1"}, signed(sign("whsec_1", now.Add(301*time.Second), "body")), facts.ErrTooOld},
		"other secret":        {[]string{"whsec_2"}, signed(good), facts.ErrSignature},
		"other time":          {[]string{"whsec_1"}, signed(fmt.Sprintf("t=%d,v1=%s", now.Unix()+1, sum)), facts.ErrSignature},
		"v0 only":             {[]string{"whsec_1"}, signed(fmt.Sprintf("t=%d,v0=%s", now.Unix(), sum)), facts.ErrNotSigned},
		"two times":           {[]string{"whsec_1"}, signed(good + fmt.Sprintf(",t=%d", now.Unix())), facts.ErrNotSigned},
		"no time":             {[]string{"whsec_1"}, signed("v1=" + sum), facts.ErrNotSigned},
		"signed time":         {[]string{"whsec_1"}, signed(fmt.Sprintf("t=+%d,v1=%s", now.Unix(), sum)), facts.ErrNotSigned},
		"not hex":             {[]string{"whsec_1"}, signed(fmt.Sprintf("t=%d,v1=zz", now.Unix())), facts.ErrNotSigned},
		"short sum":           {[]string{"whsec_1"}, signed(fmt.Sprintf("t=%d,v1=%s", now.Unix(), sum[:32])), facts.ErrNotSigned},
		"very many sums":      {[]string{"whsec_1"}, signed(good + strings.Repeat(",v1="+sum, 1000)), facts.ErrNotSigned},
		"no header":           {[]string{"whsec_1"}, http.Header{}, facts.ErrNotSigned},
		"empty header":        {[]string{"whsec_1"}, signed(""), facts.ErrNotSigned},
		"two headers":         {[]string{"whsec_1"}, http.Header{HeaderSignature: {good, good}}, facts.ErrNotSigned},
		"no secrets":          {nil, signed(good), facts.ErrNoKey},
		"empty secret":        {[]string{"", ""}, signed(sign("", now, "body")), facts.ErrNoKey},
	} {
		if err := Verify(tc.secrets, tc.header, []byte("body"), now); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		}
	}
	for i := range 4 * 8 {
		body := []byte("body")
		body[i/8] ^= 1 << (i % 8)
		if err := Verify([]string{"whsec_1"}, signed(good), body, now); !errors.Is(err, facts.ErrSignature) {
			t.Errorf("bit %d flipped: %v", i, err)
		}
	}
	if err := Verify([]string{"whsec_1"}, signed(good), []byte("body\n"), now); !errors.Is(err, facts.ErrSignature) {
		t.Errorf("one byte more: %v", err)
	}
}

func event(kind, account, object string) string {
	return fmt.Sprintf(`{"id":"evt_1","object":"event","type":%q,"created":1800000000,"api_version":"2019-05-16","livemode":true,"account":%q,"data":{"object":%s}}`,
		kind, account, object)
}

func TestParseEvent(t *testing.T) {
	t.Parallel()
	parse := func(body string) Event {
		t.Helper()
		e, err := ParseEvent([]byte(body))
		if err != nil {
			t.Fatalf("%s: %v", body, err)
		}
		return e
	}
	e := parse(event(AccountUpdated, "acct_9", `{"id":"acct_9","object":"account","capabilities":{"transfers":"active"}}`))
	if e.ID != "evt_1" || e.Account != "acct_9" || !e.Live || e.APIVersion != "2019-05-16" || e.PayoutAccount == nil || !e.PayoutAccount.Ready {
		t.Errorf("%+v", e)
	}
	e = parse(event(TransferReversed, "", `{"id":"tr_1","object":"transfer","amount":100,"amount_reversed":40,"currency":"usd","destination":"acct_9","transfer_group":"po1"}`))
	if e.Transfer == nil || e.Transfer.PayoutID != "po1" || e.Transfer.ReversedMinor != 40 || e.Transfer.Currency != "USD" || e.Account != "" {
		t.Errorf("%+v", e.Transfer)
	}
	e = parse(event(PayoutFailed, "acct_9", `{"id":"po_x","object":"payout","status":"failed","amount":100,"currency":"eur","failure_code":"account_closed","destination":"ba_1"}`))
	if e.BankPayout == nil || *e.BankPayout != (BankPayout{ID: "po_x", Status: "failed", AmountMinor: 100, Currency: "EUR", FailureCode: "account_closed"}) || e.Account != "acct_9" {
		t.Errorf("%+v", e.BankPayout)
	}
	e = parse(event("account.external_account.created", "acct_9", `{"id":"ba_1","object":"bank_account"}`))
	if e.PayoutAccount != nil {
		t.Errorf("a bank account was read as an account: %+v", e)
	}
	if e = parse(event("customer.created", "", `{"id":"cus_1"}`)); e.Transfer != nil || e.Type != "customer.created" {
		t.Errorf("%+v", e)
	}
	for _, bad := range []string{
		"", "[]", "{}", `{"id":"evt_1","object":"v2.core.event","type":"x"}`,
		event(TransferCreated, "", `{}`), event(PayoutPaid, "", `[]`), event(AccountUpdated, "", `null`),
	} {
		if _, err := ParseEvent([]byte(bad)); !errors.Is(err, ErrMalformed) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func FuzzVerify(f *testing.F) {
	now := time.Unix(1_800_000_000, 0)
	f.Add(sign("whsec_1", now, "body"), "body")
	f.Add("t=1,v1="+hex.EncodeToString(make([]byte, 32)), "")
	f.Fuzz(func(t *testing.T, header, body string) {
		if Verify([]string{"whsec_1"}, signed(header), []byte(body), now) == nil && body != "body" {
			t.Fatalf("accepted %q for %q", header, body)
		}
	})
}

func FuzzParseEvent(f *testing.F) {
	f.Add(event(TransferCreated, "", `{"id":"tr_1","destination":"acct_1","metadata":{"payout_id":"po1"}}`))
	f.Add(event(AccountUpdated, "acct_1", `{"id":"acct_1","capabilities":null}`))
	f.Add(event(PayoutPaid, "acct_1", `{"id":"po_1","destination":{"object":"bank_account","id":"ba_1"}}`))
	f.Fuzz(func(t *testing.T, body string) {
		if e, err := ParseEvent([]byte(body)); err == nil && (e.ID == "" || e.Type == "") {
			t.Fatalf("%+v", e)
		}
	})
}
