package webhooks

import (
	"strings"

	"github.com/rapport-dev/rapport/integrations/docusign"
	"github.com/rapport-dev/rapport/integrations/easypost"
	"github.com/rapport-dev/rapport/integrations/stripe"
)

// Ours is whose deliveries are meant for us. A key may be shared (one app in two shops, one account in test and live mode), so a
// signature alone does not say that a delivery is about us. What is left empty is not compared. A mail is ours by the secret in its
// reply address, whatever the domain: one that was changed since still gets answers to old mails.
type Ours struct {
	Shop        string // such as acme.myshopify.com
	SigningID   string // the signing vendor's account
	ParcelMode  string // test or production
	PayoutsLive *bool  // the payout provider's mode
}

// ModesOf reads the modes off the vendors' keys, as far as their beginnings tell.
func (o *Ours) ModesOf(easypostKey, stripeKey string) {
	switch {
	case strings.HasPrefix(easypostKey, "EZTK"):
		o.ParcelMode = "test"
	case strings.HasPrefix(easypostKey, "EZAK"):
		o.ParcelMode = "production"
	}
	for prefix, live := range map[string]bool{"sk_live_": true, "rk_live_": true, "sk_test_": false, "rk_test_": false} {
		if strings.HasPrefix(stripeKey, prefix) {
			o.PayoutsLive = &live
		}
	}
}

func (o Ours) shop(domain string) error {
	want := shopDomain(o.Shop)
	if want == "" || domain == "" || strings.EqualFold(domain, want) {
		return nil
	}
	return ignored("it is another shop's")
}

// shopDomain completes a shop's bare name.
func shopDomain(shop string) string {
	shop = strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(shop, "https://"), "http://"), "/")
	if shop != "" && !strings.Contains(shop, ".") {
		shop += ".myshopify.com"
	}
	return shop
}

func (o Ours) envelope(e docusign.Event) error {
	if o.SigningID == "" || e.AccountID == "" || strings.EqualFold(e.AccountID, o.SigningID) {
		return nil
	}
	return ignored("it is another account's")
}

func (o Ours) parcel(e easypost.TrackerEvent) error {
	if o.ParcelMode == "" || e.Mode == "" || e.Mode == o.ParcelMode {
		return nil
	}
	return ignored("it is of the " + e.Mode + " mode, and we ship in the other")
}

func (o Ours) payout(e stripe.Event) error {
	if o.PayoutsLive == nil || e.Live == *o.PayoutsLive {
		return nil
	}
	return ignored("it is of the payout provider's other mode")
}
