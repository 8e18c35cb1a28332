package sandbox

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// An envelope is a contract at DocuSign, with one signer.
type envelope struct {
	ID            string        `json:"id"`
	TransactionID string        `json:"transaction_id"`
	Status        string        `json:"status"` // created, sent, delivered, completed, declined, voided
	Subject       string        `json:"subject"`
	Blurb         string        `json:"blurb"`
	Fields        []dsTextField `json:"fields"`
	Signer        dsSigner      `json:"signer"`
	DocumentName  string        `json:"document_name"`
	Document      string        `json:"document"`    // blob, PDF
	Certificate   string        `json:"certificate"` // blob, PDF; once completed
	Events        []string      `json:"events"`      // subscribed by its eventNotification; nil: all
	VoidedReason  string        `json:"voided_reason"`
	CreatedAt     time.Time     `json:"created_at"`
	SentAt        time.Time     `json:"sent_at,omitzero"`
	DeliveredAt   time.Time     `json:"delivered_at,omitzero"`
	CompletedAt   time.Time     `json:"completed_at,omitzero"`
	DeclinedAt    time.Time     `json:"declined_at,omitzero"`
	VoidedAt      time.Time     `json:"voided_at,omitzero"`
	ChangedAt     time.Time     `json:"changed_at"`
}

// field is the value of a text custom field, "" when there is none.
func (e *envelope) field(name string) string {
	for _, f := range e.Fields {
		if f.Name == name {
			return f.Value
		}
	}
	return ""
}

type dsTextField struct {
	FieldID  string `json:"fieldId"`
	Name     string `json:"name"`
	Value    string `json:"value"`
	Show     string `json:"show,omitempty"`
	Required string `json:"required,omitempty"`
}

type dsSigner struct {
	RecipientID    string `json:"recipientId"`
	RoutingOrder   string `json:"routingOrder,omitempty"`
	Name           string `json:"name"`
	Email          string `json:"email"`
	Status         string `json:"status,omitempty"`
	SignedDateTime string `json:"signedDateTime,omitempty"`
	DeclinedReason string `json:"declinedReason,omitempty"`
}

// dsDefinition is an EnvelopeDefinition: all scalars are strings.
type dsDefinition struct {
	Status        string `json:"status"`
	EmailSubject  string `json:"emailSubject"`
	EmailBlurb    string `json:"emailBlurb"`
	TransactionID string `json:"transactionId"`
	VoidedReason  string `json:"voidedReason"`
	Documents     []struct {
		DocumentID     string `json:"documentId"`
		Name           string `json:"name"`
		FileExtension  string `json:"fileExtension"`
		DocumentBase64 string `json:"documentBase64"`
	} `json:"documents"`
	Recipients struct {
		Signers []dsSigner `json:"signers"`
	} `json:"recipients"`
	CustomFields struct {
		TextCustomFields []dsTextField `json:"textCustomFields"`
	} `json:"customFields"`
	EventNotification *struct {
		URL       string   `json:"url"`
		Events    []string `json:"events"`
		EventData struct {
			Version string `json:"version"`
			Format  string `json:"format"`
		} `json:"eventData"`
	} `json:"eventNotification"`
}

func dsRefuse(w http.ResponseWriter, status int, code, message string) {
	writeJSON(w, status, map[string]string{"errorCode": code, "message": message})
}

func (s *Server) docusignAPI() http.Handler {
	a := s.newAPI("docusign")
	a.admit = s.docusignAdmit
	a.tooMany = func(w http.ResponseWriter, r *http.Request, after int) { // a limit is HTTP 400 here: clients must look at errorCode
		w.Header().Set("Retry-After", strconv.Itoa(after))
		if strings.HasPrefix(r.URL.Path, "/docusign/oauth/") { // the auth server is another one
			writeJSON(w, http.StatusTooManyRequests, map[string]string{"error": "too_many_requests"})
			return
		}
		w.Header().Set("X-RateLimit-Limit", "3000")
		w.Header().Set("X-RateLimit-Remaining", "0")
		w.Header().Set("X-RateLimit-Reset", strconv.FormatInt(time.Now().Unix()+int64(after), 10))
		dsRefuse(w, http.StatusBadRequest, "HOURLY_APIINVOCATION_LIMIT_EXCEEDED", "The maximum number of hourly API invocations has been exceeded.")
	}
	a.broken = func(w http.ResponseWriter) {
		dsRefuse(w, http.StatusInternalServerError, "UNSPECIFIED_ERROR", "An unexpected error occurred.")
	}
	a.notFound = func(w http.ResponseWriter) {
		dsRefuse(w, http.StatusNotFound, "RESOURCE_NOT_FOUND", "The URL provided does not resolve to a resource.")
	}
	const account = "/docusign/restapi/v2.1/accounts/{account}"
	a.handle("POST /docusign/oauth/token", "oauth.token", s.docusignToken)
	a.handle("GET /docusign/oauth/userinfo", "oauth.userinfo", s.docusignUserInfo)
	a.handle("POST "+account+"/envelopes", "envelope.create", s.inAccount(s.createEnvelope))
	a.handle("GET "+account+"/envelopes", "envelope.list", s.inAccount(s.listEnvelopes))
	a.handle("GET "+account+"/envelopes/{id}", "envelope.get", s.inAccount(s.getEnvelope))
	a.handle("PUT "+account+"/envelopes/{id}", "envelope.update", s.inAccount(s.updateEnvelope))
	a.handle("GET "+account+"/envelopes/{id}/recipients", "envelope.recipients", s.inAccount(s.getRecipients))
	a.handle("GET "+account+"/envelopes/{id}/custom_fields", "envelope.custom_fields", s.inAccount(s.getCustomFields))
	a.handle("GET "+account+"/envelopes/{id}/documents/{document}", "envelope.document", s.inAccount(s.getDocument))
	a.page("GET /docusign/signing/{id}", "signing.view", s.signingPage)
	a.page("GET /docusign/signing/{id}/contract.pdf", "signing.contract", s.signingContract)
	a.page("POST /docusign/signing/{id}", "signing.act", s.signingAct)
	return a
}

func (s *Server) inAccount(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.PathValue("account") != s.keys.DocuSignAccountID {
			dsRefuse(w, http.StatusUnauthorized, "USER_DOES_NOT_BELONG_TO_SPECIFIED_ACCOUNT", "The specified User does not belong to the specified Account.")
			return
		}
		h(w, r)
	}
}

func (s *Server) createEnvelope(w http.ResponseWriter, r *http.Request) {
	var d dsDefinition
	if err := json.NewDecoder(r.Body).Decode(&d); err != nil {
		dsRefuse(w, http.StatusBadRequest, "INVALID_REQUEST_BODY", "The request body is missing or improperly formatted. "+err.Error())
		return
	}
	pdf, code, message := d.check()
	if code != "" {
		dsRefuse(w, http.StatusBadRequest, code, message)
		return
	}
	e := &envelope{
		ID: uuidLike(), TransactionID: d.TransactionID, Status: "created", Subject: d.EmailSubject, Blurb: d.EmailBlurb,
		Fields: d.CustomFields.TextCustomFields, Signer: d.Recipients.Signers[0], DocumentName: d.Documents[0].Name,
		Document: s.blobs.put(pdf), CreatedAt: s.now(), ChangedAt: s.now(),
	}
	if n := d.EventNotification; n != nil {
		e.Events = list(n.Events)
	}
	for i := range e.Fields {
		e.Fields[i].FieldID = strconv.FormatInt(s.st.next(), 10)
	}
	s.st.Envelopes = append(s.st.Envelopes, e)
	if d.Status == "sent" {
		s.sendEnvelope(e)
	}
	writeJSON(w, http.StatusCreated, map[string]string{
		"envelopeId": e.ID, "uri": "/envelopes/" + e.ID, "statusDateTime": dsTime(e.ChangedAt), "status": e.Status,
	})
}

// check finds what DocuSign would refuse and returns the document.
func (d *dsDefinition) check() (pdf []byte, code, message string) {
	switch {
	case d.Status != "sent" && d.Status != "created":
		return nil, "INVALID_REQUEST_PARAMETER", "The request contained at least one invalid parameter. Invalid value for 'status'."
	case d.EmailSubject == "":
		return nil, "ENVELOPE_IS_INCOMPLETE", "The Envelope is not Complete. A Complete Envelope Requires Documents, Recipients, Tabs, and a Subject Line."
	case len([]rune(d.EmailSubject)) > 100:
		return nil, "INVALID_EMAIL_SUBJECT", "The email subject must not be longer than 100 characters."
	case len([]rune(d.EmailBlurb)) > 10_000:
		return nil, "INVALID_EMAIL_BODY", "The email blurb must not be longer than 10000 characters."
	case len(d.Documents) != 1 || len(d.Recipients.Signers) != 1:
		return nil, "ENVELOPE_IS_INCOMPLETE", "The Envelope is not Complete. The sandbox takes exactly one document and one signer."
	}
	signer, doc := d.Recipients.Signers[0], d.Documents[0]
	if signer.RecipientID == "" || signer.Name == "" {
		return nil, "INVALID_REQUEST_PARAMETER", "The request contained at least one invalid parameter. A value was not found for signer recipientId or name."
	}
	if !validAddress(signer.Email) {
		return nil, "INVALID_EMAIL_ADDRESS_FOR_RECIPIENT", "The email address for the recipient is invalid."
	}
	if n, err := strconv.Atoi(doc.DocumentID); err != nil || n < 1 || doc.Name == "" {
		return nil, "INVALID_REQUEST_PARAMETER", "The request contained at least one invalid parameter. documentId and name are needed."
	}
	pdf, err := base64.StdEncoding.DecodeString(doc.DocumentBase64)
	if err != nil || len(pdf) == 0 {
		return nil, "INVALID_REQUEST_BODY", "documentBase64 is empty or not base64."
	}
	if strings.EqualFold(doc.FileExtension, "pdf") && !strings.HasPrefix(string(pdf), "%PDF") {
		return nil, "PDF_VALIDATION_FAILED", "The document is not a PDF."
	}
	if n := d.EventNotification; n != nil {
		if !strings.HasPrefix(n.URL, "http") || len(n.Events) == 0 {
			return nil, "INVALID_REQUEST_PARAMETER", "eventNotification needs an absolute url and events."
		}
		if n.EventData.Format != "json" || n.EventData.Version != "restv2.1" {
			return nil, "INVALID_REQUEST_PARAMETER", "The sandbox sends Connect events only as eventData restv2.1 json."
		}
	}
	return pdf, "", ""
}

// sendEnvelope moves a draft out and puts DocuSign's mail into the signer's mailbox. mu is held.
func (s *Server) sendEnvelope(e *envelope) {
	e.Status, e.SentAt, e.ChangedAt, e.Signer.Status = "sent", s.now(), s.now(), "sent"
	s.notifySigner(e)
	s.connect(e, "envelope-sent")
}

func (s *Server) envelopeOf(w http.ResponseWriter, r *http.Request) *envelope {
	e := find(s.st.Envelopes, func(e *envelope) bool { return e.ID == r.PathValue("id") })
	if e == nil {
		dsRefuse(w, http.StatusNotFound, "ENVELOPE_DOES_NOT_EXIST", "The envelope specified either does not exist or you have no rights to it.")
	}
	return e
}

func (s *Server) getEnvelope(w http.ResponseWriter, r *http.Request) {
	if e := s.envelopeOf(w, r); e != nil {
		writeJSON(w, http.StatusOK, e.json(strings.Split(r.URL.Query().Get("include"), ",")...))
	}
}

func (s *Server) getRecipients(w http.ResponseWriter, r *http.Request) {
	if e := s.envelopeOf(w, r); e != nil {
		writeJSON(w, http.StatusOK, map[string]any{"signers": []dsSigner{e.Signer}, "recipientCount": "1"})
	}
}

func (s *Server) getCustomFields(w http.ResponseWriter, r *http.Request) {
	if e := s.envelopeOf(w, r); e != nil {
		writeJSON(w, http.StatusOK, map[string]any{"textCustomFields": list(e.Fields), "listCustomFields": []any{}})
	}
}

// updateEnvelope voids, sends a draft, or sends the mail again.
func (s *Server) updateEnvelope(w http.ResponseWriter, r *http.Request) {
	e := s.envelopeOf(w, r)
	if e == nil {
		return
	}
	var d dsDefinition
	if err := json.NewDecoder(r.Body).Decode(&d); err != nil {
		dsRefuse(w, http.StatusBadRequest, "INVALID_REQUEST_BODY", "The request body is missing or improperly formatted.")
		return
	}
	open := e.Status == "sent" || e.Status == "delivered"
	switch {
	case d.Status == "voided" && !open:
		dsRefuse(w, http.StatusBadRequest, "ENVELOPE_CANNOT_VOID_INVALID_STATE", "Envelope is not in a state that can be voided. Only envelopes in the 'Sent' or 'Delivered' states may be voided.")
		return
	case d.Status == "voided" && d.VoidedReason == "":
		dsRefuse(w, http.StatusBadRequest, "VOIDED_REASON_REQUIRED", "A reason for voiding the envelope is needed.")
		return
	case d.Status == "voided":
		e.Status, e.VoidedAt, e.ChangedAt = "voided", s.now(), s.now()
		e.VoidedReason = string([]rune(d.VoidedReason)[:min(200, len([]rune(d.VoidedReason)))])
		s.connect(e, "envelope-voided")
	case d.Status == "sent" && e.Status == "created":
		s.sendEnvelope(e)
	case r.URL.Query().Get("resend_envelope") == "true" && open:
		s.notifySigner(e)
	default:
		dsRefuse(w, http.StatusBadRequest, "ENVELOPE_INVALID_STATUS", "Invalid envelope status. Envelope status is "+e.Status+".")
		return
	}
	writeJSON(w, http.StatusOK, map[string]string{"envelopeId": e.ID})
}

// listEnvelopes searches by transaction ids, envelope ids, or a date with a custom field.
func (s *Server) listEnvelopes(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	from, err := time.Parse(time.RFC3339, q.Get("from_date"))
	byID := q.Get("transaction_ids") != "" || q.Get("envelope_ids") != ""
	if err != nil && (!byID || q.Get("from_date") != "") {
		dsRefuse(w, http.StatusBadRequest, "INVALID_REQUEST_PARAMETER", "The request contained at least one invalid parameter. A value was not found for parameter 'from_date'.")
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
	writeJSON(w, http.StatusOK, out)
}

func inList(commaSeparated, v string) bool {
	return slices.Contains(strings.Split(commaSeparated, ","), v)
}

// getDocument gives the contract ("combined" or its number) or the certificate, as PDF.
func (s *Server) getDocument(w http.ResponseWriter, r *http.Request) {
	e := s.envelopeOf(w, r)
	if e == nil {
		return
	}
	name := e.Document
	if r.PathValue("document") == "certificate" {
		name = e.Certificate
	}
	body := s.blobs.get(name)
	if body == nil {
		dsRefuse(w, http.StatusNotFound, "DOCUMENT_DOES_NOT_EXIST", "The document specified was not found.")
		return
	}
	w.Header().Set("Content-Type", "application/pdf")
	w.Write(body)
}
