package docusign

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// An envelope is a contract at DocuSign, with one signer.
type envelope struct {
	ID            string      `json:"id"`
	TransactionID string      `json:"transaction_id"`
	Status        string      `json:"status"` // created, sent, delivered, completed, declined, voided
	Subject       string      `json:"subject"`
	Blurb         string      `json:"blurb"`
	Fields        []textField `json:"fields"`
	Signer        signer      `json:"signer"`
	DocumentName  string      `json:"document_name"`
	Document      string      `json:"document"`    // blob, PDF
	Certificate   string      `json:"certificate"` // blob, PDF; once completed
	Events        []string    `json:"events"`      // subscribed by its eventNotification; nil: all
	VoidedReason  string      `json:"voided_reason"`
	CreatedAt     time.Time   `json:"created_at"`
	SentAt        time.Time   `json:"sent_at,omitzero"`
	DeliveredAt   time.Time   `json:"delivered_at,omitzero"`
	CompletedAt   time.Time   `json:"completed_at,omitzero"`
	DeclinedAt    time.Time   `json:"declined_at,omitzero"`
	VoidedAt      time.Time   `json:"voided_at,omitzero"`
	ChangedAt     time.Time   `json:"changed_at"`
}

// open says that it waits for its signer.
func (e *envelope) open() bool { return e.Status == "sent" || e.Status == "delivered" }

// field is the value of a text custom field, "" when there is none.
func (e *envelope) field(name string) string {
	for _, f := range e.Fields {
		if f.Name == name {
			return f.Value
		}
	}
	return ""
}

func refuse(w http.ResponseWriter, status int, code, message string) {
	sandbox.WriteJSON(w, status, map[string]string{"errorCode": code, "message": message})
}

func (s *service) inAccount(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.PathValue("account") != s.keys["docusign_account_id"] {
			refuse(w, http.StatusUnauthorized, "USER_DOES_NOT_BELONG_TO_SPECIFIED_ACCOUNT", "The specified User does not belong to the specified Account.")
			return
		}
		h(w, r)
	}
}

func (s *service) createEnvelope(w http.ResponseWriter, r *http.Request) {
	var d definition
	if err := json.NewDecoder(r.Body).Decode(&d); err != nil {
		refuse(w, http.StatusBadRequest, "INVALID_REQUEST_BODY", "The request body is missing or improperly formatted. "+err.Error())
		return
	}
	pdf, wrong := d.check()
	if wrong != nil {
		refuse(w, http.StatusBadRequest, wrong.code, wrong.message)
		return
	}
	e := &envelope{
		ID: uuid.NewString(), TransactionID: d.TransactionID, Status: "created", Subject: d.EmailSubject, Blurb: d.EmailBlurb,
		Fields: d.CustomFields.TextCustomFields, Signer: d.Recipients.Signers[0], DocumentName: d.Documents[0].Name,
		Document: s.PutBlob(pdf), CreatedAt: s.Now(), ChangedAt: s.Now(),
	}
	e.Signer.Tabs = nil // recipients are shown without theirs
	if n := d.EventNotification; n != nil {
		e.Events = sandbox.List(n.Events)
	}
	for i := range e.Fields {
		e.Fields[i].FieldID = strconv.FormatInt(s.Next(), 10)
	}
	s.st.Envelopes = append(s.st.Envelopes, e)
	if d.Status == "sent" {
		s.sendEnvelope(e)
	}
	sandbox.WriteJSON(w, http.StatusCreated, map[string]string{
		"envelopeId": e.ID, "uri": "/envelopes/" + e.ID, "statusDateTime": timestamp(e.ChangedAt), "status": e.Status,
	})
}

// sendEnvelope moves a draft out and puts DocuSign's mail into the signer's mailbox. The lock is held.
func (s *service) sendEnvelope(e *envelope) {
	e.Status, e.SentAt, e.ChangedAt, e.Signer.Status = "sent", s.Now(), s.Now(), "sent"
	if e.Signer.mailed() {
		s.notifySigner(e)
	}
	s.connect(e, "envelope-sent")
}

// notifySigner puts DocuSign's own mail into the signer's mailbox. The lock is held.
func (s *service) notifySigner(e *envelope) {
	link := s.URL() + "/docusign/signing/" + e.ID
	text := fmt.Sprintf("Rapport sent you a document to review and sign.\n\n%s\n\n%s\n\nReview document: %s\n", e.Subject, e.Blurb, link)
	page := fmt.Sprintf(`<p>Rapport sent you a document to review and sign.</p><h2>%s</h2><p>%s</p><p><a href="%s">Review document</a></p>`,
		html.EscapeString(e.Subject), html.EscapeString(e.Blurb), link)
	s.Deliver(&sandbox.Letter{
		Seq: s.Next(), Via: name, MessageID: sandbox.NewID("", 22), From: "dse@docusign.example", FromName: "DocuSign",
		Args: map[string]string{"msg_key": e.field("rapport_key"), "partnership_id": e.field("partnership_id"), "kind": "docusign"},
		To:   e.Signer.Email, Subject: "Please sign: " + e.Subject, At: s.Now(),
	}, text, page)
}

func (s *service) envelopeOf(w http.ResponseWriter, r *http.Request) *envelope {
	e := sandbox.Find(s.st.Envelopes, func(e *envelope) bool { return e.ID == r.PathValue("id") })
	if e == nil {
		refuse(w, http.StatusNotFound, "ENVELOPE_DOES_NOT_EXIST", "The envelope specified either does not exist or you have no rights to it.")
	}
	return e
}

func (s *service) getEnvelope(w http.ResponseWriter, r *http.Request) {
	if e := s.envelopeOf(w, r); e != nil {
		sandbox.WriteJSON(w, http.StatusOK, e.json(strings.Split(r.URL.Query().Get("include"), ",")...))
	}
}

func (s *service) getRecipients(w http.ResponseWriter, r *http.Request) {
	if e := s.envelopeOf(w, r); e != nil {
		sandbox.WriteJSON(w, http.StatusOK, map[string]any{"signers": []signer{e.Signer}, "recipientCount": "1"})
	}
}

func (s *service) getCustomFields(w http.ResponseWriter, r *http.Request) {
	if e := s.envelopeOf(w, r); e != nil {
		sandbox.WriteJSON(w, http.StatusOK, map[string]any{"textCustomFields": sandbox.List(e.Fields), "listCustomFields": []any{}})
	}
}

// updateEnvelope voids, sends a draft, or sends the mail again.
func (s *service) updateEnvelope(w http.ResponseWriter, r *http.Request) {
	e := s.envelopeOf(w, r)
	if e == nil {
		return
	}
	var d definition
	if err := json.NewDecoder(r.Body).Decode(&d); err != nil {
		refuse(w, http.StatusBadRequest, "INVALID_REQUEST_BODY", "The request body is missing or improperly formatted.")
		return
	}
	switch {
	case d.Status == "voided" && !e.open():
		refuse(w, http.StatusBadRequest, "ENVELOPE_CANNOT_VOID_INVALID_STATE", "Envelope is not in a state that can be voided. Only envelopes in the 'Sent' or 'Delivered' states may be voided.")
		return
	case d.Status == "voided" && d.VoidedReason == "":
		refuse(w, http.StatusBadRequest, "VOIDED_REASON_REQUIRED", "A reason for voiding the envelope is needed.")
		return
	case d.Status == "voided":
		e.Status, e.VoidedAt, e.ChangedAt = "voided", s.Now(), s.Now()
		e.VoidedReason = string([]rune(d.VoidedReason)[:min(200, len([]rune(d.VoidedReason)))])
		s.connect(e, "envelope-voided")
	case d.Status == "sent" && e.Status == "created":
		s.sendEnvelope(e)
	case r.URL.Query().Get("resend_envelope") == "true" && e.open():
		s.notifySigner(e)
	default:
		refuse(w, http.StatusBadRequest, "ENVELOPE_INVALID_STATUS", "Invalid envelope status. Envelope status is "+e.Status+".")
		return
	}
	sandbox.WriteJSON(w, http.StatusOK, map[string]string{"envelopeId": e.ID})
}

// listEnvelopes searches by transaction ids, envelope ids, or a date with a custom field.
func (s *service) listEnvelopes(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	from, err := time.Parse(time.RFC3339, q.Get("from_date"))
	byID := q.Get("transaction_ids") != "" || q.Get("envelope_ids") != ""
	if err != nil && (!byID || q.Get("from_date") != "") {
		refuse(w, http.StatusBadRequest, "INVALID_REQUEST_PARAMETER", "The request contained at least one invalid parameter. A value was not found for parameter 'from_date'.")
		return
	}
	field, value, hasField := strings.Cut(q.Get("custom_field"), "=")
	found, transactions := []map[string]any{}, []map[string]string{}
	for _, e := range s.st.Envelopes {
		switch {
		case q.Get("transaction_ids") != "" && !inList(q.Get("transaction_ids"), e.TransactionID),
			q.Get("envelope_ids") != "" && !inList(q.Get("envelope_ids"), e.ID),
			hasField && e.field(field) != value,
			e.ChangedAt.Before(from),
			q.Get("status") != "" && !inList(q.Get("status"), e.Status):
			continue
		}
		found = append(found, e.json(strings.Split(q.Get("include"), ",")...))
		if q.Get("transaction_ids") != "" {
			transactions = append(transactions, map[string]string{"transactionId": e.TransactionID, "envelopeId": e.ID, "status": e.Status})
		}
	}
	n := strconv.Itoa(len(found))
	out := map[string]any{"resultSetSize": n, "totalSetSize": n, "startPosition": "0", "endPosition": strconv.Itoa(max(len(found)-1, 0)), "envelopes": found}
	if len(transactions) > 0 {
		out["envelopeTransactionStatuses"] = transactions
	}
	sandbox.WriteJSON(w, http.StatusOK, out)
}

func inList(commaSeparated, v string) bool {
	return slices.Contains(strings.Split(commaSeparated, ","), v)
}

// getDocument gives the contract ("combined" or its number) or the certificate, as PDF.
func (s *service) getDocument(w http.ResponseWriter, r *http.Request) {
	e := s.envelopeOf(w, r)
	if e == nil {
		return
	}
	name := e.Document
	if r.PathValue("document") == "certificate" {
		name = e.Certificate
	}
	body := s.Blob(name)
	if body == nil {
		refuse(w, http.StatusNotFound, "DOCUMENT_DOES_NOT_EXIST", "The document specified was not found.")
		return
	}
	w.Header().Set("Content-Type", "application/pdf")
	w.Write(body)
}
