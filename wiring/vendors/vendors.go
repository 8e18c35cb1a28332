// Package vendors builds the clients of the vendors that are set up, for the worker and the front door alike.
package vendors

import (
	"net/http"
	"time"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/integrations/docusign"
	"github.com/rapport-dev/rapport/integrations/easypost"
	"github.com/rapport-dev/rapport/integrations/httpx"
	"github.com/rapport-dev/rapport/integrations/sendgrid"
	"github.com/rapport-dev/rapport/integrations/shopify"
	"github.com/rapport-dev/rapport/integrations/slack"
	"github.com/rapport-dev/rapport/integrations/stripe"
	"github.com/rapport-dev/rapport/wiring/settings"
)

// Vendors are the clients of the vendors that are set up; the others are nil.
type Vendors struct {
	SendGrid *sendgrid.Client
	DocuSign *docusign.Client
	EasyPost *easypost.Client
	Shopify  *shopify.Client
	Slack    *slack.Client
	Stripe   *stripe.Client
}

// New builds the clients. It calls nobody.
func New(s settings.Settings) Vendors {
	var v Vendors
	own := func() *http.Client { return &http.Client{Timeout: callTimeout(s.Day)} }
	on := func(name string) bool { return s.Vendor(name).On() }
	if on("sendgrid") {
		v.SendGrid = sendgrid.New(sendgrid.Config{APIKey: s.SendGrid.APIKey.Reveal(), BaseURL: s.SendGrid.BaseURL, From: s.SendGrid.From, HTTPClient: own()})
	}
	if on("docusign") {
		v.DocuSign = docusign.New(docusign.Config{
			AccountID: s.DocuSign.AccountID, IntegrationKey: s.DocuSign.IntegrationKey, UserID: s.DocuSign.UserID,
			PrivateKeyPEM: s.DocuSign.PrivateKey.Reveal(), BaseURL: s.DocuSign.BaseURL, AuthURL: s.DocuSign.AuthURL,
			HTTPClient: own(),
		})
	}
	if on("easypost") {
		v.EasyPost = easypost.New(easypost.Config{APIKey: s.EasyPost.APIKey.Reveal(), BaseURL: s.EasyPost.BaseURL, HTTPClient: own()})
	}
	if on("shopify") {
		v.Shopify = shopify.New(shopify.Config{Shop: s.Shopify.Shop, AccessToken: s.Shopify.AccessToken.Reveal(), BaseURL: s.Shopify.BaseURL, HTTPClient: own()})
	}
	if on("slack") {
		v.Slack = slack.New(slack.Config{Token: s.Slack.BotToken.Reveal(), APIURL: s.Slack.APIURL, Channel: s.Slack.Channel, HTTPClient: own()})
	}
	if on("stripe") {
		v.Stripe = stripe.New(stripe.Config{APIKey: s.Stripe.APIKey.Reveal(), BaseURL: s.Stripe.BaseURL, HTTPClient: own()})
	}
	return v
}

// callTimeout bounds one call. It ends well before the activity's attempt does (workflows/options.go), so that two attempts of
// one step are never under way at once.
func callTimeout(day time.Duration) time.Duration {
	if day < time.Hour {
		return 4 * time.Second
	}
	return httpx.DefaultTimeout
}

// Into gives the steps the clients that there are. One that is not stays a nil interface, which the steps look for.
func (v Vendors) Into(d *activities.Deps) {
	if v.SendGrid != nil {
		d.Mailer = v.SendGrid
	}
	if v.DocuSign != nil {
		d.Signer = v.DocuSign
	}
	if v.EasyPost != nil {
		d.Shipper = v.EasyPost
	}
	if v.Shopify != nil {
		d.Shop = v.Shopify
	}
	if v.Slack != nil {
		d.Chat = v.Slack
	}
	if v.Stripe != nil {
		d.Rail = v.Stripe
	}
}
