package docusign

import (
	"net/http"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/integrations"
	"github.com/rapport-dev/rapport/partnership/facts"
)

// Webhooks implements integrations.Reporter.
func (s *Settings) Webhooks() []integrations.Webhook {
	return []integrations.Webhook{{
		Vendor: vendor, Path: "/webhooks/docusign", Inbox: vendor, Setting: "DOCUSIGN_HMAC_KEYS",
		Verify: func(h http.Header, body []byte, _ time.Time) error { return Verify(s.HMACKeys.Reveal(), h, body) },
		ID: func(_ http.Header, body []byte) string {
			e, err := Parse(body)
			if err != nil {
				return ""
			}
			return e.DeliveryID
		},
		Read: func(_ http.Header, body []byte) ([]facts.Fact, error) { return s.facts(body) },
	}}
}

// facts reads what ends an envelope; nothing else is worth a question. A key may be shared, so the account has to be ours too.
func (s *Settings) facts(body []byte) ([]facts.Fact, error) {
	e, err := Parse(body)
	if err != nil {
		return nil, err
	}
	nothing := func(why string) ([]facts.Fact, error) {
		return []facts.Fact{facts.Nothing{Why: why}}, nil
	}
	switch {
	case s.AccountID != "" && e.AccountID != "" && !strings.EqualFold(e.AccountID, s.AccountID):
		return nothing("it is another account's")
	case e.EnvelopeID == "":
		return nothing("it is about no envelope")
	case e.Kind != "envelope-completed" && e.Kind != "envelope-declined" && e.Kind != "envelope-voided":
		return nothing("it changes nothing")
	}
	return []facts.Fact{facts.EnvelopeEnded{EnvelopeID: e.EnvelopeID, PartnershipID: e.PartnershipID, EventID: e.DeliveryID}}, nil
}
