package sandbox

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"
)

// Keys are the secrets that the sandbox shares with Rapport: what it checks on requests and what it signs webhooks with.
// They are JSON, so that a development setup can keep them in a file. A field with several comma-separated values signs
// with the first. An empty field switches that check or that vendor's webhooks off.
type Keys struct {
	SendGridAPIKey            string `json:"sendgrid_api_key"`
	SendGridEventPrivateKey   string `json:"sendgrid_event_private_key"`   // base64 PKCS#8, ECDSA P-256
	SendGridInboundPrivateKey string `json:"sendgrid_inbound_private_key"` // base64 PKCS#8, ECDSA P-256
	DocuSignAccountID         string `json:"docusign_account_id"`
	DocuSignIntegrationKey    string `json:"docusign_integration_key"`
	DocuSignUserID            string `json:"docusign_user_id"`
	DocuSignPublicKey         string `json:"docusign_public_key"` // PEM, RSA: verifies the JWT assertion
	DocuSignHMACKey           string `json:"docusign_hmac_key"`
	EasyPostAPIKey            string `json:"easypost_api_key"`
	EasyPostWebhookSecret     string `json:"easypost_webhook_secret"`
	ShopifyShop               string `json:"shopify_shop"` // the shop's domain, as webhooks name it
	ShopifyAccessToken        string `json:"shopify_access_token"`
	ShopifyWebhookSecret      string `json:"shopify_webhook_secret"`
	StripeAPIKey              string `json:"stripe_api_key"`
	StripeWebhookSecret       string `json:"stripe_webhook_secret"`
	SlackBotToken             string `json:"slack_bot_token"`
	SlackSigningSecret        string `json:"slack_signing_secret"`
	SlackChannel              string `json:"slack_channel"`
}

// defaultShop is the shop of a sandbox whose Keys name none.
const defaultShop = "rapport-dev.myshopify.com"

// GenerateKeys makes fresh keys and the environment variables that give Rapport their other halves.
func GenerateKeys() (Keys, map[string]string) {
	rsaKey := must(rsa.GenerateKey(rand.Reader, 2048))
	eventPrivate, eventPublic := newECDSA()
	inboundPrivate, inboundPublic := newECDSA()
	k := Keys{
		SendGridAPIKey:            "SG." + token(16) + "." + token(32),
		SendGridEventPrivateKey:   eventPrivate,
		SendGridInboundPrivateKey: inboundPrivate,
		DocuSignAccountID:         uuid.NewString(),
		DocuSignIntegrationKey:    uuid.NewString(),
		DocuSignUserID:            uuid.NewString(),
		DocuSignPublicKey:         pemOf("PUBLIC KEY", must(x509.MarshalPKIXPublicKey(&rsaKey.PublicKey))),
		DocuSignHMACKey:           token(32),
		EasyPostAPIKey:            "EZTK" + token(24),
		EasyPostWebhookSecret:     "sécret-" + token(16), // not ASCII on purpose: the signature needs NFKD
		ShopifyShop:               defaultShop,
		ShopifyAccessToken:        "shpat_" + token(16),
		ShopifyWebhookSecret:      token(32),
		StripeAPIKey:              "sk_test_" + token(24),
		StripeWebhookSecret:       "whsec_" + token(24),
		SlackBotToken:             "xoxb-" + token(24),
		SlackSigningSecret:        token(16),
		SlackChannel:              "C0RAPPORT",
	}
	return k, map[string]string{
		"SENDGRID_API_KEY":            k.SendGridAPIKey,
		"SENDGRID_EVENT_PUBLIC_KEY":   eventPublic,
		"SENDGRID_INBOUND_PUBLIC_KEY": inboundPublic,
		"DOCUSIGN_ACCOUNT_ID":         k.DocuSignAccountID,
		"DOCUSIGN_INTEGRATION_KEY":    k.DocuSignIntegrationKey,
		"DOCUSIGN_USER_ID":            k.DocuSignUserID,
		"DOCUSIGN_PRIVATE_KEY":        pemOf("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(rsaKey)),
		"DOCUSIGN_HMAC_KEYS":          k.DocuSignHMACKey,
		"EASYPOST_API_KEY":            k.EasyPostAPIKey,
		"EASYPOST_WEBHOOK_SECRET":     k.EasyPostWebhookSecret,
		"SHOPIFY_SHOP":                k.ShopifyShop,
		"SHOPIFY_ACCESS_TOKEN":        k.ShopifyAccessToken,
		"SHOPIFY_WEBHOOK_SECRETS":     k.ShopifyWebhookSecret,
		"STRIPE_API_KEY":              k.StripeAPIKey,
		"STRIPE_WEBHOOK_SECRETS":      k.StripeWebhookSecret,
		"SLACK_BOT_TOKEN":             k.SlackBotToken,
		"SLACK_SIGNING_SECRET":        k.SlackSigningSecret,
		"SLACK_CHANNEL":               k.SlackChannel,
	}
}

// BaseURLs gives the environment variables that point Rapport's clients at a sandbox.
func BaseURLs(sandboxURL string) map[string]string {
	u := strings.TrimRight(sandboxURL, "/")
	return map[string]string{
		"SLACK_API_URL":     u + "/slack/api/",
		"SENDGRID_BASE_URL": u + "/sendgrid",
		"DOCUSIGN_BASE_URL": u + "/docusign/restapi",
		"DOCUSIGN_AUTH_URL": u + "/docusign",
		"EASYPOST_BASE_URL": u + "/easypost",
		"SHOPIFY_BASE_URL":  u + "/shopify",
		"STRIPE_BASE_URL":   u + "/stripe",
		"PAYPAL_BASE_URL":   u + "/paypal",
	}
}

// signingKeys are Keys ready for use.
type signingKeys struct {
	Keys
	event, inbound *ecdsa.PrivateKey
	docusign       *rsa.PublicKey
}

func (k Keys) parse() (signingKeys, error) {
	for _, f := range []*string{&k.DocuSignHMACKey, &k.EasyPostWebhookSecret, &k.ShopifyWebhookSecret, &k.StripeWebhookSecret, &k.SlackSigningSecret} {
		*f, _, _ = strings.Cut(*f, ",")
	}
	if k.ShopifyShop == "" {
		k.ShopifyShop = defaultShop
	}
	out := signingKeys{Keys: k}
	var err error
	if out.event, err = parseECDSA(k.SendGridEventPrivateKey); err != nil {
		return out, fmt.Errorf("sandbox: SendGridEventPrivateKey: %w", err)
	}
	if out.inbound, err = parseECDSA(k.SendGridInboundPrivateKey); err != nil {
		return out, fmt.Errorf("sandbox: SendGridInboundPrivateKey: %w", err)
	}
	if out.docusign, err = parseRSAPublic(k.DocuSignPublicKey); err != nil {
		return out, fmt.Errorf("sandbox: DocuSignPublicKey: %w", err)
	}
	return out, nil
}

func parseECDSA(s string) (*ecdsa.PrivateKey, error) {
	if s == "" {
		return nil, nil
	}
	der, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		return nil, errors.New("not base64")
	}
	key, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, errors.New("not a PKCS#8 key")
	}
	if ec, ok := key.(*ecdsa.PrivateKey); ok {
		return ec, nil
	}
	return nil, errors.New("not an ECDSA key")
}

func parseRSAPublic(s string) (*rsa.PublicKey, error) {
	if s == "" {
		return nil, nil
	}
	block, _ := pem.Decode([]byte(s))
	if block == nil {
		return nil, errors.New("not PEM")
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, errors.New("not a public key (SPKI)")
	}
	if r, ok := key.(*rsa.PublicKey); ok {
		return r, nil
	}
	return nil, errors.New("not an RSA key")
}

func newECDSA() (private, public string) {
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	return base64.StdEncoding.EncodeToString(must(x509.MarshalPKCS8PrivateKey(key))),
		base64.StdEncoding.EncodeToString(must(x509.MarshalPKIXPublicKey(&key.PublicKey)))
}

func pemOf(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

// token is n random bytes in hex. crypto/rand never fails on the systems that Go supports.
func token(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b)
	return hex.EncodeToString(b)
}

// newID is a vendor-like id: the prefix and n hex digits, unique across restarts because it is random.
func newID(prefix string, n int) string { return prefix + token((n + 1) / 2)[:n] }

// must is for calls that fail only when the program itself is wrong.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
