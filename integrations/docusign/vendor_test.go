package docusign

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/integrations"
)

func TestTheKeyIsPEMOrFile(t *testing.T) {
	const pem = "-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\n"
	file := filepath.Join(t.TempDir(), "key.pem")
	if err := os.WriteFile(file, []byte(pem), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{"text": strings.TrimSpace(pem), "one line": strings.ReplaceAll(strings.TrimSpace(pem), "\n", `\n`), "file": file} {
		s := Settings{PrivateKey: integrations.Secret(value)}
		if faults := s.Check(); len(faults) > 0 {
			t.Errorf("%s: %v", name, faults)
		}
		if got := strings.TrimSpace(s.PrivateKey.Reveal()); got != strings.TrimSpace(pem) {
			t.Errorf("%s: read %d characters, want %d", name, len(got), len(pem))
		}
	}
	s := Settings{PrivateKey: integrations.Secret(file + ".missing")}
	if faults := s.Check(); len(faults) != 1 || faults[0].Name != "DOCUSIGN_PRIVATE_KEY" || strings.Contains(faults[0].Message, file) {
		t.Errorf("a missing file: %v", faults)
	}
}
