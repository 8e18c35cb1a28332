package docusign

import (
	"encoding/base64"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// definition is an EnvelopeDefinition: all scalars are strings.
type definition struct {
	Status        string     `json:"status"`
	EmailSubject  string     `json:"emailSubject"`
	EmailBlurb    string     `json:"emailBlurb"`
	TransactionID string     `json:"transactionId"`
	VoidedReason  string     `json:"voidedReason"`
	Documents     []document `json:"documents"`
	Recipients    struct {
		Signers []signer `json:"signers"`
	} `json:"recipients"`
	CustomFields struct {
		TextCustomFields []textField `json:"textCustomFields"`
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

type document struct {
	DocumentID     string `json:"documentId"`
	Name           string `json:"name"`
	FileExtension  string `json:"fileExtension"`
	DocumentBase64 string `json:"documentBase64"`
}

type textField struct {
	FieldID  string `json:"fieldId"`
	Name     string `json:"name"`
	Value    string `json:"value"`
	Show     string `json:"show,omitempty"`
	Required string `json:"required,omitempty"`
}

type signer struct {
	RecipientID    string `json:"recipientId"`
	RoutingOrder   string `json:"routingOrder,omitempty"`
	Name           string `json:"name"`
	Email          string `json:"email"`
	ClientUserID   string `json:"clientUserId,omitempty"`
	StartURL       string `json:"embeddedRecipientStartURL,omitempty"`
	Status         string `json:"status,omitempty"`
	SignedDateTime string `json:"signedDateTime,omitempty"`
	DeclinedReason string `json:"declinedReason,omitempty"`
	Tabs           *tabs  `json:"tabs,omitempty"`
}

// mailed says whether DocuSign writes to the signer: to one that is embedded only where it says so.
func (s signer) mailed() bool { return s.ClientUserID == "" || s.StartURL == "SIGN_AT_DOCUSIGN" }

// tabs are the places where a signer writes.
type tabs struct {
	SignHere   []tab `json:"signHereTabs,omitempty"`
	DateSigned []tab `json:"dateSignedTabs,omitempty"`
}

// tab stands where a text stands in the document, or on a page.
type tab struct {
	Anchor         string `json:"anchorString,omitempty"`
	IgnoreIfAbsent string `json:"anchorIgnoreIfNotPresent,omitempty"`
	DocumentID     string `json:"documentId,omitempty"`
	Page           string `json:"pageNumber,omitempty"`
	X              string `json:"xPosition,omitempty"`
	Y              string `json:"yPosition,omitempty"`
}

// DocuSign's limits, in characters.
const (
	maxSubject    = 100
	maxBlurb      = 10_000
	maxName       = 100
	maxEmail      = 100
	maxFieldValue = 100
)

// mistake is what DocuSign refuses.
type mistake struct{ code, message string }

func badParameter(format string, args ...any) *mistake {
	return &mistake{"INVALID_REQUEST_PARAMETER", "The request contained at least one invalid parameter. " + fmt.Sprintf(format, args...)}
}

// check finds what DocuSign would refuse and returns the document.
func (d *definition) check() (pdf []byte, wrong *mistake) {
	switch {
	case d.Status != "sent" && d.Status != "created":
		return nil, badParameter("Invalid value for 'status'.")
	case strings.TrimSpace(d.EmailSubject) == "":
		return nil, &mistake{"ENVELOPE_IS_INCOMPLETE", "The Envelope is not Complete. A Complete Envelope Requires Documents, Recipients, Tabs, and a Subject Line."}
	case utf8.RuneCountInString(d.EmailSubject) > maxSubject:
		return nil, &mistake{"INVALID_EMAIL_SUBJECT", "The email subject must not be longer than 100 characters."}
	case utf8.RuneCountInString(d.EmailBlurb) > maxBlurb:
		return nil, &mistake{"INVALID_EMAIL_BODY", "The email blurb must not be longer than 10000 characters."}
	case len(d.Documents) != 1 || len(d.Recipients.Signers) != 1:
		return nil, &mistake{"ENVELOPE_IS_INCOMPLETE", "The Envelope is not Complete. The sandbox takes exactly one document and one signer."}
	}
	pdf, wrong = d.Documents[0].check()
	for _, check := range []func() *mistake{
		func() *mistake { return d.Recipients.Signers[0].check(pdf) }, d.checkFields, d.checkNotification,
	} {
		if wrong == nil {
			wrong = check()
		}
	}
	return pdf, wrong
}

func (doc document) check() (pdf []byte, wrong *mistake) {
	if n, err := strconv.Atoi(doc.DocumentID); err != nil || n < 1 || doc.Name == "" {
		return nil, badParameter("documentId and name are needed.")
	}
	pdf, err := base64.StdEncoding.DecodeString(doc.DocumentBase64)
	if err != nil || len(pdf) == 0 {
		return nil, &mistake{"INVALID_REQUEST_BODY", "documentBase64 is empty or not base64."}
	}
	if !strings.EqualFold(doc.FileExtension, "pdf") {
		return nil, badParameter("The sandbox takes documents with the fileExtension pdf only.")
	}
	if !strings.HasPrefix(string(pdf), "%PDF") {
		return nil, &mistake{"PDF_VALIDATION_FAILED", "The document is not a PDF."}
	}
	return pdf, nil
}

func (s signer) check(pdf []byte) *mistake {
	switch {
	case s.RecipientID == "" || strings.TrimSpace(s.Name) == "":
		return badParameter("A value was not found for signer recipientId or name.")
	case utf8.RuneCountInString(s.Name) > maxName:
		return badParameter("The signer's name must not be longer than %d characters.", maxName)
	case !sandbox.ValidAddress(s.Email) || utf8.RuneCountInString(s.Email) > maxEmail:
		return &mistake{"INVALID_EMAIL_ADDRESS_FOR_RECIPIENT", "The email address for the recipient is invalid."}
	case utf8.RuneCountInString(s.ClientUserID) > maxName:
		return badParameter("The clientUserId must not be longer than %d characters.", maxName)
	case s.StartURL != "" && s.ClientUserID == "":
		return badParameter("embeddedRecipientStartURL takes a clientUserId.")
	case s.Tabs == nil:
		return nil
	}
	for _, t := range slices.Concat(s.Tabs.SignHere, s.Tabs.DateSigned) {
		switch {
		case t.Anchor == "" && (t.DocumentID == "" || t.Page == "" || t.X == "" || t.Y == ""):
			return badParameter("A tab needs an anchorString, or documentId, pageNumber, xPosition and yPosition.")
		case t.Anchor != "" && t.IgnoreIfAbsent != "true" && !stands(t.Anchor, pdf):
			return &mistake{"ANCHOR_TAB_STRING_NOT_FOUND", "The Anchor Tab String specified could not be found. " + t.Anchor}
		}
	}
	return nil
}

func (d *definition) checkFields() *mistake {
	for _, f := range d.CustomFields.TextCustomFields {
		if f.Name == "" {
			return badParameter("A custom field has no name.")
		}
		if utf8.RuneCountInString(f.Value) > maxFieldValue {
			return badParameter("The value of the custom field '%s' must not be longer than %d characters.", f.Name, maxFieldValue)
		}
	}
	return nil
}

// checkNotification takes addresses that DocuSign would post to; http is for a listener on this machine.
func (d *definition) checkNotification() *mistake {
	n := d.EventNotification
	if n == nil {
		return nil
	}
	u, err := url.Parse(n.URL)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())):
		return badParameter("The url of eventNotification must be an absolute https address.")
	case len(n.Events) == 0:
		return badParameter("eventNotification needs events.")
	case n.EventData.Format != "json" || n.EventData.Version != "restv2.1":
		return badParameter("The sandbox sends Connect events only as eventData restv2.1 json.")
	}
	return nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
