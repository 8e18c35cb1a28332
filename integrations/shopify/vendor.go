package shopify

import (
	"net/http"
	"slices"
	"strings"

	"github.com/rapport-dev/rapport/integrations"
	"github.com/rapport-dev/rapport/partnership"
)

// Vendor is the shop. Its bucket refills by 100 points a second, and a mutation costs 10.
var Vendor = integrations.Vendor{
	Name: vendor, Title: "Shopify", Fills: partnership.ShopPort, PerSecond: 8,
	Needs: []string{"SHOPIFY_SHOP", "SHOPIFY_ACCESS_TOKEN"},
	New:   func() integrations.Settings { return new(Settings) },
}

// Settings are how the shop is reached.
type Settings struct {
	Shop           string               `env:"SHOPIFY_SHOP"` // such as acme.myshopify.com
	AccessToken    integrations.Secret  `env:"SHOPIFY_ACCESS_TOKEN"`
	BaseURL        string               `env:"SHOPIFY_BASE_URL"`
	WebhookSecrets integrations.Secrets `env:"SHOPIFY_WEBHOOK_SECRETS"`
}

// Check implements integrations.Settings.
func (s *Settings) Check() []integrations.Fault {
	return integrations.URLs(map[string]string{"SHOPIFY_BASE_URL": s.BaseURL})
}

// OwnShop are the names by which a person may mean this shop.
func (s *Settings) OwnShop() (names []string) {
	if shop := domain(s.Shop); shop != "" {
		names = []string{shop, strings.TrimSuffix(shop, ".myshopify.com")}
	}
	return slices.Compact(append(names, vendor))
}

// Open implements integrations.Settings.
func (s *Settings) Open(h *http.Client) any {
	return New(Config{Shop: s.Shop, AccessToken: s.AccessToken.Reveal(), BaseURL: s.BaseURL, HTTPClient: h})
}
