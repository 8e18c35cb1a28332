// Package docusign is a thin client of DocuSign's eSignature REST API v2.1 and its Connect webhooks. Its names follow
// DocuSign's official SDKs (EnvelopesApi, EnvelopeDefinition, ...), so that an official Go module can replace it.
package docusign

import "encoding/json"

// The types below are DocuSign's own JSON. Every scalar is a string there ("true", "1"), which is kept.

// EnvelopeDefinition asks for an envelope (POST envelopes) or changes one (PUT envelopes/{id}).
type EnvelopeDefinition struct {
	Status            string             `json:"status,omitempty"`
	EmailSubject      string             `json:"emailSubject,omitempty"` // at most 100 characters
	EmailBlurb        string             `json:"emailBlurb,omitempty"`   // at most 10,000 characters
	TransactionID     string             `json:"transactionId,omitempty"`
	VoidedReason      string             `json:"voidedReason,omitempty"` // at most 200 characters
	Documents         []Document         `json:"documents,omitempty"`
	Recipients        *Recipients        `json:"recipients,omitempty"`
	CustomFields      *CustomFields      `json:"customFields,omitempty"`
	EventNotification *EventNotification `json:"eventNotification,omitempty"`
}

// Document is one file of an envelope, its bytes in base64.
type Document struct {
	DocumentID     string `json:"documentId"`
	Name           string `json:"name"`
	FileExtension  string `json:"fileExtension"`
	DocumentBase64 string `json:"documentBase64"`
}

// Recipients are the people of an envelope.
type Recipients struct {
	Signers []Signer `json:"signers,omitempty"`
}

// Signer is a person who signs.
type Signer struct {
	RecipientID    string `json:"recipientId"`
	RoutingOrder   string `json:"routingOrder,omitempty"`
	Name           string `json:"name"`
	Email          string `json:"email"`
	ClientUserID   string `json:"clientUserId,omitempty"` // who is named so may sign by a link that we ask for
	StartURL       string `json:"embeddedRecipientStartURL,omitempty"`
	Status         string `json:"status,omitempty"`
	SignedDateTime string `json:"signedDateTime,omitempty"`
	DeclinedReason string `json:"declinedReason,omitempty"`
	Tabs           *Tabs  `json:"tabs,omitempty"`
}

// RecipientViewRequest asks for a page on which a signer signs (POST envelopes/{id}/views/recipient). Name, address and client id are those
// of the envelope.
type RecipientViewRequest struct {
	ReturnURL            string `json:"returnUrl"`
	AuthenticationMethod string `json:"authenticationMethod"` // how we know who they are
	UserName             string `json:"userName"`
	Email                string `json:"email"`
	ClientUserID         string `json:"clientUserId"`
}

// ViewURL answers it (201): the address works once, for five minutes.
type ViewURL struct {
	URL string `json:"url"`
}

// Tabs are the fields that a signer fills in.
type Tabs struct {
	SignHereTabs   []AnchorTab `json:"signHereTabs,omitempty"`
	DateSignedTabs []AnchorTab `json:"dateSignedTabs,omitempty"`
}

// AnchorTab is a tab that stands where a text stands in the document (SignHere and DateSigned in DocuSign's SDKs).
type AnchorTab struct {
	AnchorString             string `json:"anchorString"`
	AnchorUnits              string `json:"anchorUnits,omitempty"`
	AnchorXOffset            string `json:"anchorXOffset,omitempty"`
	AnchorYOffset            string `json:"anchorYOffset,omitempty"`
	AnchorIgnoreIfNotPresent string `json:"anchorIgnoreIfNotPresent,omitempty"`
}

// CustomFields are named values that travel with an envelope and come back with it.
type CustomFields struct {
	TextCustomFields []TextCustomField `json:"textCustomFields,omitempty"`
}

// TextCustomField is one of them.
type TextCustomField struct {
	FieldID  string `json:"fieldId,omitempty"`
	Name     string `json:"name"`
	Value    string `json:"value"`
	Show     string `json:"show,omitempty"`
	Required string `json:"required,omitempty"`
}

// Get returns the value of the named field, "" when there is none.
func (c *CustomFields) Get(name string) string {
	if c == nil {
		return ""
	}
	for _, f := range c.TextCustomFields {
		if f.Name == name {
			return f.Value
		}
	}
	return ""
}

// EventNotification asks for webhooks about one envelope.
type EventNotification struct {
	URL                   string            `json:"url"`
	RequireAcknowledgment string            `json:"requireAcknowledgment,omitempty"`
	LoggingEnabled        string            `json:"loggingEnabled,omitempty"`
	IncludeHMAC           string            `json:"includeHMAC,omitempty"`
	DeliveryMode          string            `json:"deliveryMode,omitempty"`
	Events                []string          `json:"events,omitempty"`
	EventData             *ConnectEventData `json:"eventData,omitempty"`
}

// ConnectEventData is the shape of those webhooks.
type ConnectEventData struct {
	Version     string   `json:"version"`
	Format      string   `json:"format"`
	IncludeData []string `json:"includeData,omitempty"`
}

// EnvelopeSummary answers the creation of an envelope (201).
type EnvelopeSummary struct {
	EnvelopeID     string `json:"envelopeId"`
	Status         string `json:"status"`
	StatusDateTime string `json:"statusDateTime,omitempty"`
	URI            string `json:"uri,omitempty"`
}

// Envelope is an envelope as GET shows it; times are RFC 3339 with up to seven digits of a second.
type Envelope struct {
	EnvelopeID        string        `json:"envelopeId"`
	Status            string        `json:"status"`
	EmailSubject      string        `json:"emailSubject,omitempty"`
	TransactionID     string        `json:"transactionId,omitempty"`
	SentDateTime      string        `json:"sentDateTime,omitempty"`
	DeliveredDateTime string        `json:"deliveredDateTime,omitempty"`
	CompletedDateTime string        `json:"completedDateTime,omitempty"`
	DeclinedDateTime  string        `json:"declinedDateTime,omitempty"`
	VoidedDateTime    string        `json:"voidedDateTime,omitempty"`
	VoidedReason      string        `json:"voidedReason,omitempty"`
	CustomFields      *CustomFields `json:"customFields,omitempty"`
	Recipients        *Recipients   `json:"recipients,omitempty"`
}

// EnvelopesInformation answers GET envelopes.
type EnvelopesInformation struct {
	ResultSetSize               string                      `json:"resultSetSize,omitempty"`
	TotalSetSize                string                      `json:"totalSetSize,omitempty"`
	Envelopes                   []Envelope                  `json:"envelopes,omitempty"`
	EnvelopeTransactionStatuses []EnvelopeTransactionStatus `json:"envelopeTransactionStatuses,omitempty"`
}

// EnvelopeTransactionStatus says what became of a transactionId (the transaction_ids query of GET envelopes).
type EnvelopeTransactionStatus struct {
	TransactionID string        `json:"transactionId"`
	EnvelopeID    string        `json:"envelopeId,omitempty"`
	Status        string        `json:"status,omitempty"`
	ErrorDetails  *ErrorDetails `json:"errorDetails,omitempty"`
}

// ErrorDetails is the body of every refusal.
type ErrorDetails struct {
	ErrorCode string `json:"errorCode"`
	Message   string `json:"message"`
}

// TokenResponse answers the JWT grant.
type TokenResponse struct {
	AccessToken string `json:"access_token"`
	TokenType   string `json:"token_type"`
	ExpiresIn   int64  `json:"expires_in"` // seconds
}

// OAuthError is a refusal of the auth server.
type OAuthError struct {
	Error            string `json:"error"`
	ErrorDescription string `json:"error_description,omitempty"`
}

// ConnectEvent is one webhook in Connect's JSON SIM form.
type ConnectEvent struct {
	Event             string           `json:"event"` // envelope-completed, recipient-completed, ...
	APIVersion        string           `json:"apiVersion,omitempty"`
	URI               string           `json:"uri,omitempty"`
	RetryCount        json.RawMessage  `json:"retryCount,omitempty"` // a number or a string, so kept raw
	ConfigurationID   json.RawMessage  `json:"configurationId,omitempty"`
	GeneratedDateTime string           `json:"generatedDateTime"`
	Data              ConnectEventBody `json:"data"`
}

// ConnectEventBody is what the event is about.
type ConnectEventBody struct {
	AccountID       string    `json:"accountId"`
	UserID          string    `json:"userId,omitempty"`
	EnvelopeID      string    `json:"envelopeId"`
	RecipientID     string    `json:"recipientId,omitempty"`
	EnvelopeSummary *Envelope `json:"envelopeSummary,omitempty"`
}
