package httpx

import (
	"crypto/hmac"
	"crypto/sha256"
	"net/http"
)

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
