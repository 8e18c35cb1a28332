package filebank

import (
	"fmt"
	"net/http"

	"github.com/rapport-dev/rapport/integrations"
	"github.com/rapport-dev/rapport/partnership"
)

// Vendor is the brand's own bank, reached by files. Nobody is called, so the pace is our database's.
var Vendor = integrations.Vendor{
	Name: vendor, Title: "your bank", Fills: partnership.RailPort, PerSecond: 100,
	Needs: []string{"FILEBANK_NAME", "FILEBANK_ACCOUNT"},
	New:   func() integrations.Settings { return new(Settings) },
}

// Settings are from which account the brand pays.
type Settings struct {
	Name      string `env:"FILEBANK_NAME"`       // whose account it is
	Account   string `env:"FILEBANK_ACCOUNT"`    // an IBAN, or routing number/account number in the United States
	CompanyID string `env:"FILEBANK_COMPANY_ID"` // of ACH: ten characters that the bank has given
	BankName  string `env:"FILEBANK_BANK_NAME"`  // of ACH
	Format    string `env:"FILEBANK_FORMAT"`     // "" SEPA or ACH, as the account is; csv for a bank that takes neither
}

// Check implements integrations.Settings.
func (s *Settings) Check() (faults []integrations.Fault) {
	if s.Format != "" && s.Format != formatCSV {
		faults = append(faults, integrations.Fault{Name: "FILEBANK_FORMAT", Message: fmt.Sprintf("%q must be csv, or empty for the format that the account asks for", s.Format)})
	}
	if s.Account == "" {
		return faults
	}
	if _, wrong := payerOf(*s); wrong != "" {
		faults = append(faults, integrations.Fault{Name: "FILEBANK_ACCOUNT", Message: wrong})
	}
	return faults
}

const formatCSV = "csv"

// Open implements integrations.Settings.
func (s *Settings) Open(*http.Client) any {
	c := &Client{csv: s.Format == formatCSV}
	c.from, c.bad = payerOf(*s)
	return c
}
