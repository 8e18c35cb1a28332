package vendors_test

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/integrations/docusign"
	"github.com/rapport-dev/rapport/partnership/paper"
)

// As strict as DocuSign: what an envelope needs, its limits, and anchors that stand in the document.

// dsToken signs in with the real client and keeps what it was given: the tests below write requests of their own.
func (b *box) dsToken() string {
	b.t.Helper()
	var token string
	client := &http.Client{Transport: tapped(func(r *http.Request) { token = r.Header.Get("Authorization") })}
	c := docusign.New(docusign.Config{
		AccountID: b.env["DOCUSIGN_ACCOUNT_ID"], IntegrationKey: b.env["DOCUSIGN_INTEGRATION_KEY"], UserID: b.env["DOCUSIGN_USER_ID"],
		PrivateKeyPEM: b.env["DOCUSIGN_PRIVATE_KEY"], BaseURL: b.env["DOCUSIGN_BASE_URL"], AuthURL: b.env["DOCUSIGN_AUTH_URL"], HTTPClient: client,
	})
	_, _ = c.Envelope(ctx, "none")
	return token
}

type tapped func(*http.Request)

func (f tapped) RoundTrip(r *http.Request) (*http.Response, error) {
	f(r)
	return http.DefaultTransport.RoundTrip(r)
}

// drawn is a PDF as contracts are drawn, compressed.
func drawn(t *testing.T, text string) []byte {
	t.Helper()
	doc := paper.New("Agreement", nil)
	doc.Text(11, "Between the brand and the creator")
	doc.Anchor(11, text)
	pdf, err := doc.PDF()
	if err != nil {
		t.Fatal(err)
	}
	return pdf
}

func TestDocuSignLimits(t *testing.T) {
	t.Parallel()
	b := start(t)
	token := b.dsToken()
	type object = map[string]any
	good := func() object {
		return object{
			"status": "sent", "emailSubject": "Agreement", "emailBlurb": "Please sign",
			"documents": []any{object{"documentId": "1", "name": "Agreement", "fileExtension": "pdf", "documentBase64": base64.StdEncoding.EncodeToString([]byte(contractPDF))}},
			"recipients": object{"signers": []any{object{
				"recipientId": "1", "name": "Ana", "email": "ana@creators.example",
				"tabs": object{"signHereTabs": []any{object{"anchorString": "/SIG1/"}}, "dateSignedTabs": []any{object{"anchorString": "/date1/"}}},
			}}},
			"customFields":      object{"textCustomFields": []any{object{"name": "rapport_key", "value": "k"}}},
			"eventNotification": object{"url": "https://acme.example/hook", "events": []any{"envelope-sent"}, "eventData": object{"version": "restv2.1", "format": "json"}},
		}
	}
	send := func(d object) (int, string) {
		status, body := b.call(http.MethodPost, "/docusign/restapi/v2.1/accounts/"+b.keys["docusign_account_id"]+"/envelopes", d, "Authorization", token)
		var out struct{ ErrorCode, Message string }
		_ = json.Unmarshal(body, &out)
		return status, out.ErrorCode + ": " + out.Message
	}
	doc := func(key string, value any) func(object) {
		return func(d object) { d["documents"].([]any)[0].(object)[key] = value }
	}
	signer := func(key string, value any) func(object) {
		return func(d object) { d["recipients"].(object)["signers"].([]any)[0].(object)[key] = value }
	}
	top := func(key string, value any) func(object) { return func(d object) { d[key] = value } }
	anchored := func(anchor object) func(object) { return signer("tabs", object{"signHereTabs": []any{anchor}}) }
	field := func(value string) func(object) {
		return top("customFields", object{"textCustomFields": []any{object{"name": "f", "value": value}}})
	}
	hook := func(u string) func(object) {
		return func(d object) { d["eventNotification"].(object)["url"] = u }
	}
	pdf := func(text string) func(object) {
		return doc("documentBase64", base64.StdEncoding.EncodeToString(drawn(t, text)))
	}
	for name, c := range map[string]struct {
		fits, breaks func(object)
		want         string
	}{
		"subject":             {top("emailSubject", chars(100)), top("emailSubject", chars(101)), "INVALID_EMAIL_SUBJECT"},
		"no subject":          {top("emailSubject", "x"), top("emailSubject", " "), "ENVELOPE_IS_INCOMPLETE"},
		"blurb":               {top("emailBlurb", chars(10_000)), top("emailBlurb", chars(10_001)), "INVALID_EMAIL_BODY"},
		"name":                {signer("name", chars(100)), signer("name", chars(101)), "INVALID_REQUEST_PARAMETER"},
		"no name":             {signer("name", "A"), signer("name", " "), "INVALID_REQUEST_PARAMETER"},
		"address":             {signer("email", chars(64)+"@"+chars(31)+".io"), signer("email", chars(64)+"@"+chars(33)+".io"), "INVALID_EMAIL_ADDRESS_FOR_RECIPIENT"},
		"custom field":        {field(chars(100)), field(chars(101)), "INVALID_REQUEST_PARAMETER"},
		"an anchor":           {anchored(object{"anchorString": "/date1/"}), anchored(object{"anchorString": "/sig2/"}), "ANCHOR_TAB_STRING_NOT_FOUND"},
		"an optional anchor":  {anchored(object{"anchorString": "/sig2/", "anchorIgnoreIfNotPresent": "true"}), anchored(object{"anchorString": "/sig2/", "anchorIgnoreIfNotPresent": "false"}), "ANCHOR_TAB_STRING_NOT_FOUND"},
		"a place":             {anchored(object{"documentId": "1", "pageNumber": "1", "xPosition": "10", "yPosition": "10"}), anchored(object{"documentId": "1"}), "INVALID_REQUEST_PARAMETER"},
		"a compressed anchor": {pdf("Signed: /sig1/ on /date1/"), pdf("Signed: /sig1/"), "ANCHOR_TAB_STRING_NOT_FOUND"},
		"a public listener":   {hook("https://acme.example/hook"), hook("http://acme.example/hook"), "INVALID_REQUEST_PARAMETER"},
		"a local listener":    {hook("http://127.0.0.1:8080/hook"), hook("/hook"), "INVALID_REQUEST_PARAMETER"},
		"a PDF":               {doc("name", "A"), doc("documentBase64", "aGVsbG8="), "PDF_VALIDATION_FAILED"},
	} {
		d := good()
		c.fits(d)
		if status, problem := send(d); status != http.StatusCreated {
			t.Errorf("%s: refused at the limit: %d %s", name, status, problem)
		}
		d = good()
		c.breaks(d)
		if status, problem := send(d); status != http.StatusBadRequest || !strings.HasPrefix(problem, c.want) {
			t.Errorf("%s: beyond the limit: %d %s", name, status, problem)
		}
	}
}

// TestDocuSignAnchorsInWideText: fonts with all scripts write their text in UTF-16.
func TestDocuSignAnchorsInWideText(t *testing.T) {
	t.Parallel()
	b := start(t)
	var wide, stream bytes.Buffer
	for _, r := range "/sig1/ /date1/" {
		wide.Write([]byte{0, byte(r)})
	}
	z := zlib.NewWriter(&stream)
	_, _ = z.Write(wide.Bytes())
	z.Close()
	e := b.envelope(1)
	e.PDF = append([]byte("%PDF-1.4\nstream\n"), stream.Bytes()...)
	if _, err := b.signer().CreateEnvelope(ctx, e); err != nil {
		t.Error(err)
	}
}
