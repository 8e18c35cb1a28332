package easypost

import (
	"net/http"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/integrations"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/facts"
)

// Webhooks implements integrations.Reporter.
func (s *Settings) Webhooks() []integrations.Webhook {
	return []integrations.Webhook{{
		Vendor: vendor, Path: "/webhooks/easypost", Inbox: vendor, Setting: "EASYPOST_WEBHOOK_SECRET",
		Verify: func(h http.Header, body []byte, _ time.Time) error { return Verify(s.WebhookSecrets.Reveal(), h, body) },
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

// facts reads the carrier's news of a parcel.
func (s *Settings) facts(body []byte) ([]facts.Fact, error) {
	e, err := Parse(body)
	if err != nil {
		return nil, err
	}
	switch mode := s.mode(); {
	case mode != "" && e.Mode != "" && e.Mode != mode:
		return []facts.Fact{facts.Nothing{Why: "it is of the " + e.Mode + " mode, and we ship in the other"}}, nil
	case e.TrackerID == "" || e.Parcel.Status == "" || e.Parcel.Status == partnership.ParcelUnknown:
		return []facts.Fact{facts.Nothing{Why: "it says nothing new about a parcel"}}, nil
	}
	if e.Parcel.UpdatedAt.IsZero() {
		e.Parcel.UpdatedAt = e.At
	}
	return []facts.Fact{facts.ParcelMoved{ShipmentID: e.ShipmentID, Parcel: e.Parcel, EventID: e.DeliveryID}}, nil
}

// mode is test or production, as far as the key's beginning tells: one account's webhooks report on both.
func (s *Settings) mode() string {
	switch key := s.APIKey.Reveal(); {
	case strings.HasPrefix(key, "EZTK"):
		return "test"
	case strings.HasPrefix(key, "EZAK"):
		return "production"
	}
	return ""
}
