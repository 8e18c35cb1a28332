package webhooks

import (
	"net/http"

	"github.com/rapport-dev/rapport/integrations/docusign"
	"github.com/rapport-dev/rapport/integrations/easypost"
	"github.com/rapport-dev/rapport/integrations/sendgrid"
	"github.com/rapport-dev/rapport/integrations/shopify"
	"github.com/rapport-dev/rapport/integrations/stripe"
)

// The readers find a verified delivery's id. What they cannot read is kept all the same, under a digest: it is applied, or
// found to be of no use, later.

func readEnvelope(_ http.Header, body []byte) string {
	e, err := docusign.Parse(body)
	if err != nil {
		return ""
	}
	return e.DeliveryID
}

func readParcel(_ http.Header, body []byte) string {
	e, err := easypost.Parse(body)
	if err != nil {
		return ""
	}
	return e.DeliveryID
}

func readShop(h http.Header, _ []byte) string { return shopify.DeliveryID(h) }

func readPayout(_ http.Header, body []byte) string {
	e, err := stripe.ParseEvent(body)
	if err != nil {
		return ""
	}
	return e.ID
}

// readMail knows a mail again in whatever form it is delivered. The whole delivery is kept: files, HTML and headers too.
func readMail(h http.Header, body []byte) string {
	in, err := sendgrid.ParseInbound(body, h.Get("Content-Type"))
	if err != nil {
		return ""
	}
	return in.ID
}
