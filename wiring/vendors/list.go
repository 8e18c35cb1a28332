package vendors

import (
	"github.com/rapport-dev/rapport/integrations"
	"github.com/rapport-dev/rapport/integrations/docusign"
	"github.com/rapport-dev/rapport/integrations/easypost"
	"github.com/rapport-dev/rapport/integrations/filebank"
	"github.com/rapport-dev/rapport/integrations/paypal"
	"github.com/rapport-dev/rapport/integrations/sendgrid"
	"github.com/rapport-dev/rapport/integrations/shopify"
	"github.com/rapport-dev/rapport/integrations/slack"
	"github.com/rapport-dev/rapport/integrations/stripe"
)

// All are the vendors that there are, a line each, in the order in which a campaign meets them. Of several that fill one port the
// first is meant by stories that name none, which began when it was alone: another one goes below it.
func All() []integrations.Vendor {
	return []integrations.Vendor{
		slack.Vendor,
		sendgrid.Vendor,
		docusign.Vendor,
		easypost.Vendor,
		shopify.Vendor,
		stripe.Vendor,
		paypal.Vendor,
		filebank.Vendor,
	}
}
