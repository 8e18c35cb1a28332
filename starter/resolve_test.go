package main

import (
	"os"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/proof/temporaltest"
)

// TestEveryDeedByTheShell has one that is resolved.
func TestAPayoutIsResolvedFromAShell(t *testing.T) {
	if testing.Short() {
		t.Skip("it needs a database and Temporal")
	}
	kept(t)
	server := temporaltest.Server(t)
	t.Setenv("TEMPORAL_ADDRESS", server.Address())
	t.Setenv("TEMPORAL_NAMESPACE", server.Namespace())
	t.Setenv("RAPPORT_CODEC_KEYS", "plain")
	resolve := func(as partnership.Choice) string {
		return refused(t, "payouts", "resolve", "po_1", "--as", string(as))
	}
	if said := resolve("found"); !strings.Contains(said, "must be paid or release") {
		t.Errorf("it says %q", said)
	}
	if said := resolve(partnership.ChoiceRelease); !strings.Contains(said, "no payout of that id waits for a person") {
		t.Errorf("it says %q", said)
	}
	roles := t.TempDir() + "/roles"
	must(t, os.WriteFile(roles, []byte("U1: finance\n"), 0o600))
	t.Setenv("RAPPORT_ROLES", roles)
	if said := resolve(partnership.ChoiceRelease); !strings.Contains(said, "finance") {
		t.Errorf("without the role it says %q", said)
	}
}
