package httpx

import (
	"crypto/hmac"
	"crypto/sha256"
	"hash"
	"net/http"
	"time"

	"github.com/rapport-dev/rapport/partnership/facts"
)

// Tolerance is how far a signed time may be from ours, in both directions.
const Tolerance = 5 * time.Minute

// Recent refuses a signed time, in seconds since 1970, that is too far from now.
func Recent(stamp int64, now time.Time) error {
	if now.Sub(time.Unix(stamp, 0)).Abs() > Tolerance {
		return facts.ErrTooOld
	}
	return nil
}

// Sums are the HMAC-SHA256 sums of one message under several keys: there are two while one is being rotated.
type Sums [][]byte

// HMACs sums the parts of a message under each key that is not empty.
func HMACs(keys []string, parts ...[]byte) Sums {
	var sums Sums
	for _, key := range keys {
		if key != "" {
			sums = append(sums, HMAC(key, parts...))
		}
	}
	return sums
}

// HMAC is the HMAC-SHA256 sum of a message's parts.
func HMAC(key string, parts ...[]byte) []byte {
	h := hmac.New(sha256.New, []byte(key))
	for _, part := range parts {
		h.Write(part)
	}
	return h.Sum(nil)
}

// Check holds what a delivery gives as its signature against the sums. malformed says that what it gives is none.
func (s Sums) Check(given []byte, malformed error) error {
	switch {
	case len(s) == 0:
		return facts.ErrNoKey
	case malformed != nil:
		return facts.ErrNotSigned
	case !s.Match(given):
		return facts.ErrSignature
	}
	return nil
}

// Match says whether a given sum is one of them, in a time that tells nothing about how much of it is right.
func (s Sums) Match(given []byte) bool {
	matched := false
	for _, sum := range s {
		matched = hmac.Equal(sum, given) || matched
	}
	return matched
}

// Single returns the only value of a header: two of them is somebody's attempt to have one checked and one used.
func Single(h http.Header, name string) (string, bool) {
	v := h.Values(name)
	if len(v) != 1 || v[0] == "" {
		return "", false
	}
	return v[0], true
}

// NewHMACs sums a message that comes bit by bit under each key that is not empty. Its Sum is those of all, one after the other.
func NewHMACs(keys []string) hash.Hash {
	var all hmacs
	for _, key := range keys {
		if key != "" {
			all = append(all, hmac.New(sha256.New, []byte(key)))
		}
	}
	return all
}

// SplitHMACs are the sums in a finished NewHMACs of these keys.
func SplitHMACs(keys []string, sum []byte) Sums {
	var sums Sums
	for _, key := range keys {
		if key != "" && len(sum) >= sha256.Size {
			sums, sum = append(sums, sum[:sha256.Size]), sum[sha256.Size:]
		}
	}
	return sums
}

type hmacs []hash.Hash

func (all hmacs) Write(b []byte) (int, error) {
	for _, h := range all {
		_, _ = h.Write(b) // a hash never fails
	}
	return len(b), nil
}

func (all hmacs) Sum(b []byte) []byte {
	for _, h := range all {
		b = h.Sum(b)
	}
	return b
}

func (all hmacs) Reset() {
	for _, h := range all {
		h.Reset()
	}
}

func (all hmacs) Size() int  { return len(all) * sha256.Size }
func (hmacs) BlockSize() int { return sha256.BlockSize }
