package sandbox

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/mail"
)

// Small things that many vendors write in the same way.

// Token is n random bytes in hex. crypto/rand never fails on the systems that Go supports.
func Token(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b)
	return hex.EncodeToString(b)
}

// NewID is a vendor-like id: the prefix and n hex digits, unique across restarts because it is random.
func NewID(prefix string, n int) string { return prefix + Token((n + 1) / 2)[:n] }

// MAC is HMAC-SHA256, with which most vendors sign.
func MAC(key string, body []byte) []byte {
	m := hmac.New(sha256.New, []byte(key))
	m.Write(body)
	return m.Sum(nil)
}

// Must is for calls that fail only when the program itself is wrong.
func Must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// Nullable is null for "" in JSON.
func Nullable(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// Optional is nil for "".
func Optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// List makes an absent list an empty one in JSON.
func List[T any](l []T) []T {
	if l == nil {
		return []T{}
	}
	return l
}

// ValidAddress says whether a text is a mail address and nothing else.
func ValidAddress(email string) bool {
	a, err := mail.ParseAddress(email)
	return err == nil && a.Address == email
}

// WriteJSON answers with JSON.
func WriteJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // nobody is left to tell
}

// Find returns the first element that fits, nil when none does.
func Find[T any](all []*T, fits func(*T) bool) *T {
	for _, v := range all {
		if fits(v) {
			return v
		}
	}
	return nil
}
