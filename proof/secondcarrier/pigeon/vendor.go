// Package pigeon is a second carrier, made to show what one takes: this folder and one line of wiring/vendors/list.go. Nothing that
// ships knows it; the tests of proof/secondcarrier build programs that do.
package pigeon

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/rapport-dev/rapport/integrations"
	"github.com/rapport-dev/rapport/integrations/httpx"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/facts"
)

// Vendor ships parcels.
var Vendor = integrations.Vendor{
	Name: vendor, Title: "Pigeon Post", Fills: partnership.CarrierPort, PerSecond: 2,
	Needs: []string{"PIGEON_API_KEY"},
	New:   func() integrations.Settings { return new(Settings) },
}

// Settings are how the loft is reached.
type Settings struct {
	APIKey  integrations.Secret  `env:"PIGEON_API_KEY"`
	BaseURL string               `env:"PIGEON_BASE_URL"`
	Seals   integrations.Secrets `env:"PIGEON_WEBHOOK_SECRET"`
}

// Check implements integrations.Settings.
func (s *Settings) Check() []integrations.Fault {
	return integrations.URLs(map[string]string{"PIGEON_BASE_URL": s.BaseURL})
}

// Open implements integrations.Settings.
func (s *Settings) Open(h *http.Client) any {
	return New(s.APIKey.Reveal(), s.BaseURL, h)
}

// HeaderSeal carries the HMAC-SHA256 of a delivery's body, in hex.
const HeaderSeal = "Pigeon-Seal"

// Webhooks implements integrations.Reporter.
func (s *Settings) Webhooks() []integrations.Webhook {
	return []integrations.Webhook{{
		Vendor: vendor, Path: "/webhooks/pigeon", Inbox: vendor, Setting: "PIGEON_WEBHOOK_SECRET",
		Verify: func(h http.Header, body []byte, _ time.Time) error {
			value, ok := httpx.Single(h, HeaderSeal)
			given, err := hex.DecodeString(value)
			if !ok {
				err = facts.ErrNotSigned
			}
			return httpx.HMACs(s.Seals.Reveal(), body).Check(given, err)
		},
		ID: func(_ http.Header, body []byte) string {
			n, err := read(body)
			if err != nil {
				return ""
			}
			return n.ID
		},
		Read: func(_ http.Header, body []byte) ([]facts.Fact, error) {
			n, err := read(body)
			if err != nil {
				return nil, err
			}
			moved := partnership.Parcel{TrackingCode: n.Ring, Status: states[n.State], UpdatedAt: n.At}
			return []facts.Fact{facts.ParcelMoved{ShipmentID: n.Parcel, Parcel: moved, EventID: n.ID}}, nil
		},
	}}
}

// News is what a delivery says.
type News struct {
	ID     string    `json:"news"`
	Parcel string    `json:"parcel"`
	Ring   string    `json:"ring"`
	State  string    `json:"state"`
	At     time.Time `json:"at"`
}

func read(body []byte) (n News, err error) {
	if json.Unmarshal(body, &n) != nil || n.ID == "" || n.Parcel == "" {
		return n, errors.New("pigeon webhook: not news of a parcel")
	}
	return n, nil
}

// states are the loft's words for where a parcel is.
var states = map[string]partnership.ParcelStatus{
	"in the loft": partnership.ParcelPreTransit, "on the wing": partnership.ParcelInTransit, "landed": partnership.ParcelDelivered, "lost": partnership.ParcelFailure,
}
