package deeds

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"net/url"
	"slices"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
)

// Webhooks keep who hears of what happens.
type Webhooks interface {
	AddEndpoint(ctx context.Context, e partnership.Endpoint, secret string, d partnership.Deed) (partnership.Endpoint, error)
	RemoveEndpoint(ctx context.Context, id string, d partnership.Deed) error
	Resend(ctx context.Context, event, endpoint string, d partnership.Deed) error
}

// secretBytes is what a secret that signs has: Standard Webhooks asks for 24 to 64.
const secretBytes = 32

// AddWebhook lets an address hear of events, all where none is named. secret is shown once. private is where addresses inside are allowed.
func AddWebhook(ctx context.Context, kept Webhooks, by By, address string, types []string, private bool) (e partnership.Endpoint, secret string, err error) {
	if err := by.May(partnership.DeedAddWebhook); err != nil {
		return e, "", err
	}
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && !(private && u.Scheme == "http"):
		return e, "", partnership.FieldErrorf("url", "%q must be an https:// address; http and addresses inside take RAPPORT_WEBHOOKS_PRIVATE", address)
	case u.User != nil:
		return e, "", partnership.FieldErrorf("url", "it must hold no user and password: what is sent is signed")
	}
	for _, t := range types {
		if !slices.Contains(partnership.EventTypes(), t) {
			return e, "", partnership.FieldErrorf("types", "%q must be one of %s", t, strings.Join(partnership.EventTypes(), ", "))
		}
	}
	key := make([]byte, secretBytes)
	_, _ = rand.Read(key) // never fails: it ends the program instead
	secret = "whsec_" + base64.StdEncoding.EncodeToString(key)
	e, err = kept.AddEndpoint(ctx, partnership.Endpoint{URL: address, Types: append([]string{}, types...)}, secret, partnership.Deed{
		ID: by.ID, Who: by.Who, Deed: partnership.DeedAddWebhook, Details: map[string]any{"host": u.Host, "types": types},
	})
	return e, secret, err
}

// RemoveWebhook ends an endpoint, with what is still on its way to it.
func RemoveWebhook(ctx context.Context, kept Webhooks, by By, id string) error {
	if err := by.May(partnership.DeedRemoveWebhook); err != nil {
		return err
	}
	return kept.RemoveEndpoint(ctx, id, partnership.Deed{ID: by.ID, Who: by.Who, Deed: partnership.DeedRemoveWebhook, Subject: "webhook/" + id})
}

// ResendEvent sends an event to an endpoint once more.
func ResendEvent(ctx context.Context, kept Webhooks, by By, event, endpoint string) error {
	if err := by.May(partnership.DeedResendEvent); err != nil {
		return err
	}
	return kept.Resend(ctx, event, endpoint, partnership.Deed{ID: by.ID, Who: by.Who, Deed: partnership.DeedResendEvent, Subject: "webhook/" + endpoint, Details: map[string]any{"event": event}})
}
