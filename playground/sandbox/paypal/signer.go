package paypal

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"hash/crc32"
	"math/big"
	"net/http"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// signer is PayPal's certificate. It is made when it is first needed, and is another one after a restart, as PayPal's is from time to time.
type signer struct {
	core    *sandbox.Server
	webhook string
	name    string
	make    func() (*rsa.PrivateKey, []byte)
}

func newSigner(core *sandbox.Server, webhook string) *signer {
	return &signer{core: core, webhook: webhook, name: "CERT-" + sandbox.NewID("", 16), make: sync.OnceValues(func() (*rsa.PrivateKey, []byte) {
		key := sandbox.Must(rsa.GenerateKey(rand.Reader, 2048))
		template := &x509.Certificate{
			SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "messageverificationcerts.sandbox"},
			NotBefore: time.Now().AddDate(-1, 0, 0), NotAfter: time.Now().AddDate(20, 0, 0),
		}
		der := sandbox.Must(x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key))
		return key, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	})}
}

// sign is PayPal's, nil without a webhook.
func (s *signer) sign() sandbox.Sign {
	if s.webhook == "" {
		return nil
	}
	return func(h http.Header, body []byte, now time.Time) {
		id, at := uuid.NewString(), now.UTC().Format(time.RFC3339)
		key, _ := s.make()
		sum := sha256.Sum256(fmt.Appendf(nil, "%s|%s|%s|%d", id, at, s.webhook, crc32.ChecksumIEEE(body)))
		h.Set("PAYPAL-TRANSMISSION-ID", id)
		h.Set("PAYPAL-TRANSMISSION-TIME", at)
		h.Set("PAYPAL-AUTH-ALGO", "SHA256withRSA")
		h.Set("PAYPAL-CERT-URL", s.core.URL()+"/paypal/certs/"+s.name)
		h.Set("PAYPAL-TRANSMISSION-SIG", base64.StdEncoding.EncodeToString(sandbox.Must(rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:]))))
	}
}

func (s *signer) serve(w http.ResponseWriter, r *http.Request) {
	if r.PathValue("id") != s.name {
		http.NotFound(w, r)
		return
	}
	_, cert := s.make()
	w.Header().Set("Content-Type", "application/x-pem-file")
	w.Write(cert)
}
