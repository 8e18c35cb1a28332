package paypal

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"hash/crc32"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/rapport-dev/rapport/integrations/httpx"
	"github.com/rapport-dev/rapport/partnership/facts"
)

// The headers that carry PayPal's proof.
const (
	HeaderID     = "Paypal-Transmission-Id"
	HeaderTime   = "Paypal-Transmission-Time"
	HeaderSum    = "Paypal-Transmission-Sig"
	HeaderCert   = "Paypal-Cert-Url"
	HeaderMethod = "Paypal-Auth-Algo"
)

// verify checks a delivery's raw body: RSA over its id, its time, our webhook's id and the body's CRC32, with the key of a certificate
// that PayPal's own host serves. PayPal repeats a delivery for three days under its first time, so its age says nothing.
func (s *Settings) verify(h http.Header, body []byte, now time.Time) error {
	if s.WebhookID == "" {
		return facts.ErrNoKey
	}
	value := map[string]string{}
	for _, name := range []string{HeaderID, HeaderTime, HeaderSum, HeaderCert, HeaderMethod} {
		v, ok := httpx.Single(h, name)
		if !ok {
			return facts.ErrNotSigned
		}
		value[name] = v
	}
	sum, err := base64.StdEncoding.DecodeString(value[HeaderSum])
	if err != nil || value[HeaderMethod] != "SHA256withRSA" || !s.trusts(value[HeaderCert]) {
		return facts.ErrNotSigned
	}
	key, err := s.certs.key(value[HeaderCert], now)
	if err != nil {
		return err
	}
	signed := sha256.Sum256(fmt.Appendf(nil, "%s|%s|%s|%d", value[HeaderID], value[HeaderTime], s.WebhookID, crc32.ChecksumIEEE(body)))
	if rsa.VerifyPKCS1v15(key, crypto.SHA256, signed[:], sum) != nil {
		return facts.ErrSignature
	}
	return nil
}

// trusts says whether a certificate's address is PayPal's own, or that of the address which stands in for PayPal: anybody can sign with
// a certificate of their own, and a delivery must not make us call whomever it names.
func (s *Settings) trusts(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.User != nil {
		return false
	}
	if base, err := url.Parse(s.BaseURL); err == nil && s.BaseURL != "" && u.Scheme == base.Scheme && u.Host == base.Host {
		return true
	}
	host := strings.ToLower(u.Host)
	return u.Scheme == "https" && (host == "paypal.com" || strings.HasSuffix(host, ".paypal.com"))
}

// certificates are those that were read, by their addresses: PayPal uses one for months.
type certificates struct {
	mu  sync.Mutex
	got map[string]*x509.Certificate
}

// most bounds how many are kept: whoever knows a host of PayPal's can name many.
const most = 16

// key is the public key of a certificate that is valid now.
func (c *certificates) key(address string, now time.Time) (*rsa.PublicKey, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	cert := c.got[address]
	if cert == nil {
		var err error
		if cert, err = fetch(address); err != nil {
			return nil, err
		}
		if c.got == nil || len(c.got) >= most {
			c.got = map[string]*x509.Certificate{}
		}
		c.got[address] = cert
	}
	key, ok := cert.PublicKey.(*rsa.PublicKey)
	if !ok || now.Before(cert.NotBefore) || now.After(cert.NotAfter) {
		return nil, facts.ErrSignature
	}
	return key, nil
}

// maxCertificate is more than a chain of certificates has.
const maxCertificate = 64 << 10

// fetch reads the first certificate of an address whose host is trusted: TLS says that it is PayPal's.
func fetch(address string) (*x509.Certificate, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, facts.ErrNotSigned
	}
	status, _, body, err := httpx.Do(nil, req, maxCertificate)
	if err != nil || status != http.StatusOK {
		return nil, fmt.Errorf("PayPal's certificate could not be read [HTTP %d]", status)
	}
	block, _ := pem.Decode(body)
	if block == nil {
		return nil, facts.ErrSignature
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, facts.ErrSignature
	}
	return cert, nil
}
