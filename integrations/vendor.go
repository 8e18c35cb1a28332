// Package integrations says what a vendor is to Rapport. Each folder below it is one vendor with one registration, in its vendor.go;
// wiring/vendors lists them, a line each. Nothing else of the product knows a vendor by name (proof/vendornames looks).
package integrations

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"github.com/rapport-dev/rapport/partnership"
)

// Vendor is a vendor's registration.
type Vendor struct {
	Name      string           // as it stands in campaign files, the inbox, troubles and the name of its queue
	Title     string           // as people know it
	Fills     partnership.Port // what it does for us; "" what nobody asks for yet
	PerSecond float64          // calls a second in the whole cluster, some way below what the vendor publishes
	Needs     []string         // the settings without which it is off
	Network   bool             // a payment network that reports itself what it moves to whom (in the US on Form 1099-K)
	New       func() Settings  // settings to be read from the environment: a pointer to a struct with env tags
}

// Settings are one vendor's settings.
type Settings interface {
	// Check completes what was read and says what is wrong with its form. What is left out is no fault.
	Check() []Fault
	// Open makes the client, which has the methods that the vendor's port asks for (activities/ports.go). It calls nobody: what is
	// missing is said by each call.
	Open(h *http.Client) any
}

// Checker is what a client is that can prove that its settings open the vendor, by a call that changes nothing.
type Checker interface {
	Check(ctx context.Context) error
}

// Reporter is what the settings of a vendor are that reports by itself. Without a key its deliveries are refused.
type Reporter interface{ Webhooks() []Webhook }

// Fault is one setting that is wrong. It never holds a secret's value.
type Fault struct{ Name, Message string }

// URLs are the faults of addresses that are no http or https URLs, by the names of their settings. One that is left out is none.
func URLs(addresses map[string]string) (faults []Fault) {
	for name, address := range addresses {
		if u, err := url.Parse(address); address != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
			faults = append(faults, Fault{name, fmt.Sprintf("%q must be an http or https URL", address)})
		}
	}
	return faults
}
