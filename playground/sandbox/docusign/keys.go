package docusign

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"os"
	"strings"

	"github.com/google/uuid"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

var keys = []sandbox.Key{
	sandbox.Shared("DOCUSIGN_ACCOUNT_ID", "docusign_account_id", uuid.NewString),
	sandbox.Shared("DOCUSIGN_INTEGRATION_KEY", "docusign_integration_key", uuid.NewString),
	sandbox.Shared("DOCUSIGN_USER_ID", "docusign_user_id", uuid.NewString),
	sandbox.Shared("DOCUSIGN_HMAC_KEYS", "docusign_hmac_key", func() string { return sandbox.Token(32) }),
	{Setting: "DOCUSIGN_PRIVATE_KEY", Name: "docusign_public_key", New: newPair, Fit: publicHalf},
}

// newPair is an RSA key: Rapport signs its JWT with the private half.
func newPair() sandbox.Halves {
	key := sandbox.Must(rsa.GenerateKey(rand.Reader, 2048))
	return sandbox.Halves{
		Ours:   pemOf("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key)),
		Theirs: pemOf("PUBLIC KEY", sandbox.Must(x509.MarshalPKIXPublicKey(&key.PublicKey))),
	}
}

// publicHalf reads an RSA private key (PEM, or a file that holds it) and returns its public half as PEM.
func publicHalf(private string, made sandbox.Halves) (string, error) {
	if private == made.Ours {
		return made.Theirs, nil
	}
	text := []byte(strings.ReplaceAll(private, `\n`, "\n"))
	if !strings.Contains(private, "-----BEGIN") {
		var err error
		if text, err = os.ReadFile(private); err != nil {
			return "", errors.New("it is neither a PEM text nor a file that can be read")
		}
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return "", errors.New("it is not PEM")
	}
	key, err := x509.ParsePKCS1PrivateKey(block.Bytes)
	if err != nil {
		parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		rsaKey, ok := parsed.(*rsa.PrivateKey)
		if err != nil || !ok {
			return "", errors.New("it is not an RSA private key")
		}
		key = rsaKey
	}
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		return "", err
	}
	return pemOf("PUBLIC KEY", der), nil
}

func parsePublic(s string) (*rsa.PublicKey, error) {
	if s == "" {
		return nil, nil
	}
	block, _ := pem.Decode([]byte(s))
	if block == nil {
		return nil, errors.New("not PEM")
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, errors.New("not a public key (SPKI)")
	}
	if r, ok := key.(*rsa.PublicKey); ok {
		return r, nil
	}
	return nil, errors.New("not an RSA key")
}

func pemOf(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}
