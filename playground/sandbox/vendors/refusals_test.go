package vendors_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/partnership"
)

// TestAVendorThatRefusesEverybody: over each vendor's own wire format, a wrong key is no matter of the single call.
func TestAVendorThatRefusesEverybody(t *testing.T) {
	t.Parallel()
	b := start(t)
	acct := b.onboarded(b.rail())
	calls := map[string]func() error{
		"sendgrid": func() error { _, err := b.mailer().SendMail(ctx, invitation()); return err },
		"docusign": func() error { _, err := b.signer().CreateEnvelope(ctx, b.envelope(1)); return err },
		"easypost": func() error { _, err := b.shipper().Shipment(ctx, "shp_1"); return err },
		"shopify":  func() error { _, err := b.shop().FindDiscount(ctx, "X"); return err },
		"slack":    func() error { _, err := b.chat().PostMessage(ctx, card()); return err },
		"stripe":   func() error { _, err := b.rail().Transfer(ctx, payout(acct, 100)); return err },
	}
	b.plan(map[string]any{"vendor": "*", "endpoint": "*", "kind": "wrong-key", "count": 1000})
	for name, call := range calls {
		if err := call(); partnership.ClassOf(err) != partnership.Barred {
			t.Errorf("%s: %v", name, err)
		}
	}
	b.call(http.MethodDelete, "/faults", nil)
	for name, call := range calls {
		if err := call(); partnership.ClassOf(err) == partnership.Barred {
			t.Errorf("%s, after the key is right again: %v", name, err)
		}
	}
}

func TestAnArchivedChannelTakesNoCard(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.plan(map[string]any{"vendor": "slack", "endpoint": "chat.postMessage", "kind": "archived-channel"})
	if _, err := b.chat().PostMessage(ctx, card()); partnership.ClassOf(err) != partnership.Barred || !strings.Contains(err.Error(), "SLACK_CHANNEL") {
		t.Errorf("%v", err)
	}
	if _, err := b.chat().PostMessage(ctx, card()); err != nil {
		t.Errorf("after it is mended: %v", err)
	}
}
