package partnership

import (
	"encoding/json"
	"fmt"
)

// Onboarding is how a creator says where a rail sends their money.
type Onboarding string

// The ways. Hosted is on the rail's own pages, where it asks for what it needs; the others are forms of ours.
const (
	OnboardHosted   Onboarding = "hosted"
	OnboardReceiver Onboarding = "receiver" // an address, a phone number or an id that the rail knows the creator by
	OnboardBank     Onboarding = "bank"     // an account at a bank
)

// Receiver is whom a rail pays, where that is no account of the rail's own making. All of it is personal data: it is kept encrypted, and
// printed it says only that there is one.
type Receiver struct {
	Kind    string `json:"kind"`              // EMAIL, PHONE, PAYPAL_ID; IBAN, US
	ID      string `json:"id"`                // the address, number or id; the IBAN; the account's number
	Routing string `json:"routing,omitempty"` // of the bank, where the account's number alone does not say it
	Savings bool   `json:"savings,omitempty"` // not a checking account
	Name    string `json:"name,omitempty"`    // whose account it is
	Country string `json:"country,omitempty"` // of the bank
}

// BankAccount is what somebody typed of an account at a bank. Personal data.
type BankAccount struct {
	Name    string // whose it is
	IBAN    string
	Routing string // in the United States
	Account string
	Savings bool
}

// Known is what makes a receiver the same again: of an account at a bank all of it, for a file is written from it and stays as it was.
func (r Receiver) Known() string {
	if r.Name == "" && r.Routing == "" {
		return r.ID
	}
	return fmt.Sprintf("%s/%s/%t/%s", r.Routing, r.ID, r.Savings, r.Name)
}

// Shown is what may be shown of it: the last four characters.
func (r Receiver) Shown() string {
	runes := []rune(r.ID)
	return "…" + string(runes[max(0, len(runes)-4):])
}

func (r Receiver) String() string {
	if r.ID == "" {
		return "[none]"
	}
	return "[a receiver]"
}

// GoString hides the receiver from %#v.
func (r Receiver) GoString() string { return r.String() }

// Sealed is the receiver as it is encrypted.
func (r Receiver) Sealed() ([]byte, error) {
	type plain Receiver
	return json.Marshal(plain(r))
}

// MarshalJSON refuses: what is written as JSON reaches logs and histories.
func (r Receiver) MarshalJSON() ([]byte, error) { return json.Marshal(r.String()) }

// OpenReceiver reads what Sealed wrote.
func OpenReceiver(plain []byte) (r Receiver, err error) {
	type open Receiver
	var o open
	if err := json.Unmarshal(plain, &o); err != nil || o.ID == "" {
		return Receiver{}, fmt.Errorf("the receiver that was kept cannot be read")
	}
	return Receiver(o), nil
}
