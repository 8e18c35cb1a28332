package docusign

import (
	"context"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"

	"github.com/rapport-dev/rapport/integrations/httpx"
	"github.com/rapport-dev/rapport/partnership"
)

// Production and demo use different hosts; an integration key and its users live in one of them.
const (
	DefaultBaseURL = "https://www.docusign.net/restapi"
	DefaultAuthURL = "https://account.docusign.com"
	DemoAuthURL    = "https://account-d.docusign.com"
)

// What the contract's PDF must hold where the signer signs and where the date goes; white on white is usual.
const (
	AnchorSignature = "/sig1/"
	AnchorDate      = "/date1/"
)

// The text custom fields that travel with an envelope and come back with it and in its webhooks.
const (
	FieldKey           = "rapport_key"
	FieldPartnershipID = "partnership_id"
	FieldVersion       = "version"
)

const (
	maxSubject    = 100    // characters; a longer one is an error
	maxBlurb      = 10_000 // characters
	maxVoidReason = 200    // characters; DocuSign cuts there
	// searchBack bounds the search by custom field, which needs a start. It is longer than any contract waits.
	searchBack = 180 * 24 * time.Hour
)

// Config says how to reach DocuSign and for whom to act.
type Config struct {
	AccountID      string
	IntegrationKey string
	UserID         string       // GUID of the user that the integration impersonates
	PrivateKeyPEM  string       // RSA, PKCS #1 or #8
	BaseURL        string       // REST base, with or without its /restapi; "" is DefaultBaseURL
	AuthURL        string       // base of the auth server; "" follows BaseURL
	HTTPClient     *http.Client // nil is a client of our own with httpx.DefaultTimeout
}

// Client has contracts signed. It is safe for concurrent use.
type Client struct {
	envelopes EnvelopesAPI
	missing   string // what keeps the configuration from working, "" when it is complete
}

// New returns a client. What is missing or wrong in c is reported by every call, with what to do about it.
func New(c Config) *Client {
	base := strings.TrimSuffix(strings.TrimRight(orDefault(c.BaseURL, DefaultBaseURL), "/"), "/restapi") + "/restapi"
	authURL := c.AuthURL
	if authURL == "" {
		authURL = DefaultAuthURL
		if strings.Contains(hostOf(base), "demo.docusign.net") {
			authURL = DemoAuthURL
		}
	}
	client := httpx.Client(c.HTTPClient)
	key, missing := parseKey(c)
	return &Client{
		missing: missing,
		envelopes: EnvelopesAPI{
			base: base + "/v2.1/accounts/" + url.PathEscape(c.AccountID),
			http: client,
			now:  time.Now,
			auth: &auth{
				integrationKey: c.IntegrationKey,
				userID:         c.UserID,
				url:            strings.TrimRight(authURL, "/"),
				key:            key,
				http:           client,
				now:            time.Now,
				lock:           make(chan struct{}, 1),
			},
		},
	}
}

func parseKey(c Config) (*rsa.PrivateKey, string) {
	for _, setting := range []struct{ name, value string }{
		{"DOCUSIGN_ACCOUNT_ID", c.AccountID},
		{"DOCUSIGN_INTEGRATION_KEY", c.IntegrationKey},
		{"DOCUSIGN_USER_ID", c.UserID},
		{"DOCUSIGN_PRIVATE_KEY", c.PrivateKeyPEM},
	} {
		if setting.value == "" {
			return nil, setting.name + " is not set"
		}
	}
	key, err := jwt.ParseRSAPrivateKeyFromPEM([]byte(c.PrivateKeyPEM))
	if err != nil {
		return nil, "DOCUSIGN_PRIVATE_KEY is not an RSA private key in PEM form"
	}
	return key, ""
}

// Check proves that the configuration works by asking for a token.
func (c *Client) Check(ctx context.Context) error {
	if err := c.ready(opToken); err != nil {
		return err
	}
	_, err := c.envelopes.auth.token(ctx)
	return err
}

func (c *Client) ready(op string) error {
	if c.missing != "" {
		return refusal(op, c.missing).ForAll()
	}
	return nil
}

// CreateEnvelope sends a contract to its signer at once. It carries the key as transaction id and as custom field:
// after an Ambiguous error, FindEnvelope tells whether it went out.
func (c *Client) CreateEnvelope(ctx context.Context, r partnership.EnvelopeRequest) (partnership.Envelope, error) {
	const op = "envelope.create"
	if err := c.ready(op); err != nil {
		return partnership.Envelope{}, err
	}
	switch {
	case len(r.PDF) == 0:
		return partnership.Envelope{}, refusal(op, "there is no contract to send")
	case r.SignerEmail == "" || r.SignerName == "":
		return partnership.Envelope{}, refusal(op, "the signer's name and address are needed: complete the creator")
	}
	sum, err := c.envelopes.CreateEnvelope(ctx, definition(r))
	if err != nil {
		return partnership.Envelope{}, err
	}
	if sum.EnvelopeID == "" {
		v := refusal(op, "DocuSign took the envelope but named no id")
		v.Class = partnership.Ambiguous
		return partnership.Envelope{}, v
	}
	return partnership.Envelope{ID: sum.EnvelopeID, Status: partnership.EnvelopeStatus(sum.Status)}, nil
}

// startByMail has DocuSign mail a signer who may also sign from our page.
const startByMail = "SIGN_AT_DOCUSIGN"

// SigningURL is where an envelope's signer signs now: DocuSign's own page, which then leads back with what became of it as "event". That
// proves nothing: the envelope says it. The address works once, for five minutes; it is for the signer alone. *partnership.Error Conflict for an
// envelope that is signed by mail alone, as those of earlier builds are. language is a BCP 47 tag, "" the account's own.
func (c *Client) SigningURL(ctx context.Context, envelope, returnURL, language string) (string, error) {
	const op = "recipient_view.create"
	if err := c.ready(op); err != nil {
		return "", err
	}
	of, err := c.envelopes.ListRecipients(ctx, envelope)
	if err != nil {
		return "", err
	}
	if len(of.Signers) == 0 || of.Signers[0].ClientUserID == "" {
		return "", partnership.Errorf(partnership.Conflict, "it is signed from the mail that DocuSign has sent")
	}
	signer := of.Signers[0]
	view, err := c.envelopes.CreateRecipientView(ctx, envelope, RecipientViewRequest{
		ReturnURL: returnURL, AuthenticationMethod: "Email", UserName: signer.Name, Email: signer.Email, ClientUserID: signer.ClientUserID,
	})
	if err != nil {
		return "", err
	}
	u, err := url.Parse(view.URL)
	if err != nil || u.Host == "" || u.Scheme != "https" && !loopback(u.Hostname()) {
		return "", refusal(op, "DocuSign named no address to sign at")
	}
	if language != "" {
		q := u.Query()
		q.Set("locale", strings.ReplaceAll(language, "-", "_"))
		u.RawQuery = q.Encode()
	}
	return u.String(), nil
}

func definition(r partnership.EnvelopeRequest) EnvelopeDefinition {
	return EnvelopeDefinition{
		Status:        string(partnership.EnvelopeSent),
		EmailSubject:  cut(r.Subject, maxSubject),
		EmailBlurb:    cut(r.Message, maxBlurb),
		TransactionID: TransactionID(r.Key),
		Documents: []Document{{
			DocumentID: "1", Name: "Agreement", FileExtension: "pdf",
			DocumentBase64: base64.StdEncoding.EncodeToString(r.PDF),
		}},
		Recipients: &Recipients{Signers: []Signer{{
			RecipientID: "1", RoutingOrder: "1", Name: r.SignerName, Email: r.SignerEmail,
			ClientUserID: string(r.PartnershipID), StartURL: startByMail,
			Tabs: &Tabs{
				SignHereTabs:   []AnchorTab{{AnchorString: AnchorSignature}},
				DateSignedTabs: []AnchorTab{{AnchorString: AnchorDate}},
			},
		}}},
		CustomFields: &CustomFields{TextCustomFields: []TextCustomField{
			{Name: FieldKey, Value: string(r.Key), Show: "false"},
			{Name: FieldPartnershipID, Value: string(r.PartnershipID), Show: "false"},
			{Name: FieldVersion, Value: strconv.Itoa(r.Version), Show: "false"},
		}},
		EventNotification: notification(r.WebhookURL),
	}
}

// notification asks for signed webhooks about this envelope. DocuSign posts to https only; a loopback address is for
// development. Documents stay out: they are read when needed, and events that hold them grow beyond what listeners take.
func notification(webhook string) *EventNotification {
	u, err := url.Parse(webhook)
	if err != nil || u.Host == "" || u.Scheme != "https" && !loopback(u.Hostname()) {
		return nil
	}
	return &EventNotification{
		URL:                   webhook,
		RequireAcknowledgment: "true", // without it a failed delivery is never repeated
		LoggingEnabled:        "true",
		IncludeHMAC:           "true",
		DeliveryMode:          "SIM",
		Events: []string{
			"envelope-sent", "envelope-delivered", "envelope-completed", "envelope-declined", "envelope-voided",
			"recipient-completed", "recipient-declined", "recipient-autoresponded",
		},
		EventData: &ConnectEventData{Version: "restv2.1", Format: "json", IncludeData: []string{"custom_fields"}},
	}
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// TransactionID is the UUID that an envelope carries for its key: the same for every attempt.
func TransactionID(key partnership.EffectKey) string {
	sum := sha256.Sum256([]byte(key))
	id := uuid.UUID(sum[:16])
	id[6] = id[6]&0x0f | 0x50 // version 5, derived from a name
	id[8] = id[8]&0x3f | 0x80 // RFC 9562 variant
	return id.String()
}

// cut shortens s to n characters.
func cut(s string, n int) string {
	r := []rune(s)
	return string(r[:min(len(r), n)])
}

func orDefault(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}
