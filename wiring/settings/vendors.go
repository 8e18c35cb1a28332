package settings

import (
	"fmt"
	"os"
	"strings"
)

// Slack is where the brand's people decide.
type Slack struct {
	BotToken      Secret  `env:"SLACK_BOT_TOKEN"`
	AppToken      Secret  `env:"SLACK_APP_TOKEN"` // Socket Mode, which nothing serves yet
	SigningSecret Secrets `env:"SLACK_SIGNING_SECRET"`
	Channel       string  `env:"SLACK_CHANNEL"`
	APIURL        string  `env:"SLACK_API_URL"`
}

// SendGrid sends and receives mail.
type SendGrid struct {
	APIKey            Secret   `env:"SENDGRID_API_KEY"`
	BaseURL           string   `env:"SENDGRID_BASE_URL"`
	From              string   `env:"SENDGRID_FROM"`
	EventPublicKeys   []string `env:"SENDGRID_EVENT_PUBLIC_KEY"`
	InboundPublicKeys []string `env:"SENDGRID_INBOUND_PUBLIC_KEY"`
	InboundDomain     string   `env:"SENDGRID_INBOUND_DOMAIN"`
}

// DocuSign has contracts signed.
type DocuSign struct {
	AccountID      string  `env:"DOCUSIGN_ACCOUNT_ID"`
	IntegrationKey string  `env:"DOCUSIGN_INTEGRATION_KEY"`
	UserID         string  `env:"DOCUSIGN_USER_ID"`
	PrivateKey     Secret  `env:"DOCUSIGN_PRIVATE_KEY"` // PEM, or a file's name that Parse has replaced by its text
	BaseURL        string  `env:"DOCUSIGN_BASE_URL"`
	AuthURL        string  `env:"DOCUSIGN_AUTH_URL"`
	HMACKeys       Secrets `env:"DOCUSIGN_HMAC_KEYS"`
}

// EasyPost ships parcels.
type EasyPost struct {
	APIKey         Secret  `env:"EASYPOST_API_KEY"`
	BaseURL        string  `env:"EASYPOST_BASE_URL"`
	WebhookSecrets Secrets `env:"EASYPOST_WEBHOOK_SECRET"`
}

// Shopify is the shop.
type Shopify struct {
	Shop           string  `env:"SHOPIFY_SHOP"` // such as acme.myshopify.com
	AccessToken    Secret  `env:"SHOPIFY_ACCESS_TOKEN"`
	BaseURL        string  `env:"SHOPIFY_BASE_URL"`
	WebhookSecrets Secrets `env:"SHOPIFY_WEBHOOK_SECRETS"`
}

// Stripe pays creators.
type Stripe struct {
	APIKey         Secret  `env:"STRIPE_API_KEY"`
	BaseURL        string  `env:"STRIPE_BASE_URL"`
	WebhookSecrets Secrets `env:"STRIPE_WEBHOOK_SECRETS"`
}

// PayPal is another way to pay creators.
type PayPal struct {
	ClientID  Secret `env:"PAYPAL_CLIENT_ID"`
	Secret    Secret `env:"PAYPAL_SECRET"`
	BaseURL   string `env:"PAYPAL_BASE_URL"`
	WebhookID string `env:"PAYPAL_WEBHOOK_ID"`
}

// VendorState says whether a vendor can be used. One without settings is off, and what needs it says so at launch.
type VendorState struct {
	Name    string
	Set     []string // the names that it needs and has
	Missing []string // the names that it needs and has not
}

// On reports whether all that the vendor needs is set.
func (v VendorState) On() bool { return len(v.Missing) == 0 }

// Half reports whether only a part of it is set.
func (v VendorState) Half() bool { return len(v.Missing) > 0 && len(v.Set) > 0 }

// Vendors is the state of each vendor, in the order in which a campaign meets them.
func (s Settings) Vendors() []VendorState {
	return []VendorState{
		state("slack", need{"SLACK_BOT_TOKEN", s.Slack.BotToken.Reveal()}, need{"SLACK_SIGNING_SECRET", strings.Join(s.Slack.SigningSecret.Reveal(), ",")},
			need{"SLACK_CHANNEL", s.Slack.Channel}),
		state("sendgrid", need{"SENDGRID_API_KEY", s.SendGrid.APIKey.Reveal()}, need{"SENDGRID_FROM", s.SendGrid.From}),
		state("docusign", need{"DOCUSIGN_ACCOUNT_ID", s.DocuSign.AccountID}, need{"DOCUSIGN_INTEGRATION_KEY", s.DocuSign.IntegrationKey},
			need{"DOCUSIGN_USER_ID", s.DocuSign.UserID}, need{"DOCUSIGN_PRIVATE_KEY", s.DocuSign.PrivateKey.Reveal()}),
		state("easypost", need{"EASYPOST_API_KEY", s.EasyPost.APIKey.Reveal()}),
		state("shopify", need{"SHOPIFY_SHOP", s.Shopify.Shop}, need{"SHOPIFY_ACCESS_TOKEN", s.Shopify.AccessToken.Reveal()}),
		state("stripe", need{"STRIPE_API_KEY", s.Stripe.APIKey.Reveal()}),
		state("paypal", need{"PAYPAL_CLIENT_ID", s.PayPal.ClientID.Reveal()}, need{"PAYPAL_SECRET", s.PayPal.Secret.Reveal()}),
	}
}

// Vendor is the state of one vendor by its name.
func (s Settings) Vendor(name string) VendorState {
	for _, v := range s.Vendors() {
		if v.Name == name {
			return v
		}
	}
	return VendorState{Name: name, Missing: []string{strings.ToUpper(name)}}
}

type need struct{ name, value string }

func state(name string, needs ...need) VendorState {
	v := VendorState{Name: name}
	for _, n := range needs {
		if n.value == "" {
			v.Missing = append(v.Missing, n.name)
		} else {
			v.Set = append(v.Set, n.name)
		}
	}
	return v
}

// readPrivateKey replaces a file's name by the file's text. A PEM given in one line has \n for its line ends.
func (d *DocuSign) readPrivateKey() error {
	value := d.PrivateKey.Reveal()
	if value == "" {
		return nil
	}
	if strings.Contains(value, "-----BEGIN") {
		d.PrivateKey = Secret(strings.ReplaceAll(value, `\n`, "\n"))
		return nil
	}
	text, err := os.ReadFile(value)
	if err != nil {
		return fmt.Errorf("it is neither a PEM text nor a file that can be read")
	}
	d.PrivateKey = Secret(text)
	return nil
}
