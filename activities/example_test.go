package activities

import (
	"context"
	"fmt"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// An act outside is done once, though Temporal may run its step again: the first answer was lost, the second attempt finds by its
// key what the first one did, and a third is told the receipt without asking anybody.
func Example_anActHappensOnce() {
	now := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	ledger := &ledgerFake{rows: map[partnership.EffectKey]*partnership.Effect{}, now: now}
	a := New(Deps{Store: ledger, Clock: ledger, Day: 24 * time.Hour})

	bought := 0
	label := effect[partnership.Receipt]{
		key: "partnership-1/gifting/label/1", kind: "label",
		do: func(context.Context, partnership.Effect) (partnership.Receipt, error) {
			bought++ // the carrier did it, and then the line went dead
			return partnership.Receipt{}, &partnership.VendorError{Vendor: "easypost", Class: partnership.Ambiguous, Message: "no answer came"}
		},
		find: func(context.Context, partnership.Effect) (partnership.Receipt, sighting, error) {
			fmt.Println("asked the carrier by the key")
			return partnership.Receipt{ID: "shp_1"}, found, nil
		},
	}
	for attempt := 1; attempt <= 3; attempt++ {
		receipt, err := once(context.Background(), a, label)
		fmt.Printf("attempt %d: %q, failed: %t\n", attempt, receipt.ID, err != nil)
	}
	fmt.Println("labels bought:", bought)
	// Output:
	// attempt 1: "", failed: true
	// asked the carrier by the key
	// attempt 2: "shp_1", failed: false
	// attempt 3: "shp_1", failed: false
	// labels bought: 1
}
