package integrations

import (
	"hash"
	"net/http"
	"time"

	"github.com/rapport-dev/rapport/partnership/facts"
)

// Webhook is an address where a vendor reports. Its functions hold the vendor's settings. It has the shape of
// the Hook that web/webhooks serves.
type Webhook struct {
	Vendor  string   // the Vendor's Name
	Path    string   // of the front door
	Inbox   string   // the name under which deliveries lie in the inbox
	Setting string   // what to set when there is no key
	Large   bool     // a delivery may be a whole mail with its files; of others 1 MB is kept
	Keep    []string // the headers that Read needs; the others may say who sent it from where

	// Verify says whether a delivery is the vendor's, by its raw bytes: facts.ErrNoKey, ErrNotSigned, ErrSignature, ErrTooOld.
	Verify func(h http.Header, body []byte, now time.Time) error
	// Hash and Proven do the same for a body that is never in memory as a whole; nil where all are small.
	Hash   func(h http.Header) hash.Hash
	Proven func(h http.Header, sum []byte) error
	// ID is the same for every repetition of a verified delivery; "" for a digest of its body. What cannot be read is kept all the same.
	ID func(h http.Header, body []byte) string
	// Read says what a kept delivery tells us. Its error means that nobody will ever understand it.
	Read func(h http.Header, body []byte) ([]facts.Fact, error)
}
