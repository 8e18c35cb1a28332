package docusign

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/rapport-dev/rapport/integrations/httpx/httpxtest"
	"github.com/rapport-dev/rapport/partnership"
)

const testID = partnership.PartnershipID("0198c0de-0000-7000-8000-000000000001")

func request() partnership.EnvelopeRequest {
	return partnership.EnvelopeRequest{
		Key: partnership.Key(testID, partnership.Contracting, "envelope", 1), PartnershipID: testID, Version: 1,
		Subject: strings.Repeat("é", 120), Message: "Please sign.", PDF: []byte("%PDF-1.7 test"),
		SignerName: "Ada Example", SignerEmail: "ada@example.test", WebhookURL: "https://rapport.example/webhooks/docusign",
	}
}

func TestCreateEnvelope(t *testing.T) {
	t.Parallel()
	created := reply{201, nil, EnvelopeSummary{EnvelopeID: "e1", Status: "sent"}}
	f := newFake(t, map[string][]reply{"POST /envelopes": {created}}).guarded()
	got, err := f.client().CreateEnvelope(t.Context(), request())
	if err != nil || got.ID != "e1" || got.Status != partnership.EnvelopeSent {
		t.Fatalf("%+v %v", got, err)
	}
	var def EnvelopeDefinition
	dec := json.NewDecoder(bytes.NewReader(f.bodies["POST /envelopes"]))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&def); err != nil {
		t.Fatal(err)
	}
	pdf, _ := base64.StdEncoding.DecodeString(def.Documents[0].DocumentBase64)
	signer := def.Recipients.Signers[0]
	for what, ok := range map[string]bool{
		"status":      def.Status == "sent",
		"subject cut": len([]rune(def.EmailSubject)) == maxSubject,
		"transaction": def.TransactionID == TransactionID(request().Key),
		"pdf":         bytes.Equal(pdf, request().PDF),
		"anchors":     signer.Tabs.SignHereTabs[0].AnchorString == "/sig1/" && signer.Tabs.DateSignedTabs[0].AnchorString == "/date1/",
		"fields": def.CustomFields.Get("rapport_key") == string(request().Key) &&
			def.CustomFields.Get("partnership_id") == string(testID) && def.CustomFields.Get("version") == "1",
		"webhook": def.EventNotification.URL == request().WebhookURL && def.EventNotification.DeliveryMode == "SIM" &&
			def.EventNotification.IncludeHMAC == "true" && def.EventNotification.RequireAcknowledgment == "true",
	} {
		if !ok {
			t.Errorf("%s is wrong in %s", what, f.bodies["POST /envelopes"])
		}
	}
}

func TestEnvelopeWithoutWhatItNeeds(t *testing.T) {
	t.Parallel()
	f := newFake(t, nil)
	for name, broken := range map[string]func(*partnership.EnvelopeRequest){
		"pdf":   func(r *partnership.EnvelopeRequest) { r.PDF = nil },
		"name":  func(r *partnership.EnvelopeRequest) { r.SignerName = "" },
		"email": func(r *partnership.EnvelopeRequest) { r.SignerEmail = "" },
	} {
		r := request()
		broken(&r)
		if _, err := f.client().CreateEnvelope(t.Context(), r); partnership.ClassOf(err) != partnership.Permanent {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNotificationOnlyWhereDocuSignMayPost(t *testing.T) {
	t.Parallel()
	for hook, want := range map[string]bool{
		"https://rapport.example/webhooks/docusign": true,
		"http://127.0.0.1:8080/webhooks/docusign":   true,
		"http://localhost:8080/webhooks/docusign":   true,
		"http://[::1]:8080/webhooks/docusign":       true,
		"http://rapport.example/webhooks/docusign":  false,
		"http://10.0.0.1/webhooks/docusign":         false,
		"":                                          false,
		"::":                                        false,
	} {
		if got := notification(hook) != nil; got != want {
			t.Errorf("%q: %v", hook, got)
		}
	}
}

func TestTransactionID(t *testing.T) {
	t.Parallel()
	id := uuid.MustParse(TransactionID("partnership/x/contracting/envelope/1"))
	if id.Version() != 5 || id.Variant() != uuid.RFC4122 {
		t.Errorf("%s is version %d, variant %v", id, id.Version(), id.Variant())
	}
	if id.String() != TransactionID("partnership/x/contracting/envelope/1") || id.String() == TransactionID("partnership/x/contracting/envelope/2") {
		t.Error("not a function of the key")
	}
}

func TestFindEnvelope(t *testing.T) {
	t.Parallel()
	key := request().Key
	known := reply{200, nil, Envelope{EnvelopeID: "e1", Status: "completed", CompletedDateTime: "2026-11-03T10:00:00.1234567Z"}}
	unknown := reply{200, nil, EnvelopesInformation{EnvelopeTransactionStatuses: []EnvelopeTransactionStatus{
		{TransactionID: TransactionID(key), ErrorDetails: &ErrorDetails{ErrorCode: "ENVELOPE_DOES_NOT_EXIST"}},
	}}}
	field := func(value string) reply {
		return reply{200, nil, EnvelopesInformation{Envelopes: []Envelope{
			{EnvelopeID: "e0", Status: "sent"},
			{EnvelopeID: "e1", Status: "sent", CustomFields: &CustomFields{[]TextCustomField{{Name: FieldKey, Value: value}}}},
		}}}
	}
	for _, tc := range []struct {
		name string
		list []reply
		code partnership.Code
	}{
		{"by transaction", []reply{{200, nil, EnvelopesInformation{EnvelopeTransactionStatuses: []EnvelopeTransactionStatus{
			{TransactionID: TransactionID(key), EnvelopeID: "e1", Status: "sent"},
		}}}}, ""},
		{"by field after seven days", []reply{unknown, field(string(key))}, ""},
		{"another's field", []reply{unknown, field("partnership/other")}, partnership.NotFound},
		{"none", []reply{{200, nil, EnvelopesInformation{}}}, partnership.NotFound},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := newFake(t, map[string][]reply{"GET /envelopes": tc.list, "GET /envelopes/e1": {known}}).guarded()
			e, err := f.client().FindEnvelope(t.Context(), key)
			if partnership.CodeOf(err) != tc.code || tc.code == "" && err != nil {
				t.Fatal(err)
			}
			if err == nil && (e.ID != "e1" || e.Status != partnership.EnvelopeCompleted ||
				!e.CompletedAt.Equal(time.Date(2026, 11, 3, 10, 0, 0, 123456700, time.UTC))) {
				t.Fatalf("%+v", e)
			}
		})
	}
}

func TestVoidIsRepeatable(t *testing.T) {
	t.Parallel()
	refused := reply{400, nil, ErrorDetails{"ENVELOPE_CANNOT_VOID_INVALID_STATE", "Only envelopes in the 'Sent' or 'Delivered' states may be voided."}}
	for _, tc := range []struct {
		name   string
		put    reply
		status string
		code   partnership.Code
		class  partnership.Class
	}{
		{"voided now", reply{200, nil, "{}"}, "", "", ""},
		{"voided before", refused, "voided", "", ""},
		{"declined", refused, "declined", "", ""},
		{"completed", refused, "completed", partnership.Conflict, ""},
		{"still a draft", refused, "created", "", partnership.Permanent},
		{"down", reply{502, nil, ""}, "", "", partnership.Retry},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := newFake(t, map[string][]reply{
				"PUT /envelopes/e1": {tc.put},
				"GET /envelopes/e1": {{200, nil, Envelope{EnvelopeID: "e1", Status: tc.status}}},
			}).guarded()
			err := f.client().VoidEnvelope(t.Context(), "e1", strings.Repeat("x", 300))
			if partnership.CodeOf(err) != tc.code || partnership.ClassOf(err) != tc.class {
				t.Fatal(err)
			}
			if (tc.code == "" && tc.class == "") != (err == nil) {
				t.Fatal(err)
			}
			var def EnvelopeDefinition
			if err := json.Unmarshal(f.bodies["PUT /envelopes/e1"], &def); err != nil || len(def.VoidedReason) != maxVoidReason || def.Status != "voided" {
				t.Errorf("%+v %v", def, err)
			}
		})
	}
}

func TestDocuments(t *testing.T) {
	t.Parallel()
	f := newFake(t, map[string][]reply{
		"GET /envelopes/e1/documents/combined":    {{200, nil, "%PDF contract"}},
		"GET /envelopes/e1/documents/certificate": {{200, nil, "%PDF certificate"}},
	}).guarded()
	docs, err := f.client().Documents(t.Context(), "e1")
	if err != nil || string(docs.Contract) != "%PDF contract" || string(docs.Certificate) != "%PDF certificate" {
		t.Fatalf("%s %s %v", docs.Contract, docs.Certificate, err)
	}
	if q := f.queries["GET /envelopes/e1/documents/combined"]; q != "certificate=false" {
		t.Errorf("query %q", q)
	}
}

func TestErrorClasses(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 1, 9, 50, 0, 0, time.UTC)
	for _, tc := range []struct {
		name   string
		status int
		header http.Header
		body   string
		create partnership.Class
		get    partnership.Class
		after  time.Duration
	}{
		{"hourly limit with 400", 400, nil, `{"errorCode":"HOURLY_APIINVOCATION_LIMIT_EXCEEDED","message":""}`, partnership.Retry, partnership.Retry, 10 * time.Minute},
		{"hourly limit with reset", 400, http.Header{"X-Ratelimit-Reset": {"1793526660"}}, `{"errorCode":"HOURLY_APIINVOCATION_LIMIT_EXCEEDED"}`, partnership.Retry, partnership.Retry, time.Minute},
		{"polling limit", 400, nil, `{"errorCode":"HOURLY_ENVELOPE_POLLING_LIMIT_EXCEEDED"}`, partnership.Retry, partnership.Retry, 10 * time.Minute},
		{"burst limit", 400, nil, `{"errorCode":"BURST_APIINVOCATION_LIMIT_EXCEEDED"}`, partnership.Retry, partnership.Retry, 30 * time.Second},
		{"429", 429, http.Header{"Retry-After": {"5"}}, `{}`, partnership.Retry, partnership.Retry, 5 * time.Second},
		{"locked", 400, nil, `{"errorCode":"EDIT_LOCK_ENVELOPE_LOCKED"}`, partnership.Retry, partnership.Retry, 0},
		{"500", 500, nil, `{"errorCode":"UNSPECIFIED_ERROR"}`, partnership.Ambiguous, partnership.Retry, 0},
		{"504 without JSON", 504, nil, `<html>`, partnership.Ambiguous, partnership.Retry, 0},
		{"503", 503, nil, ``, partnership.Retry, partnership.Retry, 0},
		{"body", 400, nil, `{"errorCode":"INVALID_REQUEST_BODY"}`, partnership.Permanent, partnership.Permanent, 0},
		{"permission", 400, nil, `{"errorCode":"USER_LACKS_PERMISSIONS"}`, partnership.Barred, partnership.Barred, 0},
		{"no envelope", 404, nil, `{"errorCode":"ENVELOPE_DOES_NOT_EXIST"}`, partnership.Permanent, partnership.Permanent, 0},
		{"token", 401, nil, `{"errorCode":"AUTHORIZATION_INVALID_TOKEN"}`, partnership.Barred, partnership.Barred, 0},
		{"unknown", 418, nil, `{"errorCode":"x","message":"ada@example.test"}`, partnership.Permanent, partnership.Permanent, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if tc.header == nil {
				tc.header = http.Header{}
			}
			for repeatable, want := range map[bool]partnership.Class{false: tc.create, true: tc.get} {
				v := callError(call{op: "op", repeatable: repeatable}, tc.status, tc.header, []byte(tc.body), now)
				if v.Class != want || v.RetryAfter != tc.after || v.Message == "" {
					t.Errorf("repeatable=%v: %s %v %q, want %s %v", repeatable, v.Class, v.RetryAfter, v.Message, want, tc.after)
				}
				if strings.Contains(v.Error(), "ada@") {
					t.Error("an address leaked")
				}
			}
		})
	}
}

func TestBrokenExchanges(t *testing.T) {
	t.Parallel()
	f := newFake(t, nil)
	cut, calls := httpxtest.CutServer(t)

	cfg := f.config()
	cfg.BaseURL = cut.URL + "/restapi"
	c := New(cfg)
	if _, err := c.CreateEnvelope(t.Context(), request()); partnership.ClassOf(err) != partnership.Ambiguous || calls() != 1 {
		t.Errorf("create: %v after %d calls", err, calls())
	}
	if _, err := c.Envelope(t.Context(), "e1"); partnership.ClassOf(err) != partnership.Retry {
		t.Errorf("get: %v", err)
	}
	if err := c.VoidEnvelope(t.Context(), "e1", "x"); partnership.ClassOf(err) != partnership.Retry {
		t.Errorf("void: %v", err)
	}

	cfg.BaseURL = httpxtest.DeadURL(t) + "/restapi"
	if _, err := New(cfg).CreateEnvelope(t.Context(), request()); partnership.ClassOf(err) != partnership.Retry {
		t.Errorf("dial: %v", err)
	}
	cfg.AuthURL = cut.URL
	if _, err := New(cfg).CreateEnvelope(t.Context(), request()); partnership.ClassOf(err) != partnership.Retry {
		t.Errorf("token: %v", err)
	}

	f.replies = map[string][]reply{"POST /envelopes": {{201, nil, "<html>"}, {201, nil, "{}"}}}
	for range 2 {
		_, err := f.client().CreateEnvelope(t.Context(), request())
		if v, ok := errors.AsType[*partnership.VendorError](err); !ok || v.Class != partnership.Ambiguous {
			t.Errorf("unreadable answer: %v", err)
		}
	}
}

// A signer may sign by mail, and by an address that is asked for them as the envelope names them; an older envelope is signed by mail alone.
func TestSigningOnOurPage(t *testing.T) {
	t.Parallel()
	signer := Signer{RecipientID: "1", Name: "Ada Example", Email: "ada@example.test", ClientUserID: string(testID)}
	f := newFake(t, map[string][]reply{
		"GET /envelopes/e1/recipients":       {{200, nil, Recipients{Signers: []Signer{signer}}}},
		"POST /envelopes/e1/views/recipient": {{201, nil, ViewURL{URL: "https://demo.docusign.net/Signing/x?slt=1"}}},
		"GET /envelopes/e0/recipients":       {{200, nil, Recipients{Signers: []Signer{{RecipientID: "1", Name: "Ada Example", Email: "ada@example.test"}}}}},
	}).guarded()
	got, err := f.client().SigningURL(t.Context(), "e1", "https://rapport.example/t/x?signed=1", "pt-BR")
	if err != nil || got != "https://demo.docusign.net/Signing/x?locale=pt_BR&slt=1" {
		t.Fatalf("%q %v", got, err)
	}
	var asked RecipientViewRequest
	if err := json.Unmarshal(f.bodies["POST /envelopes/e1/views/recipient"], &asked); err != nil || asked.UserName != signer.Name || asked.Email != signer.Email ||
		asked.ClientUserID != signer.ClientUserID || asked.ReturnURL != "https://rapport.example/t/x?signed=1" || asked.AuthenticationMethod != "Email" {
		t.Errorf("%+v %v", asked, err)
	}
	if _, err := f.client().SigningURL(t.Context(), "e0", "https://rapport.example/t/x", ""); partnership.CodeOf(err) != partnership.Conflict {
		t.Errorf("an envelope without a client id: %v", err)
	}
	made := definition(request()).Recipients.Signers[0]
	if made.ClientUserID != string(testID) || made.StartURL != "SIGN_AT_DOCUSIGN" {
		t.Errorf("the signer is not written to as well: %+v", made)
	}
}
