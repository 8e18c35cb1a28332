package docusign

import (
	"net/http"
	"os"
	"strings"

	"github.com/rapport-dev/rapport/integrations"
	"github.com/rapport-dev/rapport/partnership"
)

// Vendor has contracts signed. It allows 500 calls in 30 s.
var Vendor = integrations.Vendor{
	Name: vendor, Title: "DocuSign", Fills: partnership.SigningPort, PerSecond: 8,
	Needs: []string{"DOCUSIGN_ACCOUNT_ID", "DOCUSIGN_INTEGRATION_KEY", "DOCUSIGN_USER_ID", "DOCUSIGN_PRIVATE_KEY"},
	New:   func() integrations.Settings { return new(Settings) },
}

// Settings are how contracts are signed.
type Settings struct {
	AccountID      string               `env:"DOCUSIGN_ACCOUNT_ID"`
	IntegrationKey string               `env:"DOCUSIGN_INTEGRATION_KEY"`
	UserID         string               `env:"DOCUSIGN_USER_ID"`
	PrivateKey     integrations.Secret  `env:"DOCUSIGN_PRIVATE_KEY"` // PEM, or a file's name that Check replaces by its text
	BaseURL        string               `env:"DOCUSIGN_BASE_URL"`
	AuthURL        string               `env:"DOCUSIGN_AUTH_URL"`
	HMACKeys       integrations.Secrets `env:"DOCUSIGN_HMAC_KEYS"`
}

// Check implements integrations.Settings.
func (s *Settings) Check() []integrations.Fault {
	faults := integrations.URLs(map[string]string{"DOCUSIGN_BASE_URL": s.BaseURL, "DOCUSIGN_AUTH_URL": s.AuthURL})
	if why := s.readPrivateKey(); why != "" {
		faults = append(faults, integrations.Fault{Name: "DOCUSIGN_PRIVATE_KEY", Message: why})
	}
	return faults
}

// readPrivateKey replaces a file's name by the file's text, or says why not. A PEM given in one line has \n for its line ends.
func (s *Settings) readPrivateKey() (why string) {
	value := s.PrivateKey.Reveal()
	if value == "" {
		return ""
	}
	if strings.Contains(value, "-----BEGIN") {
		s.PrivateKey = integrations.Secret(strings.ReplaceAll(value, `\n`, "\n"))
		return ""
	}
	text, err := os.ReadFile(value)
	if err != nil {
		return "it is neither a PEM text nor a file that can be read"
	}
	s.PrivateKey = integrations.Secret(text)
	return ""
}

// Open implements integrations.Settings.
func (s *Settings) Open(h *http.Client) any {
	return New(Config{
		AccountID: s.AccountID, IntegrationKey: s.IntegrationKey, UserID: s.UserID, PrivateKeyPEM: s.PrivateKey.Reveal(),
		BaseURL: s.BaseURL, AuthURL: s.AuthURL, HTTPClient: h,
	})
}
