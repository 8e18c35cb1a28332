package webhooks

import (
	"encoding/json"
	"net/http"

	"github.com/rapport-dev/rapport/integrations/docusign"
	"github.com/rapport-dev/rapport/integrations/easypost"
	"github.com/rapport-dev/rapport/integrations/sendgrid"
	"github.com/rapport-dev/rapport/integrations/shopify"
	"github.com/rapport-dev/rapport/integrations/stripe"
)

// The readers find a verified delivery's id. What they cannot read is kept all the same, under a digest: it is applied, or
// found to be of no use, later.

func readEnvelope(_ http.Header, body []byte) (string, []byte) {
	e, err := docusign.Parse(body)
	if err != nil {
		return "", body
	}
	return e.DeliveryID, body
}

func readParcel(_ http.Header, body []byte) (string, []byte) {
	e, err := easypost.Parse(body)
	if err != nil {
		return "", body
	}
	return e.DeliveryID, body
}

func readShop(h http.Header, body []byte) (string, []byte) { return shopify.DeliveryID(h), body }

func readPayout(_ http.Header, body []byte) (string, []byte) {
	e, err := stripe.ParseEvent(body)
	if err != nil {
		return "", body
	}
	return e.ID, body
}

// readMail keeps of a mail what is used of it: no attachments, no HTML, no headers.
func readMail(h http.Header, body []byte) (string, []byte) {
	in, err := sendgrid.ParseInbound(body, h.Get("Content-Type"))
	if err != nil {
		return "", nil // spam in a shape that no mail program makes: the digest is enough to know it again
	}
	in.HTML = ""
	kept, err := json.Marshal(in)
	if err != nil {
		return "", nil
	}
	return in.ID, kept
}
