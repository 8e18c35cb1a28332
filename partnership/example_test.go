package partnership_test

import (
	"errors"
	"fmt"

	"github.com/rapport-dev/rapport/partnership"
)

// A counter-offer within the campaign's limits is accepted by rule; beyond them a person decides.
func ExampleDecide() {
	limits := partnership.NegotiationLimits{MaxFeeUpliftBPS: 2000, Rounds: 2}
	offered := partnership.Terms{Currency: "USD", FeeMinor: 500_00}
	for _, counter := range []int64{580_00, 700_00} {
		d := partnership.Decide(limits, offered, counter, 1)
		fmt.Printf("%s: %s\n", d.Verdict, d.Reason)
	}
	// Output:
	// accept: $580.00 is within the campaign's limit of $600.00
	// manager: $700.00 is above the campaign's limit of $600.00
}

// What failed at a vendor says what the next attempt may do, however deep it is wrapped.
func ExampleClassOf() {
	err := fmt.Errorf("buy the label: %w", &partnership.VendorError{Vendor: "easypost", Op: "shipment.buy", Class: partnership.Ambiguous, Message: "no answer came"})
	fmt.Println(partnership.ClassOf(err), partnership.ClassOf(errors.New("anything else")) == "")
	// Output: ambiguous true
}
