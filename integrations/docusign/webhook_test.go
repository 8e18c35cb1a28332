package docusign

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
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

// signed is an independent signer: what DocuSign's documentation says, byte for byte.
func signed(key, body string) string {
	h := hmac.New(sha256.New, []byte(key))
	h.Write([]byte(body))
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}

func TestVerify(t *testing.T) {
	t.Parallel()
	const body = "{\"event\":\"envelope-completed\"}\r\n"
	headers := func(kv ...string) http.Header {
		h := http.Header{}
		for i := 0; i < len(kv); i += 2 {
			h.Set(kv[i], kv[i+1])
		}
		return h
	}
	sig := func(key string) string { return signed(key, body) }
	for _, tc := range []struct {
		name   string
		keys   []string
		header http.Header
		body   string
		want   error
	}{
		{"one key", []string{"k1"}, headers("X-DocuSign-Signature-1", sig("k1")), body, nil},
		{"their second key is ours", []string{"k1"}, headers("X-DocuSign-Signature-1", sig("other"), "X-DocuSign-Signature-2", sig("k1")), body, nil},
		{"our second key", []string{"new", "old"}, headers("X-DocuSign-Signature-1", sig("old")), body, nil},
		{"the hundredth header", []string{"k1"}, headers("X-DocuSign-Signature-100", sig("k1")), body, nil},
		{"a key in base64 is text", []string{"a2V5"}, headers("X-DocuSign-Signature-1", sig("a2V5")), body, nil},
		{"an empty key beside a good one", []string{"", "k1"}, headers("X-DocuSign-Signature-1", sig("k1")), body, nil},
		{"flipped byte", []string{"k1"}, headers("X-DocuSign-Signature-1", sig("k1")), strings.Replace(body, "completed", "comqleted", 1), facts.ErrSignature},
		{"line end lost", []string{"k1"}, headers("X-DocuSign-Signature-1", sig("k1")), strings.TrimSpace(body), facts.ErrSignature},
		{"wrong key", []string{"k2"}, headers("X-DocuSign-Signature-1", sig("k1")), body, facts.ErrSignature},
		{"the empty key signs nothing", []string{""}, headers("X-DocuSign-Signature-1", sig("")), body, facts.ErrNoKey},
		{"no keys", nil, headers("X-DocuSign-Signature-1", sig("k1")), body, facts.ErrNoKey},
		{"no header", []string{"k1"}, headers(), body, facts.ErrNotSigned},
		{"another header", []string{"k1"}, headers("X-Authorization-Digest", "HMACSHA256"), body, facts.ErrNotSigned},
		{"header 101", []string{"k1"}, headers("X-DocuSign-Signature-101", sig("k1")), body, facts.ErrNotSigned},
		{"not base64", []string{"k1"}, headers("X-DocuSign-Signature-1", "%%"), body, facts.ErrSignature},
		{"empty signature", []string{"k1"}, headers("X-DocuSign-Signature-1", "===="), body, facts.ErrSignature},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if err := Verify(tc.keys, tc.header, []byte(tc.body)); !errors.Is(err, tc.want) || tc.want == nil && err != nil {
				t.Fatalf("%v, want %v", err, tc.want)
			}
		})
	}
}

const completedEvent = `{"event":"envelope-completed","apiVersion":"v2.1","retryCount":RETRY,"configurationId":12,
"generatedDateTime":"2026-11-03T10:00:01.5000000Z","data":{"accountId":"a","userId":"u","envelopeId":"e1","envelopeSummary":
{"status":"completed","customFields":{"textCustomFields":[{"name":"rapport_key","value":"partnership/p1/contracting/envelope/1"},
{"name":"partnership_id","value":"p1"},{"name":"version","value":"2"}]}}}}`

func TestParse(t *testing.T) {
	t.Parallel()
	first, err := Parse([]byte(strings.Replace(completedEvent, "RETRY", "0", 1)))
	if err != nil {
		t.Fatal(err)
	}
	want := Event{
		DeliveryID: "e1/envelope-completed/2026-11-03T10:00:01.5000000Z", Kind: "envelope-completed", AccountID: "a", EnvelopeID: "e1",
		Status: partnership.EnvelopeCompleted, Key: "partnership/p1/contracting/envelope/1", PartnershipID: "p1", Version: 2,
		At: time.Date(2026, 11, 3, 10, 0, 1, 500000000, time.UTC),
	}
	if first != want {
		t.Fatalf("%+v", first)
	}
	if again, err := Parse([]byte(strings.Replace(completedEvent, "RETRY", `"3"`, 1))); err != nil || again != want {
		t.Fatalf("a repetition differs: %+v %v", again, err)
	}
	if other, err := Parse([]byte(`{"event":"click-agreed","data":{}}`)); err != nil || !strings.HasPrefix(other.DeliveryID, "sha256:") || other.Status != "" {
		t.Fatalf("an unknown event: %+v %v", other, err)
	}
	if e, _ := Parse([]byte(`{"event":"envelope-voided","data":{"envelopeId":"e1"}}`)); e.Status != partnership.EnvelopeVoided {
		t.Fatalf("without a summary: %+v", e)
	}
	if _, err := Parse([]byte(`<xml/>`)); err == nil {
		t.Fatal("XML passed")
	}
}

// TestParseOfficialSample reads the sample that DocuSign publishes for Connect's JSON.
func TestParseOfficialSample(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(httpxtest.SpecFile(t, "docusign/connect.schema-v2.json"))
	if err != nil {
		t.Fatal(err)
	}
	e, err := Parse(raw)
	if err != nil || e.EnvelopeID == "" || e.Status == "" {
		t.Fatalf("%+v %v", e, err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(completedEvent))
	f.Add([]byte(`{"event":"envelope-voided","data":{"envelopeId":"e1"},"generatedDateTime":"x"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if e, err := Parse(body); err == nil && e.DeliveryID == "" {
			t.Error("an event without a delivery id cannot be deduplicated")
		}
	})
}
