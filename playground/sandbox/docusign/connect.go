package docusign

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"

	pdf "github.com/carlos7ags/folio/document"
	"github.com/carlos7ags/folio/font"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// timestamp writes an instant as DocuSign does: seven digits of a second.
func timestamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.0000000Z") }

// json is an envelope as GET shows it.
func (e *envelope) json(include ...string) map[string]any {
	uri := "/envelopes/" + e.ID
	out := map[string]any{
		"envelopeId": e.ID, "envelopeUri": uri, "status": e.Status, "emailSubject": e.Subject, "emailBlurb": e.Blurb,
		"createdDateTime": timestamp(e.CreatedAt), "lastModifiedDateTime": timestamp(e.ChangedAt), "statusChangedDateTime": timestamp(e.ChangedAt),
		"documentsUri": uri + "/documents", "documentsCombinedUri": uri + "/documents/combined", "recipientsUri": uri + "/recipients",
		"certificateUri": uri + "/documents/certificate", "customFieldsUri": uri + "/custom_fields",
	}
	for name, t := range map[string]time.Time{
		"sentDateTime": e.SentAt, "initialSentDateTime": e.SentAt, "deliveredDateTime": e.DeliveredAt, "completedDateTime": e.CompletedAt,
		"declinedDateTime": e.DeclinedAt, "voidedDateTime": e.VoidedAt,
	} {
		if !t.IsZero() {
			out[name] = timestamp(t)
		}
	}
	if e.TransactionID != "" {
		out["transactionId"] = e.TransactionID
	}
	if e.VoidedReason != "" {
		out["voidedReason"] = e.VoidedReason
	}
	if slices.Contains(include, "custom_fields") {
		out["customFields"] = map[string]any{"textCustomFields": sandbox.List(e.Fields), "listCustomFields": []any{}}
	}
	if slices.Contains(include, "recipients") {
		out["recipients"] = map[string]any{"signers": []signer{e.Signer}, "recipientCount": "1"}
	}
	return out
}

// connectEvent is Connect's JSON SIM payload.
type connectEvent struct {
	Event             string      `json:"event"`
	APIVersion        string      `json:"apiVersion"`
	URI               string      `json:"uri"`
	RetryCount        int         `json:"retryCount"`
	ConfigurationID   int         `json:"configurationId"`
	GeneratedDateTime string      `json:"generatedDateTime"`
	Data              connectData `json:"data"`
}

type connectData struct {
	AccountID       string         `json:"accountId"`
	UserID          string         `json:"userId"`
	EnvelopeID      string         `json:"envelopeId"`
	RecipientID     string         `json:"recipientId,omitempty"` // of recipient-* events
	EnvelopeSummary map[string]any `json:"envelopeSummary"`
}

// connect sends a Connect webhook if the envelope subscribed to the event. It always goes to the front door: the url of
// an eventNotification is a public one that may not lead anywhere from here. The lock is held.
func (s *service) connect(e *envelope, event string) {
	if e.Events != nil && !slices.ContainsFunc(e.Events, func(sub string) bool { return strings.EqualFold(sub, event) }) {
		return
	}
	recipient := ""
	if strings.HasPrefix(event, "recipient-") {
		recipient = e.Signer.RecipientID
	}
	var body bytes.Buffer
	enc := json.NewEncoder(&body)
	enc.SetEscapeHTML(false) // the bytes are signed as DocuSign would write them
	sandbox.Must(0, enc.Encode(connectEvent{
		Event: event, APIVersion: "v2.1", URI: "/restapi/v2.1/accounts/" + s.keys["docusign_account_id"] + "/envelopes/" + e.ID,
		ConfigurationID: 10523, GeneratedDateTime: timestamp(s.Now()),
		Data: connectData{
			AccountID: s.keys["docusign_account_id"], UserID: s.keys["docusign_user_id"], EnvelopeID: e.ID, RecipientID: recipient,
			EnvelopeSummary: e.json("custom_fields", "recipients"),
		},
	}))
	s.Post(&sandbox.Delivery{Queue: name, Path: "/webhooks/docusign", ContentType: "application/json", Body: body.Bytes(), Events: []string{event}})
}

// certificate is what DocuSign issues for a completed envelope.
func (s *service) certificate(e *envelope) []byte {
	sum := sha256.Sum256(s.Blob(e.Document))
	doc := pdf.NewDocument(pdf.PageSizeA4)
	doc.Info.Title = "Certificate Of Completion"
	page := doc.AddPage()
	page.AddText("Certificate Of Completion", font.HelveticaBold, 16, 40, 790)
	for i, line := range []string{
		"Envelope Id: " + e.ID,
		"Subject: " + e.Subject,
		"Status: Completed",
		"Signer: " + e.Signer.Name + " <" + e.Signer.Email + ">",
		"Sent: " + e.SentAt.Format(time.RFC3339),
		"Viewed: " + e.DeliveredAt.Format(time.RFC3339),
		"Signed: " + e.CompletedAt.Format(time.RFC3339),
		"Security level: email. Electronic record and signature disclosure accepted.",
		"SHA-256 of the document: " + hex.EncodeToString(sum[:]),
	} {
		page.AddText(line, font.Helvetica, 11, 40, 760-20*float64(i)) // what Helvetica has not, it leaves out
	}
	return sandbox.Must(doc.ToBytes())
}
