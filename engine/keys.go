package engine

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"

	commonpb "go.temporal.io/api/common/v1"
)

// PlainID is the value of RAPPORT_CODEC_KEYS that turns encryption off, and the id under which a process says so.
const PlainID = "plain"

// Keys encrypt what Rapport stores in Temporal. Any of them decrypts. The first encrypts until Use says otherwise: which one
// may depends on what the other processes can read. A copy shares the choice, so that codecs made before follow it.
type Keys struct {
	order   []string // empty in plain mode
	ciphers map[string]cipher.AEAD
	prints  map[string]string
	writing *atomic.Pointer[string]
	weak    []string
	issued  *atomic.Pointer[func(id string) (bool, error)]
}

// Plain leaves payloads readable. It exists for tests that show what encryption hides.
func Plain() Keys { return Keys{} }

// IsPlain reports whether nothing is encrypted.
func (k Keys) IsPlain() bool { return len(k.order) == 0 }

// KeyPrint names a key without showing it.
type KeyPrint struct {
	ID          string `json:"id"`
	Fingerprint string `json:"fingerprint"`
}

// Prints are the keys in their order, each with the fingerprint of its bytes.
func (k Keys) Prints() []KeyPrint {
	if k.IsPlain() {
		return []KeyPrint{{ID: PlainID, Fingerprint: PlainID}}
	}
	prints := make([]KeyPrint, len(k.order))
	for i, id := range k.order {
		prints[i] = KeyPrint{ID: id, Fingerprint: k.prints[id]}
	}
	return prints
}

// Strong is an error for keys that were typed and not drawn.
func (k Keys) Strong() error {
	if len(k.weak) > 0 {
		return fmt.Errorf("the key %q is not random: make one with openssl rand -base64 32, under an id of its own", k.weak[0])
	}
	return nil
}

// Has reports whether a payload under that key can be read.
func (k Keys) Has(id string) bool { return k.ciphers[id] != nil }

// Writes is the key that encrypts now.
func (k Keys) Writes() string {
	if k.IsPlain() {
		return PlainID
	}
	return *k.writing.Load()
}

// Use makes that key encrypt from now on. It must be one of them.
func (k Keys) Use(id string) error {
	if id == k.Writes() {
		return nil
	}
	if !k.Has(id) {
		return fmt.Errorf("no key with the id %q", id)
	}
	k.writing.Store(&id)
	return nil
}

// Trust says that the bytes of these keys are the right ones, and how to ask whether a key by some id was ever given to a process.
// What claims a key that we have and does not open, or one that there never was, is then known to be nobody's of ours. Every
// process is recorded with its keys before it writes, so the answer about one message is the same for ever.
func (k Keys) Trust(issued func(id string) (bool, error)) {
	if !k.IsPlain() {
		k.issued.Store(&issued)
	}
}

// forged reports whether a message only claims to be encrypted. While that cannot be known it blocks, as a missing key does.
func (k Keys) forged(payloads *commonpb.Payloads) bool {
	if k.IsPlain() || k.issued.Load() == nil {
		return false
	}
	for _, payload := range payloads.GetPayloads() {
		if !encrypted(payload) {
			continue
		}
		if _, err := k.open(payload); err == nil {
			continue
		}
		if k.Has(keyOf(payload)) {
			return true
		}
		if issued, err := (*k.issued.Load())(keyOf(payload)); err != nil {
			panic(err)
		} else if !issued {
			return true
		}
	}
	return false
}

// ParseKeys reads "id:base64,id2:base64" with keys of 32 bytes (AES-256), or the word "plain". The error never holds a key.
func ParseKeys(text string) (Keys, error) {
	text = strings.TrimSpace(text)
	switch text {
	case PlainID:
		return Plain(), nil
	case "":
		return Keys{}, errors.New("it is not set: give id:base64 with 32 random bytes, such as k1:$(openssl rand -base64 32)")
	}
	keys := Keys{ciphers: map[string]cipher.AEAD{}, prints: map[string]string{}, writing: &atomic.Pointer[string]{}, issued: &atomic.Pointer[func(string) (bool, error)]{}}
	for i, part := range strings.Split(text, ",") {
		id, encoded, found := strings.Cut(strings.TrimSpace(part), ":")
		if !found || id == "" || id == PlainID {
			return Keys{}, fmt.Errorf("key %d: it must be id:base64, and the id another word than %s", i+1, PlainID)
		}
		if keys.Has(id) {
			return Keys{}, fmt.Errorf("key %d: the id %q is there twice", i+1, id)
		}
		secret, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil || len(secret) != 32 {
			return Keys{}, fmt.Errorf("key %d (%s): it must be 32 bytes in standard base64", i+1, id)
		}
		if Weak(secret) {
			keys.weak = append(keys.weak, id)
		}
		block, err := aes.NewCipher(secret)
		if err != nil {
			return Keys{}, fmt.Errorf("key %d (%s): %w", i+1, id, err)
		}
		if keys.ciphers[id], err = cipher.NewGCM(block); err != nil {
			return Keys{}, fmt.Errorf("key %d (%s): %w", i+1, id, err)
		}
		keys.order, keys.prints[id] = append(keys.order, id), Fingerprint("codec key", secret)
	}
	keys.writing.Store(&keys.order[0])
	return keys, nil
}

// Fingerprint tells two secrets apart and gives nothing away about either. What it is of goes in, so that one secret used for
// two things does not show.
func Fingerprint(of string, secret []byte) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("rapport fingerprint of a " + of))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// Weak reports whether a secret was typed and not drawn: zeros, one byte or word again and again, a run of numbers.
func Weak(secret []byte) bool {
	for period := 1; period <= len(secret)/2; period++ {
		if bytes.Equal(secret[period:], secret[:len(secret)-period]) {
			return true
		}
	}
	distinct, steps := map[byte]bool{}, map[byte]bool{}
	for i, b := range secret {
		distinct[b] = true
		if i > 0 {
			steps[b-secret[i-1]] = true
		}
	}
	return len(distinct) < 8 || len(steps) == 1
}
