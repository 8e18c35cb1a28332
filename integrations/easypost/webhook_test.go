package easypost

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/integrations/httpx/httpxtest"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/facts"
)

// vector is EasyPost's own: a secret with an accent, an event, and the signature that its client libraries expect.
func vector(t *testing.T) (secret, signature string, body []byte) {
	t.Helper()
	var fixtures struct {
		Webhooks struct {
			Secret    string `json:"secret"`
			Signature string `json:"hmac_signature"`
		} `json:"webhooks"`
	}
	if err := json.Unmarshal([]byte(sample(t, "client-library-fixtures.json")), &fixtures); err != nil {
		t.Fatal(err)
	}
	body, err := os.ReadFile(httpxtest.SpecFile(t, "vectors/easypost-event-body.json"))
	if err != nil {
		t.Fatal(err)
	}
	return fixtures.Webhooks.Secret, fixtures.Webhooks.Signature, bytes.TrimSuffix(body, []byte("\n"))
}

func TestVerify(t *testing.T) {
	t.Parallel()
	secret, signature, body := vector(t)
	header := func(values ...string) http.Header { return http.Header{HeaderSignature: values} }
	flipped := bytes.Clone(body)
	flipped[len(flipped)/2] ^= 1
	for _, tc := range []struct {
		name    string
		secrets []string
		header  http.Header
		body    []byte
		want    error
	}{
		{"EasyPost's vector, needs NFKD", []string{secret}, header(signature), body, nil},
		{"the decomposed secret is the same", []string{"se\u0301cret"}, header(signature), body, nil},
		{"second secret", []string{"new", secret}, header(signature), body, nil},
		{"flipped byte", []string{secret}, header(signature), flipped, facts.ErrSignature},
		{"one line end more", []string{secret}, header(signature), append(bytes.Clone(body), '\n'), facts.ErrSignature},
		{"wrong secret", []string{"secret"}, header(signature), body, facts.ErrSignature},
		{"no header", []string{secret}, http.Header{}, body, facts.ErrNotSigned},
		{"empty header", []string{secret}, header(""), body, facts.ErrNotSigned},
		{"two headers", []string{secret}, header(signature, signature), body, facts.ErrNotSigned},
		{"no prefix", []string{secret}, header(strings.TrimPrefix(signature, signaturePrefix)), body, facts.ErrNotSigned},
		{"not hex", []string{secret}, header(signaturePrefix + "zz"), body, facts.ErrNotSigned},
		{"half of it", []string{secret}, header(signature[:len(signature)-2]), body, facts.ErrSignature},
		{"no secret", nil, header(signature), body, facts.ErrNoKey},
		{"empty secret", []string{""}, header(Sign("", body)), body, facts.ErrNoKey},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if err := Verify(tc.secrets, tc.header, tc.body); !errors.Is(err, tc.want) || tc.want == nil && err != nil {
				t.Fatalf("%v, want %v", err, tc.want)
			}
		})
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	_, _, body := vector(t)
	e, err := Parse(body)
	if err != nil {
		t.Fatal(err)
	}
	want := TrackerEvent{
		DeliveryID: "evt_1", Kind: "tracker.updated", Mode: "production", TrackerID: "trk_1",
		At: time.Date(2024, 8, 2, 19, 26, 52, 0, time.UTC),
		Parcel: partnership.Parcel{
			TrackingCode: "1", Carrier: "FedEx", Status: partnership.ParcelInTransit,
			UpdatedAt:   time.Date(2024, 8, 2, 18, 50, 0, 0, time.UTC), // its last scan, not EasyPost's own time
			EstimatedAt: time.Date(2024, 8, 5, 0, 0, 0, 0, time.UTC),
		},
	}
	if e != want {
		t.Errorf("%+v\nwant %+v", e, want)
	}
	if e, err := Parse([]byte(sample(t, "events-retrieve.json"))); err != nil || e.TrackerID != "" || e.Kind != "tracker.created" {
		t.Errorf("an event without its object: %+v %v", e, err)
	}
	if e, err := Parse([]byte(`{"id":"evt_2","description":"batch.updated","result":{"id":"batch_1"}}`)); err != nil || e.TrackerID != "" {
		t.Errorf("another object: %+v %v", e, err)
	}
	for _, bad := range []string{``, `[]`, `{}`, `{"id":"evt_3","description":"tracker.updated","result":"x"}`} {
		if _, err := Parse([]byte(bad)); err == nil {
			t.Errorf("%q passed", bad)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"id":"evt_1","description":"tracker.updated","result":{"id":"trk_1","status":"delivered","tracking_details":[{"status":"delivered","datetime":"2026-01-01T00:00:00Z"}]}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if e, err := Parse(body); err == nil && e.DeliveryID == "" {
			t.Error("an event without an id cannot be deduplicated")
		}
	})
}

func FuzzMinor(f *testing.F) {
	for _, s := range []string{"8.20", "8.20000", "-1", "00.1", ".", "9223372036854775807"} {
		f.Add(s, "USD")
	}
	f.Fuzz(func(t *testing.T, amount, currency string) {
		n, err := minor(amount, currency)
		if err != nil {
			return
		}
		if again, err := minor(amount+"0", currency); strings.Contains(amount, ".") && (err != nil || again != n) {
			t.Errorf("%q is %d, with a zero more %d (%v)", amount, n, again, err)
		}
	})
}
