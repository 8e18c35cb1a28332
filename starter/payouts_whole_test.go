package main

import (
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/partnership"
)

// Whoever names one creator must not pay everybody.
func TestARunOfOneCreatorIsRefused(t *testing.T) {
	t.Parallel()
	one := month{Program: "dreams", Period: "2026-11", Creator: "@ada"}
	for name, err := range map[string]error{"run": payoutsRun{month: one}.Run(&app{}), "approve": payoutsApprove{month: one, Hash: "h"}.Run(&app{})} {
		if partnership.CodeOf(err) != partnership.Invalid || !strings.Contains(err.Error(), "pays everybody who is due") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
