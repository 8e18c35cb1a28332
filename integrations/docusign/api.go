package docusign

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	"github.com/rapport-dev/rapport/integrations/httpx"
	"github.com/rapport-dev/rapport/partnership"
)

const (
	vendor      = "docusign"
	maxAnswer   = 4 << 20
	maxDocument = 64 << 20
)

// EnvelopesAPI is the part of DocuSign's EnvelopesApi that Rapport uses, under the SDK's method names.
type EnvelopesAPI struct {
	base string // {REST base}/v2.1/accounts/{account}
	auth *auth
	http *http.Client
	now  func() time.Time
}

// CreateEnvelope posts an envelope. It is not idempotent: a broken exchange is Ambiguous.
func (a *EnvelopesAPI) CreateEnvelope(ctx context.Context, def EnvelopeDefinition) (EnvelopeSummary, error) {
	var out EnvelopeSummary
	err := a.json(ctx, call{op: "envelope.create", method: http.MethodPost, path: "/envelopes", body: def}, &out)
	return out, err
}

// GetEnvelope reads one envelope.
func (a *EnvelopesAPI) GetEnvelope(ctx context.Context, id string) (Envelope, error) {
	var out Envelope
	err := a.json(ctx, call{op: "envelope.get", method: http.MethodGet, path: "/envelopes/" + url.PathEscape(id), repeatable: true}, &out)
	return out, err
}

// ListRecipients reads who an envelope is for.
func (a *EnvelopesAPI) ListRecipients(ctx context.Context, id string) (Recipients, error) {
	var out Recipients
	err := a.json(ctx, call{op: "envelope.recipients", method: http.MethodGet, path: "/envelopes/" + url.PathEscape(id) + "/recipients", repeatable: true}, &out)
	return out, err
}

// CreateRecipientView makes an address where a signer signs. Another one may be made at any time.
func (a *EnvelopesAPI) CreateRecipientView(ctx context.Context, id string, q RecipientViewRequest) (ViewURL, error) {
	var out ViewURL
	err := a.json(ctx, call{op: "recipient_view.create", method: http.MethodPost, path: "/envelopes/" + url.PathEscape(id) + "/views/recipient", body: q, repeatable: true}, &out)
	return out, err
}

// ListStatusChanges searches envelopes; query takes DocuSign's own parameters.
func (a *EnvelopesAPI) ListStatusChanges(ctx context.Context, query url.Values) (EnvelopesInformation, error) {
	var out EnvelopesInformation
	err := a.json(ctx, call{op: "envelope.list", method: http.MethodGet, path: "/envelopes?" + query.Encode(), repeatable: true}, &out)
	return out, err
}

// Update changes an envelope; only the fields that are set are sent.
func (a *EnvelopesAPI) Update(ctx context.Context, id string, def EnvelopeDefinition) error {
	c := call{op: "envelope.update", method: http.MethodPut, path: "/envelopes/" + url.PathEscape(id), body: def, repeatable: true}
	return a.json(ctx, c, nil)
}

// GetDocument returns the PDF of "combined", "certificate" or a document id.
func (a *EnvelopesAPI) GetDocument(ctx context.Context, id, document string) ([]byte, error) {
	path := "/envelopes/" + url.PathEscape(id) + "/documents/" + url.PathEscape(document)
	if document == "combined" {
		path += "?certificate=false" // it is read and kept apart
	}
	return a.send(ctx, call{op: "document.get", method: http.MethodGet, path: path, limit: maxDocument, repeatable: true})
}

// call is one request. A repeatable one may be sent twice without harm.
type call struct {
	op, method, path string
	body             any
	limit            int64
	repeatable       bool
}

func (a *EnvelopesAPI) json(ctx context.Context, c call, out any) error {
	answer, err := a.send(ctx, c)
	if err != nil || out == nil {
		return err
	}
	if err := json.Unmarshal(answer, out); err != nil {
		v := refusal(c.op, "the answer is not DocuSign's JSON: check DOCUSIGN_BASE_URL")
		if !c.repeatable {
			v.Class = partnership.Ambiguous
		}
		return v
	}
	return nil
}

// send makes the request and, when DocuSign no longer takes the token, once more with a new one.
func (a *EnvelopesAPI) send(ctx context.Context, c call) ([]byte, error) {
	var payload []byte
	if c.body != nil {
		var err error
		if payload, err = json.Marshal(c.body); err != nil {
			return nil, refusal(c.op, "the request could not be written as JSON")
		}
	}
	for attempt := 1; ; attempt++ {
		token, err := a.auth.token(ctx)
		if err != nil {
			return nil, err
		}
		status, header, answer, err := a.exchange(ctx, c, payload, token)
		switch {
		case err != nil:
			return nil, err
		case status >= 200 && status <= 299:
			return answer, nil
		case status == http.StatusUnauthorized && attempt == 1:
			a.auth.forget(token)
		default:
			return nil, callError(c, status, header, answer, a.now())
		}
	}
}

func (a *EnvelopesAPI) exchange(ctx context.Context, c call, payload []byte, token string) (int, http.Header, []byte, error) {
	req, err := http.NewRequestWithContext(ctx, c.method, a.base+c.path, bytes.NewReader(payload))
	if err != nil {
		return 0, nil, nil, refusal(c.op, "the base URL is not a URL: check DOCUSIGN_BASE_URL").ForAll()
	}
	req.Header.Set("Authorization", "Bearer "+token)
	if payload != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	limit := c.limit
	if limit == 0 {
		limit = maxAnswer
	}
	status, header, answer, err := httpx.Do(a.http, req, limit)
	if err != nil {
		return 0, nil, nil, httpx.Classify(vendor, c.op, err, c.repeatable)
	}
	return status, header, answer, nil
}
